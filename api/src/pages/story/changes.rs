//! What became of a basket's lines between two moments, line by line. Pure: what was done and undone in between is
//! no change.

use bordereau_domain::{Ean, LineId, Money, Rate, line::Line};

use crate::names::Clear;

/// A line as far as people compare it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineThen {
    /// The line.
    pub line_id: LineId,
    /// Its article.
    pub ean: Ean,
    /// Its title.
    pub title: String,
    /// Copies.
    pub quantity: u32,
    /// The requester's own reference.
    pub reference: Option<String>,
    /// Public price of one copy.
    pub unit_price: Money,
    /// Discount.
    pub discount_rate: Rate,
    /// The line after discount.
    pub total: Money,
}

impl LineThen {
    /// A line with its reference in clear.
    pub fn of(line: &Line, clear: &Clear) -> Self {
        Self {
            line_id: line.line_id,
            ean: line.ean,
            title: line.title.clone(),
            quantity: line.quantity,
            reference: clear.field(line.line_reference),
            unit_price: line.price.unit_price_incl_tax,
            discount_rate: line.price.discount_rate,
            total: line.price.total_incl_tax,
        }
    }
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was added.
    Added,
    /// It was taken out.
    Removed,
    /// Something on it changed.
    Changed(Vec<Difference>),
}

/// A difference on a line, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Copies.
    Quantity(u32, u32),
    /// The requester's own reference.
    Reference(Option<String>, Option<String>),
    /// Public price of one copy.
    UnitPrice(Money, Money),
    /// Discount.
    DiscountRate(Rate, Rate),
}

/// A line that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedLine {
    /// The line: as it is, or as it was when it was taken out.
    pub line: LineThen,
    /// What became of it.
    pub fate: Fate,
}

/// What differs between two moments: lines taken out and changed in the order of before, then the new ones.
pub fn compare(before: &[LineThen], after: &[LineThen]) -> Vec<ChangedLine> {
    let find = |lines: &[LineThen], id: LineId| lines.iter().find(|line| line.line_id == id).cloned();
    let kept = before.iter().filter_map(|was| match find(after, was.line_id) {
        None => Some(ChangedLine { line: was.clone(), fate: Fate::Removed }),
        Some(is) => {
            let differences = differences(was, &is);
            (!differences.is_empty()).then_some(ChangedLine { line: is, fate: Fate::Changed(differences) })
        }
    });
    let new = after.iter().filter(|is| find(before, is.line_id).is_none());
    kept.chain(new.map(|is| ChangedLine { line: is.clone(), fate: Fate::Added })).collect()
}

/// What differs on a line.
pub fn differences(was: &LineThen, is: &LineThen) -> Vec<Difference> {
    let mut found = Vec::new();
    if was.quantity != is.quantity {
        found.push(Difference::Quantity(was.quantity, is.quantity));
    }
    if was.reference != is.reference {
        found.push(Difference::Reference(was.reference.clone(), is.reference.clone()));
    }
    if was.unit_price != is.unit_price {
        found.push(Difference::UnitPrice(was.unit_price, is.unit_price));
    }
    if was.discount_rate != is.discount_rate {
        found.push(Difference::DiscountRate(was.discount_rate, is.discount_rate));
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn line(number: u8, quantity: u32, reference: Option<&str>) -> LineThen {
        LineThen {
            line_id: LineId(Uuid::from_u128(number.into())),
            ean: "9782330150136".parse().unwrap(),
            title: format!("Titre {number}"),
            quantity,
            reference: reference.map(str::to_owned),
            unit_price: Money::from_cents(2_500),
            discount_rate: Rate::ZERO,
            total: Money::from_cents(2_500 * i64::from(quantity)),
        }
    }

    #[test]
    fn lines_are_added_taken_out_and_changed() {
        let before = [line(1, 2, None), line(2, 1, Some("RJ")), line(3, 1, None)];
        let after = [line(1, 3, None), line(3, 1, None), line(4, 5, None)];
        let fates: Vec<_> =
            compare(&before, &after).into_iter().map(|change| (change.line.title, change.fate)).collect();
        assert_eq!(
            fates,
            [
                ("Titre 1".to_owned(), Fate::Changed(vec![Difference::Quantity(2, 3)])),
                ("Titre 2".to_owned(), Fate::Removed),
                ("Titre 4".to_owned(), Fate::Added),
            ]
        );
    }

    /// Lines of any quantities; nothing for one that is not there.
    fn lines(quantities: &[u32]) -> Vec<LineThen> {
        (0u8..).zip(quantities).filter(|(_, n)| **n > 0).map(|(number, n)| line(number, *n, None)).collect()
    }

    proptest! {
        #[test]
        fn what_is_told_makes_the_one_out_of_the_other(
            before in prop::collection::vec(0u32..3, 0..12), after in prop::collection::vec(0u32..3, 0..12),
        ) {
            let (before, after) = (lines(&before), lines(&after));
            let mut rebuilt = before.clone();
            for change in compare(&before, &after) {
                rebuilt.retain(|line| line.line_id != change.line.line_id);
                if change.fate != Fate::Removed {
                    rebuilt.push(change.line);
                }
            }
            rebuilt.sort_by_key(|line| line.line_id);
            prop_assert_eq!(rebuilt, after.clone());
            prop_assert!(compare(&after, &after).is_empty());
        }
    }
}
