//! Who acts in another's place: delegations, the power of substitution; and whose affair the second factor is.

use bordereau_domain::{
    AccountId, Context, Decider, DelegationId, Es, InstitutionId, Role,
    account::{Account, AccountCommand, AccountError, AccountEvent, Colleague, Mandate, OpenedAccount},
};
use chrono::{Days, NaiveDate};
use cqrs_es::test::{AggregateResultValidator, TestFramework};

use crate::fixture::*;

fn when(given: Vec<AccountEvent>, command: AccountCommand, context: Context) -> AggregateResultValidator<Es<Account>> {
    TestFramework::<Es<Account>>::with(()).given(given).when((command, context))
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

fn approver() -> Vec<AccountEvent> {
    vec![opened_as(Role::Approver, vec![LIBRARY])]
}

fn state(given: &[AccountEvent]) -> Account {
    let mut account = Account::default();
    for event in given {
        assert_eq!(account.allows(event), Ok(()));
        account.evolve(event);
    }
    account
}

fn opened(given: &[AccountEvent]) -> OpenedAccount {
    state(given).opened().unwrap().clone()
}

fn today() -> NaiveDate {
    at().date_naive()
}

fn day(offset: u64) -> NaiveDate {
    today() + Days::new(offset)
}

fn colleague() -> Colleague {
    Colleague { institutions: vec![LIBRARY], active: true }
}

fn delegate_to(delegate: Option<Colleague>, first_day: NaiveDate, last_day: NaiveDate) -> AccountCommand {
    let delegate_id = account_of(Role::Requester);
    AccountCommand::Delegate { delegation_id: DELEGATION, delegate_id, delegate, first_day, last_day, today: today() }
}

fn delegated(first_day: NaiveDate, last_day: NaiveDate) -> AccountEvent {
    AccountEvent::Delegated { delegation_id: DELEGATION, delegate_id: account_of(Role::Requester), first_day, last_day }
}

fn mandate(of: &[AccountEvent], to: (AccountId, &[AccountEvent]), day: NaiveDate) -> Option<Mandate> {
    state(of).mandate(to.0, &opened(to.1), day)
}

#[test]
fn an_approver_and_a_purchaser_delegate_to_a_colleague_for_some_days() {
    for role in [Role::Approver, Role::Purchaser] {
        let given = vec![opened_as(role, vec![LIBRARY])];
        when(given, delegate_to(Some(colleague()), today(), day(89)), by(role))
            .then_expect_events(vec![delegated(today(), day(89))]);
    }
    let requester = vec![opened_as(Role::Requester, vec![LIBRARY])];
    when(requester, delegate_to(Some(colleague()), today(), day(1)), by(Role::Requester))
        .then_expect_error(AccountError::RoleMayNot);
}

#[test] // attack 38
fn nobody_delegates_for_another_nor_what_was_delegated_to_him() {
    let ask = || delegate_to(Some(colleague()), today(), day(1));
    for context in [by_another(Role::Approver), by(Role::Purchaser), by(Role::Bookseller), by(Role::System)] {
        when(approver(), ask(), context).then_expect_error(AccountError::RoleMayNot);
    }
    let chain = instead_of(by(Role::Requester), &by(Role::Approver));
    when(approver(), ask(), chain.clone()).then_expect_error(AccountError::InAnothersPlace);
    for command in [
        AccountCommand::RevokeDelegation { delegation_id: DELEGATION },
        AccountCommand::GrantSubstitution,
        AccountCommand::RevokeSubstitution,
        AccountCommand::EnableSecondFactor,
        AccountCommand::DisableSecondFactor,
    ] {
        when(approver(), command, chain.clone()).then_expect_error(AccountError::InAnothersPlace);
    }
}

#[test]
fn a_delegation_begins_today_at_the_earliest_and_lasts_ninety_days_at_most() {
    let ask = |first, last| when(approver(), delegate_to(Some(colleague()), first, last), by(Role::Approver));
    ask(today() - Days::new(1), day(1)).then_expect_error(AccountError::FirstDayPast);
    ask(day(2), day(1)).then_expect_error(AccountError::LastDayOutOfRange);
    ask(day(2), day(92)).then_expect_error(AccountError::LastDayOutOfRange);
    ask(day(2), day(91)).then_expect_events(vec![delegated(day(2), day(91))]);
    ask(day(365), day(365)).then_expect_events(vec![delegated(day(365), day(365))]);
    ask(day(366), day(366)).then_expect_error(AccountError::FirstDayTooFar);
    ask(NaiveDate::MAX, NaiveDate::MAX).then_expect_error(AccountError::FirstDayTooFar);
}

#[test]
fn what_one_delegate_is_given_without_a_gap_lasts_ninety_days_at_most() {
    let numbered = |number, delegate_id, first, last| AccountEvent::Delegated {
        delegation_id: DelegationId(uuid::Uuid::from_u128(number)),
        delegate_id,
        first_day: day(first),
        last_day: day(last),
    };
    let to = account_of(Role::Requester);
    let ask = |given: &[AccountEvent], first, last| {
        let given = approver().into_iter().chain(given.iter().cloned()).collect();
        when(given, delegate_to(Some(colleague()), day(first), day(last)), by(Role::Approver))
    };
    let good = |first, last| vec![delegated(day(first), day(last))];
    // Before and after it, in whichever order they were given.
    let around = [numbered(902, to, 70, 89), numbered(901, to, 0, 29)];
    ask(&around, 30, 69).then_expect_events(good(30, 69));
    let long = [numbered(902, to, 70, 90), numbered(901, to, 0, 29)];
    ask(&long, 30, 69).then_expect_error(AccountError::LastDayOutOfRange);
    ask(&long, 30, 68).then_expect_events(good(30, 68));
    // Overlapping ones count as one.
    ask(&[numbered(901, to, 0, 89)], 5, 89).then_expect_events(good(5, 89));
    ask(&[numbered(901, to, 0, 89)], 5, 90).then_expect_error(AccountError::LastDayOutOfRange);
    ask(&[numbered(901, to, 0, 89)], 90, 90).then_expect_error(AccountError::LastDayOutOfRange);
    ask(&[numbered(901, to, 0, 89)], 91, 91).then_expect_events(good(91, 91));
    // Another delegate's are his.
    ask(&[numbered(901, account_of(Role::Purchaser), 0, 89)], 5, 90).then_expect_events(good(5, 90));
}

#[test] // attack 38
fn a_delegation_does_not_outlive_its_givers_demotion() {
    let demoted = AccountEvent::Assigned { role: Role::Requester, institution_ids: vec![LIBRARY] };
    let given: Vec<_> = approver().into_iter().chain([delegated(today(), day(5))]).collect();
    let colleague = (account_of(Role::Requester), [opened_as(Role::Requester, vec![LIBRARY])]);
    assert!(mandate(&given, (colleague.0, &colleague.1), today()).is_some());
    let given: Vec<_> = given.into_iter().chain([demoted]).collect();
    assert_eq!(mandate(&given, (colleague.0, &colleague.1), today()), None);
}

#[test]
fn a_delegate_is_an_active_colleague_of_a_common_institution() {
    let unknown = AccountError::UnknownDelegate;
    let ask = |delegate| when(approver(), delegate_to(delegate, today(), day(1)), by(Role::Approver));
    ask(None).then_expect_error(unknown.clone());
    ask(Some(Colleague { institutions: vec![LIBRARY], active: false })).then_expect_error(unknown.clone());
    ask(Some(Colleague { institutions: vec![SCHOOL], active: true })).then_expect_error(unknown.clone());
    ask(Some(Colleague { institutions: vec![], active: true })).then_expect_error(unknown.clone());
    let mut oneself = delegate_to(Some(colleague()), today(), day(1));
    if let AccountCommand::Delegate { delegate_id, .. } = &mut oneself {
        *delegate_id = account_of(Role::Approver);
    }
    when(approver(), oneself, by(Role::Approver)).then_expect_error(unknown);
}

#[test]
fn a_delegation_is_taken_back_by_who_gave_it_or_the_bookseller_once() {
    let given = [approver(), vec![delegated(today(), day(9))]].concat();
    let revoke = || AccountCommand::RevokeDelegation { delegation_id: DELEGATION };
    let revoked = AccountEvent::DelegationRevoked { delegation_id: DELEGATION };
    for context in [by(Role::Approver), by(Role::Bookseller)] {
        when(given.clone(), revoke(), context).then_expect_events(vec![revoked.clone()]);
    }
    when(given.clone(), revoke(), by(Role::Purchaser)).then_expect_error(AccountError::RoleMayNot);
    let gone = [given, vec![revoked]].concat();
    when(gone, revoke(), by(Role::Approver)).then_expect_error(AccountError::UnknownDelegation);
}

#[test] // attack 38
fn a_delegate_acts_from_the_first_day_to_the_last_where_both_do() {
    let other = [vec![opened_as(Role::Purchaser, vec![LIBRARY, SCHOOL])], vec![delegated(day(2), day(5))]].concat();
    let me = vec![opened_as(Role::Requester, vec![SCHOOL])];
    let id = account_of(Role::Requester);
    let valid = Mandate { delegation: Some(DELEGATION), institutions: vec![SCHOOL], last_day: Some(day(5)) };
    assert_eq!(mandate(&other, (id, &me), day(1)), None);
    for offset in [2, 5] {
        assert_eq!(mandate(&other, (id, &me), day(offset)), Some(valid.clone()));
    }
    assert_eq!(mandate(&other, (id, &me), day(6)), None);
    assert_eq!(mandate(&other, (account(0x999), &me), day(3)), None);
    let revoked = [other.clone(), vec![AccountEvent::DelegationRevoked { delegation_id: DELEGATION }]].concat();
    assert_eq!(mandate(&revoked, (id, &me), day(3)), None);
    for gone in [&other, &me] {
        let closed = [gone.clone(), vec![AccountEvent::Deactivated {}]].concat();
        let (other, me) = if gone == &other { (&closed, &me) } else { (&other, &closed) };
        assert_eq!(mandate(other, (id, me), day(3)), None);
    }
}

#[test] // W13
fn the_power_of_substitution_reaches_as_far_as_the_own_institutions() {
    let powerful =
        [vec![opened_as(Role::Requester, vec![LIBRARY])], vec![AccountEvent::SubstitutionGranted {}]].concat();
    let id = account_of(Role::Requester);
    let reach = |role, institutions| mandate(&[opened_as(role, institutions)], (id, &powerful), today());
    let here = Some(Mandate { delegation: None, institutions: vec![LIBRARY], last_day: None });
    assert_eq!(reach(Role::Purchaser, vec![LIBRARY, SCHOOL]), here);
    assert_eq!(reach(Role::Purchaser, vec![SCHOOL]), None);
    for role in [Role::Bookseller, Role::Auditor] {
        assert_eq!(reach(role, vec![]), None);
    }
    // Never in one's own place.
    assert_eq!(reach(Role::Requester, vec![LIBRARY]), None);
}

#[test] // W13
fn a_bookseller_has_that_power_everywhere() {
    let bookseller = vec![opened_as(Role::Bookseller, vec![])];
    let other = [opened_as(Role::Requester, vec![LIBRARY, SCHOOL])];
    let all = Mandate { delegation: None, institutions: vec![LIBRARY, SCHOOL], last_day: None };
    assert_eq!(mandate(&other, (account_of(Role::Bookseller), &bookseller), today()), Some(all));
    let auditor = vec![opened_as(Role::Auditor, vec![])];
    assert_eq!(mandate(&other, (account_of(Role::Auditor), &auditor), today()), None);
}

#[test] // W13
fn the_bookseller_grants_and_withdraws_the_power() {
    let granted = AccountEvent::SubstitutionGranted {};
    when(approver(), AccountCommand::GrantSubstitution, by(Role::Bookseller)).then_expect_events(vec![granted.clone()]);
    let given = [approver(), vec![granted]].concat();
    when(given.clone(), AccountCommand::GrantSubstitution, by(Role::Bookseller)).then_expect_events(vec![]);
    when(given, AccountCommand::RevokeSubstitution, by(Role::Bookseller))
        .then_expect_events(vec![AccountEvent::SubstitutionRevoked {}]);
    when(approver(), AccountCommand::RevokeSubstitution, by(Role::Bookseller)).then_expect_events(vec![]);
    for role in [Role::Approver, Role::Purchaser, Role::Auditor] {
        when(approver(), AccountCommand::GrantSubstitution, by(role)).then_expect_error(AccountError::RoleMayNot);
    }
    let auditor = vec![opened_as(Role::Auditor, vec![])];
    when(auditor, AccountCommand::GrantSubstitution, by(Role::Bookseller))
        .then_expect_error(AccountError::NoInstitutionsAccount);
}

#[test]
fn a_second_factor_is_the_persons_own_and_the_bookseller_may_lift_it() {
    let enabled = AccountEvent::SecondFactorEnabled {};
    when(approver(), AccountCommand::EnableSecondFactor, by(Role::Approver)).then_expect_events(vec![enabled.clone()]);
    for role in [Role::Purchaser, Role::Bookseller] {
        when(approver(), AccountCommand::EnableSecondFactor, by(role)).then_expect_error(AccountError::RoleMayNot);
    }
    let given = [approver(), vec![enabled]].concat();
    when(given.clone(), AccountCommand::EnableSecondFactor, by(Role::Approver))
        .then_expect_error(AccountError::SecondFactorEnabled);
    for role in [Role::Approver, Role::Bookseller] {
        when(given.clone(), AccountCommand::DisableSecondFactor, by(role))
            .then_expect_events(vec![AccountEvent::SecondFactorDisabled {}]);
    }
    when(given, AccountCommand::DisableSecondFactor, by(Role::Purchaser)).then_expect_error(AccountError::RoleMayNot);
    when(approver(), AccountCommand::DisableSecondFactor, by(Role::Approver))
        .then_expect_error(AccountError::SecondFactorMissing);
}
