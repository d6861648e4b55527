//! What is tried on accounts: opened, asked for, approved, changed, closed.

use bordereau_domain::{
    AccountId, Actor, Role,
    account::{AccountChange, AccountCommand, Applicant, ChosenEstablishment, Colleague, Details, Registration},
};

use super::{Try, commands::second};
use crate::views::world::{Cast, sealed};

/// Which account, who acts, and what is asked.
pub(super) fn account_command(cast: &Cast, one: Try) -> (AccountId, Actor, AccountCommand) {
    let institutions = match one.dial % 3 {
        0 => vec![cast.institution, second(cast)],
        1 => vec![second(cast)],
        _ => vec![cast.institution],
    };
    let newcomer = AccountId(cast.id(950 + u128::from(one.n)));
    match one.dial % 9 {
        0 => (cast.actor(one.role).account, Actor::system(), AccountCommand::Deactivate),
        1 | 2 => (cast.actor(one.role).account, Actor::system(), AccountCommand::Reactivate),
        3 => {
            let (email, name, phone) = (sealed(newcomer, 1), sealed(newcomer, 2), Some(sealed(newcomer, 3)));
            let (role, establishment) = (one.role, ChosenEstablishment::default());
            let open = AccountCommand::Open {
                email,
                name,
                phone,
                role,
                institutions,
                known: true,
                typed_for_two: false,
                establishment,
                group: None,
            };
            (newcomer, Actor::system(), open)
        }
        4 => (newcomer, Actor::system(), AccountCommand::Assign { role: one.role, institutions, known: true }),
        5 => placed(cast, one),
        _ => asked_for(cast, one),
    }
}

/// A colleague is let act in the place of another, or no longer; a power or a factor comes and goes.
fn placed(cast: &Cast, one: Try) -> (AccountId, Actor, AccountCommand) {
    let himself = cast.actor(one.role);
    let (delegation_id, day) = (cast.id(1700 + u128::from(one.n)).into(), |text: &str| text.parse().expect("day"));
    let command = match (one.dial / 9) % 9 {
        8 => AccountCommand::DeleteOrganisation,
        0..=2 => AccountCommand::Delegate {
            delegation_id,
            delegate_id: cast.requester,
            delegate: Some(Colleague { institutions: vec![cast.institution], active: true }),
            first_day: day("2026-04-01"),
            last_day: day("2026-04-09"),
            today: day("2026-04-01"),
        },
        3 => AccountCommand::RevokeDelegation { delegation_id },
        4 => return (himself.account, Actor::system(), AccountCommand::GrantSubstitution),
        5 => return (himself.account, Actor::system(), AccountCommand::RevokeSubstitution),
        6 => AccountCommand::EnableSecondFactor,
        _ => AccountCommand::DisableSecondFactor,
    };
    (himself.account, himself, command)
}

/// What happens to somebody who asks for his account.
fn asked_for(cast: &Cast, one: Try) -> (AccountId, Actor, AccountCommand) {
    let id = AccountId(cast.id(970 + u128::from(one.n % 3)));
    let himself = Actor::new(id, Role::Requester, vec![]);
    let establishment = ChosenEstablishment::default();
    let message = sealed(cast.bookseller, one.dial);
    let details = Some(Details { name: sealed(id, 5), phone: Some(sealed(id, 6)) });
    let (role, institutions) = (Role::Requester, vec![cast.institution]);
    let command = match (one.dial / 9) % 9 {
        8 => AccountCommand::DeleteOrganisation,
        0 | 1 => {
            let registration = Registration {
                company: sealed(id, 3),
                vat_number: Some(sealed(id, 4)),
                chamber_number: None,
                department: None,
            };
            let applicant = Applicant { email: sealed(id, 1), name: sealed(id, 2), phone: None, registration };
            return (id, himself, AccountCommand::Request(applicant));
        }
        2 => AccountCommand::Approve { role, institutions, known: true, establishment, group: None, message: None },
        3 => AccountCommand::Decline { message: Some(message) },
        4 => AccountCommand::Change(AccountChange { details, ..AccountChange::default() }),
        5 => AccountCommand::Deactivate,
        6 => AccountCommand::Reactivate,
        _ => return (id, himself, AccountCommand::ConfirmEmail { email: sealed(id, 7) }),
    };
    (id, Actor::system(), command)
}
