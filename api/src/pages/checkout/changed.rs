//! Prices that have changed since the lines were put in: each line with what it was, what it is, and the difference.

use bordereau_domain::{LineId, Money, Rate, basket::Opened};
use serde::Deserialize;

use crate::problem::Problem;

/// A line whose price has changed.
pub struct ChangedLine {
    /// Its title.
    pub title: String,
    /// What it was.
    pub old: Terms,
    /// What it is today.
    pub new: Terms,
    /// What the line costs more, or less.
    pub difference: Money,
}

/// A line's price and total.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Terms {
    /// Public price of one copy.
    pub unit_price_incl_tax: Money,
    /// Discount in percent.
    pub discount_rate: Rate,
    /// The line after discount.
    pub total_incl_tax: Money,
}

#[derive(Deserialize)]
struct Told {
    line_id: LineId,
    old: Terms,
    new: Terms,
}

/// The lines that a refusal names; none for another refusal.
pub fn lines(problem: &Problem, basket: &Opened) -> Vec<ChangedLine> {
    if problem.slug != "prices-changed" {
        return Vec::new();
    }
    let named = problem.members.iter().find(|(name, _)| name == "lines").map(|(_, lines)| lines.clone());
    let told: Vec<Told> = named.and_then(|lines| serde_json::from_value(lines).ok()).unwrap_or_default();
    let line = |told: Told| {
        let title = basket.find_line(told.line_id).map(|line| line.title.clone()).unwrap_or_default();
        let difference = told.new.total_incl_tax - told.old.total_incl_tax;
        ChangedLine { title, old: told.old, new: told.new, difference }
    };
    told.into_iter().map(line).collect()
}
