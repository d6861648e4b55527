//! Acting in another's place: by delegation, by the power of substitution, as the bookseller; and the ends of it.

use bordereau_commands::AccountRequest;
use bordereau_domain::{AccountId, Role};
use bordereau_tests::{Client, MEDIATHEQUE, SCHOOL, TestApp};
use chrono::TimeDelta;
use serde_json::json;

/// Two accounts of the Médiathèque, the second a delegate of the first from today to tomorrow.
async fn delegated(app: &TestApp, owner: &Client, delegate: &Client) -> (AccountId, AccountId, String) {
    let (own, to) = (app.account_of(owner).await, app.account_of(delegate).await);
    let id = owner.delegate(own, to, app.day(0), app.day(1)).await.expect(201).text_at("/id");
    (own, to, id)
}

#[tokio::test] // attack 38
async fn a_delegate_acts_with_the_role_of_the_other_and_both_stand_in_the_history() {
    let app = TestApp::demo().await;
    let (approver, requester) = (app.approver(), app.requester());
    let (own, to) = (app.account_of(&approver).await, app.account_of(&requester).await);
    requester.ask_for_place(own).await.refused(403, "may-not-stand-in");
    let (.., id) = delegated(&app, &approver, &requester).await;
    let given = approver.get(&format!("/api/v1/accounts/{own}/delegations")).await.expect(200);
    assert_eq!((given.text_at("/items/0/id"), given.id_at("/items/0/delegate/id")), (id.clone(), to.0));
    let me = requester.get("/api/v1/me").await.expect(200);
    assert_eq!((me.text_at("/delegations/0/id"), me.id_at("/delegations/0/from/id")), (id, own.0));

    let colleague = app.engage("seconde@demo.example", Role::Requester, &[MEDIATHEQUE]).await;
    let basket = colleague.filled_basket().await;
    colleague.send(basket).await.done();
    requester.validate(basket).await.refused(404, "not-found");

    let in_place = requester.in_place_of(own).await;
    requester.get("/api/v1/me").await.refused(401, "unauthenticated");
    let me = in_place.get("/api/v1/me").await.expect(200);
    assert_eq!((me.id_at("/account"), me.id_at("/on_behalf_of/id")), (to.0, own.0));
    assert_eq!(me.text_at("/role"), "approver");
    in_place.validate(basket).await.done();
    let history = in_place.history("baskets", basket).await.expect(200);
    let last = history.items().last().unwrap();
    assert_eq!(last["type"], "BasketValidated");
    assert_eq!((&last["actor"]["id"], &last["on_behalf_of"]["id"]), (&json!(to), &json!(own)));
    assert_eq!(last["role"], "approver");
    // Who follows the events is told both as well.
    let follower = app.auditor();
    let told = follower.get(&format!("/api/v1/events?aggregate=basket/{basket}&limit=1000")).await.expect(200);
    let last = told.at("/events").as_array().unwrap().last().unwrap();
    assert_eq!((&last["actor"], &last["onbehalfof"], &last["role"]), (&json!(to), &json!(own), &json!("approver")));
    assert_eq!(told.at("/events/0").get("onbehalfof"), None, "{told}");
    // What was validated in the approver's name stands in the approver's tray.
    let sent = approver.tray("sent").await.expect(200).column("id");
    assert!(sent.contains(&basket.to_string()));

    let oneself = in_place.as_oneself().await;
    in_place.get("/api/v1/me").await.refused(401, "unauthenticated");
    let me = oneself.get("/api/v1/me").await.expect(200);
    assert_eq!((me.text_at("/role"), me.body.get("on_behalf_of")), ("requester".to_owned(), None));
    assert!(!oneself.tray("sent").await.expect(200).column("id").contains(&basket.to_string()));
}

#[tokio::test]
async fn a_key_that_was_used_in_ones_own_name_is_a_fresh_one_in_anothers_place() {
    let app = TestApp::demo().await;
    let (approver, requester) = (app.approver(), app.sign_in("utilisateur@demo.example").await);
    let (own, ..) = delegated(&app, &approver, &requester).await;
    let body = json!({ "institution_id": requester.own_institution(), "name": "À lire" });
    let open = async |by: &Client| {
        let call = by.call(axum::http::Method::POST, "/api/v1/baskets").json(&body).key("the-same");
        call.send().await.expect(201).id_at("/id")
    };
    let mine = open(&requester).await;
    let in_place = requester.in_place_of(own).await;
    let theirs = open(&in_place).await;
    assert_ne!(mine, theirs);
    assert_eq!(open(&in_place).await, theirs);
    assert_eq!(open(&in_place.as_oneself().await).await, mine);
    let owner = approver.basket(theirs).await.expect(200);
    assert_eq!(owner.id_at("/owner/id"), own.0, "{owner}");
}

#[tokio::test]
async fn a_basket_opened_in_anothers_place_is_the_others() {
    let app = TestApp::demo().await;
    let (approver, requester) = (app.approver(), app.sign_in("utilisateur@demo.example").await);
    let (own, ..) = delegated(&app, &approver, &requester).await;
    let mine = requester.filled_basket().await;
    let in_place = requester.in_place_of(own).await;
    let basket = in_place.filled_basket().await;
    let seen = in_place.basket(basket).await.expect(200);
    assert_eq!((seen.id_at("/owner/id"), seen.text_at("/level")), (own.0, "approver".to_owned()));
    for who in [&approver, &in_place] {
        assert!(who.tray("mine").await.expect(200).column("id").contains(&basket.to_string()));
    }
    // One's own drafts are out of sight there, and the other's in one's own name.
    in_place.basket(mine).await.refused(404, "not-found");
    let oneself = in_place.as_oneself().await;
    oneself.basket(basket).await.refused(404, "not-found");
    oneself.basket(mine).await.expect(200);
    approver.discard(basket).await.done();
}

#[tokio::test]
async fn a_delegate_sees_of_the_other_only_what_is_of_common_institutions() {
    let app = TestApp::demo().await;
    let owner = app.engage("deux@demo.example", Role::Purchaser, &[MEDIATHEQUE, SCHOOL]).await;
    let here = owner.filled_basket().await;
    let school = json!({ "institution_id": app.institution(SCHOOL) });
    let there = owner.post("/api/v1/baskets", &school).await.expect(201).id_at("/id");
    let delegate = app.sign_in("utilisateur@demo.example").await;
    let (own, ..) = delegated(&app, &owner, &delegate).await;
    let in_place = delegate.in_place_of(own).await;
    let me = in_place.get("/api/v1/me").await.expect(200);
    assert_eq!(me.at("/institutions"), &json!([app.institution(MEDIATHEQUE)]));
    let mine = in_place.tray("mine").await.expect(200);
    assert_eq!((mine.column("id"), mine.number_at("/counts/mine")), (vec![here.to_string()], 1));
    in_place.basket(there).await.refused(404, "not-found");
    in_place.post("/api/v1/baskets", &school).await.refused(422, "unknown-institution");
    assert_eq!(owner.tray("mine").await.expect(200).number_at("/counts/mine"), 2);
}

#[tokio::test] // attack 38
async fn what_is_a_persons_own_affair_is_not_done_in_his_place() {
    let app = TestApp::demo().await;
    let (approver, requester) = (app.approver(), app.sign_in("utilisateur@demo.example").await);
    let (own, to, id) = delegated(&app, &approver, &requester).await;
    let third = app.engage("tierce@demo.example", Role::Approver, &[MEDIATHEQUE]).await;
    let third_id = app.account_of(&third).await;
    third.delegate(third_id, own, app.day(0), app.day(1)).await.expect(201);
    let in_place = requester.in_place_of(own).await;
    let alone = "in-anothers-place";
    in_place.delegate(own, third_id, app.day(0), app.day(1)).await.refused(403, alone);
    in_place.delete(&format!("/api/v1/accounts/{own}/delegations/{id}")).await.refused(403, alone);
    // No chain: what the other was given is not passed on.
    in_place.ask_for_place(third_id).await.refused(403, alone);
    in_place.ask_for_place(own).await.refused(403, alone);
    let password = json!({ "current_password": "bordereau-demo" });
    in_place.post("/api/v1/me/second-factor", &password).await.refused(403, alone);
    in_place.post("/api/v1/me/second-factor/confirm", &json!({ "code": "000000" })).await.refused(403, alone);
    in_place.put(&format!("/api/v1/accounts/{to}/substitution"), &json!({})).await.refused(403, alone);
    // The sessions in reach are his own, not the other's.
    in_place.delete("/api/v1/sessions").await.expect(204);
    approver.get("/api/v1/me").await.expect(200);
    assert_eq!(in_place.get("/api/v1/sessions").await.expect(200).items().len(), 1);
}

#[tokio::test] // attack 38
async fn a_delegate_does_not_make_himself_what_the_other_is() {
    let app = TestApp::demo().await;
    let (purchaser, requester) = (app.purchaser(), app.sign_in("utilisateur@demo.example").await);
    let (own, to, _) = delegated(&app, &purchaser, &requester).await;
    let in_place = requester.in_place_of(own).await;
    let institution = in_place.own_institution();
    let join = format!("/api/v1/institutions/{institution}/accounts");
    let body = json!({ "email": "utilisateur@demo.example", "role": "approver" });
    in_place.post(&join, &body).await.refused(403, "in-anothers-place");
    let body = json!({ "role": "approver", "institution_ids": [institution] });
    in_place.post(&format!("/api/v1/accounts/{to}/assign"), &body).await.refused(403, "in-anothers-place");
    // Nor somebody else with a mailbox of his, who would stay when the delegation is over.
    for password in [json!(null), json!("quatre coquelicots")] {
        let second = json!({ "email": "second@demo.example", "name": "Second", "role": "approver",
            "institution_ids": [institution], "password": password });
        in_place.post("/api/v1/accounts", &second).await.refused(403, "in-anothers-place");
    }
    let me = app.sign_in("utilisateur@demo.example").await.get("/api/v1/me").await.expect(200);
    assert_eq!(me.text_at("/role"), "requester");
}

#[tokio::test] // attack 38
async fn a_delegation_holds_from_its_first_day_to_the_end_of_its_last() {
    let app = TestApp::demo().await;
    let approver = app.approver();
    let (own, to) = (app.account_of(&approver).await, app.account_of(&app.requester()).await);
    approver.delegate(own, to, app.day(1), app.day(1)).await.expect(201);
    app.requester().ask_for_place(own).await.refused(403, "may-not-stand-in");
    // It is 11:00 in Paris; at 23:30 it is still today there, at 00:30 the first and last day has come.
    app.clock.advance(TimeDelta::minutes(12 * 60 + 30));
    let evening = app.sign_in("utilisateur@demo.example").await;
    evening.ask_for_place(own).await.refused(403, "may-not-stand-in");
    app.clock.advance(TimeDelta::hours(1));
    evening.ask_for_place(own).await.expect(201);
    app.clock.advance(TimeDelta::hours(22));
    let session = app.sign_in("utilisateur@demo.example").await.ask_for_place(own).await.expect(201);
    assert_eq!(session.text_at("/expires_at"), "2026-09-02T22:00:00Z");
    let in_place = Client::new(app.clone(), Some(session.text_at("/token")), "DLIVRE");
    app.clock.advance(TimeDelta::minutes(89));
    in_place.get("/api/v1/me").await.expect(200);
    app.clock.advance(TimeDelta::minutes(1));
    in_place.get("/api/v1/me").await.refused(401, "unauthenticated");
    app.sign_in("utilisateur@demo.example").await.ask_for_place(own).await.refused(403, "may-not-stand-in");
}

#[tokio::test]
async fn a_delegation_is_refused_that_makes_no_sense() {
    let app = TestApp::demo().await;
    let (approver, purchaser) = (app.approver(), app.purchaser());
    let (own, to) = (app.account_of(&approver).await, app.account_of(&purchaser).await);
    let ask = |first, last| approver.delegate(own, to, app.day(first), app.day(last));
    ask(2, 1).await.refused(422, "last-day-out-of-range");
    ask(0, 90).await.refused(422, "last-day-out-of-range");
    let yesterday = app.day(0) - chrono::Days::new(1);
    approver.delegate(own, to, yesterday, app.day(1)).await.refused(422, "day-past");
    approver.delegate(own, own, app.day(0), app.day(1)).await.refused(422, "unknown-delegate");
    let stranger = app.engage("ecole@demo.example", Role::Approver, &[SCHOOL]).await;
    let stranger = app.account_of(&stranger).await;
    approver.delegate(own, stranger, app.day(0), app.day(1)).await.refused(422, "unknown-delegate");
    let bookseller = app.account_of(&app.bookseller()).await;
    approver.delegate(own, bookseller, app.day(0), app.day(1)).await.refused(422, "unknown-delegate");
    purchaser.delegate(own, to, app.day(0), app.day(1)).await.refused(403, "role-may-not");
    app.requester().delegate(own, to, app.day(0), app.day(1)).await.refused(404, "not-found");
    // Overlapping ones are harmless.
    ask(0, 89).await.expect(201);
    ask(0, 3).await.expect(201);
}

#[tokio::test] // attack 9
async fn a_session_in_anothers_place_ends_with_what_it_rests_on() {
    let app = TestApp::demo().await;
    let approver = app.approver();
    let begin = async || {
        let delegate = app.sign_in("utilisateur@demo.example").await;
        let (own, to, id) = delegated(&app, &approver, &delegate).await;
        let in_place = delegate.in_place_of(own).await;
        in_place.get("/api/v1/me").await.expect(200);
        (in_place, own, to, id)
    };
    let over = async |client: &Client| {
        client.get("/api/v1/me").await.refused(401, "unauthenticated");
    };
    // Taken back by whoever gave it, by the bookseller; a second time there is none.
    for revoker in [&approver, &app.bookseller()] {
        let (in_place, own, _, id) = begin().await;
        let path = format!("/api/v1/accounts/{own}/delegations/{id}");
        app.purchaser().delete(&path).await.refused(403, "role-may-not");
        revoker.delete(&path).await.expect(200);
        over(&in_place).await;
        revoker.delete(&path).await.refused(404, "unknown-delegation");
        app.requester().get("/api/v1/me").await.expect(200);
    }
    // Either account gets another role.
    let institutions = vec![app.institution(MEDIATHEQUE).into()];
    let (in_place, own, ..) = begin().await;
    let assign = AccountRequest::Assign { account_id: own, role: Role::Purchaser, institutions };
    app.act("DLIVRE", own, assign).await;
    over(&in_place).await;
    // Either account is closed.
    let (in_place, own, ..) = begin().await;
    app.act("DLIVRE", own, AccountRequest::Deactivate { account_id: own }).await;
    over(&in_place).await;
    app.act("DLIVRE", own, AccountRequest::Reactivate).await;
    let delegate = app.sign_in("utilisateur@demo.example").await;
    let in_place = delegate.in_place_of(own).await;
    app.deactivate(&in_place).await;
    over(&in_place).await;
}

#[tokio::test(flavor = "multi_thread")] // attack 9
async fn a_delegation_taken_back_on_one_node_ends_the_session_on_the_other() {
    let one = TestApp::demo_on_postgres().await;
    let two = one.another_node().await;
    let (approver, delegate) = (one.approver(), one.sign_in("utilisateur@demo.example").await);
    let (own, _, id) = delegated(&one, &approver, &delegate).await;
    let in_place = delegate.in_place_of(own).await;
    let there = Client::new(two.clone(), in_place.token().map(str::to_owned), "DLIVRE");
    there.get("/api/v1/me").await.expect(200);
    approver.delete(&format!("/api/v1/accounts/{own}/delegations/{id}")).await.expect(200);
    there.get("/api/v1/me").await.refused(401, "unauthenticated");
    // The other node has known the account a moment ago; it asks the log before it lets anybody in.
    let again = Client::new(two, one.sign_in("utilisateur@demo.example").await.token().map(str::to_owned), "DLIVRE");
    again.ask_for_place(own).await.refused(403, "may-not-stand-in");
}

#[tokio::test] // W13
async fn the_bookseller_acts_for_every_buyer_and_grants_the_power_to_one() {
    let app = TestApp::demo().await;
    let bookseller = app.sign_in("libraire@demo.example").await;
    let requester = app.account_of(&app.requester()).await;
    let in_place = bookseller.in_place_of(requester).await;
    let basket = in_place.filled_basket().await;
    in_place.send(basket).await.done();
    assert!(app.requester().tray("sent").await.expect(200).column("id").contains(&basket.to_string()));
    // In a buyer's place he is no bookseller; what the buyers tell each other he does not read all the same.
    app.approver().give_back(basket, "entre nous").await.done();
    assert_eq!(app.requester().basket(basket).await.expect(200).text_at("/returned/comment"), "entre nous");
    assert!(in_place.basket(basket).await.expect(200).at("/returned/comment").is_null());
    assert!(!in_place.history("baskets", basket).await.expect(200).text.contains("entre nous"));
    in_place.get("/api/v1/orders").await.refused(403, "role-may-not");
    let bookseller = in_place.as_oneself().await;
    for nobody in [app.auditor(), app.bookseller()] {
        let nobody = app.account_of(&nobody).await;
        bookseller.ask_for_place(nobody).await.refused(403, "may-not-stand-in");
    }

    let (approver, purchaser) = (app.approver(), app.account_of(&app.purchaser()).await);
    let own = app.account_of(&approver).await;
    approver.ask_for_place(purchaser).await.refused(403, "may-not-stand-in");
    let power = format!("/api/v1/accounts/{own}/substitution");
    for who in [app.approver(), app.purchaser(), app.auditor()] {
        who.put(&power, &json!({})).await.refused(403, "role-may-not");
    }
    bookseller.put(&power, &json!({})).await.expect(200);
    assert_eq!(approver.get("/api/v1/me").await.expect(200).at("/substitution"), true);
    let stranger = app.engage("ecole@demo.example", Role::Purchaser, &[SCHOOL]).await;
    let stranger = app.account_of(&stranger).await;
    approver.ask_for_place(stranger).await.refused(403, "may-not-stand-in");
    let gone = app.engage("partie@demo.example", Role::Purchaser, &[MEDIATHEQUE]).await;
    let gone_id = app.account_of(&gone).await;
    app.deactivate(&gone).await;
    approver.ask_for_place(gone_id).await.refused(403, "may-not-stand-in");
    let in_place = approver.in_place_of(purchaser).await;
    assert_eq!(in_place.get("/api/v1/me").await.expect(200).text_at("/role"), "purchaser");
    bookseller.delete(&power).await.expect(200);
    in_place.get("/api/v1/me").await.refused(401, "unauthenticated");
    app.sign_in("approbateur@demo.example").await.ask_for_place(purchaser).await.refused(403, "may-not-stand-in");
    let auditor = app.account_of(&app.auditor()).await;
    let granted = bookseller.put(&format!("/api/v1/accounts/{auditor}/substitution"), &json!({})).await;
    granted.refused(409, "no-institutions-account");
}

#[tokio::test] // W13
async fn the_power_that_the_bookshop_gave_ends_with_a_move_by_somebody_else() {
    let app = TestApp::demo().await;
    let (requester, approver) = (app.requester(), app.approver());
    let (id, other) = (app.account_of(&requester).await, app.account_of(&approver).await);
    let power = format!("/api/v1/accounts/{id}/substitution");
    app.bookseller().put(&power, &json!({})).await.expect(200);
    let assign = |role: &str| json!({ "role": role, "institution_ids": [app.institution(MEDIATHEQUE)] });
    let path = format!("/api/v1/accounts/{id}/assign");
    app.bookseller().post(&path, &assign("approver")).await.expect(200);
    let in_place = requester.in_place_of(other).await;
    let requester = in_place.as_oneself().await;
    app.purchaser().post(&path, &assign("requester")).await.expect(200);
    requester.ask_for_place(other).await.refused(403, "may-not-stand-in");
    assert_eq!(requester.get("/api/v1/me").await.expect(200).at("/substitution"), false);
}

#[tokio::test] // attack 16
async fn a_person_of_two_institutions_is_no_window_from_one_to_the_other() {
    let app = TestApp::demo().await;
    let both = app.engage("zoe@demo.example", Role::Approver, &[MEDIATHEQUE, SCHOOL]).await;
    let beyond = app.engage("edgar@ecole.example", Role::Requester, &[SCHOOL]).await;
    let (zoe, edgar) = (app.account_of(&both).await, app.account_of(&beyond).await);
    both.delegate(zoe, edgar, app.day(0), app.day(1)).await.expect(201);
    let path = format!("/api/v1/accounts/{zoe}");
    let school = app.institution(SCHOOL).to_string();
    for who in [app.approver(), app.purchaser()] {
        let given = who.get(&format!("{path}/delegations")).await.expect(200);
        assert!(given.items().is_empty(), "{given}");
        for told in [who.get(&path).await, who.get("/api/v1/accounts?limit=200").await] {
            let told = told.expect(200);
            assert!(told.text.contains(&zoe.to_string()) && !told.text.contains(&school), "{told}");
        }
    }
    for who in [&both, &app.bookseller(), &app.auditor()] {
        assert_eq!(who.get(&format!("{path}/delegations")).await.expect(200).items().len(), 1);
        assert!(who.get(&path).await.expect(200).text.contains(&school));
    }
}

#[tokio::test]
async fn a_key_acts_for_nobody() {
    let app = TestApp::demo().await;
    let requester = app.account_of(&app.requester()).await;
    app.librisoft().ask_for_place(requester).await.refused(403, "role-may-not");
    app.librisoft().delete("/api/v1/sessions/current/act-for").await.refused(403, "role-may-not");
}
