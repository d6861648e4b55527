//! *À savoir*: what is said of the lines of a basket or a quote beside them. It hinders nothing.

use bordereau_domain::{
    LineId,
    fixed_price::Cap,
    quote::{OpenQuote, QuoteStatus},
};
use bordereau_projections::{BasketDetail, TitleUse};

use super::signed_in::SignedIn;
use crate::{
    app::App,
    baskets::warnings::{self, Warning, Words},
    names,
    problem::Problem,
};

/// Lines that are spoken of on a page; the rest is counted.
const TOLD: usize = 30;

/// What is said of a line.
#[derive(Clone, Debug)]
pub struct Note {
    /// Its title.
    pub title: String,
    /// What is said.
    pub said: Vec<warnings::Told>,
}

/// What is said of a basket.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// Of its lines.
    pub lines: Vec<Note>,
    /// Of how many lines more there would be something to say.
    pub more: u64,
    /// Why its discounts are what they are.
    pub reasons: Vec<String>,
}

impl Notes {
    /// What is said of a basket to a reader who may see it.
    ///
    /// # Errors
    /// 503.
    pub async fn read(app: &App, signed_in: &SignedIn, detail: &BasketDetail) -> Result<Self, Problem> {
        signed_in.settle(app, "title_use").await?;
        let (shop, actor) = (signed_in.shop(), &signed_in.caller.actor);
        let found = warnings::find(app, shop, actor, (detail.id, &detail.basket)).await?;
        let sealed = found.lines.iter().flat_map(|(_, warnings)| warnings.iter().flat_map(warnings::sealed));
        let clear = names::open(app, shop, sealed).await?;
        let words = words(signed_in, &clear);
        let note = |(id, warnings): &(_, Vec<Warning>)| Note {
            title: detail.basket.find_line(*id).map(|line| line.title.clone()).unwrap_or_default(),
            said: warnings.iter().map(|warning| words.say(warning)).collect(),
        };
        Ok(Self {
            lines: found.lines.iter().take(TOLD).map(note).collect(),
            more: found.lines.len().saturating_sub(TOLD) as u64,
            reasons: found.reached.iter().map(|cap| words.reason(cap)).collect(),
        })
    }
}

impl Notes {
    /// What the laws on the price of books say of a quote's discounts, as long as somebody has to decide on it.
    ///
    /// # Errors
    /// 503.
    pub async fn of_quote(app: &App, signed_in: &SignedIn, quote: &OpenQuote) -> Result<Self, Problem> {
        match quote.status {
            QuoteStatus::Requested | QuoteStatus::Collected | QuoteStatus::Answered => {}
            QuoteStatus::Accepted | QuoteStatus::Refused | QuoteStatus::Expired | QuoteStatus::Archived => {
                return Ok(Self::default());
            }
        }
        let caps = warnings::find_caps(app, signed_in.shop(), quote.institution_id, &quote.lines).await?;
        let clear = names::Clear::default();
        let words = words(signed_in, &clear);
        let title = |id: LineId| quote.lines.iter().find(|line| line.line_id == id).map(|line| line.title.clone());
        let note = |(id, cap): &(LineId, Cap)| Note {
            title: title(*id).unwrap_or_default(),
            said: vec![words.say(&Warning::AboveCap(*cap))],
        };
        Ok(Self {
            lines: caps.above.iter().take(TOLD).map(note).collect(),
            more: caps.above.len().saturating_sub(TOLD) as u64,
            reasons: caps.reached.iter().map(|cap| words.reason(cap)).collect(),
        })
    }
}

/// What a reader is told with.
fn words<'a>(signed_in: &SignedIn, clear: &'a names::Clear) -> Words<'a> {
    Words {
        language: signed_in.reader.language,
        zone: signed_in.zone,
        clear,
        reads_orders: warnings::reads_orders(signed_in.caller.actor.role),
    }
}

/// What is said of where a title is already.
///
/// # Errors
/// 503.
pub async fn say_uses(
    app: &App,
    signed_in: &SignedIn,
    uses: &[Option<&TitleUse>],
) -> Result<Vec<Vec<warnings::Told>>, Problem> {
    let found: Vec<Vec<Warning>> = uses.iter().map(|uses| warnings::of_uses(*uses)).collect();
    let clear = names::open(app, signed_in.shop(), found.iter().flatten().flat_map(warnings::sealed)).await?;
    let words = words(signed_in, &clear);
    Ok(found.iter().map(|warnings| warnings.iter().map(|warning| words.say(warning)).collect()).collect())
}
