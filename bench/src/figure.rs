//! A figure, as a row of a table for people and as a line of JSON for machines.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::{
    drive::Pair,
    statistics::{Ratio, Summary},
};

/// A measured figure.
#[derive(Debug)]
pub struct Figure {
    /// Which target it belongs to, and which side of it.
    pub id: &'static str,
    /// What was done.
    pub what: &'static str,
    /// Clients or connections at once.
    pub clients: usize,
    /// What was measured.
    pub summary: Summary,
    /// The baseline's rate per second and the ratio to it; baselines themselves have none.
    pub beside: Option<(u64, Ratio)>,
}

impl Figure {
    /// A baseline.
    pub fn alone(id: &'static str, what: &'static str, clients: usize, summary: Summary) -> Self {
        Self { id, what, clients, summary, beside: None }
    }

    /// A pair as two figures: ours beside its baseline, then the baseline.
    pub fn of_pair(ids: [&'static str; 2], whats: [&'static str; 2], clients: usize, pair: &Pair) -> [Self; 2] {
        let [own, baseline] = ids;
        let [own_what, baseline_what] = whats;
        let beside = Some((pair.baseline.per_second, pair.ratio));
        [
            Self { id: own, what: own_what, clients, summary: pair.own, beside },
            Self::alone(baseline, baseline_what, clients, pair.baseline),
        ]
    }

    /// `{id, what, clients, per_second, p50_us, p99_us, baseline, ratio}`; the last two are null for a baseline.
    pub fn to_json(&self) -> Value {
        let Summary { per_second, p50_us, p99_us } = self.summary;
        let ratio = self.beside.and_then(|(_, ratio)| ratio.to_string().parse::<serde_json::Number>().ok());
        json!({
            "id": self.id, "what": self.what, "clients": self.clients, "per_second": per_second, "p50_us": p50_us,
            "p99_us": p99_us, "baseline": self.beside.map(|(baseline, _)| baseline), "ratio": ratio,
        })
    }

    fn cells(&self) -> [String; 8] {
        let Summary { per_second, p50_us, p99_us } = self.summary;
        let (baseline, ratio) = match self.beside {
            Some((baseline, ratio)) => (baseline.to_string(), ratio.to_string()),
            None => Default::default(),
        };
        let [clients, per_second, p50, p99] =
            [self.clients as u64, per_second, p50_us, p99_us].map(|number| number.to_string());
        [self.id.to_owned(), self.what.to_owned(), clients, per_second, p50, p99, baseline, ratio]
    }
}

const HEADINGS: [&str; 8] = ["id", "what", "clients", "per second", "p50 µs", "p99 µs", "baseline", "ratio"];

/// A Markdown table, one figure per row.
pub fn table(figures: &[Figure]) -> String {
    let mut rows = vec![HEADINGS.map(str::to_owned)];
    rows.extend(figures.iter().map(Figure::cells));
    let mut widths = [0; HEADINGS.len()];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        push_row(&mut text, row, &widths);
        if index == 0 {
            push_row(&mut text, &rule(&widths), &widths);
        }
    }
    text
}

/// Texts stand left, numbers right.
const TEXTS: usize = 2;

fn rule(widths: &[usize; HEADINGS.len()]) -> [String; HEADINGS.len()] {
    let mut column = 0;
    widths.map(|width| {
        column += 1;
        if column <= TEXTS { "-".repeat(width) } else { format!("{}:", "-".repeat(width - 1)) }
    })
}

fn push_row(text: &mut String, row: &[String; HEADINGS.len()], widths: &[usize; HEADINGS.len()]) {
    for (column, (cell, &width)) in row.iter().zip(widths).enumerate() {
        // Writing to a String cannot fail.
        let _ = if column < TEXTS { write!(text, "| {cell:<width$} ") } else { write!(text, "| {cell:>width$} ") };
    }
    text.push_str("|\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> [Figure; 2] {
        let own = Summary { per_second: 3000, p50_us: 300, p99_us: 900 };
        let baseline = Summary { per_second: 2000, p50_us: 500, p99_us: 1000 };
        let pair = Pair { own, baseline, ratio: Ratio::of(3000, 2000) };
        Figure::of_pair(["P1", "P1-b"], ["ours", "theirs"], 16, &pair)
    }

    #[test]
    fn a_figure_is_one_json_object_with_a_number_as_its_ratio() {
        let [own, baseline] = figures();
        assert_eq!(
            own.to_json().to_string(),
            r#"{"id":"P1","what":"ours","clients":16,"per_second":3000,"p50_us":300,"p99_us":900,"baseline":2000,"ratio":1.5}"#
        );
        assert_eq!(baseline.to_json()["ratio"], Value::Null);
    }

    #[test]
    fn the_table_is_markdown_with_columns_of_one_width() {
        let text = table(&figures());
        let widths: Vec<usize> = text.lines().map(|line| line.chars().count()).collect();
        assert_eq!(widths.len(), 4);
        assert!(widths.iter().all(|width| width == &widths[0]), "{text}");
        assert!(text.contains("|     2000 |  1.50 |"), "{text}");
    }
}
