//! Who opens, assigns, closes and sees accounts.

use bordereau_domain::{
    Context, Decider, Digest, Es, InstitutionId, Role,
    account::{
        Account, AccountChange, AccountCommand, AccountError, AccountEvent, AccountStatus, ChosenEstablishment,
        ChosenGroup, Details,
    },
    personal::{Email, PersonName, Personal},
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
        typed_for_two: false,
        establishment: ChosenEstablishment::default(),
        group: None,
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
    assert!(account.may_see(&by(Role::Requester)), "his own");
    assert!(!account.may_see(&by_a_stranger(Role::Purchaser)));
    let bookseller = state(&[opened_as(Role::Bookseller, vec![])]);
    assert!(!bookseller.may_see(&by(Role::Purchaser)));
}

#[test]
fn nobody_moves_or_closes_himself_and_the_bookshops_people_are_closed_by_whoever_runs_the_service() {
    // W08
    let bookseller = || vec![opened_as(Role::Bookseller, vec![])];
    for context in [by(Role::Bookseller), by_another(Role::Bookseller)] {
        when(bookseller(), AccountCommand::Deactivate, context.clone()).then_expect_error(AccountError::RoleMayNot);
        when(bookseller(), assign(Role::Auditor, vec![]), context).then_expect_error(AccountError::RoleMayNot);
    }
    when(bookseller(), AccountCommand::Deactivate, by(Role::System))
        .then_expect_events(vec![AccountEvent::Deactivated {}]);
    let own = || vec![opened_as(Role::Approver, vec![LIBRARY])];
    when(own(), assign(Role::Requester, vec![LIBRARY]), by(Role::Approver)).then_expect_error(AccountError::RoleMayNot);
    when(own(), AccountCommand::Deactivate, by(Role::Approver)).then_expect_error(AccountError::RoleMayNot);
}

#[test]
fn a_point_of_sale_must_be_the_shops() {
    // L22
    let mut opening = open_as(Role::Requester, vec![LIBRARY]);
    if let AccountCommand::Open { establishment, .. } = &mut opening {
        *establishment = ChosenEstablishment { id: Some(ESTABLISHMENT), known: false };
    }
    when(vec![], opening, by(Role::Bookseller)).then_expect_error(AccountError::UnknownEstablishment);
}

#[test] // W28
fn a_new_buyer_goes_into_the_group_of_the_day_and_the_bookshops_people_into_none() {
    let with_group = |role, institutions| {
        let mut opening = open_as(role, institutions);
        if let AccountCommand::Open { group, .. } = &mut opening {
            *group = Some(GROUP);
        }
        opening
    };
    when(vec![], with_group(Role::Requester, vec![LIBRARY]), by(Role::Bookseller)).then_expect_events(vec![
        opened_as(Role::Requester, vec![LIBRARY]),
        AccountEvent::BuyersGroupSet { group_id: GROUP },
    ]);
    when(vec![], with_group(Role::Auditor, vec![]), by(Role::Bookseller))
        .then_expect_events(vec![opened_as(Role::Auditor, vec![])]);
}

fn change(change: AccountChange) -> AccountCommand {
    AccountCommand::Change(change)
}

#[test] // W27
fn only_the_bookshop_changes_login_point_of_sale_and_group() {
    let given = || vec![opened_as(Role::Requester, vec![LIBRARY])];
    let email = AccountChange { email: Some(personal(Role::Requester, 9)), ..AccountChange::default() };
    let chosen = ChosenEstablishment { id: Some(ESTABLISHMENT), known: true };
    let establishment = AccountChange { establishment: Some(chosen), ..AccountChange::default() };
    let group = AccountChange { group: Some(ChosenGroup { id: GROUP, known: true }), ..AccountChange::default() };
    let events = [
        (email, AccountEvent::EmailChanged { email: personal(Role::Requester, 9) }),
        (establishment, AccountEvent::EstablishmentSet { establishment_id: Some(ESTABLISHMENT) }),
        (group, AccountEvent::BuyersGroupSet { group_id: GROUP }),
    ];
    for (wanted, event) in events {
        when(given(), change(wanted), by(Role::Bookseller)).then_expect_events(vec![event.clone()]);
        for role in [Role::Requester, Role::Approver, Role::Purchaser, Role::Auditor] {
            when(given(), change(wanted), by(role)).then_expect_error(AccountError::RoleMayNot);
        }
        let again = [given(), vec![event]].concat();
        when(again, change(wanted), by(Role::Bookseller)).then_expect_events(vec![]);
    }
    let unknown = AccountChange { group: Some(ChosenGroup { id: GROUP, known: false }), ..AccountChange::default() };
    when(given(), change(unknown), by(Role::Bookseller)).then_expect_error(AccountError::UnknownBuyersGroup);
    // By another's login one could become him: not the auditor, not a colleague.
    for role in [Role::Auditor, Role::Bookseller] {
        let wanted = AccountChange { email: Some(personal(role, 9)), ..AccountChange::default() };
        when(vec![opened_as(role, vec![])], change(wanted), by_another(Role::Bookseller))
            .then_expect_error(AccountError::RoleMayNot);
    }
}

#[test]
fn name_and_telephone_are_changed_by_the_person_and_by_those_who_administer_him() {
    let given = || vec![opened_as(Role::Requester, vec![LIBRARY])];
    let details = Details { name: personal(Role::Requester, 9), phone: Some(personal(Role::Requester, 8)) };
    let wanted = AccountChange { details: Some(details), ..AccountChange::default() };
    let changed = AccountEvent::DetailsChanged { name: details.name, phone: details.phone };
    for context in [by(Role::Requester), by(Role::Approver), by(Role::Purchaser), by(Role::Bookseller)] {
        when(given(), change(wanted), context).then_expect_events(vec![changed.clone()]);
    }
    for context in [by_another(Role::Requester), by_a_stranger(Role::Purchaser), by(Role::Auditor)] {
        when(given(), change(wanted), context).then_expect_error(AccountError::RoleMayNot);
    }
}

#[test] // B17 L21
fn an_account_joins_one_institution_more_of_those_who_administer_it() {
    let join = |role| AccountCommand::Join { institution: LIBRARY, known: true, role, group: None };
    let elsewhere = || vec![opened_as(Role::Requester, vec![SCHOOL])];
    let both = |role| vec![AccountEvent::Assigned { role, institution_ids: vec![SCHOOL, LIBRARY] }];
    let of_both = |role| {
        let mut context = by(role);
        context.actor.institutions = vec![LIBRARY, SCHOOL];
        context
    };
    when(elsewhere(), join(None), of_both(Role::Purchaser)).then_expect_events(both(Role::Requester));
    when(elsewhere(), join(Some(Role::Requester)), of_both(Role::Approver)).then_expect_events(both(Role::Requester));
    when(elsewhere(), join(Some(Role::Approver)), of_both(Role::Purchaser)).then_expect_events(both(Role::Approver));
    when(elsewhere(), join(Some(Role::Approver)), of_both(Role::Approver)).then_expect_error(AccountError::RoleMayNot);
    when(elsewhere(), join(Some(Role::Approver)), by(Role::Bookseller)).then_expect_events(both(Role::Approver));
    // Nobody takes a person out of the hands of those who administer him.
    for context in [by(Role::Purchaser), by(Role::Approver), by_a_stranger(Role::Purchaser)] {
        when(elsewhere(), join(None), context).then_expect_error(AccountError::RoleMayNot);
    }
    let head = vec![opened_as(Role::Purchaser, vec![SCHOOL])];
    when(head, join(None), of_both(Role::Purchaser)).then_expect_error(AccountError::RoleMayNot);
    let gone = [elsewhere(), vec![AccountEvent::Deactivated {}]].concat();
    when(gone, join(None), by(Role::Bookseller))
        .then_expect_error(AccountError::WrongStatus { status: AccountStatus::Inactive });
    when(vec![opened_as(Role::Requester, vec![LIBRARY])], join(None), by(Role::Purchaser)).then_expect_events(vec![]);
    when(vec![opened_as(Role::Auditor, vec![])], join(None), by(Role::Bookseller))
        .then_expect_error(AccountError::InstitutionTooMuch);
}

#[test] // L12 L13 W08
fn nobody_moves_his_own_account_by_adding_himself_nor_in_anothers_place() {
    let join = AccountCommand::Join { institution: LIBRARY, known: true, role: Some(Role::Approver), group: None };
    let own = || vec![opened_as(Role::Requester, vec![LIBRARY])];
    let in_place = instead_of(by(Role::Requester), &by(Role::Purchaser));
    for command in [join.clone(), assign(Role::Approver, vec![LIBRARY]), open_as(Role::Approver, vec![LIBRARY])] {
        when(own(), command.clone(), in_place.clone()).then_expect_error(AccountError::InAnothersPlace);
    }
    // Nor does a bookseller move himself, his colleagues or the auditor.
    for (role, context) in [
        (Role::Bookseller, by(Role::Bookseller)),
        (Role::Bookseller, by_another(Role::Bookseller)),
        (Role::Auditor, by(Role::Bookseller)),
    ] {
        let account = || vec![opened_as(role, vec![])];
        when(account(), join.clone(), context.clone()).then_expect_error(AccountError::RoleMayNot);
        when(account(), assign(Role::Requester, vec![LIBRARY]), context).then_expect_error(AccountError::RoleMayNot);
    }
}

fn requested() -> Vec<AccountEvent> {
    let Details { name, phone } = Details { name: applicant().name, phone: applicant().phone };
    vec![AccountEvent::Requested {
        email: applicant().email,
        name,
        phone,
        company: applicant().registration.company,
        vat_number: applicant().registration.vat_number,
        chamber_number: None,
        department: None,
    }]
}

fn approve(role: Role, institutions: Vec<InstitutionId>) -> AccountCommand {
    AccountCommand::Approve {
        role,
        institutions,
        known: true,
        establishment: ChosenEstablishment::default(),
        group: None,
        message: Some(personal(Role::Bookseller, 7)),
    }
}

#[test] // B07 B11
fn whoever_asks_for_an_account_is_granted_it_with_a_word_by_the_bookshop() {
    let mut newcomer = by(Role::Requester);
    newcomer.actor.institutions.clear();
    when(vec![], AccountCommand::Request(applicant()), newcomer).then_expect_events(requested());
    let approved =
        AccountEvent::Approved { role: Role::Purchaser, institution_ids: vec![LIBRARY], establishment_id: None };
    let said = AccountEvent::MessageSent { message: personal(Role::Bookseller, 7) };
    when(requested(), approve(Role::Purchaser, vec![LIBRARY]), by(Role::Bookseller))
        .then_expect_events(vec![approved.clone(), said.clone()]);
    for role in [Role::Requester, Role::Approver, Role::Purchaser, Role::Auditor] {
        when(requested(), approve(Role::Requester, vec![LIBRARY]), by(role))
            .then_expect_error(AccountError::RoleMayNot);
    }
    when(requested(), approve(Role::Bookseller, vec![]), by(Role::Bookseller))
        .then_expect_error(AccountError::NotAPersonsRole);
    when(requested(), approve(Role::Requester, vec![]), by(Role::Bookseller))
        .then_expect_error(AccountError::InstitutionMissing);
    let granted = [requested(), vec![approved, said]].concat();
    when(granted.clone(), approve(Role::Purchaser, vec![LIBRARY]), by(Role::Bookseller)).then_expect_events(vec![]);
    let account = state(&granted);
    assert_eq!(account.status(), Some(AccountStatus::Active));
    assert_eq!(account.registration(), Some(applicant().registration));
}

#[test] // B03 B14
fn a_refused_account_may_ask_again() {
    let declined = [requested(), vec![AccountEvent::Declined {}]].concat();
    when(requested(), AccountCommand::Decline { message: None }, by(Role::Bookseller))
        .then_expect_events(vec![AccountEvent::Declined {}]);
    when(declined.clone(), AccountCommand::Decline { message: None }, by(Role::Bookseller)).then_expect_events(vec![]);
    let wrong = |status| AccountError::WrongStatus { status };
    when(declined.clone(), approve(Role::Requester, vec![LIBRARY]), by(Role::Bookseller))
        .then_expect_error(wrong(AccountStatus::Declined));
    when(declined.clone(), AccountCommand::Request(applicant()), by(Role::Requester)).then_expect_events(requested());
    when(declined, AccountCommand::Request(applicant()), by(Role::Purchaser))
        .then_expect_error(AccountError::RoleMayNot);
}

#[test] // B02 B06 B11
fn whoever_waits_completes_what_he_said_and_the_bookshop_writes_it_down_for_him() {
    let ask = || AccountCommand::Request(applicant());
    when(vec![], ask(), by(Role::Bookseller)).then_expect_events(requested());
    let declined = [requested(), vec![AccountEvent::Declined {}]].concat();
    let more = || {
        let mut more = applicant();
        more.registration.department = Some(Personal::new(more.email.subject, Digest([9; 32])));
        more
    };
    for given in [requested(), declined.clone()] {
        for context in [by(Role::Requester), by(Role::Bookseller)] {
            let asked = Account::default().decide(&AccountCommand::Request(more()), &context).unwrap();
            when(given.clone(), AccountCommand::Request(more()), context).then_expect_events(asked);
        }
        for role in [Role::Approver, Role::Purchaser, Role::Auditor, Role::Librisoft] {
            when(given.clone(), ask(), by(role)).then_expect_error(AccountError::RoleMayNot);
        }
        let account = state(&given);
        assert_eq!(account.may_send_link(&by(Role::Bookseller).actor), Ok(()));
        assert_eq!(account.may_send_link(&by(Role::Purchaser).actor), Err(AccountError::RoleMayNot));
    }
    // What was said already is said; after a refusal it is asked for once more.
    when(requested(), ask(), by(Role::Requester)).then_expect_events(vec![]);
    when(declined, ask(), by(Role::Requester)).then_expect_events(requested());
    // Every text that was ever said of it goes with it, each once.
    let again = Account::default().decide(&AccountCommand::Request(more()), &by(Role::Requester)).unwrap();
    let twice = [requested(), again].concat();
    let gone = [5, 6, 9].map(|seed| Digest([seed; 32])).to_vec();
    when(twice, AccountCommand::DeleteOrganisation, by(Role::Requester))
        .then_expect_events(vec![AccountEvent::OrganisationDeleted { digests: gone }]);
}

#[test]
fn an_account_that_was_only_asked_for_is_moved_by_nobody_and_seen_by_its_person_and_the_bookshop() {
    let wrong = AccountError::WrongStatus { status: AccountStatus::Requested };
    for command in [assign(Role::Requester, vec![LIBRARY]), AccountCommand::Deactivate, AccountCommand::Reactivate] {
        when(requested(), command, by(Role::Bookseller)).then_expect_error(wrong.clone());
    }
    let account = state(&requested());
    assert!(account.opened().is_none());
    for context in [by(Role::Requester), by(Role::Bookseller), by(Role::Auditor)] {
        assert!(account.may_see(&context));
    }
    for role in [Role::Requester, Role::Approver, Role::Purchaser] {
        assert!(!account.may_see(&by_another(role)), "{role}");
    }
}
