//! *Filtrer les commandes* (L28): the form, and what it asks of the list.

use bordereau_domain::InstitutionId;
use bordereau_projections::{OrderFilter, OrderTab};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::super::{
    clients::{Found, Looked, Question, scope},
    field::{Choice, Field},
    frame::Frame,
    order_terms::{DELIVERY_MODES, delivery_mode},
    query::address,
    signed_in::SignedIn,
};
use crate::{
    app::App,
    days::{self, begin},
    form,
    problem::Problem,
};

/// What the list is asked for, as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OrderQuery {
    /// The tab.
    pub tab: String,
    /// One or several article numbers.
    pub ean: String,
    /// *Client livré*.
    pub delivered_to: String,
    /// *Client facturé*.
    pub billed_to: String,
    /// What was looked for to choose the former.
    #[serde(rename = "find.delivered_to")]
    pub find_delivered_to: String,
    /// What was looked for to choose the latter.
    #[serde(rename = "find.billed_to")]
    pub find_billed_to: String,
    /// *Date de départ*.
    pub from: String,
    /// *Date de fin*.
    pub to: String,
    /// *Mode de livraison*.
    pub delivery_mode: String,
    /// *N° de commande / N° Librisoft*.
    pub number: String,
    /// Where the page begins.
    pub cursor: String,
}

impl OrderQuery {
    /// The address of the list with the same filter.
    pub fn address(&self, tab: OrderTab, cursor: &str) -> String {
        let filter = self.filled();
        let fields: Vec<_> = [("tab", tab.as_str())].into_iter().chain(filter).chain([("cursor", cursor)]).collect();
        address("/orders", &fields)
    }

    /// Whether anything is filtered.
    pub fn filters(&self) -> bool {
        self.filled().iter().any(|(_, value)| !value.trim().is_empty())
    }

    /// Whether a client is looked for.
    pub fn looks(&self) -> bool {
        !self.find_delivered_to.trim().is_empty() || !self.find_billed_to.trim().is_empty()
    }

    fn filled(&self) -> [(&'static str, &str); 7] {
        [
            ("ean", &self.ean),
            ("delivered_to", &self.delivered_to),
            ("billed_to", &self.billed_to),
            ("from", &self.from),
            ("to", &self.to),
            ("delivery_mode", &self.delivery_mode),
            ("number", &self.number),
        ]
    }

    /// What the list is asked for.
    ///
    /// # Errors
    /// 422 about the field that cannot be read.
    pub async fn read(&self, app: &App, shop: &str, tab: OrderTab) -> Result<OrderFilter, Problem> {
        let eans = self.ean.split([',', ' ', ';']).filter(|ean| !ean.is_empty());
        let mode = self.delivery_mode.trim();
        let known = DELIVERY_MODES.into_iter().find(|known| known.as_str() == mode);
        if known.is_none() && !mode.is_empty() {
            return Err(Problem::invalid("not-chosen", "delivery_mode"));
        }
        Ok(OrderFilter {
            tab: Some(tab),
            eans: eans.map(form::ean).collect::<Result<_, _>>()?,
            delivered_to: client(&self.delivered_to, "delivered_to")?,
            billed_to: client(&self.billed_to, "billed_to")?,
            from: begin(app, shop, day(&self.from, "from")?).await?,
            to: begin(app, shop, day(&self.to, "to")?.and_then(|day| day.succ_opt())).await?,
            delivery_mode: known,
            number: Some(self.number.trim().to_owned()).filter(|number| !number.is_empty()),
        })
    }
}

fn client(text: &str, field: &str) -> Result<Option<InstitutionId>, Problem> {
    let id = Some(text.trim()).filter(|text| !text.is_empty()).map(str::parse::<Uuid>).transpose();
    id.map(|id| id.map(Into::into)).map_err(|_| Problem::invalid("not-chosen", field))
}

fn day(text: &str, field: &str) -> Result<Option<NaiveDate>, Problem> {
    let day = Some(text.trim()).filter(|text| !text.is_empty());
    day.map(|day| days::parse(day).ok_or_else(|| Problem::invalid("not-a-day", field))).transpose()
}

/// A field in which a client is chosen, where there are several.
async fn client_field(
    app: &App,
    signed_in: &SignedIn,
    frame: &Frame,
    (name, label): (&'static str, &str),
    (value, words): (&str, &str),
) -> Result<Option<Field>, Problem> {
    let chosen = client(value, name).unwrap_or_default();
    let scope = scope(&signed_in.caller.actor);
    // Nothing is chosen here unasked: the list under the form is what the form says.
    let looked = Looked::new(words, words);
    let question = Question { scope, withdrawn_too: true, looked, kept: chosen.into_iter().collect() };
    let found = Found::find(app, signed_in, frame, question).await?;
    if found.rows.len() < 2 && !found.is_narrowed() {
        return Ok(None);
    }
    let mut field = found.select(frame, (name, frame.t(label)), chosen).quiet();
    field.choices.retain(|choice| !choice.value.is_empty());
    field.choices.insert(0, Choice::new("", frame.t("orders-any")));
    Ok(Some(field))
}

/// The fields of the form, with what was typed.
///
/// # Errors
/// 503 when the view is behind or stopped.
pub async fn fields(app: &App, signed_in: &SignedIn, frame: &Frame, query: &OrderQuery) -> Result<Vec<Field>, Problem> {
    let text = |name, label: &str, value: &str| Field::text(name, frame.t(label)).holding(value).quiet();
    let mut fields = vec![text("number", "orders-number", &query.number), text("ean", "orders-eans", &query.ean)];
    for (name, label, value, words) in [
        ("delivered_to", "terms-delivered-to", &query.delivered_to, &query.find_delivered_to),
        ("billed_to", "terms-billed-to", &query.billed_to, &query.find_billed_to),
    ] {
        fields.extend(client_field(app, signed_in, frame, (name, label), (value, words)).await?);
    }
    let any = || Choice::new("", frame.t("orders-any"));
    for (name, label, value) in [("from", "orders-from", &query.from), ("to", "orders-to", &query.to)] {
        fields.push(Field::day(name, frame.t(label)).holding(value.clone()).quiet());
    }
    let modes = DELIVERY_MODES.map(|mode| Choice::new(mode.as_str(), delivery_mode(frame, mode)));
    let modes = std::iter::once(any()).chain(modes).collect();
    let mode = Field::select("delivery_mode", frame.t("terms-delivery-mode"), modes).quiet();
    fields.push(mode.choosing(std::slice::from_ref(&query.delivery_mode)));
    Ok(fields)
}
