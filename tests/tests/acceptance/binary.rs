//! The real binary: its command line, its exit codes, its life.

use std::{path::Path, time::Duration};

use bordereau_tests::{Ended, Process, demo_folder, run};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::BINARY;

/// Runs a subcommand on a data folder.
fn command(data: &TempDir, arguments: &[&str], stdin: &str) -> Ended {
    let folder = data.path().to_str().unwrap();
    run(Path::new(BINARY), &[&["--data", folder], arguments].concat(), stdin)
}

#[track_caller]
fn succeeded(ended: &Ended) -> String {
    assert_eq!(ended.code, Some(0), "{ended:?}");
    ended.stdout.trim().to_owned()
}

#[track_caller]
fn refused(ended: &Ended, why: &str) {
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains(why), "{ended:?}");
}

fn open_shop(data: &TempDir, code: &str) -> Ended {
    let arguments = ["shop", "open", code, "--name", "Librairie", "--country", "FR", "--time-zone", "Europe/Paris"];
    command(data, &arguments, "")
}

fn open_account(data: &TempDir, shop: &str, email: &str, role: &str, password: &str) -> Ended {
    let who = ["--email", email, "--name", "Julie Barthélemy", "--role", role];
    let arguments = [&["account", "open", "--shop", shop, "--password-stdin"], &who[..]].concat();
    command(data, &arguments, password)
}

async fn post(service: &Process, path: &str, body: &Value) -> (StatusCode, Value) {
    let answer = Client::new().post(format!("{}{path}", service.address)).json(body).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap_or_default())
}

async fn get(service: &Process, path: &str, token: &str) -> (StatusCode, String) {
    let answer = Client::new().get(format!("{}{path}", service.address)).bearer_auth(token).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

#[tokio::test]
async fn a_shop_its_first_bookseller_and_a_key_are_made_on_the_command_line() {
    let data = TempDir::new().unwrap();
    succeeded(&open_shop(&data, "VOLTAIRE"));
    refused(&open_shop(&data, "VOLTAIRE"), "");
    refused(&open_shop(&data, "a shop"), "");
    let email = "julie@voltaire.example";
    succeeded(&open_account(&data, "VOLTAIRE", email, "bookseller", "première-clef\n"));
    refused(&open_account(&data, "VOLTAIRE", email, "bookseller", "première-clef\n"), "");
    refused(&open_account(&data, "VOLTAIRE", "b@voltaire.example", "bookseller", "short\n"), "10 to 200");
    refused(&open_account(&data, "NOWHERE", "b@voltaire.example", "bookseller", "première-clef\n"), "");
    refused(&open_account(&data, "VOLTAIRE", "b@voltaire.example", "king", "première-clef\n"), "");
    let key = succeeded(&command(
        &data,
        &["account", "key", "--shop", "VOLTAIRE", "--role", "librisoft", "--label", "x"],
        "",
    ));
    refused(&command(&data, &["account", "key", "--shop", "VOLTAIRE", "--role", "auditor", "--label", "x"], ""), "key");
    let told = succeeded(&command(&data, &["account", "reset-link", "--shop", "VOLTAIRE", "--email", email], ""));
    let token = told.split("\"token\": \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let unknown = ["account", "reset-link", "--shop", "VOLTAIRE", "--email", "nobody@voltaire.example"];
    refused(&command(&data, &unknown, ""), "no account");

    let service = Process::serve(Path::new(BINARY), data.path(), &[]);
    let sign_in = async |password: &str| {
        post(&service, "/api/v1/sessions", &json!({ "email": email, "password": password })).await
    };
    let (status, session) = sign_in("première-clef").await;
    assert_eq!((status.as_u16(), &session["role"]), (201, &json!("bookseller")));
    let old = session["token"].as_str().unwrap();
    assert_eq!(get(&service, "/api/v1/librisoft/pending", &key).await.0, 200);
    let set = async |password: &str| {
        post(&service, "/api/v1/passwords", &json!({ "token": token, "password": password })).await
    };
    assert_eq!(set("short").await.0, 422);
    assert_eq!(set("seconde-clef").await.0, 204);
    let (status, problem) = set("troisième-clef").await;
    assert_eq!((status.as_u16(), &problem["type"]), (410, &json!("link-gone")));
    assert_eq!(get(&service, "/api/v1/me", old).await.0, 401);
    assert_eq!(sign_in("première-clef").await.0, 401);
    assert_eq!(sign_in("seconde-clef").await.0, 201);
    assert_eq!(service.stop().0, Some(0));
}

#[tokio::test]
async fn it_tells_that_it_lives_is_ready_and_what_it_did_and_stops_when_it_is_told() {
    let data = TempDir::new().unwrap();
    let service = Process::serve_demo(Path::new(BINARY), data.path());
    assert_eq!(get(&service, "/healthz", "").await, (StatusCode::OK, "alive".to_owned()));
    let (status, text) = get(&service, "/readyz", "").await;
    let ready: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status.as_u16(), &ready["ready"], &ready["store"]), (200, &json!(true), &json!("reachable")));
    let views = ready["views"].as_object().unwrap();
    assert!(views.len() >= 5, "{ready:#}");
    assert!(views.values().all(|view| view["state"] == "live" && view["behind"] == 0), "{ready:#}");
    let (_, figures) = get(&service, "/metrics", "").await;
    assert!(figures.contains("bordereau_request_seconds") && figures.contains("/readyz"), "{figures}");
    let (status, document) = get(&service, "/api/openapi.json", "").await;
    assert_eq!(status, 200);
    let served: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(served, serde_json::to_value(bordereau_api::router::document()).unwrap());
    assert_eq!(served["openapi"], "3.1.0");
    let (status, page) = get(&service, "/api/docs", "").await;
    assert!(status == 200 && page.contains("swagger"), "{status} {page}");
    let (code, took) = service.stop();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[tokio::test]
async fn a_demonstration_that_was_killed_while_it_was_filled_is_completed() {
    let data = TempDir::new().unwrap();
    let binary = Path::new(BINARY);
    Process::serve(binary, data.path(), &["--demo"]).kill();
    let service = Process::serve_demo(binary, data.path());
    let head = async |service: &Process| {
        let (_, text) = get(service, "/api/v1/events?limit=1", "demo-integrator").await;
        serde_json::from_str::<Value>(&text).unwrap()["head"].clone()
    };
    let first = head(&service).await;
    service.kill();
    let service = Process::serve_demo(binary, data.path());
    assert_eq!(head(&service).await, first);
    let whole = TempDir::new().unwrap();
    let other = Process::serve_demo(binary, whole.path());
    assert_eq!(head(&other).await, first);
}

#[test]
fn the_demonstration_refuses_another_shops_store_and_the_open_network() {
    let data = TempDir::new().unwrap();
    succeeded(&open_shop(&data, "VOLTAIRE"));
    refused(&command(&data, &["serve", "--demo", "--listen", "127.0.0.1:0"], ""), "other than the demonstration");
    let empty = TempDir::new().unwrap();
    refused(&command(&empty, &["serve", "--demo", "--listen", "0.0.0.0:0"], ""), "loopback");
    assert!(!empty.path().join("views").exists());
}

#[test]
fn after_a_restore_every_ledger_gets_an_epoch_of_its_own() {
    let data = TempDir::new().unwrap();
    refused(&command(&data, &["restored"], ""), "no ledger");
    succeeded(&open_shop(&data, "VOLTAIRE"));
    succeeded(&open_shop(&data, "HUGO"));
    let told = succeeded(&command(&data, &["restored"], ""));
    let epoch = |line: &str| line.rsplit(' ').next().unwrap().to_owned();
    let first: Vec<_> = told.lines().map(epoch).collect();
    assert!(told.starts_with("HUGO stands at 1 ") || told.starts_with("HUGO stands at 2 "), "{told}");
    assert!(first.len() == 2 && first[0] != first[1], "{told}");
    let again: Vec<_> = succeeded(&command(&data, &["restored"], "")).lines().map(epoch).collect();
    assert!(again.iter().all(|epoch| !first.contains(epoch)), "{first:?} {again:?}");
}

#[test]
fn a_person_is_erased_on_the_command_line_and_once() {
    let data = demo_folder();
    let erase = |email: &str| command(&data, &["account", "erase", "--shop", "DLIVRE", "--email", email], "");
    let id = succeeded(&erase("libraire@demo.example"));
    let lines = std::fs::read_to_string(data.path().join("erasures.jsonl")).unwrap();
    assert!(id.len() == 36 && lines.contains(&id) && !lines.contains("libraire"), "{id} {lines}");
    refused(&erase("libraire@demo.example"), "");
    refused(&erase("nobody@demo.example"), "");
}

#[test]
fn a_term_in_the_file_of_settings_changes_what_a_dry_run_of_retention_tells() {
    let data = demo_folder();
    let would = |days: u32| {
        let terms = format!("[retention]\ninactive_days = {days}\nwarning_days = 1\n");
        std::fs::write(data.path().join("bordereau.toml"), terms).unwrap();
        let script = "cd \"$1\" && exec \"$0\" --data . retention --dry-run --json";
        let told = succeeded(&run(Path::new("/bin/sh"), &["-c", script, BINARY, data.path().to_str().unwrap()], ""));
        let lines: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(lines.iter().all(|line| line["dry_run"] == true), "{told}");
        assert_eq!(lines.iter().map(|line| line["shop"].as_str().unwrap()).collect::<Vec<_>>(), ["DLIVRE", "PARVIS"]);
        lines[0]["warned"].as_u64().unwrap()
    };
    assert_eq!(would(100_000), 0);
    let asleep = would(1);
    assert!(asleep >= 3, "{asleep}");
    assert_eq!(would(1), asleep, "nobody was warned by that");
}

#[test]
fn what_cannot_be_used_is_told_by_its_name_with_exit_2() {
    let data = TempDir::new().unwrap();
    for arguments in [&["nonsense"][..], &["serve", "--port", "1"], &["shop", "open", "X-1"], &[]] {
        refused(&command(&data, arguments, ""), "");
    }
    std::fs::write(data.path().join("bordereau.toml"), "request_burst = 0\n").unwrap();
    let script = "cd \"$1\" && exec \"$0\" serve --listen 127.0.0.1:0";
    let shell = run(Path::new("/bin/sh"), &["-c", script, BINARY, data.path().to_str().unwrap()], "");
    refused(&shell, "request_burst");
    let store = run(Path::new(BINARY), &["--data", "x", "--store", "mysql://x", "serve"], "");
    assert!(store.code != Some(0) && store.stderr.contains("mysql"), "{store:?}");
}
