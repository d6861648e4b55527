//! Attacks on sign-in, sessions and the workflow, by the numbers of the list that they come from.

use std::{net::IpAddr, time::Duration};

use axum::http::Method;
use bordereau_api::{Settings, proxies::TrustedProxies, token_hash};
use bordereau_commands::{AccountRequest, InstitutionRequest, SealText, new_id};
use bordereau_domain::{AccountId, Role};
use bordereau_tests::{Answer, MEDIATHEQUE, TestApp};
use chrono::TimeDelta;
use futures::future::join_all;
use serde_json::json;
use tokio::time::Instant;

/// Settings in which the harness is a proxy that is believed.
fn behind_a_proxy() -> Settings {
    let trusted_proxies = TrustedProxies::try_from("127.0.0.1".to_owned()).unwrap();
    Settings { trusted_proxies, ..Settings::default() }
}

async fn sign_in_from(app: &TestApp, from: &str, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    let call = app.anonymous().call(Method::POST, "/api/v1/sessions").json(&body);
    call.header("x-forwarded-for", from).send().await
}

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Answer {
    app.anonymous().post("/api/v1/sessions", &json!({ "email": email, "password": password })).await
}

#[tokio::test] // attack 1
async fn four_wrong_passwords_from_four_addresses_lock_and_time_or_an_unlock_opens() {
    // W06, W07
    let app = TestApp::demo_with(behind_a_proxy()).await;
    let email = "approbateur@demo.example";
    let lock = async || {
        for host in 1..=4 {
            sign_in_from(&app, &format!("198.51.100.{host}"), email, "wrong-password")
                .await
                .refused(401, "invalid-credentials");
        }
        sign_in_from(&app, "198.51.100.9", email, "bordereau-demo").await.refused(401, "invalid-credentials");
    };
    lock().await;
    app.clock.advance(TimeDelta::minutes(31));
    sign_in_from(&app, "198.51.100.9", email, "bordereau-demo").await.expect(201);
    lock().await;
    let account = app.account_of(&app.approver()).await;
    app.app.store.clear_failures("DLIVRE", account.0).await.unwrap();
    sign_in_from(&app, "198.51.100.9", email, "bordereau-demo").await.expect(201);
}

#[tokio::test(flavor = "multi_thread")] // attack 3
async fn forty_accounts_behind_one_address_come_in_within_a_minute() {
    let app = TestApp::demo().await;
    let password_hash = app.app.passwords.hash("bordereau-demo".to_owned()).await.unwrap();
    let emails: Vec<_> = (0..40).map(|index| format!("eleve{index}@demo.example")).collect();
    for email in &emails {
        let account_id = AccountId(new_id());
        let open = AccountRequest::Open {
            account_id,
            email: SealText::new(email).unwrap(),
            name: SealText::new("Alex Martin").unwrap(),
            phone: None,
            role: Role::Requester,
            institutions: vec![app.institution(MEDIATHEQUE).into()],
            establishment: None,
            password_hash: Some(password_hash.clone()),
        };
        app.act("DLIVRE", account_id, open).await;
    }
    let begun = Instant::now();
    for answer in join_all(emails.iter().map(|email| sign_in(&app, email, "bordereau-demo"))).await {
        answer.expect(201);
    }
    assert!(begun.elapsed() < Duration::from_mins(1));
}

#[tokio::test] // attack 3
async fn one_login_is_tried_less_often_than_one_address_may_try() {
    let settings = Settings { sign_ins_per_account: 3, sign_ins_per_minute: 8, ..behind_a_proxy() };
    let app = TestApp::demo_with(settings).await;
    let from = |host: u32| format!("198.51.100.{host}");
    for email in ["nobody@demo.example", "Utilisateur@demo.example"] {
        for host in 1..=3 {
            sign_in_from(&app, &from(host), email, "wrong-password").await.refused(401, "invalid-credentials");
        }
        // From wherever, and whether the address is known or not.
        let told = sign_in_from(&app, &from(4), email, "wrong-password").await.refused(429, "too-many-requests");
        assert!(!told.header("retry-after").is_empty());
    }
    for index in 0..8 {
        sign_in_from(&app, &from(9), &format!("{index}@demo.example"), "x").await.refused(401, "invalid-credentials");
    }
    sign_in_from(&app, &from(9), "another@demo.example", "x").await.refused(429, "too-many-requests");
    // What the client writes into the header himself helps nobody.
    let spoofed = format!("203.0.113.1, {}", from(9));
    sign_in_from(&app, &spoofed, "one-more@demo.example", "x").await.refused(429, "too-many-requests");
    let trusted: IpAddr = "127.0.0.1".parse().unwrap();
    assert!(app.app.settings.trusted_proxies.trusts(trusted));
}

#[tokio::test] // attack 3
async fn of_an_ipv6_network_all_addresses_count_as_one() {
    let app = TestApp::demo_with(Settings { sign_ins_per_minute: 4, ..behind_a_proxy() }).await;
    let tried =
        async |from: &str, index: usize| sign_in_from(&app, from, &format!("{index}@demo.example"), "x").await.status;
    for (index, from) in ["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::3", "[2001:db8::4]:80"].iter().enumerate() {
        assert_eq!(tried(from, index).await, 401);
    }
    assert_eq!(tried("2001:db8::5", 5).await, 429);
    assert_eq!(tried("2001:db8:0:1::5", 6).await, 401);
}

#[tokio::test] // attack 4
async fn an_unknown_address_is_told_the_same_after_the_same_time() {
    /// Rounds of three sign-ins in turns.
    const ROUNDS: usize = 30;
    /// The suite's machine is busy with other tests: what differs in truth differs in most series, what is weather does not.
    const FEWEST: usize = 3;
    const TRIES: usize = 9;
    let settings = Settings { sign_ins_per_account: 100_000, sign_ins_per_minute: 100_000, ..Settings::default() };
    let app = TestApp::demo_with(settings).await;
    let mut seen: Vec<[i64; 2]> = Vec::new();
    for tried in 0..TRIES {
        let (told, differences) = time_sign_ins(&app, tried, ROUNDS).await;
        assert_eq!(told.len(), 1, "{told:?}");
        seen.push(differences);
        // In thousandths of the time that an unknown address takes: 5 % are 50.
        let is_same = |known: usize| median(seen.iter().map(|differences| differences[known]).collect()).abs() < 50;
        if seen.len() >= FEWEST && is_same(0) && is_same(1) {
            return;
        }
    }
    panic!("a known address, free or locked, is told apart by more than 5 %: {seen:?}");
}

fn median(mut values: Vec<i64>) -> i64 {
    values.sort_unstable();
    values[values.len() / 2]
}

/// What is told, and by how much a known address, free and then locked, takes longer than an unknown one: the median of
/// the differences of each round, in thousandths of the median time of an unknown one.
async fn time_sign_ins(app: &TestApp, tried: usize, rounds: usize) -> (Vec<serde_json::Value>, [i64; 2]) {
    let (free, locked) = (app.account_of(&app.requester()).await, app.account_of(&app.approver()).await);
    let mut told: Vec<serde_json::Value> = Vec::new();
    let mut times: [Vec<i64>; 3] = Default::default();
    for _ in 0..4 {
        sign_in(app, "approbateur@demo.example", "wrong-password").await.expect(401);
    }
    for round in 0..rounds {
        app.app.store.clear_failures("DLIVRE", free.0).await.unwrap();
        let unknown = format!("x{tried}-{round}@demo.example");
        let emails = ["utilisateur@demo.example", "approbateur@demo.example", unknown.as_str()];
        // In turns that begin elsewhere each time, so that all meet the same weather.
        for kind in (0..3).map(|place| (place + round) % 3) {
            let begun = Instant::now();
            let mut answer = sign_in(app, emails[kind], "wrong-password").await.refused(401, "invalid-credentials");
            times[kind].push(i64::try_from(begun.elapsed().as_micros()).unwrap());
            answer.body.as_object_mut().unwrap().remove("trace_id");
            told.push(answer.body);
        }
        told.dedup();
    }
    app.app.store.clear_failures("DLIVRE", locked.0).await.unwrap();
    let usual = median(times[2].clone()).max(1);
    let longer = |kind: usize| {
        let pairs = times[kind].iter().zip(&times[2]).map(|(known, unknown)| known - unknown);
        median(pairs.collect()) * 1_000 / usual
    };
    (told, [longer(0), longer(1)])
}

#[tokio::test] // attack 6
async fn a_reset_link_opens_once_and_for_thirty_minutes() {
    let app = TestApp::demo().await;
    let account = app.account_of(&app.requester()).await;
    let link = async |token: &str| {
        let ends = (app.clock.now() + TimeDelta::minutes(30)).timestamp_micros();
        app.app.store.set_reset_link("DLIVRE", account.0, &token_hash(token), ends).await.unwrap();
    };
    let set = async |token: &str, password: &str| {
        app.anonymous().post("/api/v1/passwords", &json!({ "token": token, "password": password })).await
    };
    link("first").await;
    set("first", "another-password").await.expect(204);
    set("first", "a-third-password").await.refused(410, "link-gone");
    link("second").await;
    app.clock.advance(TimeDelta::minutes(30));
    set("second", "a-third-password").await.refused(410, "link-gone");
    link("third").await;
    link("fourth").await;
    set("third", "a-third-password").await.refused(410, "link-gone");
    set("never", "a-third-password").await.refused(410, "link-gone");
    sign_in(&app, "utilisateur@demo.example", "another-password").await.expect(201);
    sign_in(&app, "utilisateur@demo.example", "a-third-password").await.refused(401, "invalid-credentials");
}

#[tokio::test] // attack 8
async fn a_session_held_before_a_sign_in_is_dead_after_it() {
    let app = TestApp::demo().await;
    let planted = app.sign_in("utilisateur@demo.example").await;
    let body = json!({ "email": "approbateur@demo.example", "password": "bordereau-demo" });
    let signed = planted.post("/api/v1/sessions", &body).await.expect(201);
    assert_ne!(Some(signed.text_at("/token").as_str()), planted.token());
    planted.get("/api/v1/me").await.refused(401, "unauthenticated");
    // A failed one ends nothing, and a made-up token is never taken over.
    let wrong = json!({ "email": "approbateur@demo.example", "password": "wrong-password" });
    app.requester().post("/api/v1/sessions", &wrong).await.refused(401, "invalid-credentials");
    app.requester().get("/api/v1/me").await.expect(200);
    let made_up = bordereau_tests::Client::new(app.clone(), Some("made-up".to_owned()), "DLIVRE");
    made_up.post("/api/v1/sessions", &body).await.expect(201);
    made_up.get("/api/v1/me").await.refused(401, "unauthenticated");
}

#[tokio::test] // attack 9
async fn a_session_is_dead_after_sign_out_a_new_password_a_closed_account_and_acts_by_the_role_of_now() {
    let app = TestApp::demo().await;
    let fresh = async || app.sign_in("utilisateur@demo.example").await;
    let out = fresh().await;
    out.delete("/api/v1/sessions/current").await.expect(204);
    out.get("/api/v1/me").await.refused(401, "unauthenticated");

    let client = fresh().await;
    let account_id = app.account_of(&client).await;
    let hash = app.app.passwords.hash("bordereau-demo".to_owned()).await.unwrap();
    app.app.store.set_password("DLIVRE", account_id.0, &hash).await.unwrap();
    client.get("/api/v1/me").await.refused(401, "unauthenticated");

    let client = app.sign_in("approbateur@demo.example").await;
    let approver = app.account_of(&client).await;
    let institutions = vec![app.institution(MEDIATHEQUE).into()];
    let assign = AccountRequest::Assign { account_id: approver, role: Role::Requester, institutions };
    app.act("DLIVRE", approver, assign).await;
    assert_eq!(client.get("/api/v1/me").await.expect(200).text_at("/role"), "requester");

    let client = fresh().await;
    app.deactivate(&client).await;
    client.get("/api/v1/me").await.refused(401, "unauthenticated");
}

#[tokio::test] // attack 31
async fn where_two_persons_are_demanded_nobody_is_both_of_them() {
    let app = TestApp::demo().await;
    let institution = app.institution(MEDIATHEQUE);
    app.act("DLIVRE", institution, InstitutionRequest::SetTwoPersonRule { demanded: true }).await;
    let (approver, purchaser) = (app.sign_in("approbateur@demo.example").await, app.purchaser());
    let (own, other) = (app.account_of(&approver).await, app.account_of(&purchaser).await);
    let basket = approver.filled_basket().await;
    approver.validate(basket).await.refused(403, "two-persons-needed");
    approver.send(basket).await.done();
    approver.validate(basket).await.refused(403, "two-persons-needed");
    // Not in a colleague's place either: the rule looks at who acts.
    purchaser.delegate(other, own, app.day(0), app.day(1)).await.expect(201);
    let in_place = approver.in_place_of(other).await;
    in_place.validate(basket).await.refused(403, "two-persons-needed");
    in_place.place_order(basket, "R1").await.refused(409, "wrong-stage");
    // What he prepares in the colleague's place he does not pass in his own name.
    let theirs = in_place.filled_basket().await;
    in_place.send(theirs).await.done();
    let approver = in_place.as_oneself().await;
    approver.validate(theirs).await.refused(403, "two-persons-needed");
    purchaser.validate(basket).await.done();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)] // attack 37
async fn of_a_validation_and_a_return_at_the_same_instant_one_is_done() {
    let app = TestApp::demo().await;
    let (requester, one) = (app.requester(), app.approver());
    let two = app.engage("second@demo.example", Role::Approver, &[MEDIATHEQUE]).await;
    for _ in 0..16 {
        let basket = requester.filled_basket().await;
        requester.send(basket).await.done();
        let call = |who: &bordereau_tests::Client, action: &str| {
            let path = format!("/api/v1/baskets/{basket}/{action}");
            tokio::spawn(who.call(Method::POST, &path).json(&json!({})).send())
        };
        let (validated, returned) = (call(&one, "validate"), call(&two, "return"));
        let mut statuses = [validated.await.unwrap().status, returned.await.unwrap().status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)] // attack 92
async fn two_hundred_sign_ins_at_once_are_bounded_and_keep_nobody_waiting() {
    let app = TestApp::demo_with(Settings { sign_ins_per_minute: 1_000, ..Settings::default() }).await;
    let flood: Vec<_> = (0..200)
        .map(|index| {
            let app = app.clone();
            tokio::spawn(async move { sign_in(&app, &format!("x{index}@demo.example"), "wrong-password").await.status })
        })
        .collect();
    let requester = app.requester();
    let mut waited = Vec::new();
    while !flood.iter().all(tokio::task::JoinHandle::is_finished) {
        let begun = Instant::now();
        requester.get("/api/v1/me").await.expect(200);
        waited.push(begun.elapsed());
    }
    waited.sort_unstable();
    let p99 = waited[waited.len() * 99 / 100];
    assert!(waited.len() >= 10 && p99 < Duration::from_secs(1), "{} requests, p99 {p99:?}", waited.len());
    for attempt in flood {
        let status = attempt.await.unwrap();
        assert!(matches!(status, 401 | 503), "{status}");
    }
}
