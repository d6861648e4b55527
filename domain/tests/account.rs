//! Who opens, assigns, closes and sees accounts.

use bordereau_domain::{
    Context, Decider, Es, InstitutionId, Role,
    account::{Account, AccountCommand, AccountError, AccountEvent},
    personal::{Email, PersonName},
};
use cqrs_es::test::{AggregateResultValidator, TestFramework};

use crate::fixture::*;

fn when(given: Vec<AccountEvent>, command: AccountCommand, context: Context) -> AggregateResultValidator<Es<Account>> {
    TestFramework::<Es<Account>>::with(()).given(given).when((command, context))
}

fn open_as(role: Role, institutions: Vec<InstitutionId>) -> AccountCommand {
    AccountCommand::Open {
        email: personal::<Email>(role, 1),
        name: personal::<PersonName>(role, 2),
        phone: None,
        role,
        institutions,
        known: true,
        establishment: None,
    }
}

fn opened_as(role: Role, institution_ids: Vec<InstitutionId>) -> AccountEvent {
    AccountEvent::Opened {
        email: personal(role, 1),
        name: personal(role, 2),
        phone: None,
        role,
        institution_ids,
        establishment_id: None,
    }
}

fn assign(role: Role, institutions: Vec<InstitutionId>) -> AccountCommand {
    AccountCommand::Assign { role, institutions, known: true }
}

fn state(given: &[AccountEvent]) -> Account {
    let mut account = Account::default();
    for event in given {
        assert_eq!(account.allows(event), Ok(()));
        account.evolve(event);
    }
    account
}

#[test] // L15
fn a_bookseller_opens_accounts_of_every_role_of_people() {
    for role in [Role::Requester, Role::Approver, Role::Purchaser] {
        when(vec![], open_as(role, vec![LIBRARY]), by(Role::Bookseller))
            .then_expect_events(vec![opened_as(role, vec![LIBRARY])]);
    }
    for role in [Role::Bookseller, Role::Auditor] {
        when(vec![], open_as(role, vec![]), by(Role::Bookseller)).then_expect_events(vec![opened_as(role, vec![])]);
    }
}

#[test] // L12
fn an_approver_opens_accounts_of_requesters_only() {
    when(vec![], open_as(Role::Requester, vec![LIBRARY]), by(Role::Approver))
        .then_expect_events(vec![opened_as(Role::Requester, vec![LIBRARY])]);
    for role in [Role::Approver, Role::Purchaser, Role::Bookseller, Role::Auditor] {
        when(vec![], open_as(role, vec![LIBRARY]), by(Role::Approver)).then_expect_error(AccountError::RoleMayNot);
    }
}

#[test] // L13 L14
fn a_purchaser_opens_accounts_of_requesters_and_approvers() {
    for role in [Role::Requester, Role::Approver] {
        when(vec![], open_as(role, vec![LIBRARY]), by(Role::Purchaser))
            .then_expect_events(vec![opened_as(role, vec![LIBRARY])]);
    }
    when(vec![], open_as(Role::Purchaser, vec![LIBRARY]), by(Role::Purchaser))
        .then_expect_error(AccountError::RoleMayNot);
}

#[test] // L21
fn nobody_gives_an_institution_that_he_does_not_act_for() {
    when(vec![], open_as(Role::Requester, vec![LIBRARY, SCHOOL]), by(Role::Purchaser))
        .then_expect_error(AccountError::RoleMayNot);
    let theirs = || vec![opened_as(Role::Requester, vec![SCHOOL])];
    when(theirs(), assign(Role::Requester, vec![LIBRARY]), by(Role::Purchaser))
        .then_expect_error(AccountError::RoleMayNot);
    when(theirs(), AccountCommand::Deactivate, by(Role::Purchaser)).then_expect_error(AccountError::RoleMayNot);
}

#[test] // L21
fn an_account_has_one_institution_at_least_and_as_many_as_wanted() {
    for role in [Role::Requester, Role::Approver, Role::Purchaser] {
        when(vec![], open_as(role, vec![]), by(Role::Bookseller)).then_expect_error(AccountError::InstitutionMissing);
        when(vec![], open_as(role, vec![LIBRARY, SCHOOL]), by(Role::Bookseller))
            .then_expect_events(vec![opened_as(role, vec![LIBRARY, SCHOOL])]);
    }
    when(vec![], open_as(Role::Auditor, vec![LIBRARY]), by(Role::Bookseller))
        .then_expect_error(AccountError::InstitutionTooMuch);
}

#[test] // L16
fn an_account_is_only_for_institutions_that_the_management_system_has_sent() {
    let mut opening = open_as(Role::Requester, vec![LIBRARY]);
    if let AccountCommand::Open { known, .. } = &mut opening {
        *known = false;
    }
    when(vec![], opening, by(Role::Bookseller)).then_expect_error(AccountError::InstitutionMissing);
    let assignment = AccountCommand::Assign { role: Role::Requester, institutions: vec![SCHOOL], known: false };
    when(vec![opened_as(Role::Requester, vec![LIBRARY])], assignment, by(Role::Bookseller))
        .then_expect_error(AccountError::InstitutionMissing);
}

#[test]
fn keys_and_the_service_have_no_account() {
    for role in [Role::Integrator, Role::Librisoft, Role::Buyer, Role::System] {
        when(vec![], open_as(role, vec![]), by(Role::Bookseller)).then_expect_error(AccountError::NotAPersonsRole);
    }
}

#[test] // L11
fn requesters_auditors_and_keys_administer_nobody() {
    for role in [Role::Requester, Role::Auditor, Role::Integrator, Role::Librisoft, Role::Buyer] {
        when(vec![], open_as(Role::Requester, vec![LIBRARY]), by(role)).then_expect_error(AccountError::RoleMayNot);
    }
}

#[test]
fn a_purchaser_raises_nobody_to_his_own_role_and_touches_no_purchaser() {
    let requester = || vec![opened_as(Role::Requester, vec![LIBRARY])];
    when(requester(), assign(Role::Approver, vec![LIBRARY]), by(Role::Purchaser))
        .then_expect_events(vec![AccountEvent::Assigned { role: Role::Approver, institution_ids: vec![LIBRARY] }]);
    when(requester(), assign(Role::Purchaser, vec![LIBRARY]), by(Role::Purchaser))
        .then_expect_error(AccountError::RoleMayNot);
    let purchaser = vec![opened_as(Role::Purchaser, vec![LIBRARY])];
    when(purchaser, assign(Role::Requester, vec![LIBRARY]), by(Role::Purchaser))
        .then_expect_error(AccountError::RoleMayNot);
}

#[test]
fn assigning_what_is_assigned_is_no_event() {
    when(vec![opened_as(Role::Requester, vec![LIBRARY])], assign(Role::Requester, vec![LIBRARY]), by(Role::Bookseller))
        .then_expect_events(vec![]);
}

#[test]
fn an_account_is_closed_and_opened_again_once_each() {
    let open = vec![opened_as(Role::Requester, vec![LIBRARY])];
    when(open.clone(), AccountCommand::Deactivate, by(Role::Purchaser))
        .then_expect_events(vec![AccountEvent::Deactivated {}]);
    when(open.clone(), AccountCommand::Reactivate, by(Role::Purchaser)).then_expect_events(vec![]);
    let closed = [open, vec![AccountEvent::Deactivated {}]].concat();
    when(closed.clone(), AccountCommand::Deactivate, by(Role::Purchaser)).then_expect_events(vec![]);
    when(closed.clone(), AccountCommand::Reactivate, by(Role::Purchaser))
        .then_expect_events(vec![AccountEvent::Reactivated {}]);
    assert!(!state(&closed).opened().unwrap().active);
}

#[test]
fn opening_again_is_harmless_with_the_same_data_and_refused_with_other() {
    let open = || vec![opened_as(Role::Requester, vec![LIBRARY])];
    when(open(), open_as(Role::Requester, vec![LIBRARY]), by(Role::Bookseller)).then_expect_events(vec![]);
    when(open(), open_as(Role::Approver, vec![LIBRARY]), by(Role::Bookseller))
        .then_expect_error(AccountError::AlreadyOpened);
    when(vec![], AccountCommand::Deactivate, by(Role::Bookseller)).then_expect_error(AccountError::NotOpened);
}

#[test]
fn accounts_are_seen_by_those_above_of_a_common_institution_and_by_the_bookshop() {
    let account = state(&[opened_as(Role::Requester, vec![LIBRARY])]);
    for role in [Role::Approver, Role::Purchaser, Role::Bookseller, Role::Auditor, Role::System] {
        assert!(account.may_see(&by(role)), "{role}");
    }
    for role in [Role::Requester, Role::Integrator, Role::Librisoft, Role::Buyer] {
        assert!(!account.may_see(&by_another(role)), "{role}");
    }
    // Oneself always.
    assert!(account.may_see(&by(Role::Requester)));
    assert!(!account.may_see(&by_a_stranger(Role::Purchaser)));
    let bookseller = state(&[opened_as(Role::Bookseller, vec![])]);
    assert!(!bookseller.may_see(&by(Role::Purchaser)));
}
