//! What may be done with an account now.

use bordereau_domain::{
    Context, Decider, Personal, Role,
    account::{Account, AccountChange, AccountCommand, Applicant, ChosenEstablishment, Registration, UngrantedAccount},
};
use uuid::Uuid;

/// Somebody as the bookshop would write him down, with any text for a company.
fn as_written_down(account: &UngrantedAccount) -> Applicant {
    let UngrantedAccount { email, name, phone, .. } = *account;
    let company = Personal::new(email.subject, email.digest);
    let registration = Registration { company, vat_number: None, chamber_number: None, department: None };
    Applicant { email, name, phone, registration }
}

/// What the caller may do with an account now, asked of the very guards that decide.
pub fn next_actions(account: &Account, context: &Context, locked: bool) -> Vec<&'static str> {
    let (role, institutions) = account
        .opened()
        .map_or((Role::Requester, vec![Uuid::nil().into()]), |opened| (opened.role, opened.institutions.clone()));
    let details = account.details();
    let mut candidates = vec![
        ("edit", AccountCommand::Change(AccountChange { details, ..AccountChange::default() })),
        ("deactivate", AccountCommand::Deactivate),
        ("reactivate", AccountCommand::Reactivate),
        ("decline", AccountCommand::Decline { message: None }),
    ];
    // The auditor and the bookshop's people stay what they are.
    if role.is_institutional() {
        candidates.push(("assign", AccountCommand::Assign { role, institutions: institutions.clone(), known: true }));
    }
    if account.opened().is_none() {
        let establishment = ChosenEstablishment::default();
        let approve =
            AccountCommand::Approve { role, institutions, known: true, establishment, group: None, message: None };
        candidates.push(("approve", approve));
    }
    if let Some(account) = account.ungranted().filter(|_| context.actor.role == Role::Bookseller) {
        candidates.push(("organisation", AccountCommand::Request(as_written_down(account))));
    }
    let own = account.is_of(context.actor.account);
    if let Some(opened) = account.opened().filter(|_| !own) {
        let (grant, revoke) = (AccountCommand::GrantSubstitution, AccountCommand::RevokeSubstitution);
        candidates.push(("substitution", if opened.substitutes { revoke } else { grant }));
        if opened.second_factor {
            candidates.push(("second-factor", AccountCommand::DisableSecondFactor));
        }
    }
    if let Some(email) = account.email().filter(|_| !own) {
        let message = Personal::new(email.subject, email.digest);
        candidates.push(("message", AccountCommand::SendMessage { message }));
    }
    // An edit and an assignment are asked about with what is the case already: nothing to do is no refusal there.
    let may = |(name, command): &(&'static str, AccountCommand)| {
        let decided = account.may(command, context).and_then(|()| account.decide(command, context));
        decided.is_ok_and(|events| !events.is_empty() || matches!(*name, "edit" | "assign"))
    };
    let mut actions: Vec<_> = candidates.iter().filter(|candidate| may(candidate)).map(|(name, _)| *name).collect();
    if account.may_erase(&context.actor).is_ok() {
        actions.push("erase");
    }
    if !own && account.may_send_link(&context.actor).is_ok() {
        actions.push("send-link");
    }
    if locked && account.may_unlock(&context.actor).is_ok() {
        actions.push("unlock");
    }
    actions.sort_unstable();
    actions
}
