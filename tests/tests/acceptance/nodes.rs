//! Several nodes on one PostgreSQL: what one writes or ends holds on the others, and a database that goes away comes
//! back to all of them without anybody's help.

use std::{path::Path, sync::Arc, time::Duration};

use bordereau_commands::AccountRequest;
use bordereau_domain::Role;
use bordereau_tests::{
    CEMETERY_ROAD, Cluster, MEDIATHEQUE, Person, Process, SCHOOL, TestApp, demo_database, run, tell,
};
use reqwest::{Client, Method, StatusCode};
use serde_json::json;
use tempfile::TempDir;
use tokio::{sync::watch, task::JoinSet};

use super::BINARY;

/// How long anything may take that a machine under load does.
const PATIENCE: Duration = Duration::from_mins(1);

/// A second process on a store that another one serves.
fn join(store: &str) -> (TempDir, Process) {
    let folder = TempDir::new().unwrap();
    let process = Process::serve(Path::new(BINARY), folder.path(), &["--store", store]);
    (folder, process)
}

#[tokio::test]
async fn what_is_written_on_one_node_is_read_on_the_other_by_its_position() {
    let (store, _) = tokio::task::spawn_blocking(demo_database).await.unwrap();
    let ((_one_folder, one), (_two_folder, two)) = (join(&store), join(&store));
    let person = Person::sign_in(&one.address, "utilisateur").await;
    for round in 0..10 {
        let (here, there) = if round % 2 == 0 { (&one, &two) } else { (&two, &one) };
        let opened = person.open_basket(&here.address, &format!("round-{round}")).await;
        assert_eq!(opened.status, 201, "{}", opened.body);
        let path = format!("baskets/{}", opened.body["id"].as_str().unwrap());
        assert_eq!(person.read(&there.address, &path, &opened.position).await.status, 200);
        let line = json!({ "ean": CEMETERY_ROAD, "quantity": 2 });
        let added = tell(person.call(Method::POST, &there.address, &format!("{path}/lines")).json(&line)).await;
        assert_eq!(added.status, 201, "{}", added.body);
        let seen = person.read(&here.address, &path, &added.position).await;
        assert_eq!(seen.body["lines"][0]["line_id"], added.body["line_id"], "{}", seen.body);
        let repeated = person.open_basket(&there.address, &format!("round-{round}")).await;
        assert_eq!((repeated.status, &repeated.body), (StatusCode::CREATED, &opened.body));
    }
    let beyond = person.read(&two.address, "baskets?tray=mine", "99999999").await;
    assert_eq!(beyond.status, 422, "{}", beyond.body);
}

#[tokio::test]
async fn a_session_that_is_ended_on_one_node_is_ended_on_the_other_at_the_next_request() {
    let (store, _) = tokio::task::spawn_blocking(demo_database).await.unwrap();
    let ((_one_folder, one), (_two_folder, two)) = (join(&store), join(&store));
    let (person, other) =
        (Person::sign_in(&one.address, "utilisateur").await, Person::sign_in(&two.address, "utilisateur").await);
    let me = async |person: &Person, node: &Process| {
        tell(person.call(Method::GET, &node.address, "me")).await.status.as_u16()
    };
    assert_eq!((me(&person, &one).await, me(&person, &two).await), (200, 200));
    let ended = tell(person.call(Method::DELETE, &one.address, "sessions/current")).await;
    assert_eq!(ended.status, 204);
    assert_eq!((me(&person, &two).await, me(&person, &one).await), (401, 401));
    assert_eq!((me(&other, &one).await, me(&other, &two).await), (200, 200));
}

#[tokio::test]
async fn another_role_and_a_closed_account_hold_on_every_node_at_the_next_request() {
    let one = TestApp::demo_on_postgres().await;
    let two = one.another_node().await;
    let here = one.engage("muette@demo.example", Role::Purchaser, &[MEDIATHEQUE]).await;
    let there = bordereau_tests::Client::new(two.clone(), here.token().map(str::to_owned), "DLIVRE");
    there.get("/api/v1/orders").await.expect(200);
    let account_id = one.account_of(&here).await;
    let institutions = vec![one.institution(SCHOOL).into()];
    one.act("DLIVRE", account_id, AccountRequest::Assign { account_id, role: Role::Requester, institutions }).await;
    assert_eq!(there.get("/api/v1/me").await.expect(200).text_at("/role"), "requester");
    there.get("/api/v1/orders").await.refused(403, "role-may-not");
    one.deactivate(&here).await;
    there.get("/api/v1/me").await.refused(401, "unauthenticated");
}

#[tokio::test] // L07
async fn what_a_client_may_do_no_more_is_refused_on_every_node_at_the_next_command() {
    let one = TestApp::demo_on_postgres().await;
    let two = one.another_node().await;
    let (requester, approver, purchaser) = (two.requester(), two.approver(), two.purchaser());
    let (draft, own) = (requester.filled_basket().await, approver.filled_basket().await);
    let sent = purchaser.filled_basket().await;
    let path = format!("/api/v1/institutions/{}/two-person-rule", one.institution(MEDIATHEQUE));
    one.bookseller().put(&path, &json!({ "demanded": true })).await.done();
    approver.validate(own).await.refused(403, "two-persons-needed");
    one.bookseller().put(&path, &json!({ "demanded": false })).await.done();
    approver.validate(own).await.done();
    let blocked = json!({ "librisoft_number": MEDIATHEQUE, "kind": "library", "name": "Médiathèque", "city": "Nancy",
        "discounts": { "school": "0", "2.1": "0", "5.5": "9", "20": "0" }, "blocked": true });
    one.librisoft().put_lines("/api/v1/librisoft/institutions", &[blocked]).await.expect(200);
    requester.send(draft).await.refused(409, "institution-blocked");
    purchaser.place_order(sent, "MED-1").await.refused(409, "institution-blocked");
    purchaser.request_quote(sent, "MED-1").await.refused(409, "institution-blocked");
}

#[tokio::test]
async fn nodes_that_change_one_basket_at_once_lose_nothing() {
    let one = TestApp::demo_on_postgres().await;
    let two = one.another_node().await;
    let basket = one.requester().open_basket("À deux").await.expect(201).id_at("/id");
    for _ in 0..10 {
        let (here, there) = (one.requester(), two.requester());
        let (first, second) =
            tokio::join!(here.add_line(basket, CEMETERY_ROAD, 1), there.add_line(basket, CEMETERY_ROAD, 1));
        first.expect(201);
        second.expect(201);
    }
    assert_eq!(one.requester().line_ids(basket).await.len(), 20);
    assert_eq!(two.requester().line_ids(basket).await, one.requester().line_ids(basket).await);
}

#[tokio::test]
async fn a_listener_that_is_cut_off_costs_at_most_a_poll() {
    let one = TestApp::demo_on_postgres().await;
    let two = one.another_node().await;
    let basket = one.requester().open_basket("x").await.expect(201).id_at("/id");
    // Every connection that the nodes may need is made before no more can be.
    for node in [&one, &two] {
        let requester = node.requester();
        let reads = (0..64).map(|_| requester.basket(basket));
        futures::future::join_all(reads).await.into_iter().for_each(|read| drop(read.expect(200)));
    }
    let (server, name) = one.app.settings.store.rsplit_once('/').unwrap();
    let server = format!("{server}/postgres");
    let sql = |statement: &str| Cluster::shared().sql(&server, statement);
    sql(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
    let cut = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}' AND query LIKE 'LISTEN%'"
    );
    assert_eq!(sql(&cut), "2", "both nodes listened");
    let mut news = two.app.store.appended();
    for _ in 0..5 {
        news.mark_unchanged();
        let basket = one.requester().open_basket("x").await.expect(201).id_at("/id");
        // A poll is 200 ms, the rest is for a busy machine.
        let heard = tokio::time::timeout(Duration::from_secs(1), news.changed()).await;
        heard.expect("the poll finds what nobody told").unwrap();
        two.requester().basket(basket).await.expect(200);
    }
}

#[tokio::test]
async fn a_database_that_was_restored_by_its_own_tools_is_another_history_once_it_is_told_so() {
    let (store, _) = tokio::task::spawn_blocking(demo_database).await.unwrap();
    let (folder, node) = join(&store);
    let feed = async |node: &Process, query: &str| {
        let url = format!("{}/api/v1/events?limit=1&{query}", node.address);
        tell(Client::new().get(url).bearer_auth("demo-integrator")).await
    };
    let first = feed(&node, "after=0").await.body;
    let old = format!("after=1&epoch={}", first["epoch"].as_str().unwrap());
    assert_eq!(feed(&node, &old).await.status, 200);
    let dump = folder.path().join("bordereau.dump");
    let dump = dump.to_str().unwrap();
    Cluster::shared().tool("pg_dump", &["--format=custom", "--file", dump, &store]);
    node.kill();

    let restored = Cluster::shared().make_database();
    Cluster::shared().tool("pg_restore", &["--exit-on-error", "--dbname", &restored, dump]);
    let (_folder, node) = join(&restored);
    assert_eq!(feed(&node, &old).await.status, 200, "nobody has told that this is another history");
    let data = TempDir::new().unwrap();
    let arguments = ["--data", data.path().to_str().unwrap(), "--store", &restored, "restored"];
    let told = run(Path::new(BINARY), &arguments, "");
    assert_eq!(told.code, Some(0), "{told:?}");
    let refused = feed(&node, &old).await;
    assert_eq!((refused.status.as_u16(), &refused.body["type"]), (409, &json!("other-history")));
    let second = feed(&node, "after=0").await.body;
    // The node goes on by itself, for example by letting quotes expire: nothing may be missing, more may be there.
    assert_eq!(second["events"], first["events"]);
    assert!(second["head"].as_u64() >= first["head"].as_u64(), "{} then {}", first["head"], second["head"]);
    assert!(told.stdout.contains(second["epoch"].as_str().unwrap()), "{told:?}");
    // The keys came along: who could sign in before can still.
    Person::sign_in(&node.address, "libraire").await;
}

/// People who open baskets one after another, each until he is told 201, whatever the nodes say meanwhile.
struct Load {
    people: JoinSet<Vec<String>>,
    opened: watch::Sender<usize>,
    refused: watch::Sender<usize>,
    stop: watch::Sender<bool>,
}

impl Load {
    fn begin(person: &Person, nodes: &[&Process]) -> Arc<Self> {
        let mut load = Self {
            people: JoinSet::new(),
            opened: watch::Sender::new(0),
            refused: watch::Sender::new(0),
            stop: watch::Sender::new(false),
        };
        for number in 0..8 {
            let (person, node) = (person.clone(), nodes[number % nodes.len()].address.clone());
            let (opened, refused, stop) = (load.opened.clone(), load.refused.clone(), load.stop.subscribe());
            load.people.spawn(async move {
                let mut ids = Vec::new();
                let mut pace = tokio::time::interval(Duration::from_millis(20));
                while !*stop.borrow() {
                    let key = format!("person-{number}-basket-{}", ids.len());
                    let id = loop {
                        pace.tick().await;
                        let told = person.open_basket(&node, &key).await;
                        if told.status == 201 {
                            break told.body["id"].as_str().unwrap().to_owned();
                        }
                        assert_eq!(told.status, 503, "{}", told.body);
                        assert!(told.retry_after.parse::<u32>().is_ok(), "{:?}", told.retry_after);
                        refused.send_modify(|count| *count += 1);
                    };
                    ids.push(id);
                    opened.send_modify(|count| *count += 1);
                }
                ids
            });
        }
        Arc::new(load)
    }

    async fn until(counter: &watch::Sender<usize>, count: usize) {
        let mut counter = counter.subscribe();
        let reached = counter.wait_for(|reached| *reached >= count);
        tokio::time::timeout(PATIENCE, reached).await.expect("it goes on").unwrap();
    }

    async fn end(self: Arc<Self>) -> Vec<String> {
        self.stop.send_replace(true);
        let load = Arc::into_inner(self).expect("the only one");
        load.people.join_all().await.concat()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_restarts_under_load_costs_some_503_and_nothing_else() {
    let cluster = Arc::new(tokio::task::spawn_blocking(Cluster::start).await.unwrap());
    let store = cluster.make_database();
    let folder = TempDir::new().unwrap();
    let one = Process::serve_demo_on(Path::new(BINARY), folder.path(), &store);
    let (_two_folder, two) = join(&store);
    let person = Person::sign_in(&one.address, "utilisateur").await;
    let mine = async |node: &Process, position: &str| {
        let tray = person.read(&node.address, "baskets?tray=mine", position).await;
        tray.body["counts"]["mine"].as_u64().unwrap_or_else(|| panic!("{} {}", tray.status, tray.body))
    };
    let before = mine(&one, "0").await;

    let load = Load::begin(&person, &[&one, &two]);
    Load::until(&load.opened, 40).await;
    cluster.crash();
    let (opened, refused) = (*load.opened.borrow(), *load.refused.borrow());
    Load::until(&load.refused, refused + 20).await;
    for node in [&one, &two] {
        let ready = tell(person.http.get(format!("{}/readyz", node.address))).await;
        assert_eq!((ready.status.as_u16(), &ready.body["ready"]), (503, &json!(false)), "{}", ready.body);
    }
    cluster.come_back();
    Load::until(&load.opened, opened + 80).await;
    let mut ids = load.end().await;

    let last = person.open_basket(&one.address, "last").await;
    assert_eq!(last.status, 201, "{}", last.body);
    ids.push(last.body["id"].as_str().unwrap().to_owned());
    for (node, id) in [&one, &two].into_iter().cycle().zip(&ids) {
        let seen = person.read(&node.address, &format!("baskets/{id}"), &last.position).await;
        assert_eq!(seen.status, 200, "{id}: {}", seen.body);
    }
    let written = u64::try_from(ids.len()).unwrap();
    for node in [&one, &two] {
        assert_eq!(mine(node, &last.position).await, before + written, "what was answered, once each");
        let ready = tell(person.http.get(format!("{}/readyz", node.address))).await;
        assert_eq!((ready.status.as_u16(), &ready.body["ready"]), (200, &json!(true)), "{}", ready.body);
    }
}
