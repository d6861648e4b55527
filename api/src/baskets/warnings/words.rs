//! A warning in the reader's words.

use bordereau_domain::fixed_price::Cap;
use bordereau_projections::{BasketUse, OrderUse};
use chrono_tz::Tz;

use super::Warning;
use crate::{
    baskets::listed::say_availability,
    documents::references,
    names::Clear,
    pages::{amount, day},
    texts::{self, Language, Value},
};

/// What warnings are said with.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// The reader's language.
    pub language: Language,
    /// The shop's time zone.
    pub zone: Tz,
    /// Names of owners.
    pub clear: &'a Clear,
    /// Whether the reader may read orders of the institution.
    pub reads_orders: bool,
}

/// A warning, said.
#[derive(Clone, Debug)]
pub struct Told {
    /// In words.
    pub text: String,
    /// Where there is more, if the reader may go there.
    pub href: Option<String>,
}

/// The references that warnings need opened.
pub fn sealed(warning: &Warning) -> Vec<bordereau_domain::Digest> {
    match warning {
        Warning::InBasket(basket) => references(&basket.owner).collect(),
        Warning::Ordered(_)
        | Warning::NotOrderable(_)
        | Warning::Gone
        | Warning::PriceChanged { .. }
        | Warning::AboveCap(_) => Vec::new(),
    }
}

/// That a discount goes beyond a cap.
pub fn say_exceeded(language: Language, cap: &Cap) -> String {
    say_cap(language, "warning-above-cap", cap)
}

fn say_cap(language: Language, key: &str, cap: &Cap) -> String {
    let law = texts::say(language, &format!("law-{}", cap.law.as_str().replace('_', "-")), &[]);
    let percent = cap.percent.to_string();
    texts::say(language, key, &[("percent", Value::Text(&percent)), ("law", Value::Text(&law))])
}

impl Words<'_> {
    /// Says a warning.
    pub fn say(&self, warning: &Warning) -> Told {
        let plain = |text| Told { text, href: None };
        match warning {
            Warning::Ordered(order) => self.ordered(order),
            Warning::InBasket(basket) => self.in_basket(basket),
            Warning::NotOrderable(availability) => {
                let why = say_availability(self.language, *availability);
                plain(self.text("warning-not-orderable", &[("availability", Value::Text(&why))]))
            }
            Warning::Gone => plain(self.text("warning-gone", &[])),
            Warning::PriceChanged { old, new } => {
                let amounts = [old, new].map(|price| amount(self.language, price.unit_price_incl_tax));
                let rates = [old, new].map(|price| price.discount_rate.to_string());
                let same = old.unit_price_incl_tax == new.unit_price_incl_tax;
                let (key, [old, new]) =
                    if same { ("warning-discount-changed", rates) } else { ("warning-price-changed", amounts) };
                plain(self.text(key, &[("old", Value::Text(&old)), ("new", Value::Text(&new))]))
            }
            Warning::AboveCap(cap) => plain(say_exceeded(self.language, cap)),
        }
    }

    /// Why a discount is no higher.
    pub fn reason(&self, cap: &Cap) -> String {
        say_cap(self.language, "rate-capped", cap)
    }

    fn text(&self, key: &str, values: &[(&'static str, Value<'_>)]) -> String {
        texts::say(self.language, key, values)
    }

    fn ordered(&self, order: &OrderUse) -> Told {
        let key = if order.received { "warning-received" } else { "warning-ordered" };
        let (number, on) = (order.number.to_string(), day(order.placed_at, self.zone));
        let values =
            [("number", Value::Text(&number)), ("day", Value::Text(&on)), ("count", Value::Count(order.quantity))];
        Told { text: self.text(key, &values), href: self.reads_orders.then(|| format!("/orders/{}", order.id)) }
    }

    fn in_basket(&self, basket: &BasketUse) -> Told {
        let key = if basket.sent { "warning-in-basket" } else { "warning-in-own-draft" };
        let owner = self.clear.sealed(basket.owner.name).unwrap_or_else(|| self.text("erased", &[]));
        let (number, on) = (basket.number.to_string(), day(basket.since, self.zone));
        let values = [
            ("number", Value::Text(&number)),
            ("owner", Value::Text(&owner)),
            ("day", Value::Text(&on)),
            ("count", Value::Count(basket.quantity)),
        ];
        Told { text: self.text(key, &values), href: Some(format!("/baskets/{}", basket.id)) }
    }
}
