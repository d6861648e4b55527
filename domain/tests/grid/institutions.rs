//! Every state, command and role of institutions.

use bordereau_domain::{
    Role,
    institution::{Institution, InstitutionCommand, InstitutionError, InstitutionEvent, Profile},
};

use super::{Refusal, by_roles};
use crate::{
    examples::sealed,
    fixture::*,
    institution::{profile, synchronise},
};

impl Refusal for InstitutionError {
    fn status(&self) -> u16 {
        match self {
            Self::RoleMayNot => 403,
            Self::NotKnown => 404,
            Self::BadText { .. } | Self::TooManyAddresses | Self::SameAddressTwice | Self::DiscountAboveCap { .. } => {
                422
            }
        }
    }
}

fn institution_commands() -> Vec<(&'static str, InstitutionCommand)> {
    let mut dear = profile();
    dear.discounts.reduced_5_5 = rate("12");
    let justification = sealed(account_of(Role::Bookseller), 0x21);
    vec![
        ("synchronise", synchronise(profile(), false)),
        ("synchronise as moved", synchronise(Profile { city: "METZ".to_owned(), ..profile() }, false)),
        ("synchronise as blocked", synchronise(profile(), true)),
        ("synchronise with more than the law allows", synchronise(dear, false)),
        ("withdraw", InstitutionCommand::Withdraw),
        ("demand two persons", InstitutionCommand::SetTwoPersonRule { demanded: true }),
        ("demand two persons no longer", InstitutionCommand::SetTwoPersonRule { demanded: false }),
        ("refuse payment after delivery", InstitutionCommand::SetPaymentAfterDelivery { allowed: false }),
        ("allow payment after delivery", InstitutionCommand::SetPaymentAfterDelivery { allowed: true }),
        ("lift the cap on discounts", InstitutionCommand::LiftDiscountCap { justification }),
        ("restore the cap on discounts", InstitutionCommand::RestoreDiscountCap),
    ]
}

#[test] // attack 30
fn every_institution_answers_every_command_of_every_role_as_written() {
    let known = InstitutionEvent::Synchronised { profile: profile() };
    let then = |event| vec![known.clone(), event];
    let justification = sealed(account_of(Role::Bookseller), 0x21);
    let states = [
        ("unknown", vec![]),
        ("known", vec![known.clone()]),
        ("blocked", then(InstitutionEvent::Blocked {})),
        ("withdrawn", then(InstitutionEvent::Withdrawn {})),
        ("two persons demanded", then(InstitutionEvent::TwoPersonRuleSet { demanded: true })),
        ("pays before delivery", then(InstitutionEvent::PaymentAfterDeliverySet { allowed: false })),
        ("cap lifted", then(InstitutionEvent::DiscountCapLifted { justification })),
    ];
    let mut text = String::from(
        "What an institution of a French shop answers: a table per command, a row per state, a column per role. Its own \
         people are asked about it by its id before this, so that here it is unknown to them.\n\n",
    );
    for (title, command) in institution_commands() {
        let creates = matches!(command, InstitutionCommand::Synchronise(_));
        text.push_str(&by_roles::<Institution>(title, &states, &command, creates));
    }
    insta::assert_snapshot!("institution", text);
}
