//! Every status, command and role of accounts.

use bordereau_domain::{
    Decider, Role,
    account::{
        Account, AccountChange, AccountCommand, AccountError, AccountEvent, ChosenEstablishment, ChosenGroup,
        Colleague, Details,
    },
    personal::Message,
};

use super::{Refusal, by_roles};
use crate::fixture::*;

impl Refusal for AccountError {
    fn status(&self) -> u16 {
        match self {
            Self::RoleMayNot | Self::InAnothersPlace => 403,
            Self::NotOpened | Self::UnknownDelegation => 404,
            Self::AlreadyOpened
            | Self::WrongStatus { .. }
            | Self::NoInstitutionsAccount
            | Self::SecondFactorEnabled
            | Self::SecondFactorMissing => 409,
            Self::InstitutionMissing
            | Self::InstitutionTooMuch
            | Self::NotAPersonsRole
            | Self::UnknownEstablishment
            | Self::UnknownBuyersGroup
            | Self::UnknownDelegate
            | Self::FirstDayPast
            | Self::FirstDayTooFar
            | Self::PasswordByLinkOnly
            | Self::LastDayOutOfRange
            | Self::TooManyDelegations => 422,
        }
    }
}

fn account_commands() -> Vec<(&'static str, AccountCommand)> {
    let establishment = ChosenEstablishment::default();
    let open = |role, institutions| AccountCommand::Open {
        email: personal(Role::Requester, 1),
        name: personal(Role::Requester, 2),
        phone: None,
        role,
        institutions,
        known: true,
        typed_for_two: false,
        establishment,
        group: None,
    };
    let assign = |role, institutions| AccountCommand::Assign { role, institutions, known: true };
    let approve = AccountCommand::Approve {
        role: Role::Requester,
        institutions: vec![LIBRARY],
        known: true,
        establishment,
        group: None,
        message: None,
    };
    let details = Some(Details { name: personal(Role::Requester, 3), phone: None });
    let email = Some(personal(Role::Requester, 4));
    let group = Some(ChosenGroup { id: GROUP, known: true });
    let message = personal::<Message>(Role::Bookseller, 8);
    let nothing = AccountChange::default();
    vec![
        ("open a requester's", open(Role::Requester, vec![LIBRARY])),
        ("open a purchaser's", open(Role::Purchaser, vec![LIBRARY])),
        ("open a bookseller's", open(Role::Bookseller, vec![])),
        ("ask for it", AccountCommand::Request(applicant())),
        ("approve", approve),
        ("decline", AccountCommand::Decline { message: Some(message) }),
        ("send a message", AccountCommand::SendMessage { message }),
        ("assign another institution", assign(Role::Requester, vec![SCHOOL])),
        ("make it an approver's", assign(Role::Approver, vec![LIBRARY])),
        ("make it a purchaser's", assign(Role::Purchaser, vec![LIBRARY])),
        ("add the library", AccountCommand::Join { institution: LIBRARY, known: true, role: None, group: None }),
        ("deactivate", AccountCommand::Deactivate),
        ("reactivate", AccountCommand::Reactivate),
        ("close it behind an erased person", AccountCommand::Close),
        ("delete what it is for an organisation", AccountCommand::DeleteOrganisation),
        ("change name and telephone", AccountCommand::Change(AccountChange { details, ..nothing })),
        ("change the login", AccountCommand::Change(AccountChange { email, ..nothing })),
        ("change the buyers' group", AccountCommand::Change(AccountChange { group, ..nothing })),
        ("confirm the login", AccountCommand::ConfirmEmail { email: personal(Role::Requester, 4) }),
    ]
}

#[test] // L12 L13 L15 B08 B15 W27, attack 30
fn every_account_answers_every_command_of_every_role_as_written() {
    let opened = |role, institution_ids| {
        vec![AccountEvent::Opened {
            email: personal(Role::Requester, 1),
            name: personal(Role::Requester, 2),
            phone: None,
            role,
            institution_ids,
            establishment_id: None,
        }]
    };
    let asked = Account::default().decide(&AccountCommand::Request(applicant()), &by(Role::System)).unwrap();
    let with = |given: &[AccountEvent], event| [given.to_vec(), vec![event]].concat();
    let states = [
        ("none", vec![]),
        ("requested", asked.clone()),
        ("declined", with(&asked, AccountEvent::Declined {})),
        ("private", with(&asked, AccountEvent::OrganisationDeleted { digests: vec![] })),
        ("requester's", opened(Role::Requester, vec![LIBRARY])),
        ("requester's, inactive", with(&opened(Role::Requester, vec![LIBRARY]), AccountEvent::Deactivated {})),
        ("requester's of the school", opened(Role::Requester, vec![SCHOOL])),
        ("requester's of both", opened(Role::Requester, vec![LIBRARY, SCHOOL])),
        ("approver's", opened(Role::Approver, vec![LIBRARY])),
        ("purchaser's", opened(Role::Purchaser, vec![LIBRARY])),
        ("bookseller's", opened(Role::Bookseller, vec![])),
        ("auditor's", opened(Role::Auditor, vec![])),
    ];
    let mut text = String::from(
        "What an account answers: a table per command, a row per state, a column per role. The column of the requester \
         is the account's own person.\n\n",
    );
    for (title, command) in account_commands() {
        // Whoever opens, asks or adds by an address has not seen the account before.
        let creates =
            matches!(command, AccountCommand::Open { .. } | AccountCommand::Request(_) | AccountCommand::Join { .. });
        text.push_str(&by_roles::<Account>(title, &states, &command, creates));
    }
    insta::assert_snapshot!("account", text);
}

/// What is a person's own affair, or lets somebody act for another.
fn own_commands() -> Vec<(&'static str, AccountCommand)> {
    let today = at().date_naive();
    let delegate = AccountCommand::Delegate {
        delegation_id: DELEGATION,
        delegate_id: account(0x77),
        delegate: Some(Colleague { institutions: vec![LIBRARY], active: true }),
        first_day: today,
        last_day: today,
        today,
    };
    let establishment = Some(ChosenEstablishment { id: Some(ESTABLISHMENT), known: true });
    vec![
        ("delegate", delegate),
        ("take a delegation back", AccountCommand::RevokeDelegation { delegation_id: DELEGATION }),
        ("grant the power of substitution", AccountCommand::GrantSubstitution),
        ("withdraw the power of substitution", AccountCommand::RevokeSubstitution),
        ("demand a second factor", AccountCommand::EnableSecondFactor),
        ("demand no second factor", AccountCommand::DisableSecondFactor),
        (
            "change the point of sale",
            AccountCommand::Change(AccountChange { establishment, ..AccountChange::default() }),
        ),
    ]
}

#[test] // attack 30
fn every_account_keeps_to_its_person_what_is_his_own_affair() {
    let opened = |role: Role| {
        let institution_ids = if role.is_institutional() { vec![LIBRARY] } else { vec![] };
        vec![AccountEvent::Opened {
            email: personal(role, 1),
            name: personal(role, 2),
            phone: None,
            role,
            institution_ids,
            establishment_id: None,
        }]
    };
    let today = at().date_naive();
    let delegated = AccountEvent::Delegated {
        delegation_id: DELEGATION,
        delegate_id: account(0x77),
        first_day: today,
        last_day: today,
    };
    let asked = Account::default().decide(&AccountCommand::Request(applicant()), &by(Role::System)).unwrap();
    let with = |given: &[AccountEvent], event| [given.to_vec(), vec![event]].concat();
    let approver = opened(Role::Approver);
    let states = [
        ("none", vec![]),
        ("requested", asked.clone()),
        ("declined", with(&asked, AccountEvent::Declined {})),
        ("private", with(&asked, AccountEvent::OrganisationDeleted { digests: vec![] })),
        ("requester's", opened(Role::Requester)),
        ("approver's", approver.clone()),
        ("approver's, inactive", with(&approver, AccountEvent::Deactivated {})),
        ("approver's, has delegated", with(&approver, delegated)),
        ("approver's, substitutes", with(&approver, AccountEvent::SubstitutionGranted {})),
        ("approver's, second factor", with(&approver, AccountEvent::SecondFactorEnabled {})),
        ("purchaser's", opened(Role::Purchaser)),
        ("bookseller's", opened(Role::Bookseller)),
        ("auditor's", opened(Role::Auditor)),
    ];
    let mut text = String::from(
        "What an account answers about its person's own affairs: a table per command, a row per state, a column per \
         role. The account's own person is in the column of its role, the requester's where it has none.\n\n",
    );
    for (title, command) in own_commands() {
        text.push_str(&by_roles::<Account>(title, &states, &command, false));
    }
    insta::assert_snapshot!("own_affairs", text);
}
