//! Commands on quotes, orders and accounts, by number, for generated lives.

use bordereau_domain::{
    InstitutionId, Money, Role,
    account::{AccountChange, AccountCommand, ChosenEstablishment, ChosenGroup, Colleague},
    article::Availability,
    order::{LineReport, OrderCommand, Report},
    quote::{AnsweredLine, QuoteCommand},
    terms::DeliveryMode,
};
use chrono::Days;

use crate::fixture::*;

pub(super) fn quote_command(what: usize, day: u64, cents: i64) -> QuoteCommand {
    let lines = vec![line(1, &cemetery_road(), 3), line(2, &article("9782362210419", "6.40"), 1)];
    let today = at().date_naive() + Days::new(day);
    match what {
        0 => QuoteCommand::Request {
            number: 8,
            basket: origin(),
            institution_id: LIBRARY,
            reference: "R".to_owned(),
            comment: None,
            lines,
        },
        1 => QuoteCommand::Acknowledge { librisoft_number: day.is_multiple_of(2).then(|| "D-1".to_owned()) },
        2 => QuoteCommand::Answer {
            lines: vec![AnsweredLine {
                line_id: line_id(u128::from(day % 3)),
                unit_price_incl_tax: Money::from_cents(cents),
                discount_rate: rate("9"),
            }],
            valid_until: at().date_naive() + Days::new(30),
            today,
            french: true,
        },
        3 => QuoteCommand::Accept {
            order_id: ORDER,
            number: 42,
            placement: Ok(Box::new(placement(lines, DeliveryMode::Pickup))),
            standing: open(),
            today,
        },
        4 => QuoteCommand::Refuse { comment: None },
        5 => QuoteCommand::Expire { today },
        _ => QuoteCommand::Archive,
    }
}

pub(super) fn order_command(what: usize, number: u32, mode: DeliveryMode) -> OrderCommand {
    let reason = personal(Role::Bookseller, 6);
    let report = Report { availability: Availability::Available, in_stock: number, expected: None };
    match what {
        0 => OrderCommand::Place(Box::new(placement(vec![line(1, &cemetery_road(), 2)], mode))),
        1 => OrderCommand::Acknowledge { librisoft_number: format!("C-{}", number / 3) },
        2 => OrderCommand::ReportLines { lines: vec![LineReport { line_id: line_id(1), report }] },
        3 => OrderCommand::MakeAvailable,
        4 => OrderCommand::Ship { tracking: None },
        5 => OrderCommand::Close,
        6 => OrderCommand::Cancel { reason },
        7 => OrderCommand::AcknowledgeCancellation,
        8 => OrderCommand::ResetStatus { reason },
        _ => OrderCommand::SendMessage { text: personal(Role::Bookseller, 8) },
    }
}

pub(super) fn account_command(what: usize, role: Role, institutions: usize) -> AccountCommand {
    let institutions = [vec![], vec![LIBRARY], vec![SCHOOL], vec![LIBRARY, SCHOOL]][institutions].clone();
    match what {
        0 => AccountCommand::Open {
            email: personal(role, 1),
            name: personal(role, 2),
            phone: None,
            role,
            institutions,
            known: true,
            typed_for_two: false,
            establishment: ChosenEstablishment::default(),
            group: None,
        },
        1 => AccountCommand::Assign { role, institutions, known: true },
        2 => AccountCommand::Deactivate,
        3 => AccountCommand::Reactivate,
        4 => AccountCommand::Request(applicant()),
        5 => AccountCommand::Approve {
            role,
            institutions,
            known: true,
            establishment: ChosenEstablishment::default(),
            group: Some(GROUP),
            message: Some(personal(Role::Bookseller, 3)),
        },
        6 => AccountCommand::Decline { message: None },
        7 => AccountCommand::Join {
            institution: SCHOOL,
            known: true,
            role: (institutions.len() > 1).then_some(role),
            group: None,
        },
        8 => AccountCommand::Change(AccountChange {
            group: Some(ChosenGroup { id: GROUP, known: true }),
            email: (institutions.len() > 1).then(|| personal(Role::Requester, 4)),
            ..AccountChange::default()
        }),
        9 => AccountCommand::SendMessage { message: personal(Role::Bookseller, 3) },
        _ => place_command(what, role, institutions),
    }
}

fn place_command(what: usize, role: Role, institutions: Vec<InstitutionId>) -> AccountCommand {
    match what {
        10 => AccountCommand::Delegate {
            delegation_id: DELEGATION,
            delegate_id: account_of(role),
            delegate: Some(Colleague { institutions, active: true }),
            first_day: at().date_naive(),
            last_day: at().date_naive() + Days::new(9),
            today: at().date_naive(),
        },
        11 => AccountCommand::RevokeDelegation { delegation_id: DELEGATION },
        12 => AccountCommand::GrantSubstitution,
        13 => AccountCommand::RevokeSubstitution,
        14 => AccountCommand::EnableSecondFactor,
        15 => AccountCommand::DeleteOrganisation,
        _ => AccountCommand::DisableSecondFactor,
    }
}
