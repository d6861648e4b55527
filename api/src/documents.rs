//! Lines, totals and persons as every document shows them in JSON.

use bordereau_domain::{
    AccountId, Ean, LineId, Money, Rate,
    line::Line,
    pricing::{Totals, VatTotal},
};
use bordereau_projections::{Person as PersonRow, SealedRef};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::names::Clear;

/// A line. Unit prices are public prices before discount; amounts have two decimals, rates are in percent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LineJson {
    /// The line.
    #[schema(value_type = Uuid)]
    pub line_id: LineId,
    /// Its article.
    #[schema(value_type = String)]
    pub ean: Ean,
    /// Title.
    pub title: String,
    /// Author.
    pub author: String,
    /// Publisher.
    pub publisher: String,
    /// Copies.
    pub quantity: u32,
    /// Public price of one copy.
    #[schema(value_type = String)]
    pub unit_price_incl_tax: Money,
    /// The same without tax.
    #[schema(value_type = String)]
    pub unit_price_excl_tax: Money,
    /// VAT rate.
    #[schema(value_type = String)]
    pub vat_rate: Rate,
    /// Discount.
    #[schema(value_type = String)]
    pub discount_rate: Rate,
    /// Discount on the line.
    #[schema(value_type = String)]
    pub discount_amount: Money,
    /// The line after discount.
    #[schema(value_type = String)]
    pub total_incl_tax: Money,
    /// The requester's own reference.
    pub line_reference: Option<String>,
}

impl LineJson {
    /// A line with its reference in clear.
    pub fn of(line: &Line, clear: &Clear) -> Self {
        Self {
            line_id: line.line_id,
            ean: line.ean,
            title: line.title.clone(),
            author: line.author.clone(),
            publisher: line.publisher.clone(),
            quantity: line.quantity,
            unit_price_incl_tax: line.price.unit_price_incl_tax,
            unit_price_excl_tax: line.price.unit_price_excl_tax,
            vat_rate: line.price.vat_rate,
            discount_rate: line.price.discount_rate,
            discount_amount: line.price.discount_amount,
            total_incl_tax: line.price.total_incl_tax,
            line_reference: clear.field(line.line_reference),
        }
    }
}

/// The VAT of a document at one rate.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VatJson {
    /// In percent.
    #[schema(value_type = String)]
    rate: Rate,
    /// Without tax.
    #[schema(value_type = String)]
    base: Money,
    /// The tax.
    #[schema(value_type = String)]
    amount: Money,
}

/// The totals of a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TotalsJson {
    /// *Remise totale TTC*.
    #[schema(value_type = String)]
    discount_incl_tax: Money,
    /// *Sous-total HT*.
    #[schema(value_type = String)]
    total_excl_tax: Money,
    /// *Total TVA*.
    #[schema(value_type = String)]
    total_vat: Money,
    /// *Sous-total TTC*.
    #[schema(value_type = String)]
    total_incl_tax: Money,
    /// VAT by rate, lowest first.
    vat: Vec<VatJson>,
}

impl From<&Totals> for TotalsJson {
    fn from(totals: &Totals) -> Self {
        let vat = |vat: &VatTotal| VatJson { rate: vat.rate, base: vat.base, amount: vat.amount };
        Self {
            discount_incl_tax: totals.discount_incl_tax,
            total_excl_tax: totals.total_excl_tax,
            total_vat: totals.total_vat,
            total_incl_tax: totals.total_incl_tax,
            vat: totals.vat.iter().map(vat).collect(),
        }
    }
}

/// A person with his address. What was erased is null.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Contact {
    /// The account.
    #[schema(value_type = Uuid)]
    id: AccountId,
    /// The name.
    name: Option<String>,
    /// The e-mail address.
    email: Option<String>,
    /// The telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
}

/// The references that a person's row needs opened.
pub fn references(person: &PersonRow) -> impl Iterator<Item = bordereau_domain::Digest> + use<> {
    [person.name, person.email, person.phone].into_iter().flatten().map(|reference| reference.digest)
}

impl Contact {
    /// A person's row in clear.
    pub fn of(person: &PersonRow, clear: &Clear) -> Self {
        let text = |reference: Option<SealedRef>| reference.and_then(|reference| clear.text(reference.digest));
        Self { id: person.id, name: text(person.name), email: text(person.email), phone: text(person.phone) }
    }
}

/// The basket that a document was made of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OriginJson {
    /// The basket.
    pub id: Uuid,
    /// Its number.
    pub number: u64,
    /// Its name at that time.
    pub name: Option<String>,
}
