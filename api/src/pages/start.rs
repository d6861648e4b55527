//! The start: what waits, for whoever is signed in.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bordereau_domain::Role;
use bordereau_projections::{OrderFilter, QuoteTab, Scope, Tray};

use super::{
    baskets,
    doors::{Pages, Who},
    frame::Frame,
    signed_in::SignedIn,
    waiting::WaitingPage,
};
use crate::{app::App, problem::Problem};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages.get("/", Who::PEOPLE, show)
}

/// How many of a kind there are, and where they stand.
struct Counter {
    label: String,
    count: u64,
    /// Where they are listed.
    href: Option<&'static str>,
    /// Whether they wait for the reader.
    yours: bool,
}

/// Counters under a heading.
struct Group {
    title: String,
    counters: Vec<Counter>,
}

#[derive(Template)]
#[template(path = "start.html")]
struct StartPage {
    frame: Frame,
    groups: Vec<Group>,
}

async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Problem> {
    if let Some(waiting) = WaitingPage::find(&app, &signed_in).await? {
        return Ok(waiting.frame.answer(StatusCode::OK, &waiting));
    }
    let frame = Frame::of(&signed_in);
    let role = signed_in.caller.actor.role;
    let mut groups = Vec::new();
    if role.is_institutional() {
        groups.push(basket_group(&app, &signed_in, &frame).await?);
    }
    let scope = match role {
        Role::Purchaser => Some(Scope::Institutions(signed_in.caller.actor.institutions.clone())),
        Role::Bookseller | Role::Auditor => Some(Scope::All),
        Role::Requester | Role::Approver | Role::Integrator | Role::Librisoft | Role::Buyer | Role::System => None,
    };
    if let Some(scope) = scope {
        groups.push(quote_group(&app, &signed_in, &frame, &scope).await?);
        groups.push(order_group(&app, &signed_in, &frame, &scope).await?);
    }
    let page = StartPage { frame, groups };
    Ok(page.frame.answer(StatusCode::OK, &page))
}

async fn basket_group(app: &App, signed_in: &SignedIn, frame: &Frame) -> Result<Group, Problem> {
    signed_in.settle(app, "basket_tray").await?;
    let (_, counts) = baskets::list(app, signed_in, Tray::Mine, 1, None).await?;
    let counters = baskets::trays(signed_in.caller.actor.role).iter().map(|tray| Counter {
        label: baskets::tray_label(frame, *tray),
        count: baskets::count(&counts, *tray),
        href: Some(baskets::tray_path(*tray)),
        yours: *tray == Tray::ToValidate && counts.to_validate > 0,
    });
    Ok(Group { title: frame.t("start-baskets"), counters: counters.collect() })
}

async fn quote_group(app: &App, signed_in: &SignedIn, frame: &Frame, scope: &Scope) -> Result<Group, Problem> {
    signed_in.settle(app, "quote_list").await?;
    let quotes = app.projections.quote_list();
    let (_, counts) = quotes.list(signed_in.shop(), scope, QuoteTab::Current, None, 1, None).await?;
    let counters = [
        ("start-quotes-current", counts.current, "/quotes"),
        ("start-quotes-archived", counts.archived, "/quotes?tab=archived"),
    ];
    Ok(Group { title: frame.t("start-quotes"), counters: counters.map(|counter| listed(frame, counter)).into() })
}

async fn order_group(app: &App, signed_in: &SignedIn, frame: &Frame, scope: &Scope) -> Result<Group, Problem> {
    signed_in.settle(app, "order_list").await?;
    let orders = app.projections.order_list();
    let (_, counts) = orders.list(signed_in.shop(), scope, &OrderFilter::default(), 1, None).await?;
    let counters = [
        ("start-orders-pending", counts.pending, "/orders?tab=pending"),
        ("start-orders-processing", counts.processing, "/orders?tab=processing"),
        ("start-orders-closed", counts.closed, "/orders?tab=closed"),
        ("start-orders-cancelled", counts.cancelled, "/orders?tab=cancelled"),
    ];
    Ok(Group { title: frame.t("start-orders"), counters: counters.map(|counter| listed(frame, counter)).into() })
}

/// A counter of what is listed elsewhere.
fn listed(frame: &Frame, (label, count, href): (&str, u64, &'static str)) -> Counter {
    Counter { label: frame.t(label), count, href: Some(href), yours: false }
}
