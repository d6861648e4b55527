//! « Supprimer mon compte B2B » (B15): who may, what goes, and how one comes back.

use bordereau_domain::{
    Context, Decider, Digest, Es, InstitutionId, Role,
    account::{Account, AccountCommand, AccountError, AccountEvent, AccountStatus, ChosenEstablishment},
};
use cqrs_es::test::{AggregateResultValidator, TestFramework};

use crate::fixture::*;

fn when(given: &[AccountEvent], command: AccountCommand, context: Context) -> AggregateResultValidator<Es<Account>> {
    TestFramework::<Es<Account>>::with(()).given(given.to_vec()).when((command, context))
}

fn opened_as(role: Role, institution_ids: Vec<InstitutionId>) -> Vec<AccountEvent> {
    let (email, name) = (personal(role, 1), personal(role, 2));
    vec![AccountEvent::Opened { email, name, phone: None, role, institution_ids, establishment_id: None }]
}

fn requested() -> Vec<AccountEvent> {
    Account::default().decide(&AccountCommand::Request(applicant()), &by(Role::System)).unwrap()
}

fn deleted(digests: &[u8]) -> AccountEvent {
    AccountEvent::OrganisationDeleted { digests: digests.iter().map(|seed| Digest([*seed; 32])).collect() }
}

fn approved(role: Role) -> AccountEvent {
    AccountEvent::Approved { role, institution_ids: vec![LIBRARY], establishment_id: None }
}

fn and(given: &[AccountEvent], more: &[AccountEvent]) -> Vec<AccountEvent> {
    [given, more].concat()
}

fn state(given: &[AccountEvent]) -> Account {
    let mut account = Account::default();
    for event in given {
        assert_eq!(account.allows(event), Ok(()));
        account.evolve(event);
    }
    account
}

#[test] // B15
fn every_text_about_the_organisation_goes_with_it_and_every_mandate_ends() {
    let message = |seed| AccountEvent::MessageSent { message: personal(Role::Bookseller, seed) };
    let delegated = AccountEvent::Delegated {
        delegation_id: DELEGATION,
        delegate_id: account_of(Role::Purchaser),
        first_day: at().date_naive(),
        last_day: at().date_naive(),
    };
    let granted = and(
        &requested(),
        &[
            message(7),
            AccountEvent::Declined {},
            requested().remove(0),
            approved(Role::Approver),
            message(8),
            delegated,
            AccountEvent::SubstitutionGranted {},
            AccountEvent::SecondFactorEnabled {},
        ],
    );
    let expected = vec![
        AccountEvent::DelegationRevoked { delegation_id: DELEGATION },
        AccountEvent::SubstitutionRevoked {},
        deleted(&[5, 6, 7, 8]),
    ];
    // The person behind this account has the requester's id, whatever its role.
    let mut himself = by(Role::Approver);
    himself.actor.account = account_of(Role::Requester);
    when(&granted, AccountCommand::DeleteOrganisation, himself).then_expect_events(expected.clone());
    let account = state(&and(&granted, &expected));
    assert_eq!(account.status(), Some(AccountStatus::Private));
    assert!(account.opened().is_none() && account.registration().is_none() && account.message().is_none());
    assert!(account.demands_second_factor(), "that is the person's own");
    assert_eq!(account.details(), state(&granted).details());
    assert!(account.may_see(&by(Role::Requester)) && account.may_see(&by(Role::Bookseller)));
    assert!(!account.may_see(&by(Role::Purchaser)));
}

#[test] // B15
fn its_person_alone_deletes_it_in_his_own_name() {
    for role in [Role::Requester, Role::Approver, Role::Purchaser] {
        let account = opened_as(role, vec![LIBRARY]);
        when(&account, AccountCommand::DeleteOrganisation, by(role)).then_expect_events(vec![deleted(&[])]);
        when(&account, AccountCommand::DeleteOrganisation, by(Role::System)).then_expect_events(vec![deleted(&[])]);
        when(&account, AccountCommand::DeleteOrganisation, instead_of(by(role), &by_another(role)))
            .then_expect_error(AccountError::InAnothersPlace);
        for other in [by_another(role), by(Role::Bookseller), by(Role::Auditor), by_another(Role::Purchaser)] {
            when(&account, AccountCommand::DeleteOrganisation, other).then_expect_error(AccountError::RoleMayNot);
        }
    }
    for role in [Role::Bookseller, Role::Auditor] {
        when(&opened_as(role, vec![]), AccountCommand::DeleteOrganisation, by(role))
            .then_expect_error(AccountError::RoleMayNot);
    }
    let closed = and(&opened_as(Role::Requester, vec![LIBRARY]), &[AccountEvent::Deactivated {}]);
    when(&closed, AccountCommand::DeleteOrganisation, by(Role::Requester))
        .then_expect_error(AccountError::WrongStatus { status: AccountStatus::Inactive });
    when(&[], AccountCommand::DeleteOrganisation, by(Role::System)).then_expect_error(AccountError::NotOpened);
}

#[test] // B14 B15
fn whoever_waits_or_was_refused_deletes_what_he_said_and_may_ask_anew() {
    let declined = and(&requested(), &[AccountEvent::Declined {}]);
    for given in [requested(), declined] {
        when(&given, AccountCommand::DeleteOrganisation, by(Role::Requester))
            .then_expect_events(vec![deleted(&[5, 6])]);
        let private = and(&given, &[deleted(&[5, 6])]);
        when(&private, AccountCommand::DeleteOrganisation, by(Role::Requester)).then_expect_events(vec![]);
        // What the bookshop has written since goes in the same way.
        let written_to = and(&private, &[AccountEvent::MessageSent { message: personal(Role::Bookseller, 9) }]);
        when(&written_to, AccountCommand::DeleteOrganisation, by(Role::Requester))
            .then_expect_events(vec![deleted(&[9])]);
        when(&private, AccountCommand::Decline { message: None }, by(Role::Bookseller))
            .then_expect_error(AccountError::WrongStatus { status: AccountStatus::Private });
        when(&private, AccountCommand::Request(applicant()), by(Role::Requester)).then_expect_events(requested());
        let again = state(&and(&private, &requested()));
        assert_eq!(
            (again.status(), again.registration()),
            (Some(AccountStatus::Requested), Some(applicant().registration))
        );
        // What was deleted once is not deleted twice.
        let once_more = and(&private, &requested());
        when(&once_more, AccountCommand::DeleteOrganisation, by(Role::Requester))
            .then_expect_events(vec![deleted(&[5, 6])]);
    }
}

#[test] // B06 B17
fn whoever_acts_for_nobody_is_converted_by_the_bookshop_or_added_by_his_address() {
    let private = and(&opened_as(Role::Requester, vec![SCHOOL]), &[deleted(&[])]);
    let approve = AccountCommand::Approve {
        role: Role::Approver,
        institutions: vec![LIBRARY],
        known: true,
        establishment: ChosenEstablishment::default(),
        group: Some(GROUP),
        message: None,
    };
    let grouped = AccountEvent::BuyersGroupSet { group_id: GROUP };
    when(&private, approve, by(Role::Bookseller)).then_expect_events(vec![approved(Role::Approver), grouped.clone()]);
    let join = |role, group| AccountCommand::Join { institution: LIBRARY, known: true, role, group };
    when(&private, join(None, Some(GROUP)), by(Role::Approver))
        .then_expect_events(vec![approved(Role::Requester), grouped]);
    when(&private, join(Some(Role::Approver), None), by(Role::Purchaser))
        .then_expect_events(vec![approved(Role::Approver)]);
    when(&private, join(Some(Role::Approver), None), by(Role::Approver)).then_expect_error(AccountError::RoleMayNot);
    when(&private, join(None, None), by_a_stranger(Role::Purchaser)).then_expect_error(AccountError::RoleMayNot);
    let unknown = AccountCommand::Join { institution: LIBRARY, known: false, role: None, group: None };
    when(&private, unknown, by(Role::Bookseller)).then_expect_error(AccountError::InstitutionMissing);
    // Whoever waits is the bookshop's affair.
    when(&requested(), join(None, None), by(Role::Purchaser)).then_expect_error(AccountError::RoleMayNot);
}

#[test]
fn whoever_acts_for_nobody_has_a_second_factor_of_his_own() {
    let private = and(&opened_as(Role::Requester, vec![LIBRARY]), &[deleted(&[])]);
    for given in [requested(), private] {
        let enabled = AccountEvent::SecondFactorEnabled {};
        when(&given, AccountCommand::EnableSecondFactor, by(Role::Requester)).then_expect_events(vec![enabled.clone()]);
        when(&given, AccountCommand::EnableSecondFactor, by(Role::Bookseller))
            .then_expect_error(AccountError::RoleMayNot);
        let with = and(&given, &[enabled]);
        assert!(state(&with).demands_second_factor());
        for role in [Role::Requester, Role::Bookseller] {
            when(&with, AccountCommand::DisableSecondFactor, by(role))
                .then_expect_events(vec![AccountEvent::SecondFactorDisabled {}]);
        }
        when(&with, AccountCommand::Close, by(Role::System)).then_expect_events(
            [AccountEvent::SecondFactorDisabled {}]
                .into_iter()
                .chain((given == requested()).then_some(AccountEvent::Declined {}))
                .collect(),
        );
    }
}
