//! The live stream of events: catches up, stays live, resumes without loss, and ends when it must.

use std::{path::Path, time::Duration};

use bordereau_api::{App, Settings};
use bordereau_commands::AccountRequest;
use bordereau_domain::Role;
use bordereau_tests::{Block, Process, SCHOOL, Served, TestApp};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
};

use super::BINARY;

/// How long a stream may go on after its follower lost the right to it.
const STILL: Duration = Duration::from_secs(5);
/// How long anything may take that a machine under load does.
const PATIENCE: Duration = Duration::from_mins(1);

/// Every event of the log after a position, as (position, id).
async fn log(app: &App, after: u64) -> Vec<(u64, String)> {
    let mut all: Vec<(u64, String)> = Vec::new();
    loop {
        let from = all.last().map_or(after, |(position, _)| *position);
        let rows = app.store.read("DLIVRE", from, 1_000).await.unwrap();
        if rows.is_empty() {
            return all;
        }
        all.extend(rows.into_iter().map(|row| (row.position, row.event_id.to_string())));
    }
}

/// What was streamed, as the log says it.
fn as_log(events: &[(u64, Value)]) -> Vec<(u64, String)> {
    let told = |(id, event): &(u64, Value)| {
        assert_eq!(event["position"], *id);
        (*id, event["id"].as_str().unwrap().to_owned())
    };
    events.iter().map(told).collect()
}

async fn catches_up_then_stays_live(app: TestApp) {
    let integrator = app.key("demo-integrator");
    let head = app.head("DLIVRE").await;
    let mut stream = integrator.follow("").open().await;
    assert_eq!(stream.next_block().await.unwrap().fields, ["retry"]);
    let past = stream.take(head).await;
    assert_eq!(as_log(&past), log(&app.app, 0).await);

    app.requester().filled_basket().await;
    let live = stream.take(4).await;
    assert_eq!(as_log(&live), log(&app.app, head).await);
    let types: Vec<_> = live.iter().map(|(_, event)| event["type"].as_str().unwrap()).collect();
    assert_eq!(types[0], "bordereau.basket.opened.v1");
    assert_eq!(types[1..], ["bordereau.basket.line-added.v1"; 3]);
    // Both forms show the same events.
    let page = app.auditor().get(&format!("/api/v1/events?after={head}")).await.expect(200);
    let streamed: Vec<_> = live.into_iter().map(|(_, event)| event).collect();
    assert_eq!(page.at("/events"), &Value::from(streamed));
    assert_eq!(page.header("bordereau-epoch"), page.text_at("/epoch"));
    assert_eq!(stream.headers["bordereau-epoch"], page.text_at("/epoch"));
}

#[tokio::test]
async fn a_stream_catches_up_and_stays_live() {
    catches_up_then_stays_live(TestApp::demo().await).await;
}

#[tokio::test]
async fn on_postgresql_a_stream_catches_up_and_stays_live() {
    catches_up_then_stays_live(TestApp::demo_on_postgres().await).await;
}

/// Reads a few events, goes away and comes back, again and again, while four people write.
async fn resumed_under_writers(app: TestApp) {
    let begin = app.head("DLIVRE").await - 50;
    let writers: Vec<_> = (0..4)
        .map(|number| {
            let requester = app.requester();
            tokio::spawn(async move {
                for round in 0..25 {
                    requester.open_basket(&format!("{number}-{round}")).await.expect(201);
                }
            })
        })
        .collect();
    let auditor = app.auditor();
    let mut seen: Vec<(u64, Value)> = Vec::new();
    while seen.len() < 50 + 100 {
        let last = seen.last().map_or(begin, |(id, _)| *id).to_string();
        // The header goes before the parameter.
        let mut stream = auditor.follow("after=1").header("last-event-id", &last).open().await;
        let left = 50 + 100 - seen.len();
        let count = left.min(seen.len() % 9 + 1);
        seen.extend(stream.take(u64::try_from(count).unwrap()).await);
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(as_log(&seen), log(&app.app, begin).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn resumed_by_last_event_id_nothing_is_lost_or_doubled_under_writers() {
    resumed_under_writers(TestApp::demo().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_nothing_is_lost_or_doubled_under_writers() {
    resumed_under_writers(TestApp::demo_on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_followers_at_different_places_all_see_the_same() {
    let app = TestApp::demo().await;
    let head = app.head("DLIVRE").await;
    let followers: Vec<_> = (0..20)
        .map(|number| {
            let integrator = app.key("demo-integrator");
            let after = head * number / 20;
            let count = head + 40 - after;
            tokio::spawn(async move {
                let mut stream = integrator.follow(&format!("after={after}")).open().await;
                (after, stream.take(count).await)
            })
        })
        .collect();
    for _ in 0..10 {
        app.requester().filled_basket().await;
    }
    for follower in followers {
        let (after, seen) = follower.await.unwrap();
        assert_eq!(as_log(&seen), log(&app.app, after).await);
    }
}

#[tokio::test]
async fn filters_hold_in_a_stream_and_what_they_leave_out_moves_the_place_to_resume_at() {
    let app = TestApp::demo_with(Settings { stream_keep_alive_ms: 200, ..Settings::default() }).await;
    let head = app.head("DLIVRE").await;
    let basket = app.requester().filled_basket().await;
    let other = app.requester().filled_basket().await;
    let query = format!("after={head}&aggregate=basket/{basket}&types=bordereau.basket.line-added.v1,other");
    let mut stream = app.auditor().follow(&query).open().await;
    let mut lines = stream.take(3).await;
    app.requester().send(other).await.done();
    app.requester().add_line(basket, bordereau_tests::CEMETERY_ROAD, 1).await.done();
    lines.push(stream.next_event().await);
    assert_eq!(lines.len(), 4);
    for (_, event) in &lines {
        assert_eq!(event["type"], "bordereau.basket.line-added.v1");
        assert_eq!(event["subject"], format!("basket/{basket}"));
    }
    app.requester().send(basket).await.done();
    let last = app.head("DLIVRE").await;
    let place = loop {
        let block = stream.next_block().await.unwrap();
        assert!(block.data.is_none(), "{block:?}");
        if block.id == Some(last) {
            break block;
        }
    };
    assert_eq!(place.fields, ["id"], "a block that no listener hears");
}

#[tokio::test]
async fn a_stream_says_something_although_nothing_happens() {
    let app = TestApp::demo_with(Settings { stream_keep_alive_ms: 50, ..Settings::default() }).await;
    let head = app.head("DLIVRE").await;
    let mut stream = app.auditor().follow(&format!("after={head}")).open().await;
    stream.next_block().await.unwrap();
    for _ in 0..3 {
        assert_eq!(stream.next_block().await.unwrap(), Block { fields: vec![String::new()], ..Block::default() });
    }
}

#[tokio::test]
async fn what_cannot_be_followed_is_refused_before_the_stream_begins() {
    let app = TestApp::demo().await;
    let auditor = app.auditor();
    let head = app.head("DLIVRE").await;
    let other = uuid::Uuid::from_u128(1);
    auditor.follow(&format!("epoch={other}")).send().await.refused(409, "other-history");
    auditor.follow(&format!("after={}", head + 1)).send().await.refused(409, "other-history");
    let resumed = |id: &str| auditor.follow("after=1").header("last-event-id", id).send();
    resumed(&(head + 1).to_string()).await.refused(409, "other-history");
    for malformed in ["x", "-1", "1.5"] {
        resumed(malformed).await.refused(400, "bad-header");
    }
    auditor.follow("limit=0").send().await.refused(422, "limit-out-of-range");
    auditor.follow("shop=PARVIS").send().await.refused(422, "invalid-field");
    app.bookseller().follow("").send().await.refused(403, "role-may-not");
    app.anonymous().follow("").send().await.refused(401, "unauthenticated");
    // Whatever is asked for, only the own ledger is there.
    let parvis = app.key("parvis-integrator");
    let (_, event) = parvis.follow("").open().await.next_event().await;
    assert_eq!(event["source"], "/shops/PARVIS");
    let foreign = parvis.get("/api/v1/events?aggregate=shop/DLIVRE").await.expect(200);
    assert_eq!(foreign.at("/events"), &json!([]));
}

#[tokio::test]
async fn a_stream_ends_when_the_history_becomes_another_one() {
    let app = TestApp::demo().await;
    // By key: sessions end with the history.
    let integrator = app.key("demo-integrator");
    let mut stream = integrator.follow("").open().await;
    let epoch = stream.headers["bordereau-epoch"].to_str().unwrap().to_owned();
    let head = app.head("DLIVRE").await;
    stream.take(head).await;
    app.app.store.renew_epochs().await.unwrap();
    assert!(stream.drain().await < STILL);
    integrator.follow(&format!("after={head}&epoch={epoch}")).send().await.refused(409, "other-history");
    app.auditor().follow("").send().await.refused(401, "unauthenticated");
    let again = integrator.follow("").open().await;
    assert_ne!(again.headers["bordereau-epoch"], epoch.as_str());
}

#[tokio::test]
async fn a_stream_ends_soon_after_its_session_or_key_or_role_has_ended() {
    let app = TestApp::demo().await;
    let signed_out = app.sign_in("auditeur@demo.example").await;
    let closed = app.engage("audit-1@demo.example", Role::Auditor, &[]).await;
    let moved = app.engage("audit-2@demo.example", Role::Auditor, &[]).await;
    let key = app.key("demo-integrator");
    let stays = app.auditor();
    let mut streams = Vec::new();
    for client in [&signed_out, &closed, &moved, &key] {
        streams.push(client.follow("").open().await);
    }
    let mut staying = stays.follow(&format!("after={}", app.head("DLIVRE").await)).open().await;
    staying.next_block().await.unwrap();

    signed_out.delete("/api/v1/sessions/current").await.expect(204);
    app.deactivate(&closed).await;
    let account_id = app.account_of(&moved).await;
    let institutions = vec![app.institution(SCHOOL).into()];
    app.act("DLIVRE", account_id, AccountRequest::Assign { account_id, role: Role::Requester, institutions }).await;
    let keys = app.app.store.list_api_keys("DLIVRE").await.unwrap();
    let integrator = keys.iter().find(|key| key.role == "integrator").unwrap();
    assert!(app.app.store.revoke_api_key("DLIVRE", integrator.id, app.app.clock.micros()).await.unwrap());

    let ended = futures::future::join_all(streams.into_iter().map(bordereau_tests::EventStream::drain)).await;
    assert!(ended.iter().all(|took| *took < STILL), "{ended:?}");
    app.requester().open_basket("x").await.expect(201);
    while staying.next_event().await.1["type"] != "bordereau.basket.opened.v1" {}
}

#[tokio::test]
async fn an_account_may_have_only_so_many_streams_open() {
    let app = TestApp::demo_with(Settings { streams_per_account: 2, ..Settings::default() }).await;
    let auditor = app.auditor();
    let first = auditor.follow("").open().await;
    let _second = auditor.follow("").open().await;
    let refused = auditor.follow("").send().await.refused(429, "too-many-streams");
    assert_eq!(refused.header("retry-after"), "1");
    let _other = app.key("demo-integrator").follow("").open().await;
    auditor.get("/api/v1/events").await.expect(200);
    drop(first);
    auditor.follow("").open().await.next_event().await;
}

#[tokio::test]
async fn what_is_written_on_one_node_is_streamed_on_the_other() {
    let one = TestApp::demo_on_postgres().await;
    let two = one.another_node().await;
    let head = one.head("DLIVRE").await;
    let mut there = two.auditor().follow(&format!("after={head}")).open().await;
    let mut here = one.auditor().follow(&format!("after={head}")).open().await;
    for _ in 0..5 {
        let basket = one.requester().filled_basket().await;
        two.requester().send(basket).await.done();
    }
    let expected = log(&one.app, head).await;
    assert_eq!(expected.len(), 25);
    assert_eq!(as_log(&there.take(25).await), expected);
    assert_eq!(as_log(&here.take(25).await), expected);
}

/// Asks for the events with the auditor's token, over a connection with a small window.
async fn ask(served: &Served, token: &str, last: u64) -> tokio::net::TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    let mut stream = socket.connect(served.address).await.unwrap();
    let head = format!(
        "GET /api/v1/events HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\nauthorization: Bearer {token}\r\n\
         last-event-id: {last}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// Many events that are larger than what the system keeps for a client who does not read.
async fn write_much(app: &TestApp) {
    let line = "x".repeat(200);
    let address = |number: u32| {
        let lines = vec![line.clone(); 4];
        json!({ "label": format!("ANNEXE {number}"), "lines": lines, "postcode": "54000", "city": "NANCY", "country": "FR" })
    };
    let addresses: Vec<_> = (0..40).map(address).collect();
    let institution = |number: u32| {
        json!({
            "librisoft_number": format!("M{number}"), "kind": "other", "name": "Mairie", "city": "NANCY",
            "discounts": { "school": "0", "2.1": "0", "5.5": "0", "20": "0" }, "addresses": addresses,
        })
    };
    let lines: Vec<_> = (0..400).map(institution).collect();
    let told = app.librisoft().put_lines("/api/v1/librisoft/institutions", &lines).await.expect(200);
    assert!(told.lines().iter().all(|line| line["verdict"] == "created"), "{told}");
}

/// The status and the last whole event of what came before the connection broke.
fn last_event(bytes: &[u8]) -> (String, u64) {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let whole = body.rsplit_once("\n\n").map_or("", |(whole, _)| whole);
    let id = whole.lines().filter_map(|line| line.strip_prefix("id: ")).next_back();
    let status = head.split(' ').nth(1).unwrap_or_default().to_owned();
    (status, id.map_or(0, |id| id.parse().unwrap()))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_is_cut_off_and_resumes_without_loss() {
    let settings = Settings { write_stall_ms: 700, streams_per_account: 1, ..Settings::default() };
    let app = TestApp::demo_with(settings).await;
    write_much(&app).await;
    let served = Served::begin(&app.app).await;
    let auditor = app.auditor();
    let mut slow = ask(&served, auditor.token().unwrap(), 0).await;
    // His is the only place there is: it is free when he has been cut off.
    let mut pace = tokio::time::interval(Duration::from_millis(50));
    let mut refused = 0;
    let free = async {
        loop {
            pace.tick().await;
            let asked = auditor.follow("types=none").status().await;
            if asked == 200 {
                return;
            }
            assert_eq!(asked, 429);
            refused += 1;
        }
    };
    // The one who does not read must have his place first.
    slow.readable().await.unwrap();
    tokio::time::timeout(PATIENCE, free).await.expect("the place becomes free");
    assert!(refused > 0, "he had his place");
    let mut received = Vec::new();
    let broken = slow.read_to_end(&mut received).await;
    let (status, last) = last_event(&received);
    let head = app.head("DLIVRE").await;
    assert_eq!(status, "200");
    assert!(broken.is_err() && last > 0 && last < head, "{broken:?}, {last} of {head}");

    let mut resumed = auditor.follow("").header("last-event-id", &last.to_string()).open().await;
    assert_eq!(as_log(&resumed.take(head - last).await), log(&app.app, last).await);
    drop(resumed);
    served.end().await;
}

#[tokio::test]
async fn open_streams_do_not_hold_up_a_stop() {
    let data = TempDir::new().unwrap();
    let service = Process::serve_demo(Path::new(BINARY), data.path());
    let url = format!("{}/api/v1/events", service.address);
    let http = reqwest::Client::new();
    let ask = || http.get(&url).bearer_auth("demo-integrator").header("accept", "text/event-stream").send();
    let mut streams = Vec::new();
    for _ in 0..3 {
        let stream = ask().await.unwrap();
        assert_eq!(stream.status(), 200);
        streams.push(stream);
    }
    let (code, took) = tokio::task::spawn_blocking(move || service.stop()).await.unwrap();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(6), "{took:?}");
    for stream in streams {
        let text = stream.text().await.expect("an orderly end");
        assert!(text.ends_with("\n\n"), "whole blocks");
    }
}

#[tokio::test]
async fn streams_are_counted() {
    let app = TestApp::demo().await;
    app.auditor().follow("").open().await.take(10).await;
    let figures = app.anonymous().get("/metrics").await.expect(200).text;
    for name in ["bordereau_streams_open", "bordereau_stream_events_sent"] {
        assert!(figures.contains(name), "{figures}");
    }
}
