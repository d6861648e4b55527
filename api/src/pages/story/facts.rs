//! The facts of a basket's story: its steps, who had it how long, how often it came back. Pure: all times are given.

use bordereau_domain::{
    Role,
    basket::{Level, Stage},
};
use chrono::{DateTime, TimeDelta, Utc};

/// Who has a basket, from the one who prepares it to the bookshop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// A requester, to whom it belongs.
    Requester,
    /// The approvers, or one of them to whom it belongs.
    Approver,
    /// The purchasers, or one of them to whom it belongs.
    Purchaser,
    /// The bookshop: it is a quote or an order.
    Bookseller,
}

impl Lane {
    /// Every lane, from above.
    pub const ALL: [Self; 4] = [Self::Requester, Self::Approver, Self::Purchaser, Self::Bookseller];

    /// Who has a basket of this level at this stage; nobody any more once it is deleted.
    pub const fn of(level: Level, stage: Stage) -> Option<Self> {
        Some(match stage {
            Stage::Drafting => match level {
                Level::Requester => Self::Requester,
                Level::Approver => Self::Approver,
                Level::Purchaser => Self::Purchaser,
            },
            Stage::AwaitingApprover { .. } => Self::Approver,
            Stage::AwaitingPurchaser { .. } => Self::Purchaser,
            Stage::Converted(_) => Self::Bookseller,
            Stage::Discarded => return None,
        })
    }

    /// The role whose lane it is.
    pub const fn role(self) -> Role {
        match self {
            Self::Requester => Role::Requester,
            Self::Approver => Role::Approver,
            Self::Purchaser => Role::Purchaser,
            Self::Bookseller => Role::Bookseller,
        }
    }

    /// Its name in classes and keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Approver => "approver",
            Self::Purchaser => "purchaser",
            Self::Bookseller => "bookseller",
        }
    }
}

/// What kind of step it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It was opened.
    Opened,
    /// It was sent to the approvers.
    Sent,
    /// It was validated.
    Validated,
    /// It was returned to the previous role.
    Returned,
    /// It was unlocked.
    Unlocked,
    /// A colleague took it over.
    TakenOver,
    /// It became a quote request.
    Quoted,
    /// It became an order.
    Ordered,
    /// It was deleted.
    Discarded,
}

impl Turn {
    /// The step behind an event's wire name; none for work on the basket.
    pub fn of(event_type: &str) -> Option<Self> {
        Some(match event_type {
            "BasketOpened" => Self::Opened,
            "BasketSentToApprover" => Self::Sent,
            "BasketValidated" => Self::Validated,
            "BasketReturnedToPreviousRole" => Self::Returned,
            "BasketUnlocked" => Self::Unlocked,
            "BasketTakenOver" => Self::TakenOver,
            "BasketConvertedToQuote" => Self::Quoted,
            "BasketConvertedToOrder" => Self::Ordered,
            "BasketDiscarded" => Self::Discarded,
            _ => return None,
        })
    }

    /// Its name in classes and keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Sent => "sent",
            Self::Validated => "validated",
            Self::Returned => "returned",
            Self::Unlocked => "unlocked",
            Self::TakenOver => "taken-over",
            Self::Quoted => "quoted",
            Self::Ordered => "ordered",
            Self::Discarded => "discarded",
        }
    }
}

/// A step that is more than work on the basket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What kind of step.
    pub turn: Turn,
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// Who has the basket from then on; nobody once it is deleted.
    pub to: Option<Lane>,
}

/// A time during which one role had the basket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// Whose.
    pub lane: Lane,
    /// The step that began it.
    pub first: usize,
    /// The step that ended it; it lasts if there is none.
    pub last: Option<usize>,
    /// How long it was, until now if it lasts. Never negative.
    pub length: TimeDelta,
}

/// A basket's story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// Its steps, oldest first.
    pub steps: Vec<Step>,
    /// Until when it is told.
    pub now: DateTime<Utc>,
}

impl Story {
    /// Who had the basket when a step was taken: for its opening, who has it then.
    pub fn from(&self, index: usize) -> Option<Lane> {
        self.steps.get(index.saturating_sub(1)).and_then(|step| step.to)
    }

    /// Whether a step leads from one role to another.
    pub fn is_hand_over(&self, index: usize) -> bool {
        index > 0 && self.steps.get(index).is_some_and(|step| step.to != self.from(index))
    }

    /// Who had it from when to when, oldest first. What the bookshop makes of it is another document's story.
    pub fn stays(&self) -> Vec<Stay> {
        let mut stays: Vec<Stay> = Vec::new();
        for (index, step) in self.steps.iter().enumerate() {
            if index > 0 && !self.is_hand_over(index) {
                continue;
            }
            if let Some(stay) = stays.last_mut().filter(|stay| stay.last.is_none()) {
                stay.last = Some(index);
                stay.length = self.between(stay.first, step.at);
            }
            if let Some(lane) = step.to.filter(|lane| *lane != Lane::Bookseller) {
                stays.push(Stay { lane, first: index, last: None, length: self.between(index, self.now) });
            }
        }
        stays
    }

    /// Time since a step; nothing where clocks of two machines disagree.
    fn between(&self, first: usize, until: DateTime<Utc>) -> TimeDelta {
        self.steps.get(first).map_or(TimeDelta::zero(), |step| (until - step.at).max(TimeDelta::zero()))
    }

    /// How long the basket had been with whom it was when a step was taken; nothing for its opening.
    pub fn waited(&self, index: usize) -> Option<TimeDelta> {
        let stays = self.stays();
        let stay = stays.iter().rev().find(|stay| stay.first < index)?;
        self.steps.get(index).map(|step| self.between(stay.first, step.at))
    }

    /// How long each role has had the basket in all, from above.
    pub fn waits(&self) -> Vec<(Lane, TimeDelta)> {
        let stays = self.stays();
        let sum = |lane: Lane| {
            let mut of_lane = stays.iter().filter(|stay| stay.lane == lane).peekable();
            of_lane.peek()?;
            Some((lane, of_lane.fold(TimeDelta::zero(), |sum, stay| sum + stay.length)))
        };
        Lane::ALL.into_iter().filter_map(sum).collect()
    }

    /// The lanes of all who had it, from above.
    pub fn lanes(&self) -> Vec<Lane> {
        Lane::ALL.into_iter().filter(|lane| self.steps.iter().any(|step| step.to == Some(*lane))).collect()
    }

    /// How often it came back.
    pub fn returns(&self) -> u64 {
        self.steps.iter().filter(|step| step.turn == Turn::Returned).count() as u64
    }

    /// Whether nobody of the institution has to act any more.
    pub fn is_over(&self) -> bool {
        self.steps.last().is_none_or(|step| step.to.is_none_or(|lane| lane == Lane::Bookseller))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_790_000_000;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(START + minutes * 60, 0).unwrap()
    }

    fn step(turn: Turn, minutes: i64, to: Lane) -> Step {
        Step { turn, at: at(minutes), to: Some(to) }
    }

    /// Sent, unlocked, returned, sent, validated, ordered.
    fn story() -> Story {
        let steps = vec![
            step(Turn::Opened, 0, Lane::Requester),
            step(Turn::Sent, 30, Lane::Approver),
            step(Turn::Unlocked, 40, Lane::Approver),
            step(Turn::Returned, 90, Lane::Requester),
            step(Turn::Sent, 100, Lane::Approver),
            step(Turn::Validated, 1_540, Lane::Purchaser),
            step(Turn::Ordered, 1_600, Lane::Bookseller),
        ];
        Story { steps, now: at(9_000) }
    }

    #[test]
    fn the_time_of_each_role_is_summed_over_its_stays() {
        let story = story();
        let minutes: Vec<_> = story.waits().into_iter().map(|(lane, wait)| (lane, wait.num_minutes())).collect();
        assert_eq!(minutes, [(Lane::Requester, 40), (Lane::Approver, 1_500), (Lane::Purchaser, 60)]);
        assert_eq!((story.returns(), story.is_over()), (1, true));
        assert_eq!(story.lanes(), Lane::ALL);
        let lengths: Vec<_> = story.stays().iter().map(|stay| stay.length.num_minutes()).collect();
        assert_eq!(lengths, [30, 60, 10, 1_440, 60]);
    }

    #[test]
    fn a_step_says_how_long_the_basket_had_been_where_it_was() {
        let story = story();
        let waited: Vec<_> = (0..story.steps.len()).map(|n| story.waited(n).map(|time| time.num_minutes())).collect();
        assert_eq!(waited, [None, Some(30), Some(10), Some(60), Some(10), Some(1_440), Some(60)]);
    }

    #[test]
    fn a_stay_that_lasts_is_counted_until_now_and_never_below_nothing() {
        let mut story = story();
        story.steps.truncate(3);
        story.now = at(130);
        assert_eq!(story.waits()[1].1.num_minutes(), 100);
        assert!(!story.is_over());
        story.now = at(-5);
        assert_eq!(story.waits()[1].1, TimeDelta::zero());
    }

    #[test]
    fn a_deleted_basket_is_with_nobody() {
        let steps = vec![step(Turn::Opened, 0, Lane::Purchaser), Step { turn: Turn::Discarded, at: at(7), to: None }];
        let story = Story { steps, now: at(100) };
        assert_eq!(story.waits(), [(Lane::Purchaser, TimeDelta::minutes(7))]);
        assert!(story.is_over());
    }
}
