//! A view that was rebuilt equals one that followed the log act by act, over generated histories of two shops.

use std::{collections::BTreeMap, fs, path::Path};

use bordereau_domain::{
    AccountId, Actor, Context, Event, Role,
    account::{
        Account, AccountChange, AccountCommand, Applicant, ChosenEstablishment, Colleague, Details, Registration,
    },
    article::Availability,
    basket::{Action, Basket, BasketCommand},
    institution::InstitutionCommand,
    order::{LineReport, Order, OrderCommand, Report},
    quote::{Quote, QuoteCommand},
    terms::DeliveryMode,
};
use bordereau_projections::Projections;
use proptest::prelude::*;
use rusqlite::{Connection, types::Value};

use super::world::{Cast, World, sealed};

/// Something that somebody tries; whether it is refused is the deciders' affair.
#[derive(Clone, Debug)]
enum Try {
    Open(u8, Role),
    AddLine(u8, Role, u8),
    ChangeLine(u8, Role, u32),
    RemoveLine(u8, Role),
    Rename(u8, Role, u8),
    Send(u8),
    Validate(u8, Role),
    Unlock(u8, Role),
    Return(u8, Role),
    Discard(u8, Role),
    TakeOver(u8, Role),
    Convert(u8, bool),
    OnOrder(u8, u8),
    OnQuote(u8, u8),
    Activity(Role, bool),
    Account(u8, u8),
    TwoPersons(bool),
    Delegate(Role, u8),
    Revoke(Role, u8),
}

fn role() -> impl Strategy<Value = Role> {
    prop::sample::select(vec![Role::Requester, Role::Approver, Role::Purchaser])
}

fn tries() -> impl Strategy<Value = Vec<(bool, Try)>> {
    let n = 1..5u8;
    let one = prop_oneof![
        3 => (n.clone(), role()).prop_map(|(n, role)| Try::Open(n, role)),
        6 => (n.clone(), role(), 1..6u8).prop_map(|(n, role, line)| Try::AddLine(n, role, line)),
        2 => (n.clone(), role(), 1..20u32).prop_map(|(n, role, quantity)| Try::ChangeLine(n, role, quantity)),
        1 => (n.clone(), role()).prop_map(|(n, role)| Try::RemoveLine(n, role)),
        1 => (n.clone(), role(), 1..9u8).prop_map(|(n, role, name)| Try::Rename(n, role, name)),
        4 => n.clone().prop_map(Try::Send),
        4 => (n.clone(), role()).prop_map(|(n, role)| Try::Validate(n, role)),
        2 => (n.clone(), role()).prop_map(|(n, role)| Try::Unlock(n, role)),
        2 => (n.clone(), role()).prop_map(|(n, role)| Try::Return(n, role)),
        1 => (n.clone(), role()).prop_map(|(n, role)| Try::Discard(n, role)),
        1 => (n.clone(), role()).prop_map(|(n, role)| Try::TakeOver(n, role)),
        5 => (n.clone(), any::<bool>()).prop_map(|(n, order)| Try::Convert(n, order)),
        6 => (n.clone(), 0..8u8).prop_map(|(n, act)| Try::OnOrder(n, act)),
        3 => (n, 0..4u8).prop_map(|(n, act)| Try::OnQuote(n, act)),
        2 => (role(), any::<bool>()).prop_map(|(role, active)| Try::Activity(role, active)),
        1 => any::<bool>().prop_map(Try::TwoPersons),
        4 => (0..4u8, 0..8u8).prop_map(|(n, act)| Try::Account(n, act)),
        2 => (role(), 0..4u8).prop_map(|(role, n)| Try::Delegate(role, n)),
        1 => (role(), 0..4u8).prop_map(|(role, n)| Try::Revoke(role, n)),
    ];
    prop::collection::vec((any::<bool>(), one), 10..120)
}

fn basket_command(world: &World, cast: &Cast, attempt: &Try) -> Option<(u8, Role, BasketCommand)> {
    let standing = world.standing(cast.institution);
    let lines = |n: u8| {
        let id = cast.id(u128::from(n)).to_string();
        let basket: Basket = world.state(&id);
        basket.opened().map(|basket| basket.lines.clone()).unwrap_or_default()
    };
    Some(match attempt {
        Try::ChangeLine(n, role, quantity) => {
            let line_id = lines(*n).first()?.line_id;
            let today = world.today(cast);
            (*n, *role, BasketCommand::ChangeLine { line_id, quantity: Some(*quantity), line_reference: None, today })
        }
        Try::RemoveLine(n, role) => {
            (*n, *role, BasketCommand::RemoveLine { line_id: lines(*n).last()?.line_id, standing })
        }
        Try::Rename(n, role, name) => {
            (*n, *role, BasketCommand::Rename { name: sealed(cast.actor(*role).account, *name) })
        }
        Try::Send(n) => (*n, Role::Requester, BasketCommand::SendToApprover { comment: None, standing }),
        Try::Validate(n, role) => (*n, *role, BasketCommand::Validate { comment: None, standing }),
        Try::Unlock(n, role) => (*n, *role, BasketCommand::Unlock),
        Try::Return(n, role) => (*n, *role, BasketCommand::Return { comment: None }),
        Try::Discard(n, role) => (*n, *role, BasketCommand::Discard),
        Try::TakeOver(n, role) => (*n, *role, BasketCommand::TakeOver),
        Try::Open(..)
        | Try::AddLine(..)
        | Try::Convert(..)
        | Try::OnOrder(..)
        | Try::OnQuote(..)
        | Try::Activity(..)
        | Try::Account(..)
        | Try::TwoPersons(..)
        | Try::Delegate(..)
        | Try::Revoke(..) => return None,
    })
}

fn order_command(world: &World, cast: &Cast, id: &str, act: u8) -> (Role, OrderCommand) {
    let reason = sealed(cast.bookseller, act);
    let order: Order = world.state(id);
    let lines = order.opened().map(|order| order.lines.clone()).unwrap_or_default();
    match act {
        0 => (Role::Librisoft, OrderCommand::Acknowledge { librisoft_number: format!("L-{id}") }),
        1 => (Role::Bookseller, OrderCommand::MakeAvailable),
        2 => (Role::Bookseller, OrderCommand::Ship { tracking: None }),
        3 => (Role::Bookseller, OrderCommand::Close),
        4 => (Role::Bookseller, OrderCommand::Cancel { reason }),
        5 => (Role::Bookseller, OrderCommand::ResetStatus { reason }),
        6 => (Role::Librisoft, OrderCommand::AcknowledgeCancellation),
        _ => {
            let availability = Availability::Available;
            let report = Report { availability, in_stock: u32::from(act), expected: None };
            let lines = lines.iter().map(|line| LineReport { line_id: line.line.line_id, report }).collect();
            (Role::Librisoft, OrderCommand::ReportLines { lines })
        }
    }
}

fn quote_command(world: &World, act: u8) -> (Role, QuoteCommand) {
    let today = world.now().date_naive();
    match act {
        0 => (Role::Librisoft, QuoteCommand::Acknowledge { librisoft_number: None }),
        1 => {
            let answer = QuoteCommand::Answer { lines: vec![], valid_until: today, today, french: true };
            (Role::Bookseller, answer)
        }
        2 => (Role::Purchaser, QuoteCommand::Refuse { comment: None }),
        _ => (Role::Bookseller, QuoteCommand::Archive),
    }
}

/// What happens to somebody who asks for his account.
fn account_command(cast: &Cast, id: AccountId, act: u8) -> AccountCommand {
    let establishment = ChosenEstablishment::default();
    let message = sealed(cast.bookseller, act);
    let details = Some(Details { name: sealed(id, 5), phone: Some(sealed(id, 6)) });
    let (role, institutions) = (Role::Requester, vec![cast.institution]);
    match act {
        0 => AccountCommand::Request(Applicant {
            email: sealed(id, 1),
            name: sealed(id, 2),
            phone: None,
            registration: Registration {
                company: sealed(id, 3),
                vat_number: Some(sealed(id, 4)),
                chamber_number: None,
                department: None,
            },
        }),
        1 => AccountCommand::Approve { role, institutions, known: true, establishment, group: None, message: None },
        2 => AccountCommand::Decline { message: Some(message) },
        3 => AccountCommand::Change(AccountChange { details, ..AccountChange::default() }),
        4 => AccountCommand::Assign { role: Role::Approver, institutions, known: true },
        5 => AccountCommand::Deactivate,
        6 => AccountCommand::Reactivate,
        _ => AccountCommand::ConfirmEmail { email: sealed(id, 7) },
    }
}

async fn convert(world: &mut World, cast: &Cast, n: u8, order: bool) {
    let id = cast.id(u128::from(n));
    let basket: Basket = world.state(&id.to_string());
    let standing = world.standing(cast.institution);
    let context = Context::new(cast.actor(Role::Purchaser), world.now());
    let actions = basket.opened().map(|basket| basket.next_actions(&context, &standing)).unwrap_or_default();
    if !actions.contains(&Action::PlaceOrder) {
        return;
    }
    if order {
        let mode = if n.is_multiple_of(2) { DeliveryMode::Pickup } else { DeliveryMode::Delivery };
        world.place_order(cast, id.into(), n, mode).await;
    } else {
        world.request_quote(cast, id.into(), n, &format!("Référence {n}")).await;
    }
}

async fn attempt(world: &mut World, cast: &Cast, attempt: &Try) {
    if let Some((n, role, command)) = basket_command(world, cast, attempt) {
        let refused = world.basket(cast, cast.id(u128::from(n)).into(), role, command).await;
        drop(refused);
        return;
    }
    match attempt {
        Try::Open(n, role) => {
            let basket: Basket = world.state(&cast.id(u128::from(*n)).to_string());
            if basket.opened().is_none() {
                world.open_basket(cast, *n, *role).await;
            }
        }
        Try::AddLine(n, role, line) => {
            let id = cast.id(u128::from(*n));
            let add = BasketCommand::AddLine {
                line_id: uuid::Uuid::from_u128(id.as_u128() << 8 | u128::from(*line)).into(),
                article: Some(super::world::article(*line)),
                quantity: u32::from(*line),
                line_reference: None,
                standing: world.standing(cast.institution),
            };
            drop(world.basket(cast, id.into(), *role, add).await);
        }
        Try::Convert(n, order) => convert(world, cast, *n, *order).await,
        Try::OnOrder(n, act) => {
            let id = cast.id(600 + u128::from(*n)).to_string();
            let (role, command) = order_command(world, cast, &id, *act);
            drop(world.act::<Order>(cast.shop, id, cast.actor(role), command, Event::Order).await);
        }
        Try::OnQuote(n, act) => {
            let id = cast.id(300 + u128::from(*n)).to_string();
            let (role, command) = quote_command(world, *act);
            drop(world.act::<Quote>(cast.shop, id, cast.actor(role), command, Event::Quote).await);
        }
        Try::Activity(role, active) => {
            let command = if *active { AccountCommand::Reactivate } else { AccountCommand::Deactivate };
            world.account(cast, cast.actor(*role).account, command).await;
        }
        Try::Account(n, act) => {
            let id = AccountId(cast.id(900 + u128::from(*n)));
            let actor = if matches!(act, 0 | 7) { Actor::new(id, Role::Requester, vec![]) } else { Actor::system() };
            drop(world.act::<Account>(cast.shop, id, actor, account_command(cast, id, *act), Event::Account).await);
        }
        Try::TwoPersons(demanded) => {
            let command = InstitutionCommand::SetTwoPersonRule { demanded: *demanded };
            world.institution(cast, cast.institution, command).await;
        }
        Try::Delegate(role, n) => delegate(world, cast, *role, *n).await,
        Try::Revoke(role, n) => {
            let account = cast.actor(*role).account;
            let command = AccountCommand::RevokeDelegation { delegation_id: cast.id(700 + u128::from(*n)).into() };
            drop(world.act::<Account>(cast.shop, account, cast.actor(*role), command, Event::Account).await);
        }
        Try::ChangeLine(..)
        | Try::RemoveLine(..)
        | Try::Rename(..)
        | Try::Send(..)
        | Try::Validate(..)
        | Try::Unlock(..)
        | Try::Return(..)
        | Try::Discard(..)
        | Try::TakeOver(..) => {}
    }
}

async fn delegate(world: &mut World, cast: &Cast, role: Role, n: u8) {
    let account = cast.actor(role).account;
    let command = AccountCommand::Delegate {
        delegation_id: cast.id(700 + u128::from(n)).into(),
        delegate_id: cast.requester,
        delegate: Some(Colleague { institutions: vec![cast.institution], active: true }),
        first_day: "2026-04-01".parse().expect("day"),
        last_day: "2026-04-09".parse().expect("day"),
        today: "2026-04-01".parse().expect("day"),
    };
    drop(world.act::<Account>(cast.shop, account, cast.actor(role), command, Event::Account).await);
}

/// All rows of all tables of all views, without what FTS5 keeps for itself.
fn dump(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let mut tables = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.extension().is_none_or(|extension| extension != "db") {
            continue;
        }
        let connection = Connection::open(&path).expect("file");
        let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%words\\__%' ESCAPE '\\'
             AND name NOT IN ('words', 'sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4')";
        let mut statement = connection.prepare(names).expect("schema");
        let names: Vec<String> =
            statement.query_map([], |row| row.get(0)).expect("tables").map(|name| name.expect("name")).collect();
        for name in names {
            let mut statement = connection.prepare(&format!("SELECT * FROM {name}")).expect("table");
            let columns = statement.column_count();
            let rows = statement.query_map([], |row| {
                (0..columns).map(|column| row.get::<_, Value>(column).map(|value| format!("{value:?}"))).collect()
            });
            let rows: Vec<Vec<String>> = rows.expect("rows").map(|row| row.expect("row")).collect();
            let mut rows: Vec<String> = rows.into_iter().map(|row| row.join("|")).collect();
            rows.sort();
            let file = path.file_name().expect("name").to_string_lossy();
            tables.insert(format!("{file} {name}"), rows);
        }
    }
    tables
}

async fn rebuilt_equals_live(tries: &[(bool, Try)]) {
    let (mut world, first) = World::with_shop("DLIVRE").await;
    let second = world.open_shop("PARVIS").await;
    for (n, (in_first, one)) in tries.iter().enumerate() {
        attempt(&mut world, if *in_first { &first } else { &second }, one).await;
        // Now and then the views are level, so that batches are cut in many places.
        if n % 7 == 0 {
            world.catch_up().await;
        }
    }
    world.catch_up().await;
    assert!(world.views.status().iter().all(|status| status.stopped.is_empty()), "{:?}", world.views.status());
    world.views.shutdown().await;
    let folder = world.dir.path().join("rebuilt");
    let rebuilt = Projections::start(world.store.clone(), &folder).await.expect("views");
    rebuilt.catch_up().await.expect("caught up");
    rebuilt.shutdown().await;
    let (live, anew) = (dump(&world.view_folder()), dump(&folder));
    assert_eq!(live.keys().collect::<Vec<_>>(), anew.keys().collect::<Vec<_>>());
    for (table, rows) in &live {
        assert_eq!(rows, &anew[table], "{table}");
    }
    assert!(live["history.v1.db people"].len() >= 8);
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::with_cases(12) })]
    #[test]
    fn a_rebuilt_view_equals_a_live_one(tries in tries()) {
        let runtime = tokio::runtime::Runtime::new().expect("runtime");
        runtime.block_on(rebuilt_equals_live(&tries));
    }
}
