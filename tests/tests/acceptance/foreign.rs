//! A program on plain postgres-es beside us: what it appends where a setting allows it is shown like everything else.

use std::collections::HashMap;

use bordereau_api::Settings;
use bordereau_commands::new_id;
use bordereau_domain::{
    AccountId, Actor, Context, Es, InstitutionId, LineId, Role,
    article::Article,
    basket::{Basket, BasketCommand, BasketError},
    institution::Standing,
};
use bordereau_tests::{CEMETERY_ROAD, TestApp};
use cqrs_es::{AggregateError, CqrsFramework, persist::PersistedEventStore};
use postgres_es::PostgresEventRepository;

type OnPostgres = PersistedEventStore<PostgresEventRepository, Es<Basket>>;

/// A basket of the demonstration's requester, opened, filled and sent by somebody else's program.
async fn append(app: &TestApp, id: &str) -> Result<(), AggregateError<BasketError>> {
    let pool = sqlx::PgPool::connect(&app.app.settings.store).await.unwrap();
    let theirs: OnPostgres = PersistedEventStore::new_event_store(PostgresEventRepository::new(pool));
    let cqrs = CqrsFramework::new(theirs, vec![], ());
    let owner: AccountId = app.account_of(&app.requester()).await;
    let institution_id = InstitutionId(app.institution("8010000696914"));
    let stored = app.app.store.find_articles("DLIVRE", &[CEMETERY_ROAD]).await.unwrap();
    let article: Article = serde_json::from_str(&stored[0].body).unwrap();
    let standing = Standing::default();
    let commands = [
        BasketCommand::Open {
            basket_id: id.parse().unwrap(),
            number: 9000,
            institution_id,
            name: None,
            standing: Some(standing),
            quota_reached: false,
        },
        BasketCommand::AddLine {
            line_id: LineId(new_id()),
            article: Some(article),
            quantity: 2,
            line_reference: None,
            standing,
        },
        BasketCommand::SendToApprover { comment: None, standing },
    ];
    for command in commands {
        let context = Context::new(Actor::new(owner, Role::Requester, vec![institution_id]), app.clock.now());
        let metadata = HashMap::from([("ledger".to_owned(), "DLIVRE".to_owned())]);
        cqrs.execute_with_metadata(id, (command, context), metadata).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_foreign_program_appends_stands_in_views_and_events() {
    let app = TestApp::demo_on_postgres_with(Settings { foreign_writers: true, ..Settings::default() }).await;
    let before = app.head("DLIVRE").await;
    let id = new_id().to_string();
    append(&app, &id).await.unwrap();
    assert_eq!(app.head("DLIVRE").await, before + 3);
    app.drain().await;
    let shown = app.approver().get(&format!("/api/v1/baskets/{id}")).await.expect(200);
    assert_eq!((shown.text_at("/stage").as_str(), shown.number_at("/lines/0/quantity")), ("awaiting_approver", 2));
    let history = app.approver().get(&format!("/api/v1/baskets/{id}/history")).await.expect(200);
    assert_eq!(history.items().len(), 3);
    let path = format!("/api/v1/events?after={before}&aggregate=basket/{id}");
    let feed = app.auditor().get(&path).await.expect(200);
    let types: Vec<_> = feed.at("/events").as_array().unwrap().iter().map(|event| &event["type"]).collect();
    assert_eq!(
        types,
        ["bordereau.basket.opened.v1", "bordereau.basket.line-added.v1", "bordereau.basket.sent-to-approver.v1"]
    );
    // Our own people go on from there.
    app.approver().validate(id.parse().unwrap()).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_setting_a_foreign_program_appends_nothing() {
    let app = TestApp::demo_on_postgres().await;
    let before = app.head("DLIVRE").await;
    append(&app, &new_id().to_string()).await.unwrap_err();
    assert_eq!(app.head("DLIVRE").await, before);
}
