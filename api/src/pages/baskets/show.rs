//! The page of one basket: where it is, its lines (L45) and totals (L46).

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bordereau_domain::{
    Context, Role,
    basket::{Action, Document, Stage},
    line::Line,
    pricing::{LinePrice, Totals},
};
use bordereau_projections::BasketDetail;
use chrono::{DateTime, Utc};

use super::place::{Facts, Place};
use crate::{
    app::App,
    baskets::{find_visible, sealed},
    names::{self, Clear},
    pages::{frame::Frame, signed_in::SignedIn},
    problem::Problem,
};

/// A line in the table.
struct LineRow {
    ean: String,
    title: String,
    /// *Auteur* and *Éditeur*.
    by: String,
    quantity: u64,
    price: LinePrice,
    reference: Option<String>,
}

/// A return, and why.
struct ReturnedNote {
    by: String,
    comment: Option<String>,
    at: DateTime<Utc>,
}

#[derive(Template)]
#[template(path = "basket.html")]
struct BasketPage {
    frame: Frame,
    number: String,
    /// What it is called: its name, or its number.
    title: String,
    institution: String,
    owner: String,
    place: Place,
    returned: Option<ReturnedNote>,
    /// Where the quote or order that it became is shown.
    document: Option<String>,
    lines: Vec<LineRow>,
    copies: u64,
    totals: Totals,
}

impl BasketPage {
    async fn read(app: &App, signed_in: &SignedIn, id: &str) -> Result<Self, Problem> {
        signed_in.settle(app, "basket_detail").await?;
        let (detail, context) = find_visible(app, &signed_in.reading(), id).await?;
        let inner = signed_in.caller.reads_inner_comments(app).await?;
        let clear = names::open(app, signed_in.shop(), sealed(&detail)).await?;
        Ok(Self::of(app, signed_in, &detail, &context, inner, &clear))
    }

    fn of(
        app: &App,
        signed_in: &SignedIn,
        detail: &BasketDetail,
        context: &Context,
        inner: bool,
        clear: &Clear,
    ) -> Self {
        let frame = Frame::of(signed_in);
        let basket = &detail.basket;
        let somebody = |name: Option<String>| name.unwrap_or_else(|| frame.t("erased"));
        let owner = somebody(clear.sealed(detail.owner.name));
        let facts = Facts {
            stage: basket.stage,
            returned: basket.returned.is_some(),
            mine: basket.owner == context.actor.principal(),
            yours: waits_for(detail, context),
            owner: &owner,
            since: detail.since,
        };
        let returned = detail.returned.as_ref().map(|returned| ReturnedNote {
            by: somebody(clear.sealed(returned.by.name)),
            comment: clear.sealed(returned.comment).filter(|_| inner),
            at: returned.at,
        });
        Self {
            number: basket.number.to_string(),
            title: clear
                .field(basket.name)
                .unwrap_or_else(|| frame.t_with("basket-numbered", "number", &basket.number.to_string())),
            institution: detail.institution.name.clone(),
            place: Place::of(&frame, signed_in.zone, app.clock.now(), &facts),
            owner,
            returned,
            document: document_path(basket.stage),
            lines: basket.lines.iter().map(|line| line_row(line, clear)).collect(),
            copies: basket.lines.iter().map(|line| u64::from(line.quantity)).sum(),
            totals: basket.totals(),
            frame,
        }
    }
}

/// Whether it waits for the reader's validation: at his role, and allowed to him.
fn waits_for(detail: &BasketDetail, context: &Context) -> bool {
    let may = |action| detail.basket.may_act(action, context, &detail.standing).is_ok();
    match (context.actor.role, detail.basket.stage) {
        (Role::Approver, Stage::AwaitingApprover { .. }) => may(Action::Validate),
        (Role::Purchaser, Stage::AwaitingPurchaser { .. }) => may(Action::PlaceOrder),
        _ => false,
    }
}

fn document_path(stage: Stage) -> Option<String> {
    match stage {
        Stage::Converted(Document::Quote(id)) => Some(format!("/quotes/{id}")),
        Stage::Converted(Document::Order(id)) => Some(format!("/orders/{id}")),
        Stage::Drafting | Stage::AwaitingApprover { .. } | Stage::AwaitingPurchaser { .. } | Stage::Discarded => None,
    }
}

fn line_row(line: &Line, clear: &Clear) -> LineRow {
    let by = [line.author.as_str(), line.publisher.as_str()];
    LineRow {
        ean: line.ean.to_string(),
        title: line.title.clone(),
        by: by.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        quantity: u64::from(line.quantity),
        price: line.price,
        reference: clear.field(line.line_reference),
    }
}

/// A basket.
pub async fn show(State(app): State<App>, signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let page = BasketPage::read(&app, &signed_in, &id).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}
