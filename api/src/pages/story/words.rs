//! The words of a story: steps, times, differences, in the reader's language.

use bordereau_domain::Role;
use chrono::TimeDelta;

use super::{
    StepRow,
    changes::{ChangedLine, Difference, Fate, LineThen},
    drawing::Words,
    facts::{Lane, Story, Turn},
    read::Told,
};
use crate::{
    pages::frame::Frame,
    texts::{self, Value},
};

/// Lines that a list of differences names; of more it says how many there are.
const MOST_LINES: usize = 40;

/// Differences between two moments.
#[derive(Clone, Debug, Default)]
pub(super) struct ChangesText {
    /// `2 ajoutés, 1 retiré`, and who did it; empty when nothing differs.
    pub(super) summary: String,
    /// Each line that differs, and the name.
    pub(super) lines: Vec<LineText>,
    /// What is not listed.
    pub(super) more: Option<String>,
}

/// A difference of one line, or of the name.
#[derive(Clone, Debug)]
pub(super) struct LineText {
    /// The class of its sign.
    pub(super) class: &'static str,
    /// What became of it.
    pub(super) what: String,
    /// Title, or what it is a difference of.
    pub(super) title: String,
    /// The article, unless it is the name that differs.
    pub(super) ean: Option<String>,
    /// Before and after, value by value.
    pub(super) details: Vec<String>,
}

/// Class of a step's mark and word.
pub(super) const fn class(turn: Turn) -> &'static str {
    match turn {
        Turn::Returned => "state returned",
        Turn::Discarded => "state ended",
        Turn::Quoted | Turn::Ordered => "state done",
        Turn::Opened | Turn::Sent | Turn::Validated | Turn::Unlocked | Turn::TakenOver => "state step",
    }
}

/// A step, with where it led.
pub(super) fn turn(frame: &Frame, story: &Story, index: usize) -> String {
    let step = &story.steps[index];
    let back = match step.to {
        Some(Lane::Approver) => "turn-returned-to-approver",
        Some(Lane::Purchaser) => "turn-returned-to-purchaser",
        Some(Lane::Requester | Lane::Bookseller) | None => "turn-returned-to-requester",
    };
    frame.t(match step.turn {
        Turn::Opened => "turn-opened",
        Turn::Sent => "turn-sent",
        Turn::Validated => "turn-validated",
        Turn::Returned => back,
        Turn::Unlocked => "turn-unlocked",
        Turn::TakenOver => "turn-taken-over",
        Turn::Quoted => "turn-quoted",
        Turn::Ordered => "turn-ordered",
        Turn::Discarded => "turn-discarded",
    })
}

/// A role's name, of machines too.
pub(super) fn role(frame: &Frame, role: Role) -> String {
    match role {
        Role::Requester | Role::Approver | Role::Purchaser | Role::Bookseller | Role::Auditor => frame.role(&role),
        Role::Librisoft => "Librisoft".to_owned(),
        Role::Integrator | Role::Buyer | Role::System => frame.t("story-role-service"),
    }
}

/// A lane's name: that of its role, and the bookshop's.
fn lane(frame: &Frame, lane: Lane) -> String {
    match lane {
        Lane::Requester | Lane::Approver | Lane::Purchaser => frame.role(&lane.role()),
        Lane::Bookseller => frame.t("story-bookshop"),
    }
}

/// A stretch of time in its two largest units: `9 jours 3 h`, `2 h 5 min`, `5 min`.
pub(super) fn span(frame: &Frame, time: TimeDelta) -> String {
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    let (days, hours, minutes) = (time.num_days(), time.num_hours() % 24, time.num_minutes() % 60);
    let parts = match (days, hours, minutes) {
        (0, 0, 0) => return frame.t("span-moment"),
        (0, 0, minutes) => [("span-minutes", minutes), ("", 0)],
        (0, hours, minutes) => [("span-hours", hours), ("span-minutes", minutes)],
        (days, hours, _) => [("span-days", days), ("span-hours", hours)],
    };
    let said = parts.into_iter().filter(|(_, number)| *number > 0);
    said.map(|(key, number)| frame.t_count(key, &count(number))).collect::<Vec<_>>().join(" ")
}

/// The words that stand in the picture.
pub(super) fn of_picture(told: &Told, frame: &Frame, steps: &[StepRow]) -> Words {
    let moment = |row: &StepRow| {
        let text = frame.moment(&row.at);
        let (day, time) = text.split_once('\u{a0}').unwrap_or((&text, ""));
        [day.to_owned(), time.trim_matches(['(', ')']).to_owned()]
    };
    Words {
        lanes: told.story.lanes().into_iter().map(|of| lane(frame, of)).collect(),
        turns: steps.iter().map(|row| row.label.clone()).collect(),
        who: steps.iter().map(|row| row.who.clone()).collect(),
        when: steps.iter().map(moment).collect(),
        waits: told.story.stays().iter().map(|stay| span(frame, stay.length)).collect(),
        now: frame.t("story-lasting"),
    }
}

/// The picture for those who do not see it: one clause a step.
pub(super) fn described(frame: &Frame, steps: &[StepRow]) -> String {
    let clause = |row: &StepRow| format!("{}. {}, {}, {}", row.number, row.label, row.who, frame.moment(&row.at));
    steps.iter().map(clause).collect::<Vec<_>>().join("\u{a0}; ")
}

/// Differences between two moments; `name` is the basket's, before and after.
pub(super) fn changes(
    frame: &Frame,
    found: &[ChangedLine],
    name: (Option<String>, Option<String>),
    editors: &[String],
) -> ChangesText {
    let mut lines: Vec<_> = found.iter().take(MOST_LINES).map(|change| line(frame, change)).collect();
    if name.0 != name.1 {
        let shown = |name: Option<String>| name.unwrap_or_else(|| frame.t("unnamed"));
        lines.push(LineText {
            class: "changed",
            what: frame.t("fate-changed"),
            title: frame.t("basket-name"),
            ean: None,
            details: vec![arrow(&shown(name.0), &shown(name.1))],
        });
    }
    if lines.is_empty() {
        return ChangesText::default();
    }
    let rest = found.len().saturating_sub(MOST_LINES) as u64;
    let more = (rest > 0).then(|| frame.t_count("changes-more", &rest));
    ChangesText { summary: summary(frame, found, lines.len(), editors), lines, more }
}

/// `2 ajoutés, 1 retiré, 3 modifiés (Camille Petit)`.
fn summary(frame: &Frame, found: &[ChangedLine], listed: usize, editors: &[String]) -> String {
    let of = |fate: fn(&Fate) -> bool| found.iter().filter(|change| fate(&change.fate)).count() as u64;
    let (added, removed) = (of(|fate| *fate == Fate::Added), of(|fate| *fate == Fate::Removed));
    // The name is listed behind the lines.
    let changed = (found.len().max(listed) as u64).saturating_sub(added + removed);
    let counts = [("changes-added", added), ("changes-removed", removed), ("changes-changed", changed)];
    let told: Vec<_> = counts.iter().filter(|(_, n)| *n > 0).map(|(key, n)| frame.t_count(key, n)).collect();
    if editors.is_empty() { told.join(", ") } else { format!("{} ({})", told.join(", "), editors.join(", ")) }
}

fn line(frame: &Frame, change: &ChangedLine) -> LineText {
    let copies = |line: &LineThen| frame.t_count("line-copies", &line.quantity.into());
    let (class, what, details) = match &change.fate {
        Fate::Added => ("added", "fate-added", vec![copies(&change.line)]),
        Fate::Removed => ("removed", "fate-removed", vec![copies(&change.line)]),
        Fate::Changed(found) => {
            ("changed", "fate-changed", found.iter().map(|difference| said(frame, difference)).collect())
        }
    };
    LineText {
        class,
        what: frame.t(what),
        title: change.line.title.clone(),
        ean: Some(change.line.ean.to_string()),
        details,
    }
}

/// A difference on a line: `exemplaires : 2 → 3`.
pub(super) fn said(frame: &Frame, difference: &Difference) -> String {
    let text = |key: &str, before: &str, after: &str| {
        texts::say(frame.language, key, &[("values", Value::Text(&arrow(before, after)))])
    };
    let named = |reference: &Option<String>| reference.clone().unwrap_or_else(|| frame.t("difference-none"));
    match difference {
        Difference::Quantity(before, after) => {
            text("difference-quantity", &frame.number(&u64::from(*before)), &frame.number(&u64::from(*after)))
        }
        Difference::Reference(before, after) => text("difference-reference", &named(before), &named(after)),
        Difference::UnitPrice(before, after) => text("difference-price", &frame.amount(before), &frame.amount(after)),
        Difference::DiscountRate(before, after) => text("difference-discount", &frame.rate(before), &frame.rate(after)),
    }
}

/// Before and after.
fn arrow(before: &str, after: &str) -> String {
    format!("{before} → {after}")
}
