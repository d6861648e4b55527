//! Where an article goes when its price is clicked: the basket that is named, else the one that was written to last
//! (L39), else a new one.

use bordereau_domain::{BasketId, InstitutionId, Money, basket::Action, pricing::Conditions};
use bordereau_projections::Viewer;
use uuid::Uuid;

use crate::{
    app::App,
    articles::conditions_of,
    baskets::{find_visible, sealed},
    names,
    pages::{
        clients::{Found, Looked, Question, scope},
        field::Field,
        frame::Frame,
        signed_in::SignedIn,
    },
    problem::Problem,
};

/// Where articles go.
pub struct Target {
    /// The basket; nothing while there is none.
    pub basket: Option<Basket>,
    /// For which institution a new one would be opened.
    pub institution: InstitutionId,
    /// Which institution, where there is no basket yet and several to choose from.
    pub choose: Option<Field>,
    /// The one that was chosen of them: it is named in the addresses that lead on.
    pub chosen: Option<InstitutionId>,
    /// What its prices depend on.
    pub conditions: Conditions,
    /// Whether it was named: then it is named in the addresses that lead on.
    pub named: bool,
    /// That the basket that was named cannot be changed now.
    pub closed: bool,
}

/// A basket that articles go into.
pub struct Basket {
    /// Its id.
    pub id: BasketId,
    /// What it is called.
    pub title: String,
    /// How many lines it has.
    pub lines: u64,
    /// *Sous-total TTC*.
    pub total: Money,
}

impl Target {
    /// Where articles go for this reader; nothing for whoever fills no baskets.
    ///
    /// # Errors
    /// 404 for a basket that he may not see; 503.
    pub async fn find(
        app: &App,
        signed_in: &SignedIn,
        frame: &Frame,
        named: Option<&str>,
        (institution, looked): (Option<Uuid>, Looked),
    ) -> Result<Option<Self>, Problem> {
        if !signed_in.caller.actor.role.is_institutional() {
            return Ok(None);
        }
        let mut closed = false;
        if let Some(id) = named.filter(|id| !id.is_empty()) {
            if let Some(target) = basket(app, signed_in, frame, id, true).await? {
                return Ok(Some(target));
            }
            closed = true;
        }
        signed_in.settle(app, "basket_tray").await?;
        let viewer = Viewer::of(&signed_in.caller.actor);
        let drafts = app.projections.basket_tray().list_recent_drafts(signed_in.shop(), &viewer, 1).await?;
        if let Some(draft) = drafts.first()
            && let Some(target) = basket(app, signed_in, frame, &draft.id.to_string(), false).await?
        {
            return Ok(Some(Self { closed, ..target }));
        }
        Ok(none_yet(app, signed_in, frame, institution, looked).await?.map(|target| Self { closed, ..target }))
    }

    /// The id of the institution that was chosen for a basket to be opened; empty where none was.
    pub fn chosen_id(&self) -> String {
        self.chosen.map(|chosen| chosen.to_string()).unwrap_or_default()
    }

    /// The id of the basket, to be named in addresses and forms; empty while there is none.
    pub fn basket_id(&self) -> String {
        self.basket.as_ref().map(|basket| basket.id.to_string()).unwrap_or_default()
    }
}

/// A basket as a target, if its lines may be changed now.
async fn basket(
    app: &App,
    signed_in: &SignedIn,
    frame: &Frame,
    id: &str,
    named: bool,
) -> Result<Option<Target>, Problem> {
    signed_in.settle(app, "basket_detail").await?;
    let (detail, context) = find_visible(app, &signed_in.reading(), id).await?;
    if detail.basket.may_act(Action::Lines, &context, &detail.standing).is_err() {
        return Ok(None);
    }
    let clear = names::open(app, signed_in.shop(), sealed(&detail)).await?;
    let title = clear.field(detail.basket.name);
    let basket = Basket {
        id: detail.id,
        title: title.unwrap_or_else(|| frame.t_number("basket-numbered", &detail.basket.number)),
        lines: detail.basket.lines.len() as u64,
        total: detail.basket.totals().total_incl_tax,
    };
    Ok(Some(Target {
        basket: Some(basket),
        institution: detail.basket.institution_id,
        choose: None,
        chosen: None,
        conditions: detail.standing.conditions,
        named,
        closed: false,
    }))
}

/// The institution for which a first basket would be opened: the one that was chosen or found alone, else the first by
/// name.
async fn none_yet(
    app: &App,
    signed_in: &SignedIn,
    frame: &Frame,
    chosen: Option<Uuid>,
    looked: Looked,
) -> Result<Option<Target>, Problem> {
    let wanted = chosen.map(InstitutionId);
    let scope = scope(&signed_in.caller.actor);
    let question = Question { scope, withdrawn_too: false, looked, kept: wanted.into_iter().collect() };
    let found = Found::find(app, signed_in, frame, question).await?;
    let own = &found.rows;
    let wanted = found.only().or(wanted);
    let several = own.len() > 1 || found.is_narrowed();
    let chosen = wanted.filter(|wanted| own.iter().any(|row| row.id == *wanted));
    let institution = chosen.or_else(|| own.first().map(|row| row.id));
    let choose = several.then(|| found.select(frame, ("institution", frame.t("basket-institution")), institution));
    let Some(institution) = institution else { return Ok(None) };
    Ok(Some(Target {
        basket: None,
        institution,
        choose,
        chosen,
        conditions: conditions_of(app, signed_in.shop(), institution).await?.unwrap_or_default(),
        named: false,
        closed: false,
    }))
}
