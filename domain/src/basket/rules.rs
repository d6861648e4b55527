//! Who may do what where. Each guard stands behind one command *and* behind the list of next actions, so that what a
//! page offers and what the service accepts cannot drift apart.

use super::{
    error::BasketError,
    event::{Level, ReturnedTo},
    state::{Opened, Stage, Step},
};
use crate::{actor::Role, decider::Context, institution::Standing};

/// What somebody may be offered on a basket. The name in JSON is the last segment of the command's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Change the lines.
    Lines,
    /// Bring the lines to the prices of the day.
    Reprice,
    /// Rename.
    Rename,
    /// Send to the approvers.
    SendToApprover,
    /// Validate.
    Validate,
    /// Unlock.
    Unlock,
    /// Return to the previous role.
    Return,
    /// Turn into a quote request.
    RequestQuote,
    /// Turn into an order.
    PlaceOrder,
    /// Take over.
    TakeOver,
    /// Delete.
    Discard,
}

impl Action {
    /// Every action, in the order in which a page shows them.
    pub const ALL: [Self; 11] = [
        Self::Lines,
        Self::Reprice,
        Self::Rename,
        Self::SendToApprover,
        Self::Validate,
        Self::Unlock,
        Self::Return,
        Self::RequestQuote,
        Self::PlaceOrder,
        Self::TakeOver,
        Self::Discard,
    ];

    /// The action's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Reprice => "reprice",
            Self::Rename => "rename",
            Self::SendToApprover => "send-to-approver",
            Self::Validate => "validate",
            Self::Unlock => "unlock",
            Self::Return => "return",
            Self::RequestQuote => "request-quote",
            Self::PlaceOrder => "place-order",
            Self::TakeOver => "take-over",
            Self::Discard => "discard",
        }
    }

    /// Whether this role ever does this. A requester's `Lines` and the like are bounded further by what he sees.
    pub(super) const fn is_for(self, role: Role) -> bool {
        match self {
            Self::Lines | Self::Reprice | Self::Rename | Self::SendToApprover | Self::Discard => {
                role.is_institutional()
            }
            Self::Validate | Self::Unlock | Self::Return | Self::TakeOver => role.is_above_requester(),
            Self::RequestQuote | Self::PlaceOrder => matches!(role, Role::Purchaser),
        }
    }
}

type Verdict = Result<(), BasketError>;

impl Opened {
    const fn wrong_stage(&self) -> BasketError {
        match self.stage {
            Stage::Converted(document) => BasketError::AlreadyConverted(document),
            Stage::Drafting | Stage::AwaitingApprover { .. } | Stage::AwaitingPurchaser { .. } | Stage::Discarded => {
                BasketError::WrongStage { stage: self.stage.as_str() }
            }
        }
    }

    /// Whether it belongs to whom the actor acts as: himself, or a colleague where both act for the institution. Whoever
    /// acts for nobody any more has no basket.
    fn is_owner(&self, context: &Context) -> bool {
        let actor = &context.actor;
        let may_look = if actor.on_behalf_of.is_none() {
            !actor.institutions.is_empty()
        } else {
            actor.acts_for(self.institution_id)
        };
        self.owner == actor.principal() && may_look
    }

    /// Whether it counts as the acting person's own where two persons are demanded: he owns it, stands in its owner's
    /// place, or has brought it on its way.
    fn is_his(&self, context: &Context) -> bool {
        let me = context.actor.account;
        self.owner == context.actor.principal() || self.owner == me || self.brought_by.contains(&me)
    }

    /// Whether somebody else than its owner and the acting person has validated it since it was last in drafting.
    fn was_validated_by_another(&self, context: &Context) -> bool {
        self.validated_by.iter().any(|account| *account != self.owner && *account != context.actor.account)
    }

    /// Whether the actor stands above the requesters here. A role is held for institutions: an owner who was moved to
    /// another one still sees his basket, and has no more say in it than a requester.
    fn is_above(&self, context: &Context) -> bool {
        context.actor.role.is_above_requester() && context.actor.acts_for(self.institution_id)
    }

    fn is_purchaser(&self, context: &Context) -> bool {
        context.actor.role == Role::Purchaser && context.actor.acts_for(self.institution_id)
    }

    /// Refuses what a role does for its institution to those who do not act for this one.
    pub(super) fn must_act_for(&self, action: Action, context: &Context) -> Verdict {
        let of_role = match action {
            Action::Lines | Action::Reprice | Action::Rename | Action::SendToApprover | Action::Discard => false,
            Action::Validate
            | Action::Unlock
            | Action::Return
            | Action::RequestQuote
            | Action::PlaceOrder
            | Action::TakeOver => true,
        };
        if of_role && !context.actor.acts_for(self.institution_id) { Err(BasketError::RoleMayNot) } else { Ok(()) }
    }

    fn not_empty(&self) -> Verdict {
        if self.lines.is_empty() { Err(BasketError::Empty) } else { Ok(()) }
    }

    /// Where two persons are demanded: refuses whoever would pass his own basket on alone. A delegate is the person he
    /// is, whoever's place he stands in.
    fn second_person(&self, context: &Context, standing: &Standing) -> Verdict {
        let alone = standing.two_persons && self.is_his(context) && !self.was_validated_by_another(context);
        if alone { Err(BasketError::TwoPersonsNeeded) } else { Ok(()) }
    }

    pub(super) fn can_edit(&self, context: &Context, standing: &Standing) -> Verdict {
        match self.stage {
            Stage::Drafting if self.is_owner(context) => Ok(()),
            Stage::AwaitingApprover { locked } if self.is_above(context) => unlocked(locked),
            Stage::AwaitingPurchaser { locked, .. } if self.is_purchaser(context) => {
                unlocked(locked)?;
                // Else an owner could change what the second person had validated, and order it.
                if standing.two_persons && self.is_his(context) {
                    return Err(BasketError::TwoPersonsNeeded);
                }
                Ok(())
            }
            Stage::Drafting
            | Stage::AwaitingApprover { .. }
            | Stage::AwaitingPurchaser { .. }
            | Stage::Converted(_)
            | Stage::Discarded => Err(self.wrong_stage()),
        }
    }

    pub(super) fn can_rename(&self, context: &Context) -> Verdict {
        match self.stage {
            Stage::Drafting if self.is_owner(context) => Ok(()),
            Stage::Drafting | Stage::AwaitingApprover { .. } | Stage::AwaitingPurchaser { .. }
                if self.is_above(context) =>
            {
                Ok(())
            }
            Stage::Drafting
            | Stage::AwaitingApprover { .. }
            | Stage::AwaitingPurchaser { .. }
            | Stage::Converted(_)
            | Stage::Discarded => Err(self.wrong_stage()),
        }
    }

    pub(super) fn can_send(&self, _: &Context, standing: &Standing) -> Verdict {
        match self.stage {
            Stage::Drafting => {}
            Stage::AwaitingApprover { .. }
            | Stage::AwaitingPurchaser { .. }
            | Stage::Converted(_)
            | Stage::Discarded => return Err(self.wrong_stage()),
        }
        match self.level {
            Level::Requester => {}
            Level::Approver | Level::Purchaser if standing.two_persons => {}
            Level::Approver | Level::Purchaser => return Err(BasketError::WrongLevel { level: self.level }),
        }
        standing.must_be_open()?;
        self.not_empty()
    }

    pub(super) fn can_validate(&self, context: &Context, standing: &Standing) -> Verdict {
        match self.stage {
            Stage::Drafting if self.is_owner(context) => match self.level {
                Level::Approver => {}
                // An approver who took over a purchaser's draft cannot convert it: he passes it on.
                Level::Purchaser if context.actor.role == Role::Approver => {}
                Level::Requester | Level::Purchaser => return Err(BasketError::WrongLevel { level: self.level }),
            },
            Stage::AwaitingApprover { .. } => {}
            Stage::Drafting | Stage::AwaitingPurchaser { .. } | Stage::Converted(_) | Stage::Discarded => {
                return Err(self.wrong_stage());
            }
        }
        self.second_person(context, standing)?;
        standing.must_be_open()?;
        self.not_empty()
    }

    pub(super) fn can_unlock(&self, context: &Context) -> Verdict {
        match self.stage {
            Stage::AwaitingApprover { .. } => Ok(()),
            Stage::AwaitingPurchaser { .. } if context.actor.role == Role::Purchaser => Ok(()),
            Stage::Drafting | Stage::AwaitingPurchaser { .. } | Stage::Converted(_) | Stage::Discarded => {
                Err(self.wrong_stage())
            }
        }
    }

    /// Where a return would lead.
    pub(super) fn can_return(&self, context: &Context) -> Result<ReturnedTo, BasketError> {
        let to =
            match self.stage {
                Stage::AwaitingApprover { .. } => ReturnedTo::Drafting,
                Stage::AwaitingPurchaser { by_approver, .. } if context.actor.role == Role::Purchaser => {
                    if by_approver { ReturnedTo::AwaitingApprover } else { ReturnedTo::Drafting }
                }
                Stage::Drafting | Stage::AwaitingPurchaser { .. } | Stage::Converted(_) | Stage::Discarded => {
                    return Err(self.wrong_stage());
                }
            };
        match to {
            ReturnedTo::Drafting if context.owner_inactive => Err(BasketError::OwnerInactive),
            ReturnedTo::Drafting | ReturnedTo::AwaitingApprover => Ok(to),
        }
    }

    pub(super) fn can_convert(&self, context: &Context, standing: &Standing) -> Verdict {
        match self.stage {
            Stage::AwaitingPurchaser { .. } => {}
            Stage::Drafting if self.is_owner(context) && self.level == Level::Purchaser => {}
            Stage::Drafting | Stage::AwaitingApprover { .. } | Stage::Converted(_) | Stage::Discarded => {
                return Err(self.wrong_stage());
            }
        }
        self.second_person(context, standing)?;
        standing.must_be_open()?;
        self.not_empty()
    }

    pub(super) fn can_take_over(&self, context: &Context) -> Verdict {
        match self.stage {
            Stage::Drafting | Stage::AwaitingApprover { .. } | Stage::AwaitingPurchaser { .. } => {}
            Stage::Converted(_) | Stage::Discarded => return Err(self.wrong_stage()),
        }
        if context.owner_inactive { Ok(()) } else { Err(BasketError::OwnerActive) }
    }

    pub(super) fn can_discard(&self, _: &Context) -> Verdict {
        match self.stage {
            Stage::Drafting => Ok(()),
            Stage::AwaitingApprover { .. }
            | Stage::AwaitingPurchaser { .. }
            | Stage::Converted(_)
            | Stage::Discarded => Err(self.wrong_stage()),
        }
    }

    /// Refuses what only the owner does.
    pub(super) fn must_own(&self, context: &Context) -> Verdict {
        if self.is_owner(context) { Ok(()) } else { Err(BasketError::NotTheOwner) }
    }

    /// What the actor may do now, in the order in which a page shows it.
    pub fn next_actions(&self, context: &Context, standing: &Standing) -> Vec<Action> {
        Action::ALL.into_iter().filter(|action| self.may_act(*action, context, standing).is_ok()).collect()
    }

    /// Whether the actor may do this now: what a page says of an action that it does not offer.
    ///
    /// # Errors
    /// The refusal that a command would meet, were its values good.
    pub fn may_act(&self, action: Action, context: &Context, standing: &Standing) -> Result<(), BasketError> {
        if !action.is_for(context.actor.role) {
            return Err(BasketError::RoleMayNot);
        }
        self.must_act_for(action, context)?;
        match action {
            Action::Lines => self.can_edit(context, standing),
            Action::Reprice => self.can_edit(context, standing).and_then(|()| self.not_empty()),
            Action::Rename => self.can_rename(context),
            Action::SendToApprover => self.must_own(context).and_then(|()| self.can_send(context, standing)),
            Action::Validate => self.can_validate(context, standing),
            Action::Unlock if self.stage.is_locked() => self.can_unlock(context),
            Action::Unlock => Err(self.wrong_stage()),
            Action::Return if self.was_last(Step::Returned, context.actor.account) => Err(self.wrong_stage()),
            Action::Return => self.can_return(context).map(|_| ()),
            Action::RequestQuote | Action::PlaceOrder => self.can_convert(context, standing),
            Action::TakeOver => self.can_take_over(context),
            Action::Discard => self.must_own(context).and_then(|()| self.can_discard(context)),
        }
    }

    /// Whether the actor may know of it: its owner always, those above once it was shared or its owner has gone, the
    /// bookshop once it is a document, an auditor.
    pub fn is_seen_by(&self, context: &Context) -> bool {
        let actor = &context.actor;
        match actor.role {
            Role::Requester => self.is_owner(context),
            Role::Approver | Role::Purchaser => {
                self.is_owner(context)
                    || (actor.acts_for(self.institution_id) && (self.shared || context.owner_inactive))
            }
            Role::Bookseller => matches!(self.stage, Stage::Converted(_)),
            Role::Auditor | Role::System => true,
            Role::Integrator | Role::Librisoft | Role::Buyer => false,
        }
    }
}

const fn unlocked(locked: bool) -> Verdict {
    if locked { Err(BasketError::Locked) } else { Ok(()) }
}

impl Standing {
    fn must_be_open(&self) -> Verdict {
        if self.is_open() { Ok(()) } else { Err(BasketError::InstitutionBlocked) }
    }
}
