//! Our log under an unmodified `postgres-es`: it reads what we wrote and, where a setting allows it, writes beside us.

use std::collections::HashMap;

use bordereau_commands::{BasketRequest, Commands};
use bordereau_domain::{
    Context, Decider, Es, Role,
    basket::{Basket, Stage},
};
use bordereau_store::{Options, Store};
use cqrs_es::{AggregateContext, AggregateError, CqrsFramework, EventStore, persist::PersistedEventStore};
use postgres_es::PostgresEventRepository;
use tempfile::TempDir;

use crate::bench::*;
use crate::cluster::Cluster;
use crate::framework::the_way_of_a_basket;

type OnPostgres = PersistedEventStore<PostgresEventRepository, Es<Basket>>;

async fn on_postgres(foreign_writers: bool) -> (Bench, OnPostgres) {
    let (bench, theirs, _) = open_at(foreign_writers).await;
    (bench, theirs)
}

/// A furnished shop, a foreign program's store on it, and where both are.
async fn open_at(foreign_writers: bool) -> (Bench, OnPostgres, String) {
    let url = Cluster::fresh_database().await;
    let folder = TempDir::new().unwrap();
    let options = Options { foreign_writers, ..Options::new(|| NOW) };
    let store = Store::open(&url, folder.path(), options).await.unwrap();
    let bench = Bench { folder, commands: Commands::new(store) }.furnished().await;
    let pool = sqlx::PgPool::connect(&url).await.unwrap();
    (bench, PersistedEventStore::new_event_store(PostgresEventRepository::new(pool)), url)
}

#[tokio::test]
async fn an_unmodified_postgres_es_reads_a_basket_with_comments() {
    let (bench, theirs) = on_postgres(false).await;
    bench.filled(Role::Requester, 1).await;
    let comment = Some(text("À valider avant le 30, merci"));
    bench.ask(Role::Requester, 1, BasketRequest::SendToApprover { comment: comment.clone() }).await.unwrap();
    bench.ask(Role::Approver, 1, BasketRequest::Validate { comment }).await.unwrap();

    let id = basket(1).to_string();
    let mut read = theirs.load_aggregate(&id).await.unwrap();
    let stored = bench.commands.store().load("DLIVRE", Basket::TYPE, &id, 0).await.unwrap();
    let envelopes = theirs.load_events(&id).await.unwrap();
    assert_eq!(envelopes.len(), stored.len());
    for (envelope, stored) in envelopes.iter().zip(&stored) {
        assert_eq!(envelope.sequence as u64, stored.sequence);
        let metadata: HashMap<String, String> = serde_json::from_str(&stored.metadata).unwrap();
        assert_eq!(envelope.metadata, metadata);
    }
    let theirs = serde_json::to_value(&*read.aggregate()).unwrap();
    let ours = |basket: &Basket| serde_json::to_value(basket).unwrap();
    assert_eq!(theirs, bench.commands.peek::<Basket, _>("DLIVRE", &id, ours).await.unwrap().value);
}

/// Carries out the first three commands of a basket's way as a foreign program does.
async fn write(theirs: OnPostgres, id: &str) -> Result<(), AggregateError<<Basket as Decider>::Error>> {
    let cqrs = CqrsFramework::new(theirs, vec![], ());
    for (role, command) in the_way_of_a_basket().into_iter().take(3) {
        let context = Context::new(by(role).actor, at());
        let entries = [("role", role.to_string()), ("ledger", "DLIVRE".to_owned()), ("channel", "theirs".to_owned())];
        let metadata = entries.map(|(key, value)| (key.to_owned(), value)).into();
        cqrs.execute_with_metadata(id, (command, context), metadata).await?;
    }
    Ok(())
}

#[tokio::test]
async fn with_the_setting_it_appends_beside_us() {
    let (bench, theirs) = on_postgres(true).await;
    bench.filled(Role::Requester, 2).await;
    let before = bench.head().await;
    let mut appended = bench.commands.store().appended();
    let id = basket(1).to_string();
    write(theirs, &id).await.unwrap();
    appended.changed().await.unwrap();
    assert_eq!(bench.names_after(before).await, ["BasketOpened", "BasketLineAdded", "BasketSentToApprover"]);
    let log = bench.log().await;
    assert!(log.iter().zip(1..).all(|(event, position)| event.position == position));
    assert!(log.windows(2).all(|pair| pair[0].recorded_at <= pair[1].recorded_at));
    let last = log.last().unwrap();
    assert_eq!(last.metadata, r#"{"channel":"foreign","ledger":"DLIVRE","role":"requester"}"#);
    assert_eq!(last.ledger, "DLIVRE");

    // Our own commands go on from there.
    let ask = |basket: &Basket| basket.opened().unwrap().stage;
    let seen = bench.commands.peek::<Basket, _>("DLIVRE", &id, ask).await.unwrap();
    assert!(matches!(seen.value, Stage::AwaitingApprover { .. }) && seen.sequence == 3);
    bench.ask(Role::Approver, 1, BasketRequest::Unlock).await.unwrap();
    assert_eq!(bench.head().await, before + 4);
}

#[tokio::test]
async fn without_the_setting_its_append_is_refused() {
    let (bench, theirs) = on_postgres(false).await;
    let before = bench.head().await;
    write(theirs, &basket(1).to_string()).await.unwrap_err();
    assert_eq!(bench.head().await, before);
}

#[tokio::test]
async fn a_foreign_event_that_fits_no_ledger_or_stream_is_refused() {
    let (bench, _theirs, url) = open_at(true).await;
    let before = bench.head().await;
    let pool = sqlx::PgPool::connect(&url).await.unwrap();
    for (sequence, metadata, reason) in [
        (1, r#"{"ledger":"NOWHERE"}"#, "names no ledger"),
        (1, "{}", "names no ledger"),
        (1, r#"{"ledger":"DLIVRE","attempt":1}"#, "is no string"),
        (2, r#"{"ledger":"DLIVRE"}"#, "no event 1 before it"),
    ] {
        let insert = "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload,
            metadata) VALUES ('basket', 'theirs', $1, 'BasketUnlocked', '1.0', '{\"BasketUnlocked\":{}}', $2::json)";
        let error = sqlx::query(insert).bind(sequence).bind(metadata).execute(&pool).await.unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert_eq!(bench.head().await, before);
}
