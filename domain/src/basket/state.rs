//! A basket's state: what later decisions need, and what people look at.

use serde::{Deserialize, Serialize};

use super::event::{BasketEvent, Level, ReturnedTo};
use crate::{
    actor::Role,
    ids::{AccountId, InstitutionId, LineId, OrderId, QuoteId},
    line::Line,
    personal::{BasketName, Comment, Personal},
    pricing::Totals,
};

/// A basket, before and after its opening.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Basket {
    /// Nothing is known of it.
    #[default]
    Unopened,
    /// It exists, wherever it is.
    Opened(Box<Opened>),
}

/// An opened basket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The number people call it by.
    pub number: u64,
    /// The institution it is for.
    pub institution_id: InstitutionId,
    /// Whose it is now.
    pub owner: AccountId,
    /// Where its way began.
    pub level: Level,
    /// Its name.
    pub name: Option<Personal<BasketName>>,
    /// Where it is.
    pub stage: Stage,
    /// Whether it was ever sent or validated: from then on its institution's approvers and purchasers see it.
    pub shared: bool,
    /// Those who validated it since it was last in drafting.
    pub validated_by: Vec<AccountId>,
    /// Those who brought it on its way since it was last in drafting: its owner of then, or who stood in his place.
    pub brought_by: Vec<AccountId>,
    /// The last step between roles, to recognise one that is asked for twice.
    pub last_passage: Option<Passage>,
    /// The last return, while the basket is where that led.
    pub returned: Option<Returned>,
    /// Its lines, in the order they were added.
    pub lines: Vec<Line>,
}

/// Where a basket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// At its owner.
    Drafting,
    /// At the approvers.
    AwaitingApprover {
        /// Whether the lines are closed to changes.
        locked: bool,
    },
    /// At the purchasers.
    AwaitingPurchaser {
        /// Whether the lines are closed to changes.
        locked: bool,
        /// Whether a return leads to the approvers: one of them had validated another's basket.
        by_approver: bool,
    },
    /// It became a document.
    Converted(Document),
    /// It was deleted.
    Discarded,
}

impl Stage {
    /// The stage's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Drafting => "drafting",
            Self::AwaitingApprover { .. } => "awaiting_approver",
            Self::AwaitingPurchaser { .. } => "awaiting_purchaser",
            Self::Converted(_) => "converted",
            Self::Discarded => "discarded",
        }
    }

    /// Whether the lines are closed to changes.
    pub const fn is_locked(self) -> bool {
        match self {
            Self::Drafting => false,
            Self::AwaitingApprover { locked } | Self::AwaitingPurchaser { locked, .. } => locked,
            Self::Converted(_) | Self::Discarded => true,
        }
    }
}

/// What a basket became.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Document {
    /// A quote request.
    Quote(QuoteId),
    /// An order.
    Order(OrderId),
}

/// A step between roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Sent to the approvers.
    Sent,
    /// Validated.
    Validated,
    /// Returned to the previous role.
    Returned,
}

/// A step and who took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Which step.
    pub step: Step,
    /// Who took it.
    pub by: AccountId,
}

/// A return and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// Who returned it.
    pub by: AccountId,
    /// Why.
    pub comment: Option<Personal<Comment>>,
}

impl Opened {
    /// The line with this id.
    pub fn find_line(&self, line_id: LineId) -> Option<&Line> {
        self.lines.iter().find(|line| line.line_id == line_id)
    }

    /// Sums of its lines.
    pub fn totals(&self) -> Totals {
        Totals::of(self.lines.iter().map(|line| &line.price))
    }

    /// Whether this very step was the last, and by this account.
    pub fn was_last(&self, step: Step, by: AccountId) -> bool {
        self.last_passage == Some(Passage { step, by })
    }

    fn pass(&mut self, step: Step, by: AccountId, stage: Stage) {
        self.stage = stage;
        self.last_passage = Some(Passage { step, by });
        self.returned = None;
    }

    /// Notes who brings it on its way.
    fn leave_owner(&mut self, by: AccountId) {
        if self.stage == Stage::Drafting {
            self.brought_by.push(by);
        }
    }

    fn line_mut(&mut self, line_id: LineId) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.line_id == line_id)
    }

    fn unlock(&mut self) {
        self.stage = match self.stage {
            Stage::AwaitingApprover { .. } => Stage::AwaitingApprover { locked: false },
            Stage::AwaitingPurchaser { by_approver, .. } => Stage::AwaitingPurchaser { locked: false, by_approver },
            other @ (Stage::Drafting | Stage::Converted(_) | Stage::Discarded) => other,
        };
    }

    fn evolve(&mut self, event: &BasketEvent) {
        match event {
            BasketEvent::Opened { .. } => {}
            BasketEvent::Renamed { name } => self.name = Some(*name),
            BasketEvent::LineAdded { line } => self.lines.push(line.clone()),
            BasketEvent::LineChanged { line_id, after, .. } => {
                if let Some(line) = self.line_mut(*line_id) {
                    line.quantity = after.quantity;
                    line.price = after.price;
                    line.line_reference = after.line_reference;
                }
            }
            BasketEvent::LineRemoved { line } => self.lines.retain(|kept| kept.line_id != line.line_id),
            BasketEvent::LinesRepriced { lines } => {
                for repriced in lines {
                    if let Some(line) = self.line_mut(repriced.line_id) {
                        line.price = repriced.after;
                    }
                }
            }
            BasketEvent::SentToApprover { by, .. } => {
                self.leave_owner(*by);
                self.pass(Step::Sent, *by, Stage::AwaitingApprover { locked: true });
                self.shared = true;
            }
            BasketEvent::Unlocked { .. } => self.unlock(),
            BasketEvent::ReturnedToPreviousRole { by, to, comment } => self.go_back(*by, *to, *comment),
            BasketEvent::Validated { by, role, .. } => {
                // In drafting only its owner validates, or somebody in his place.
                let by_approver = *role == Role::Approver && *by != self.owner && self.stage != Stage::Drafting;
                self.leave_owner(*by);
                self.pass(Step::Validated, *by, Stage::AwaitingPurchaser { locked: true, by_approver });
                self.shared = true;
                self.validated_by.push(*by);
            }
            BasketEvent::ConvertedToQuote { quote_id, .. } => self.stage = Stage::Converted(Document::Quote(*quote_id)),
            BasketEvent::ConvertedToOrder { order_id, .. } => self.stage = Stage::Converted(Document::Order(*order_id)),
            BasketEvent::TakenOver { to, .. } => self.owner = *to,
            BasketEvent::Discarded {} => self.stage = Stage::Discarded,
        }
    }

    fn go_back(&mut self, by: AccountId, to: ReturnedTo, comment: Option<Personal<Comment>>) {
        let stage = match to {
            ReturnedTo::Drafting => Stage::Drafting,
            ReturnedTo::AwaitingApprover => Stage::AwaitingApprover { locked: true },
        };
        self.pass(Step::Returned, by, stage);
        self.validated_by.clear();
        if stage == Stage::Drafting {
            self.brought_by.clear();
        }
        self.returned = Some(Returned { by, comment });
    }
}

impl Basket {
    /// The basket, once opened.
    pub fn opened(&self) -> Option<&Opened> {
        match self {
            Self::Unopened => None,
            Self::Opened(opened) => Some(opened),
        }
    }

    pub(super) fn apply(&mut self, event: &BasketEvent) {
        match (&mut *self, event) {
            (Self::Unopened, BasketEvent::Opened { number, institution_id, owner, level, name }) => {
                *self = Self::Opened(Box::new(Opened {
                    number: *number,
                    institution_id: *institution_id,
                    owner: *owner,
                    level: *level,
                    name: *name,
                    stage: Stage::Drafting,
                    shared: false,
                    validated_by: Vec::new(),
                    brought_by: Vec::new(),
                    last_passage: None,
                    returned: None,
                    lines: Vec::new(),
                }));
            }
            (Self::Unopened, _) => {}
            (Self::Opened(opened), event) => opened.evolve(event),
        }
    }
}
