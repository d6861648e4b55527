//! Sessions that have ended, and streams that stood open in them: those of the API and those of pages.

use std::time::Duration;

use axum::http::Method;
use bordereau_api::{Settings, demo};
use bordereau_commands::AccountRequest;
use bordereau_domain::Role;
use bordereau_tests::{Browser, Client, EventStream, MEDIATHEQUE, TestApp};
use chrono::TimeDelta;
use serde_json::json;

/// How long a stream may go on after its reader has lost the right to it.
const STILL: Duration = Duration::from_secs(5);

/// Somebody who may follow the events of the log, and who has a page open as well.
async fn listens(app: &TestApp, email: &str) -> (Client, Vec<EventStream>) {
    let client = app.engage(email, Role::Auditor, &[]).await;
    let head = app.head("DLIVRE").await;
    let of_api = client.follow(&format!("after={head}")).open().await;
    let of_page = Browser::of(&client, "fr").listen("").await;
    (client, vec![of_api, of_page])
}

#[tokio::test] // attack 9
async fn both_streams_end_with_a_sign_out_another_password_a_closed_account_and_another_role() {
    let app = TestApp::demo().await;
    let (out, mut streams) = listens(&app, "sortie@demo.example").await;
    let (elsewhere, more) = listens(&app, "secret@demo.example").await;
    let (closed, most) = listens(&app, "fermee@demo.example").await;
    let (moved, last) = listens(&app, "autre@demo.example").await;
    streams.extend(more.into_iter().chain(most).chain(last));

    out.delete("/api/v1/sessions/current").await.expect(204);
    let here = app.sign_in("secret@demo.example").await;
    let change = json!({ "current": demo::PASSWORD, "new": "cheval-pile-agrafe" });
    here.put("/api/v1/me/password", &change).await.expect(204);
    app.deactivate(&closed).await;
    let account_id = app.account_of(&moved).await;
    let institutions = vec![app.institution(MEDIATHEQUE).into()];
    app.act("DLIVRE", account_id, AccountRequest::Assign { account_id, role: Role::Requester, institutions }).await;

    let ended = futures::future::join_all(streams.into_iter().map(EventStream::drain)).await;
    assert_eq!(ended.len(), 8);
    assert!(ended.iter().all(|took| *took < STILL), "{ended:?}");
    for who in [&out, &elsewhere, &closed] {
        who.get("/api/v1/me").await.refused(401, "unauthenticated");
    }
    moved.get("/api/v1/events").await.refused(403, "role-may-not");
    here.get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn following_events_keeps_no_session_alive() {
    let app = TestApp::demo_with(Settings { session_idle_minutes: 10, ..Settings::default() }).await;
    let auditor = app.sign_in("auditeur@demo.example").await;
    let stream = auditor.follow(&format!("after={}", app.head("DLIVRE").await)).open().await;
    app.clock.advance(TimeDelta::minutes(9));
    // It looks at its session every two seconds.
    let mut ticks = tokio::time::interval(STILL);
    ticks.tick().await;
    ticks.tick().await;
    app.clock.advance(TimeDelta::minutes(2));
    assert!(stream.drain().await < STILL, "nothing was asked for eleven minutes");
    auditor.get("/api/v1/me").await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn a_query_parameter_that_nobody_knows_is_refused_where_none_is_known() {
    let app = TestApp::demo().await;
    let (requester, basket) = (app.requester(), app.requester().filled_basket().await);
    for (method, path) in [
        (Method::GET, "/api/v1/me".to_owned()),
        (Method::GET, "/api/v1/shop".to_owned()),
        (Method::GET, "/api/v1/sessions".to_owned()),
        (Method::DELETE, "/api/v1/sessions/current".to_owned()),
        (Method::POST, format!("/api/v1/baskets/{basket}/send-to-approver")),
        (Method::DELETE, format!("/api/v1/baskets/{basket}")),
    ] {
        let told = requester.call(method.clone(), &format!("{path}?role=bookseller")).send().await;
        assert_eq!(told.refused(422, "invalid-field").at("/reason"), "unknown field `role`");
    }
    let body = json!({ "email": "utilisateur@demo.example", "password": demo::PASSWORD });
    app.anonymous().post("/api/v1/sessions?role=bookseller", &body).await.refused(422, "invalid-field");
    app.anonymous().get("/api/v1/me?role=bookseller").await.refused(401, "unauthenticated");
    requester.get("/api/v1/me?").await.expect(200);
    app.purchaser().get("/api/v1/orders?role=bookseller").await.refused(422, "invalid-field");
}
