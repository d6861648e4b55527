//! The same log under `cqrs-es`' own framework, and our aggregates under the unmodified `postgres-es`.

use std::collections::{BTreeMap, HashMap};

use bordereau_commands::{BasketRequest, Failed, LedgerStore};
use bordereau_domain::{
    Context, Ean, Es, Role,
    article::{Article, ArticleKind, Availability},
    basket::{Basket, BasketCommand, BasketError, Conversion, Stage, Today},
    institution::Standing,
    pricing::{Conditions, Discounts},
};
use cqrs_es::{Aggregate, AggregateError, CqrsFramework, EventStore, persist::PersistedEventStore};
use postgres_es::PostgresEventRepository;

use crate::bench::*;

type OnPostgres = PersistedEventStore<PostgresEventRepository, Es<Basket>>;

const fn is_event_store<A: Aggregate, S: EventStore<A>>() {}

fn accepts(_: &CqrsFramework<Es<Basket>, OnPostgres>) {}

/// That it compiles is what it shows.
#[test]
fn our_aggregates_run_on_an_unmodified_postgres_es() {
    is_event_store::<Es<Basket>, OnPostgres>();
    is_event_store::<Es<Basket>, LedgerStore>();
    let _: fn(&CqrsFramework<Es<Basket>, OnPostgres>) = accepts;
}

fn standing() -> Standing {
    let discounts = Discounts { reduced_5_5: "9".parse().unwrap(), ..Discounts::default() };
    Standing { conditions: Conditions { discounts, vat_exempt: false }, ..Standing::default() }
}

fn article() -> Article {
    Article {
        ean: Ean::parse(ROAD).unwrap(),
        title: "CEMETERY ROAD".to_owned(),
        author: "ILES GREG".to_owned(),
        publisher: "ACTES SUD".to_owned(),
        price_incl_tax: "25.00".parse().unwrap(),
        vat_rate: "5.5".parse().unwrap(),
        kind: ArticleKind::Book,
        availability: Availability::Available,
        language: None,
        published_on: None,
    }
}

pub(crate) fn the_way_of_a_basket() -> Vec<(Role, BasketCommand)> {
    let open = BasketCommand::Open {
        basket_id: basket(1),
        number: 27,
        institution_id: library(),
        name: None,
        standing: Some(standing()),
        quota_reached: false,
    };
    let add = BasketCommand::AddLine {
        line_id: line(1),
        article: Some(article()),
        quantity: 2,
        line_reference: None,
        standing: standing(),
    };
    let today = Today { articles: BTreeMap::from([(article().ean, article())]), standing: standing() };
    let quote = BasketCommand::RequestQuote {
        quote_id: bordereau_domain::QuoteId(order(1).0),
        conversion: Conversion { reference: "BC-1".to_owned(), comment: None, number: 8, today },
    };
    vec![
        (Role::Requester, open),
        (Role::Requester, add),
        (Role::Requester, BasketCommand::SendToApprover { comment: None, standing: standing() }),
        (Role::Approver, BasketCommand::Validate { comment: None, standing: standing() }),
        (Role::Purchaser, quote),
    ]
}

#[tokio::test]
async fn a_basket_goes_its_whole_way_under_cqrs_es_and_commands_see_it() {
    let bench = Bench::new().await;
    let cqrs: CqrsFramework<Es<Basket>, _> =
        CqrsFramework::new(LedgerStore::new(bench.commands.store().clone(), "DLIVRE"), vec![], ());
    let before = bench.head().await;
    let id = basket(1).to_string();
    for (role, command) in the_way_of_a_basket() {
        let context = Context::new(by(role).actor, at());
        let metadata = HashMap::from([("role".to_owned(), role.to_string()), ("actor".to_owned(), "a".to_owned())]);
        cqrs.execute_with_metadata(&id, (command, context), metadata).await.unwrap();
    }
    let expected =
        ["BasketOpened", "BasketLineAdded", "BasketSentToApprover", "BasketValidated", "BasketConvertedToQuote"];
    assert_eq!(bench.names_after(before).await, expected);
    let log = bench.log().await;
    assert_eq!(log.last().unwrap().metadata, r#"{"actor":"a","role":"purchaser"}"#);
    let ask = |basket: &Basket| basket.opened().unwrap().stage;
    let seen = bench.commands.peek::<Basket, _>("DLIVRE", &id, ask).await.unwrap();
    assert!(matches!(seen.value, Stage::Converted(_)) && seen.sequence == 5);
    let refused = bench.ask(Role::Purchaser, 1, placing(1)).await.unwrap_err();
    assert!(matches!(refused, Failed::Refused(BasketError::AlreadyConverted(_))), "{refused:?}");
}

#[tokio::test]
async fn cqrs_es_hears_refusals_and_conflicts() {
    let bench = Bench::new().await;
    let store = LedgerStore::new(bench.commands.store().clone(), "DLIVRE");
    let cqrs: CqrsFramework<Es<Basket>, _> = CqrsFramework::new(store.clone(), vec![], ());
    bench.filled(Role::Requester, 1).await;
    let id = basket(1).to_string();
    let context = Context::new(by(Role::Requester).actor, at());
    let refused = cqrs.execute(&id, (BasketCommand::Unlock, context)).await.unwrap_err();
    assert!(matches!(refused, AggregateError::UserError(BasketError::RoleMayNot)), "{refused:?}");
    let loaded = EventStore::<Es<Basket>>::load_aggregate(&store, &id).await.unwrap();
    bench.ask(Role::Requester, 1, BasketRequest::Discard).await.unwrap();
    let event = bordereau_domain::basket::BasketEvent::Discarded {};
    let late = EventStore::<Es<Basket>>::commit(&store, vec![event], loaded, HashMap::new()).await.map(|_| ());
    assert!(matches!(late, Err(AggregateError::AggregateConflict)));
}
