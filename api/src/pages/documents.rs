//! What the pages of quotes and of orders share: tabs, persons, where a document stands and what was done with it.

use std::collections::BTreeMap;

use bordereau_domain::{LineId, Role};
use bordereau_projections::{Change, ChangeValue, HistoryOf, HistoryRow, Person as PersonRow};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{format, frame::Frame, signed_in::SignedIn};
use crate::{
    app::App,
    history,
    names::{self, Clear},
    problem::Problem,
    texts::{self, Value},
};

/// A tab over a list.
pub struct Tab {
    /// What it holds.
    pub label: String,
    /// How many.
    pub count: u64,
    /// Where it leads.
    pub href: String,
    /// Whether it is the one that is shown.
    pub here: bool,
}

/// Somebody with what he can be reached by.
pub struct Contact {
    /// His name.
    pub name: String,
    /// His e-mail address; none once erased.
    pub email: Option<String>,
    /// His telephone number.
    pub phone: Option<String>,
}

impl Contact {
    /// A read model's row in clear.
    pub fn of(frame: &Frame, person: &PersonRow, clear: &Clear) -> Self {
        Self {
            name: clear.sealed(person.name).unwrap_or_else(|| frame.t("erased")),
            email: clear.sealed(person.email),
            phone: clear.sealed(person.phone),
        }
    }
}

/// « Panier d'origine n°27 (Mon Panier) ».
pub struct Origin {
    /// The basket's page.
    pub href: String,
    /// The words.
    pub label: String,
}

impl Origin {
    /// The basket that a document was made of.
    pub fn new(frame: &Frame, id: Uuid, number: u64, name: Option<&str>) -> Self {
        let name = name.map_or_else(|| frame.t("unnamed"), str::to_owned);
        let number = number.to_string();
        let values = [("number", Value::Text(&number)), ("name", Value::Text(&name))];
        Self { href: format!("/baskets/{id}"), label: texts::say(frame.language, "document-origin", &values) }
    }
}

/// Where a document is and who must act, since when.
pub struct Standing {
    /// The state's shape and colour.
    pub class: &'static str,
    /// The sentence.
    pub text: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Days that have gone by since.
    pub days: u64,
}

/// A step of a document's history.
pub struct Step {
    /// When.
    pub at: DateTime<Utc>,
    /// What was done.
    pub text: String,
    /// By whom.
    pub who: String,
    /// What was said with it.
    pub comment: Option<String>,
    /// What it says of the document as a whole: numbers, days.
    pub details: Vec<String>,
}

/// What a price was before the bookshop answered, as far as it is another now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Public price of one copy, as the contract writes it.
    pub unit_price_incl_tax: Option<String>,
    /// Discount in percent.
    pub discount_rate: Option<String>,
    /// The line after discount.
    pub total_incl_tax: Option<String>,
}

/// The history of a document, opened.
pub struct Story {
    rows: Vec<HistoryRow>,
    clear: Clear,
}

impl Story {
    /// Reads it. Whether the reader may see the document was asked before.
    ///
    /// # Errors
    /// 503 when the view is behind or stopped.
    pub async fn read(app: &App, signed_in: &SignedIn, of: HistoryOf, id: Uuid) -> Result<Self, Problem> {
        signed_in.settle(app, "audit_trail").await?;
        let rows = app.projections.history().list(signed_in.shop(), of, id, None).await?;
        let clear = names::open(app, signed_in.shop(), rows.iter().flat_map(history::sealed)).await?;
        Ok(Self { rows, clear })
    }

    /// When the last event of one of these types took place.
    pub fn since(&self, types: &[&str]) -> Option<DateTime<Utc>> {
        self.rows.iter().rev().find(|row| types.contains(&row.event_type.as_str())).map(|row| row.at)
    }

    /// What was said with the last event of a type.
    pub fn said(&self, event_type: &str) -> Option<String> {
        let last = self.rows.iter().rev().find(|row| row.event_type == event_type)?;
        self.clear.sealed(last.comment)
    }

    /// Every step, oldest first.
    pub fn steps(&self, frame: &Frame) -> Vec<Step> {
        self.rows.iter().map(|row| self.step(frame, row)).collect()
    }

    /// The steps of one type, oldest first.
    pub fn steps_of(&self, frame: &Frame, event_type: &str) -> Vec<Step> {
        self.rows.iter().filter(|row| row.event_type == event_type).map(|row| self.step(frame, row)).collect()
    }

    fn step(&self, frame: &Frame, row: &HistoryRow) -> Step {
        Step {
            at: row.at,
            text: frame.t(&format!("step-{}", row.event_type)),
            who: self.who(frame, row),
            comment: self.clear.sealed(row.comment),
            details: row.changes.iter().filter_map(|change| detail(frame, change)).collect(),
        }
    }

    /// Who acted, in which role, in whose place. Machines have a role and no name.
    fn who(&self, frame: &Frame, row: &HistoryRow) -> String {
        let role = frame.role(&row.role);
        let name = |person: &PersonRow| self.clear.sealed(person.name).unwrap_or_else(|| frame.t("erased"));
        match row.role {
            Role::Integrator | Role::Librisoft | Role::System | Role::Buyer => role,
            Role::Requester | Role::Approver | Role::Purchaser | Role::Bookseller | Role::Auditor => {
                let other = row.on_behalf_of.as_ref();
                let place = other.map(|other| format!(" {}", frame.t_with("on-behalf-of", "name", &name(other))));
                format!("{} ({role}){}", name(&row.actor), place.unwrap_or_default())
            }
        }
    }

    /// What was asked for before the bookshop's first answer, of the lines whose prices are others now.
    pub fn asked(&self) -> BTreeMap<LineId, Asked> {
        let mut asked: BTreeMap<LineId, Asked> = BTreeMap::new();
        let changes = self.rows.iter().filter(|row| row.event_type == "QuoteAnswered").flat_map(|row| &row.changes);
        for change in changes {
            let (Some(line), Some(ChangeValue::Text(before))) = (change.line_id, &change.before) else { continue };
            let of = asked.entry(line).or_default();
            let kept = match change.field.as_str() {
                "unit_price_incl_tax" => &mut of.unit_price_incl_tax,
                "discount_rate" => &mut of.discount_rate,
                "total_incl_tax" => &mut of.total_incl_tax,
                _ => continue,
            };
            kept.get_or_insert_with(|| before.clone());
        }
        asked
    }
}

/// A change of the document as a whole, in words.
fn detail(frame: &Frame, change: &Change) -> Option<String> {
    let Some(ChangeValue::Text(value)) = &change.after else { return None };
    if change.line_id.is_some() {
        return None;
    }
    let key = match change.field.as_str() {
        "librisoft_number" => "detail-librisoft-number",
        "valid_until" => "detail-valid-until",
        "tracking" => "detail-tracking",
        _ => return None,
    };
    let day = value.parse::<NaiveDate>().ok().filter(|_| key == "detail-valid-until");
    Some(frame.t_with(key, "value", &day.map_or_else(|| value.clone(), format::date)))
}
