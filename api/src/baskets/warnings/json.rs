//! Warnings over HTTP.

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
};
use bordereau_domain::{Role, fixed_price::Cap, line::Line, pricing::LinePrice};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Warning, Words, find, home,
    words::{say_exceeded, sealed},
};
use crate::{
    app::App,
    baskets::queries::find_visible,
    extract::Reading,
    names::{self, Person},
    openapi::Refused,
    problem::Problem,
    texts::Language,
};

/// What there is to know of a basket's lines.
#[derive(Debug, Serialize, ToSchema)]
pub struct WarningList {
    /// Lines of which there is something to know, in the basket's order.
    items: Vec<LineWarnings>,
    /// The caps that discounts of its lines just reach: the reason of their rate.
    reached_caps: Vec<DiscountCapJson>,
}

/// What there is to know of a line.
#[derive(Debug, Serialize, ToSchema)]
struct LineWarnings {
    line_id: Uuid,
    ean: String,
    title: String,
    warnings: Vec<WarningJson>,
}

/// Something to know.
#[derive(Debug, Serialize, ToSchema)]
struct WarningJson {
    /// `ordered`, `received`, `in_basket`, `not_orderable`, `gone`, `price_changed` or `discount_above_cap`.
    kind: &'static str,
    /// The same in words, in the caller's language.
    detail: String,
    /// Of `ordered` and `received`.
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<TitleInOrder>,
    /// Of `in_basket`: a basket on its way, or another draft of the caller's.
    #[serde(skip_serializing_if = "Option::is_none")]
    basket: Option<TitleInBasket>,
    /// Of `not_orderable`, by the codes of the FEL.
    #[serde(skip_serializing_if = "Option::is_none")]
    availability: Option<&'static str>,
    /// Of `price_changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<PriceTermsJson>,
    /// Of `price_changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<PriceTermsJson>,
    /// Of `discount_above_cap`.
    #[serde(skip_serializing_if = "Option::is_none")]
    cap: Option<DiscountCapJson>,
}

/// An order that has the title.
#[derive(Debug, Serialize, ToSchema)]
struct TitleInOrder {
    /// Absent where the caller may not read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    number: u64,
    placed_at: DateTime<Utc>,
    quantity: u64,
}

/// A basket that has the title.
#[derive(Debug, Serialize, ToSchema)]
struct TitleInBasket {
    id: Uuid,
    number: u64,
    owner: Person,
    /// Since when it is where it is.
    since: DateTime<Utc>,
    quantity: u64,
}

/// What a price rests on.
#[derive(Debug, Serialize, ToSchema)]
struct PriceTermsJson {
    unit_price_incl_tax: String,
    vat_rate: String,
    discount_rate: String,
    total_incl_tax: String,
}

impl From<&LinePrice> for PriceTermsJson {
    fn from(price: &LinePrice) -> Self {
        Self {
            unit_price_incl_tax: price.unit_price_incl_tax.to_string(),
            vat_rate: price.vat_rate.to_string(),
            discount_rate: price.discount_rate.to_string(),
            total_incl_tax: price.total_incl_tax.to_string(),
        }
    }
}

/// The most that a law lets a bookshop take off.
#[derive(Debug, Serialize, ToSchema)]
pub struct DiscountCapJson {
    /// In percent.
    rate: String,
    /// `france_art_1`, `france_art_3`, `flanders` or `french_community`.
    law: &'static str,
    /// The same in words, in the caller's language.
    detail: String,
}

impl DiscountCapJson {
    fn of(cap: &Cap, words: &Words<'_>) -> Self {
        Self { rate: cap.percent.to_string(), law: cap.law.as_str(), detail: words.reason(cap) }
    }

    /// A cap that is exceeded.
    pub fn exceeded(cap: &Cap, language: Language) -> Self {
        Self { rate: cap.percent.to_string(), law: cap.law.as_str(), detail: say_exceeded(language, cap) }
    }
}

impl WarningJson {
    fn of(warning: &Warning, words: &Words<'_>) -> Self {
        let detail = words.say(warning).text;
        let bare = |kind| Self {
            kind,
            detail,
            order: None,
            basket: None,
            availability: None,
            old: None,
            new: None,
            cap: None,
        };
        match warning {
            Warning::Ordered(order) => Self {
                order: Some(TitleInOrder {
                    id: words.reads_orders.then_some(order.id.0),
                    number: order.number,
                    placed_at: order.placed_at,
                    quantity: order.quantity,
                }),
                ..bare(if order.received { "received" } else { "ordered" })
            },
            Warning::InBasket(basket) => Self {
                basket: Some(TitleInBasket {
                    id: basket.id.0,
                    number: basket.number,
                    owner: words.clear.person(&basket.owner),
                    since: basket.since,
                    quantity: basket.quantity,
                }),
                ..bare("in_basket")
            },
            Warning::NotOrderable(availability) => {
                Self { availability: Some(availability.code()), ..bare("not_orderable") }
            }
            Warning::Gone => bare("gone"),
            Warning::PriceChanged { old, new } => {
                Self { old: Some(old.into()), new: Some(new.into()), ..bare("price_changed") }
            }
            Warning::AboveCap(cap) => Self { cap: Some(DiscountCapJson::of(cap, words)), ..bare("discount_above_cap") },
        }
    }
}

/// What to know of a basket's lines before going on: titles ordered or received already, or in another basket; articles
/// that cannot be had; prices that have changed; discounts beyond a law's cap. Nothing of it hinders anything.
#[utoipa::path(get, path = "/api/v1/baskets/{id}/warnings", tag = "baskets", params(("id", description = "The basket")),
    responses((status = 200, body = WarningList), Refused))]
pub async fn show(
    State(app): State<App>,
    reading: Reading,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<WarningList>, Problem> {
    let (detail, _) = find_visible(&app, &reading, &id).await?;
    reading.settle(&app, "title_use").await?;
    let (shop, actor) = (reading.shop(), &reading.caller.actor);
    let found = find(&app, shop, actor, (detail.id, &detail.basket)).await?;
    let names = found.lines.iter().flat_map(|(_, warnings)| warnings.iter().flat_map(sealed));
    let clear = names::open(&app, shop, names).await?;
    let words = Words {
        language: Language::of(&headers),
        zone: home(&app, shop).await?.zone,
        clear: &clear,
        reads_orders: reads_orders(actor.role),
    };
    let item = |(id, warnings): &(_, Vec<Warning>)| {
        let of = |line: &Line| LineWarnings {
            line_id: line.line_id.0,
            ean: line.ean.to_string(),
            title: line.title.clone(),
            warnings: warnings.iter().map(|warning| WarningJson::of(warning, &words)).collect(),
        };
        detail.basket.find_line(*id).map(of)
    };
    Ok(Json(WarningList {
        items: found.lines.iter().filter_map(item).collect(),
        reached_caps: found.reached.iter().map(|cap| DiscountCapJson::of(cap, &words)).collect(),
    }))
}

/// Whether a role reads the orders of its institutions.
pub const fn reads_orders(role: Role) -> bool {
    matches!(role, Role::Purchaser | Role::Bookseller | Role::Auditor)
}
