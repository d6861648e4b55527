//! One changed cell in any view is found; a view that is as it should be is equal, also while a service writes it.

use bordereau_projections::VIEWS;
use bordereau_tests::{CEMETERY_ROAD, TestApp};
use rusqlite::Connection;
use serde_json::json;

use super::frame::{Place, beside};

/// One cell of each view: the table, the column, and what changes one row of it.
const CELLS: [(&str, &str, &str, &str); 11] = [
    ("basket_tray", "tally", "n", "n + 1 WHERE (shop, scope, bin) = (SELECT shop, scope, bin FROM tally LIMIT 1)"),
    (
        "basket_detail",
        "states",
        "state",
        "replace(state, '9782330150136', '9782330150137') WHERE rowid =
        (SELECT rowid FROM states WHERE state LIKE '%9782330150136%' LIMIT 1)",
    ),
    ("quote_list", "quotes", "total_incl_tax", "total_incl_tax + 1 WHERE quote = (SELECT quote FROM quotes LIMIT 1)"),
    ("order_list", "orders", "status", "'closed' WHERE id = (SELECT id FROM orders WHERE status = 'pending' LIMIT 1)"),
    ("librisoft_queue", "due", "id", "zeroblob(16) WHERE revision = (SELECT max(revision) FROM due)"),
    ("title_use", "orders", "state", "'lost' WHERE (shop, placed) = (SELECT shop, placed FROM orders LIMIT 1)"),
    ("institutions", "clients", "name", "'ÉCOLE VIDE' WHERE librisoft_number = '16'"),
    (
        "audit_trail",
        "trail",
        "command",
        "'OpenBasketly' WHERE (shop, position) = ('DLIVRE', (SELECT max(position) FROM trail WHERE shop = 'DLIVRE'))",
    ),
    ("delegations", "people", "active", "0 WHERE account = (SELECT account FROM people WHERE active = 1 LIMIT 1)"),
    ("account_list", "accounts", "role", "'auditor' WHERE opened = (SELECT max(opened) FROM accounts)"),
    ("article_search", "articles", "title", "'autre' WHERE ean = 9782330150136 AND shop = 'DLIVRE'"),
];

#[tokio::test]
async fn one_changed_cell_is_found_in_each_view() {
    let sound = Place::demo().await;
    assert!(VIEWS.iter().all(|view| CELLS.iter().any(|(changed, ..)| view.view == *changed)));
    for (view, table, column, change) in CELLS {
        let place = sound.copy();
        let file = VIEWS.iter().find(|known| known.view == view).unwrap().path(&place.data().join("views"));
        let changed = Connection::open(&file).unwrap().execute(&format!("UPDATE {table} SET {column} = {change}"), []);
        assert_eq!(changed.unwrap(), 1, "{view}");
        let (code, report) = place.replay_json(&["diff", view]);
        assert_eq!((code, &report["equal"]), (Some(1), &json!(false)), "{view}: {report:#}");
        let differences = report["views"][0]["differences"].as_array().unwrap();
        assert_eq!(differences.len(), 1, "{view}: {report:#}");
        let found = &differences[0];
        assert_eq!((&found["table"], &found["column"]), (&json!(table), &json!(column)), "{view}");
        assert!(found["key"].as_str().unwrap().contains("shop=") && found["live"] != found["rebuilt"], "{found}");
        let told = place.replay(&["diff", view]);
        assert!(told.code == Some(1) && told.stdout.contains(&format!("column {column}")), "{}", told.stdout);
    }
}

#[tokio::test]
async fn a_row_too_many_a_missing_one_and_a_missing_word_are_found() {
    let sound = Place::demo().await;
    for (view, change, table) in [
        ("audit_trail", "DELETE FROM trail WHERE shop = 'DLIVRE' AND position = 40", "trail"),
        ("basket_tray", "INSERT INTO tally VALUES ('DLIVRE', zeroblob(16), 'nowhere', 1)", "tally"),
        ("article_search", "DELETE FROM words WHERE rowid = (SELECT max(row) FROM articles)", "words"),
    ] {
        let place = sound.copy();
        let file = VIEWS.iter().find(|known| known.view == view).unwrap().path(&place.data().join("views"));
        assert!(Connection::open(&file).unwrap().execute(change, []).unwrap() >= 1, "{view}");
        let (code, report) = place.replay_json(&["diff", view]);
        let differences = report["views"][0]["differences"].as_array().unwrap();
        let of_table = differences.iter().all(|found| found["table"] == table && found["column"].is_null());
        assert!(code == Some(1) && !differences.is_empty() && of_table, "{report:#}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_that_a_service_writes_are_compared_where_they_stand() {
    let app = TestApp::demo().await;
    // The catalogue changes: a title's words go and others come.
    let changed = json!({ "ean": CEMETERY_ROAD, "title": "LA ROUTE DU CIMETIÈRE", "author": "ILES GREG",
        "publisher": "ACTES SUD", "price_incl_tax": "26.00", "vat_rate": "5.5", "kind": "book", "availability": "1" });
    app.librisoft().put_lines("/api/v1/librisoft/articles", &[changed]).await.expect(200);
    app.drain().await;
    let writer = app.requester();
    let comparing = beside(&app, &["diff"]);
    tokio::pin!(comparing);
    let mut written = 0;
    let (code, report) = loop {
        tokio::select! {
            ended = &mut comparing => break ended,
            opened = writer.open_basket("pendant ce temps") => {
                opened.expect(201);
                written += 1;
            }
        }
    };
    assert_eq!((code, &report["equal"]), (Some(0), &json!(true)), "{report:#}");
    assert!(written > 0);
    let rows = report["views"].as_array().unwrap().iter().map(|view| view["rows"].as_u64().unwrap());
    assert!(rows.min().unwrap() > 0, "{report:#}");
}

#[tokio::test]
async fn a_folder_without_views_is_refused() {
    let place = Place::demo_on_postgres().await;
    let told = place.replay(&["diff"]);
    assert!(told.code == Some(2) && told.stderr.contains("basket_tray"), "{told:?}");
}
