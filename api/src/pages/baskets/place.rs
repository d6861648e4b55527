//! Where a basket is, who must act, since when: one sentence, in every list and on every page of it.

use bordereau_domain::basket::{Document, Stage};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::pages::{format, frame::Frame};

/// Where a basket is, who must act, since when.
pub struct Place {
    /// The state's shape and colour.
    pub class: &'static str,
    /// The sentence.
    pub text: String,
    /// When it came there.
    pub since: DateTime<Utc>,
    /// Days since then, by the shop's calendar.
    pub days: u64,
}

/// What the sentence is made of.
pub struct Facts<'a> {
    /// Where it is.
    pub stage: Stage,
    /// Whether it was returned to where it is.
    pub returned: bool,
    /// Whether the reader owns it.
    pub mine: bool,
    /// Whether it waits for the reader's validation.
    pub yours: bool,
    /// Its owner's name.
    pub owner: &'a str,
    /// When it came where it is.
    pub since: DateTime<Utc>,
}

impl Place {
    /// The sentence for whoever reads `frame`.
    pub fn of(frame: &Frame, zone: Tz, now: DateTime<Utc>, facts: &Facts<'_>) -> Self {
        Self {
            class: facts.class(),
            text: frame.t_with(facts.key(), "owner", facts.owner),
            since: facts.since,
            days: format::days_between(facts.since, now, zone),
        }
    }
}

impl Facts<'_> {
    const fn class(&self) -> &'static str {
        match self.stage {
            Stage::Drafting if self.returned => "state returned",
            Stage::Drafting => "state drafting",
            Stage::AwaitingApprover { .. } | Stage::AwaitingPurchaser { .. } => "state waiting",
            Stage::Converted(_) => "state done",
            Stage::Discarded => "state ended",
        }
    }

    const fn key(&self) -> &'static str {
        match self.stage {
            Stage::Drafting if self.returned && self.mine => "place-returned-to-you",
            Stage::Drafting if self.returned => "place-returned",
            Stage::Drafting if self.mine => "place-drafting-by-you",
            Stage::Drafting => "place-drafting",
            Stage::AwaitingApprover { .. } | Stage::AwaitingPurchaser { .. } if self.yours => "place-at-you",
            Stage::AwaitingApprover { .. } => "place-at-approver",
            Stage::AwaitingPurchaser { .. } => "place-at-purchaser",
            Stage::Converted(Document::Quote(_)) => "place-quote",
            Stage::Converted(Document::Order(_)) => "place-order",
            Stage::Discarded => "place-discarded",
        }
    }
}
