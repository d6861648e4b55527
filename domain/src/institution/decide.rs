//! What an institution answers to each command.

use std::collections::BTreeSet;

use super::{
    command::{InstitutionCommand, Synchronisation},
    error::InstitutionError,
    event::{InstitutionEvent, Profile},
    state::{Institution, Known},
};
use crate::{
    actor::Role,
    decider::{Context, Decider, Illegal},
    personal::{Personal, Reason},
    pricing::FRENCH_BOOK_DISCOUNT_CAP,
};

type Decision = Result<Vec<InstitutionEvent>, InstitutionError>;

/// Most addresses of one institution.
const MAX_ADDRESSES: usize = 50;
/// Longest name, town or address line, in characters.
const MAX_CHARS: usize = 200;

impl Decider for Institution {
    const TYPE: &'static str = "Institution";
    type Command = InstitutionCommand;
    type Event = InstitutionEvent;
    type Error = InstitutionError;

    fn decide(&self, command: &InstitutionCommand, _: &Context) -> Decision {
        match command {
            InstitutionCommand::Synchronise(sent) => self.synchronise(sent),
            InstitutionCommand::Withdraw => self.withdraw(),
            InstitutionCommand::SetTwoPersonRule { demanded } => self.set_two_person_rule(*demanded),
            InstitutionCommand::SetPaymentAfterDelivery { allowed } => self.set_payment_after_delivery(*allowed),
            InstitutionCommand::LiftDiscountCap { justification } => self.lift_discount_cap(*justification),
            InstitutionCommand::RestoreDiscountCap => self.restore_discount_cap(),
        }
    }

    fn evolve(&mut self, event: &InstitutionEvent) {
        self.apply(event);
    }

    fn allows(&self, event: &InstitutionEvent) -> Result<(), Illegal> {
        let known = match (self, event) {
            (_, InstitutionEvent::Synchronised { .. }) => return Ok(()),
            (Self::Unknown, _) => return Err(Illegal::new(event, "the institution is not known")),
            (Self::Known(known), _) => known,
        };
        let legal = match event {
            InstitutionEvent::Synchronised { .. } | InstitutionEvent::DiscountCapLifted { .. } => true,
            InstitutionEvent::Blocked {} => !known.blocked,
            InstitutionEvent::Unblocked {} => known.blocked,
            InstitutionEvent::Withdrawn {} => !known.withdrawn,
            InstitutionEvent::TwoPersonRuleSet { demanded } => known.two_persons != *demanded,
            InstitutionEvent::PaymentAfterDeliverySet { allowed } => known.pays_after_delivery != *allowed,
            InstitutionEvent::DiscountCapRestored {} => known.discount_justification.is_some(),
        };
        if legal { Ok(()) } else { Err(Illegal::new(event, "it is so already")) }
    }

    fn may_see(&self, context: &Context) -> bool {
        // People are asked about their institutions by id before this: a stream does not know its own.
        match context.actor.role {
            Role::Bookseller | Role::Auditor | Role::Librisoft | Role::System => true,
            Role::Requester | Role::Approver | Role::Purchaser | Role::Integrator | Role::Buyer => false,
        }
    }

    fn may(&self, command: &InstitutionCommand, context: &Context) -> Result<(), InstitutionError> {
        let allowed = match command {
            InstitutionCommand::Synchronise(_) | InstitutionCommand::Withdraw => {
                matches!(context.actor.role, Role::Librisoft | Role::System)
            }
            InstitutionCommand::SetTwoPersonRule { .. }
            | InstitutionCommand::SetPaymentAfterDelivery { .. }
            | InstitutionCommand::LiftDiscountCap { .. }
            | InstitutionCommand::RestoreDiscountCap => {
                matches!(context.actor.role, Role::Bookseller | Role::System)
            }
        };
        if allowed { Ok(()) } else { Err(InstitutionError::RoleMayNot) }
    }
}

impl Institution {
    fn synchronise(&self, sent: &Synchronisation) -> Decision {
        let lifted = self.known().is_some_and(|known| known.discount_justification.is_some());
        check(&sent.profile, sent.french && !lifted)?;
        let mut events = Vec::new();
        if self.known().is_none_or(|known| known.withdrawn || known.profile != sent.profile) {
            events.push(InstitutionEvent::Synchronised { profile: sent.profile.clone() });
        }
        match (self.known().is_some_and(|known| known.blocked), sent.blocked) {
            (false, true) => events.push(InstitutionEvent::Blocked {}),
            (true, false) => events.push(InstitutionEvent::Unblocked {}),
            (true, true) | (false, false) => {}
        }
        Ok(events)
    }

    fn known_or_refuse(&self) -> Result<&Known, InstitutionError> {
        self.known().ok_or(InstitutionError::NotKnown)
    }

    fn withdraw(&self) -> Decision {
        if self.known_or_refuse()?.withdrawn { Ok(vec![]) } else { Ok(vec![InstitutionEvent::Withdrawn {}]) }
    }

    fn set_two_person_rule(&self, demanded: bool) -> Decision {
        let same = self.known_or_refuse()?.two_persons == demanded;
        if same { Ok(vec![]) } else { Ok(vec![InstitutionEvent::TwoPersonRuleSet { demanded }]) }
    }

    fn set_payment_after_delivery(&self, allowed: bool) -> Decision {
        let same = self.known_or_refuse()?.pays_after_delivery == allowed;
        if same { Ok(vec![]) } else { Ok(vec![InstitutionEvent::PaymentAfterDeliverySet { allowed }]) }
    }

    /// Lifted again, it has another justification.
    fn lift_discount_cap(&self, justification: Personal<Reason>) -> Decision {
        self.known_or_refuse()?;
        Ok(vec![InstitutionEvent::DiscountCapLifted { justification }])
    }

    fn restore_discount_cap(&self) -> Decision {
        let capped = self.known_or_refuse()?.discount_justification.is_none();
        if capped { Ok(vec![]) } else { Ok(vec![InstitutionEvent::DiscountCapRestored {}]) }
    }
}

fn check(profile: &Profile, capped: bool) -> Result<(), InstitutionError> {
    let text = |field: &'static str, text: &str, may_be_empty: bool| {
        let good = text.chars().count() <= MAX_CHARS
            && !text.chars().any(char::is_control)
            && (may_be_empty || !text.trim().is_empty());
        if good { Ok(()) } else { Err(InstitutionError::BadText { field }) }
    };
    text("librisoft_number", &profile.librisoft_number, false)?;
    text("name", &profile.name, false)?;
    text("city", &profile.city, true)?;
    if profile.addresses.len() > MAX_ADDRESSES {
        return Err(InstitutionError::TooManyAddresses);
    }
    for address in &profile.addresses {
        text("addresses", &address.label, false)?;
        for line in address.lines.iter().chain([&address.postcode, &address.city, &address.country]) {
            text("addresses", line, true)?;
        }
    }
    let ids: BTreeSet<_> = profile.addresses.iter().map(|address| address.id).collect();
    if ids.len() != profile.addresses.len() {
        return Err(InstitutionError::SameAddressTwice);
    }
    let rate = profile.discounts.reduced_5_5;
    if capped && rate.percent() > FRENCH_BOOK_DISCOUNT_CAP {
        return Err(InstitutionError::DiscountAboveCap { rate });
    }
    Ok(())
}
