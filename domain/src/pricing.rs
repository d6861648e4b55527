//! Prices of lines and totals of documents. One rule everywhere, in [`price_line`], named in every event it made.
//!
//! `line-ttc-2026`: the price base is the public price incl. tax. The line's discount is rounded first
//! (`round2(quantity x price x rate)`, half-up), then subtracted; the line excl. tax is
//! `round2(line incl. tax / (1 + VAT))`; the VAT of a document is, per rate, the sum of the lines incl. tax less the
//! sum of the lines excl. tax. A replay never prices again: the amounts stand in the events.

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    article::{Article, ArticleKind},
    money::{Money, Rate},
};

/// The rounding rule that made a line's amounts. Frozen in the log: a new rule gets a new name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Policy {
    /// Discount rounded per line on the price incl. tax.
    #[serde(rename = "line-ttc-2026")]
    LineTtc2026,
    /// The same for an institution that is invoiced without VAT: the line's amount is the one excl. tax.
    #[serde(rename = "line-ttc-2026-exempt")]
    LineTtc2026Exempt,
}

/// An institution's permanent discounts, in percent (L05): the school rate, then one by VAT rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discounts {
    /// On school books, alone, whatever their VAT rate.
    pub school: Rate,
    /// On articles at 2.1 % VAT.
    #[serde(rename = "2.1")]
    pub reduced_2_1: Rate,
    /// On articles at 5.5 % VAT: books. At most 9 % by the law on the price of books (art. 3, loi 81-766).
    #[serde(rename = "5.5")]
    pub reduced_5_5: Rate,
    /// On articles at 20 % VAT.
    #[serde(rename = "20")]
    pub normal_20: Rate,
}

/// The most that the law lets a French bookshop take off a book that is no school book, in percent.
pub const FRENCH_BOOK_DISCOUNT_CAP: Decimal = Decimal::from_parts(9, 0, 0, false, 0);

impl Discounts {
    /// The discount that applies to an article.
    pub fn rate_for(&self, kind: ArticleKind, vat_rate: Rate) -> Rate {
        match kind {
            ArticleKind::SchoolBook => self.school,
            ArticleKind::Book | ArticleKind::Press | ArticleKind::Other => {
                if vat_rate.percent() == Decimal::new(21, 1) {
                    self.reduced_2_1
                } else if vat_rate.percent() == Decimal::new(55, 1) {
                    self.reduced_5_5
                } else if vat_rate.percent() == Decimal::new(20, 0) {
                    self.normal_20
                } else {
                    Rate::ZERO
                }
            }
        }
    }
}

/// What prices depend on beside the article: the client's conditions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    /// Permanent discounts.
    pub discounts: Discounts,
    /// Invoiced without VAT.
    pub vat_exempt: bool,
}

/// The amounts of one line, as stored in events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinePrice {
    /// The rule that made these amounts.
    pub pricing_policy: Policy,
    /// Public price of one copy, tax included, before discount.
    pub unit_price_incl_tax: Money,
    /// The same without tax.
    pub unit_price_excl_tax: Money,
    /// VAT rate of the article, in percent.
    pub vat_rate: Rate,
    /// Discount, in percent.
    pub discount_rate: Rate,
    /// Discount on the whole line, tax included.
    pub discount_amount: Money,
    /// The line after discount, without tax.
    pub total_excl_tax: Money,
    /// The line after discount, tax included (without, for an exempt institution).
    pub total_incl_tax: Money,
}

impl LinePrice {
    /// Whether two lines were priced on the same public price, tax, discount and rule, whatever their quantities.
    pub fn same_terms(&self, other: &Self) -> bool {
        (self.pricing_policy, self.unit_price_incl_tax, self.vat_rate, self.discount_rate)
            == (other.pricing_policy, other.unit_price_incl_tax, other.vat_rate, other.discount_rate)
    }
}

fn without_tax(amount: Money, vat_rate: Rate) -> Money {
    Money::round(amount.amount() / (Decimal::ONE + vat_rate.factor()))
}

/// Prices a line by the rule of today.
pub fn price_line(
    quantity: u32,
    public_price: Money,
    vat_rate: Rate,
    discount_rate: Rate,
    vat_exempt: bool,
) -> LinePrice {
    let gross = public_price.amount() * Decimal::from(quantity);
    let discount_amount = Money::round(gross * discount_rate.factor());
    let taxed = Money::round(gross) - discount_amount;
    let total_excl_tax = without_tax(taxed, vat_rate);
    let (pricing_policy, total_incl_tax) =
        if vat_exempt { (Policy::LineTtc2026Exempt, total_excl_tax) } else { (Policy::LineTtc2026, taxed) };
    LinePrice {
        pricing_policy,
        unit_price_incl_tax: public_price,
        unit_price_excl_tax: without_tax(public_price, vat_rate),
        vat_rate,
        discount_rate,
        discount_amount,
        total_excl_tax,
        total_incl_tax,
    }
}

/// Prices an article for a client.
pub fn price_article(article: &Article, quantity: u32, conditions: &Conditions) -> LinePrice {
    let discount = conditions.discounts.rate_for(article.kind, article.vat_rate);
    price_line(quantity, article.price_incl_tax, article.vat_rate, discount, conditions.vat_exempt)
}

/// The VAT of a document at one rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VatTotal {
    /// In percent; 0 for an exempt institution.
    pub rate: Rate,
    /// Sum of the lines without tax.
    pub base: Money,
    /// Sum of the lines incl. tax less the base.
    pub amount: Money,
}

/// The totals of a basket, a quote or an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// *Remise totale TTC*.
    pub discount_incl_tax: Money,
    /// *Sous-total HT*.
    pub total_excl_tax: Money,
    /// *Total TVA*.
    pub total_vat: Money,
    /// *Sous-total TTC*.
    pub total_incl_tax: Money,
    /// VAT by rate, lowest first.
    pub vat: Vec<VatTotal>,
}

impl Totals {
    /// Sums lines that are already priced.
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a LinePrice>) -> Self {
        let mut totals = Self::default();
        for line in lines {
            let rate = match line.pricing_policy {
                Policy::LineTtc2026 => line.vat_rate,
                Policy::LineTtc2026Exempt => Rate::ZERO,
            };
            let amount = line.total_incl_tax - line.total_excl_tax;
            totals.discount_incl_tax = totals.discount_incl_tax + line.discount_amount;
            totals.total_excl_tax = totals.total_excl_tax + line.total_excl_tax;
            totals.total_vat = totals.total_vat + amount;
            totals.total_incl_tax = totals.total_incl_tax + line.total_incl_tax;
            match totals.vat.iter_mut().find(|vat| vat.rate == rate) {
                Some(vat) => {
                    vat.base = vat.base + line.total_excl_tax;
                    vat.amount = vat.amount + amount;
                }
                None => totals.vat.push(VatTotal { rate, base: line.total_excl_tax, amount }),
            }
        }
        totals.vat.sort_by_key(|vat| vat.rate);
        totals
    }
}

/// A line by the rule that reproduces the documents of the former service, to compare with them and for nothing else.
///
/// Returns (excl. tax, incl. tax): `round2(q x round3(round2(price / (1 + VAT)) x (1 - discount)))` and
/// `round2(q x price x (1 - discount))`, both half-up.
pub fn legacy_libriweb(quantity: u32, public_price: Money, vat_rate: Rate, discount_rate: Rate) -> (Money, Money) {
    let kept = Decimal::ONE - discount_rate.factor();
    let quantity = Decimal::from(quantity);
    let unit = (without_tax(public_price, vat_rate).amount() * kept)
        .round_dp_with_strategy(3, RoundingStrategy::MidpointAwayFromZero);
    (Money::round(quantity * unit), Money::round(quantity * public_price.amount() * kept))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }
    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    #[test] // L45
    fn the_line_of_the_manual_is_reproduced() {
        let line = price_line(1, money("25.00"), rate("5.5"), rate("9"), false);
        assert_eq!(line.unit_price_excl_tax, money("23.70"));
        assert_eq!(line.discount_amount, money("2.25"));
        assert_eq!(line.total_incl_tax, money("22.75"));
        assert_eq!(line.total_excl_tax, money("21.56"));
    }

    #[test] // L46
    fn the_totals_of_the_manual_are_reproduced() {
        let lines = ["25.00", "7.30", "21.20", "24.40"].map(|p| price_line(1, money(p), rate("5.5"), rate("9"), false));
        let totals = Totals::of(&lines);
        let shown = [totals.discount_incl_tax, totals.total_excl_tax, totals.total_vat, totals.total_incl_tax];
        assert_eq!(shown.map(|m| m.to_string()), ["7.02", "67.17", "3.71", "70.88"]);
        assert_eq!(totals.vat, vec![VatTotal { rate: rate("5.5"), base: money("67.17"), amount: money("3.71") }]);
    }

    #[test] // L25
    fn the_three_sound_quotes_of_the_manual_follow_the_legacy_rule() {
        for (quantity, price, excl, incl) in
            [(1, "19.95", "17.97", "18.95"), (1, "50.00", "45.02", "47.50"), (99, "19.95", "1778.54", "1876.30")]
        {
            let priced = legacy_libriweb(quantity, money(price), rate("5.5"), rate("5"));
            assert_eq!(priced, (money(excl), money(incl)), "{quantity} x {price}");
        }
    }

    #[test] // L05
    fn a_school_book_has_the_school_rate_alone_and_others_that_of_their_vat() {
        let discounts =
            Discounts { school: Rate::ZERO, reduced_2_1: rate("5"), reduced_5_5: rate("9"), normal_20: rate("10") };
        assert_eq!(discounts.rate_for(ArticleKind::SchoolBook, rate("5.5")), Rate::ZERO);
        assert_eq!(discounts.rate_for(ArticleKind::Book, rate("5.5")), rate("9"));
        assert_eq!(discounts.rate_for(ArticleKind::Press, rate("2.10")), rate("5"));
        assert_eq!(discounts.rate_for(ArticleKind::Other, rate("20")), rate("10"));
        assert_eq!(discounts.rate_for(ArticleKind::Book, rate("6")), Rate::ZERO);
    }

    #[test]
    fn an_exempt_institution_pays_the_amount_without_tax() {
        let line = price_line(1, money("25.00"), rate("5.5"), rate("9"), true);
        assert_eq!(line.total_incl_tax, money("21.56"));
        let totals = Totals::of(&[line]);
        assert_eq!((totals.total_vat, totals.total_incl_tax), (Money::ZERO, totals.total_excl_tax));
        assert_eq!(totals.vat[0].rate, Rate::ZERO);
    }

    proptest! {
        #[test]
        fn totals_are_the_sums_of_their_lines(rows in prop::collection::vec((1u32..=9999, 0i64..=10_000_000, 0usize..3, 0u32..=10_000, any::<bool>()), 0..40)) {
            let vat = [rate("2.1"), rate("5.5"), rate("20")];
            let lines: Vec<_> = rows.iter().map(|(q, cents, v, d, exempt)| {
                let discount = Rate::from_str(&Decimal::new(i64::from(*d), 2).to_string()).unwrap();
                price_line(*q, Money::from_cents(*cents), vat[*v], discount, *exempt)
            }).collect();
            let totals = Totals::of(&lines);
            prop_assert_eq!(totals.total_incl_tax, lines.iter().map(|l| l.total_incl_tax).sum());
            prop_assert_eq!(totals.total_excl_tax + totals.total_vat, totals.total_incl_tax);
            prop_assert_eq!(totals.vat.iter().map(|v| v.base).sum::<Money>(), totals.total_excl_tax);
            prop_assert_eq!(totals.vat.iter().map(|v| v.amount).sum::<Money>(), totals.total_vat);
            for line in &lines {
                prop_assert!(line.total_excl_tax <= line.total_incl_tax && line.total_incl_tax >= Money::ZERO);
            }
        }
    }

    use std::str::FromStr;
}
