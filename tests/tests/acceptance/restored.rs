//! R18 on PostgreSQL, with its own tools, as docs/operations.md tells the operator: a dump, what is erased after it, the dump
//! restored with the ledger of erasures brought up to date, `bordereau restored`.

use std::path::Path;

use axum::http::Method;
use bordereau_api::demo;
use bordereau_domain::Role;
use bordereau_store::{Options, Store};
use bordereau_tests::{Cluster, MEDIATHEQUE, TestApp, run};
use serde_json::json;
use tempfile::TempDir;

use super::BINARY;

/// Where a later line says more than an earlier one, it counts.
const PUT_BACK: &str = "insert into bordereau_keys.erasures as known select * from e
    on conflict (ledger, subject, purposes, digests) do update
    set key_ids = excluded.key_ids, reason = excluded.reason, at = excluded.at where known.at < excluded.at";

async fn tool(name: &'static str, arguments: &[&str]) -> String {
    let arguments: Vec<String> = arguments.iter().map(|&text| text.to_owned()).collect();
    let running = move || Cluster::shared().tool(name, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    tokio::task::spawn_blocking(running).await.unwrap()
}

async fn event_types(store: &Store, kind: &str, id: impl ToString) -> Vec<String> {
    let events = store.load("DLIVRE", kind, &id.to_string(), 0).await.unwrap();
    events.into_iter().map(|event| event.event_type).collect()
}

#[tokio::test]
async fn on_postgresql_the_recipe_of_the_manual_erases_again_who_was_erased_since_the_dump() {
    // R18
    let app = TestApp::demo_on_postgres().await;
    let zoe = app.engage("zoe@demo.example", Role::Requester, &[MEDIATHEQUE]).await;
    let muette = app.engage("muette@demo.example", Role::Purchaser, &[MEDIATHEQUE]).await;
    let (erased, private) = (app.account_of(&zoe).await, app.account_of(&muette).await);
    let (url, folder) = (app.app.settings.store.clone(), TempDir::new().unwrap());
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    tool("pg_dump", &["-Fc", "--file", &path("dump"), "--dbname", &url]).await;
    let proof = json!({ "current_password": demo::PASSWORD });
    for (client, route) in [(&zoe, "/api/v1/me"), (&muette, "/api/v1/me/registration")] {
        client.call(Method::DELETE, route).json(&proof).send().await.expect(200);
    }
    let copy_out = format!("\\copy bordereau_keys.erasures to '{}' csv", path("erasures.csv"));
    tool("psql", &["-X", "-d", &url, "-c", &copy_out]).await;

    let another = tokio::task::spawn_blocking(|| Cluster::shared().make_database()).await.unwrap();
    tool("pg_restore", &["--exit-on-error", "--dbname", &another, &path("dump")]).await;
    let copy_in = format!("\\copy e from '{}' csv", path("erasures.csv"));
    let temporary = "create temp table e (like bordereau_keys.erasures)";
    let psql = ["-X", "-v", "ON_ERROR_STOP=1", "-d", &another, "-c", temporary, "-c", &copy_in, "-c", PUT_BACK];
    tool("psql", &psql).await;
    let store = async || Store::open(&another, folder.path(), Options::new(|| 1_800_000_000_000_000)).await.unwrap();
    let before = store().await;
    assert!(event_types(&before, "Subject", erased).await.is_empty(), "the dump knows nothing of it");
    before.close().await;

    let (data, url) = (path("data"), another.clone());
    let restored = move || run(Path::new(BINARY), &["--data", &data, "--store", &url, "restored"], "");
    let told = tokio::task::spawn_blocking(restored).await.unwrap();
    assert_eq!(told.code, Some(0), "{told:?}");
    let store = store().await;
    assert_eq!(event_types(&store, "Subject", erased).await, ["SubjectErased"]);
    assert!(store.list_subject_keys("DLIVRE", erased.0).await.unwrap().iter().all(|key| key.destroyed));
    assert_eq!(store.find_credential("DLIVRE", erased.0).await.unwrap(), None);
    let account = event_types(&store, "Account", private).await;
    assert_eq!(account.last().map(String::as_str), Some("AccountOrganisationDeleted"), "{account:?}");
    assert!(store.list_subject_keys("DLIVRE", private.0).await.unwrap().iter().all(|key| !key.destroyed));
    assert!(store.list_undone_erasures().await.unwrap().is_empty());
}
