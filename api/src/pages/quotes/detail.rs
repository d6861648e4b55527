//! One quote: its lines with the bookshop's prices beside those that were asked, where it is, what may be done with it.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bordereau_domain::{
    LineId, Role,
    pricing::Totals,
    quote::{QuoteAction, QuoteStatus},
};
use bordereau_projections::{HistoryOf, QuoteDetail};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::super::{
    documents::{Asked, Contact, Origin, Standing, Step, Story},
    field::{Field, Told},
    format,
    frame::Frame,
    order_terms::{TermsFields, TermsSent},
    signed_in::SignedIn,
    warnings::Notes,
};
use super::list;
use crate::{
    app::App,
    documents::LineJson,
    names::{self, Clear},
    problem::Problem,
    quotes::{find_visible, next_actions, sealed},
};

/// A line, and what was asked for it before.
pub struct LineView {
    line: LineJson,
    asked: Asked,
}

/// A quote's page.
#[derive(Template)]
#[template(path = "quote.html")]
pub struct QuotePage {
    /// What surrounds it.
    pub frame: Frame,
    /// What is wrong and no single field's.
    pub told: Option<Told>,
    id: Uuid,
    back: String,
    number: u64,
    standing: Standing,
    institution: String,
    created_by: Contact,
    origin: Origin,
    requested_at: DateTime<Utc>,
    reference: String,
    comment: Option<String>,
    librisoft_number: Option<String>,
    valid_until: Option<NaiveDate>,
    order_id: Option<Uuid>,
    lines: Vec<LineView>,
    notes: Notes,
    totals: Totals,
    copies: u64,
    steps: Vec<Step>,
    /// What the forms were made for: they fail when the quote is another meanwhile.
    sequence: u64,
    /// The form to accept it.
    pub terms: Option<TermsFields>,
    /// Whether that form stands open.
    pub accepting: bool,
    /// The form to refuse it.
    pub refusal: Option<Field>,
    /// Whether that form stands open.
    pub refusing: bool,
}

impl QuotePage {
    /// Reads the quote that a path names, with what was sent to accept it.
    ///
    /// # Errors
    /// 404 when there is none or he may not know of it; 503.
    pub async fn read(app: &App, signed_in: &SignedIn, id: &str, sent: &TermsSent) -> Result<Self, Problem> {
        signed_in.settle(app, "quote_list").await?;
        let detail = find_visible(app, &signed_in.reading(), id).await?;
        let actions = next_actions(app, &signed_in.caller, &detail).await?;
        let story = Story::read(app, signed_in, HistoryOf::Quote, detail.id.0).await?;
        let clear = names::open(app, signed_in.shop(), sealed(&detail)).await?;
        let frame = Frame::of(signed_in);
        let terms = if actions.contains(&QuoteAction::Accept) {
            Some(TermsFields::new(app, signed_in, &frame, detail.quote.institution_id, sent).await?)
        } else {
            None
        };
        let notes = Notes::of_quote(app, signed_in, &detail.quote).await?;
        let comment = Field::area("comment", frame.t("quote-refuse-comment")).within("refuse").optional();
        Ok(Self {
            standing: standing(app, signed_in, &frame, &detail, &story),
            terms,
            notes,
            refusal: actions.contains(&QuoteAction::Refuse).then_some(comment),
            ..Self::plain(frame, signed_in.caller.actor.role, detail, &story, &clear)
        })
    }

    /// What does not depend on what its reader may do.
    fn plain(frame: Frame, role: Role, detail: QuoteDetail, story: &Story, clear: &Clear) -> Self {
        let quote = detail.quote;
        let name = clear.field(quote.basket.name);
        let mut asked = story.asked();
        Self {
            told: None,
            id: detail.id.0,
            back: list::title(&frame, role),
            number: quote.number,
            standing: Standing { class: "state", text: String::new(), since: detail.requested_at, days: 0 },
            institution: detail.institution.name,
            created_by: Contact::of(&frame, &detail.created_by, clear),
            origin: Origin::new(&frame, quote.basket.basket_id.0, quote.basket.number, name.as_deref()),
            requested_at: detail.requested_at,
            comment: clear.field(quote.comment),
            librisoft_number: quote.librisoft_number.clone(),
            valid_until: quote.valid_until,
            order_id: quote.order_id.map(|order| order.0),
            copies: quote.quantity(),
            lines: quote.lines.iter().map(|line| view(LineJson::of(line, clear), &mut asked)).collect(),
            notes: Notes::default(),
            reference: quote.reference,
            totals: quote.totals,
            steps: story.steps(&frame),
            sequence: detail.sequence,
            terms: None,
            accepting: false,
            refusal: None,
            refusing: false,
            frame,
        }
    }
}

fn view(line: LineJson, asked: &mut BTreeMap<LineId, Asked>) -> LineView {
    let mut before = asked.remove(&line.line_id).unwrap_or_default();
    // An answer that was given again may have come back to what was asked.
    let drop_same = |kept: &mut Option<String>, now: String| {
        if kept.as_ref() == Some(&now) {
            *kept = None;
        }
    };
    drop_same(&mut before.unit_price_incl_tax, line.unit_price_incl_tax.to_string());
    drop_same(&mut before.discount_rate, line.discount_rate.to_string());
    drop_same(&mut before.total_incl_tax, line.total_incl_tax.to_string());
    LineView { line, asked: before }
}

/// Where it is, who must act, since when.
fn standing(app: &App, signed_in: &SignedIn, frame: &Frame, detail: &QuoteDetail, story: &Story) -> Standing {
    let purchaser = signed_in.caller.actor.role == Role::Purchaser;
    let status = detail.quote.status;
    let (key, event) = match status {
        QuoteStatus::Requested => ("quote-place-requested", "QuoteRequested"),
        QuoteStatus::Collected => ("quote-place-collected", "QuotePushedToLibrisoft"),
        QuoteStatus::Answered if purchaser => ("quote-place-yours", "QuoteAnswered"),
        QuoteStatus::Answered => ("quote-place-answered", "QuoteAnswered"),
        QuoteStatus::Accepted => ("quote-place-accepted", "QuoteAccepted"),
        QuoteStatus::Refused => ("quote-place-refused", "QuoteRefused"),
        QuoteStatus::Expired => ("quote-place-expired", "QuoteExpired"),
        QuoteStatus::Archived => ("quote-place-archived", "QuoteArchived"),
    };
    let since = story.since(&[event]).unwrap_or(detail.requested_at);
    let day = detail.quote.valid_until.map(format::date).unwrap_or_default();
    Standing {
        class: list::class(status),
        text: frame.t_with(key, "day", &day),
        since,
        days: format::days_between(since, app.clock.now(), signed_in.zone),
    }
}

/// The page.
pub async fn show(State(app): State<App>, signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let page = QuotePage::read(&app, &signed_in, &id, &TermsSent::default()).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}
