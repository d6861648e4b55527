//! Accounts of others: opened, moved, added, closed, unlocked, found.

use axum::http::Method;
use bordereau_domain::Role;
use bordereau_tests::{Answer, Client, MEDIATHEQUE, SCHOOL, TestApp, operations};
use serde_json::{Value, json};
use uuid::Uuid;

const PASSWORD: &str = "cheval-pile-agrafe";

/// *Ajouter un compte collectivité*, filled in.
fn form(email: &str, role: &str, institutions: &[Uuid]) -> Value {
    json!({ "email": email, "name": "Odile Perrault", "role": role, "institution_ids": institutions })
}

async fn open(by: &Client, email: &str, role: &str, institutions: &[Uuid]) -> Answer {
    by.post("/api/v1/accounts", &form(email, role, institutions)).await
}

async fn opened(by: &Client, email: &str, role: &str, institutions: &[Uuid]) -> Uuid {
    open(by, email, role, institutions).await.expect(201).id_at("/id")
}

async fn step(by: &Client, account: Uuid, action: &str, body: &Value) -> Answer {
    by.post(&format!("/api/v1/accounts/{account}/{action}"), body).await
}

async fn look(by: &Client, account: Uuid) -> Answer {
    by.get(&format!("/api/v1/accounts/{account}")).await
}

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Answer {
    app.anonymous().post("/api/v1/sessions", &json!({ "email": email, "password": password })).await
}

async fn emails(by: &Client, query: &str) -> Vec<String> {
    by.get(&format!("/api/v1/accounts?{query}&limit=200")).await.expect(200).column("email")
}

#[tokio::test]
async fn the_bookseller_opens_an_account_by_the_form_and_its_person_signs_in() {
    // L14, L15, L16, L21, L22
    let app = TestApp::demo().await;
    let (bookseller, own) = (app.bookseller(), app.requester().own_institution());
    let shop = bookseller.get("/api/v1/shop").await.expect(200);
    let establishment = shop.id_at("/establishments/0/id");
    let mut body = form("odile@demo.example", "approver", &[own, app.institution(SCHOOL)]);
    body["password"] = PASSWORD.into();
    body["phone"] = "03 83 00 00 00".into();
    body["establishment_id"] = json!(establishment);
    let id = bookseller.post("/api/v1/accounts", &body).await.expect(201).id_at("/id");
    let seen = look(&bookseller, id).await.expect(200);
    assert_eq!(seen.etag(), 1);
    for (pointer, value) in [
        ("/status", "active"),
        ("/role", "approver"),
        ("/name", "Odile Perrault"),
        ("/email", "odile@demo.example"),
        ("/phone", "03 83 00 00 00"),
        ("/institutions/1/librisoft_number", SCHOOL),
    ] {
        assert_eq!(seen.text_at(pointer), value, "{seen}");
    }
    assert_eq!(seen.id_at("/establishment_id"), establishment);
    let session = sign_in(&app, "Odile@demo.example", PASSWORD).await.expect(201);
    assert_eq!(session.at("/institutions"), &json!([own, app.institution(SCHOOL)]));
    // The address is one account's, however it is written.
    body["email"] = " ODILE@demo.example".into();
    bookseller.post("/api/v1/accounts", &body).await.refused(409, "email-taken");
    for (field, value, slug) in [
        ("establishment_id", json!(Uuid::from_u128(7)), "unknown-establishment"),
        ("institution_ids", json!([Uuid::from_u128(7)]), "unknown-institution"),
        ("institution_ids", json!([]), "unknown-institution"),
        ("password", json!("ecole-jules-ferry"), "password-too-common"),
        ("password", json!("court"), "password-length"),
        ("role", json!("system"), "invalid-field"),
    ] {
        let mut body = form("another@demo.example", "approver", &[app.institution(SCHOOL)]);
        body[field] = value;
        bookseller.post("/api/v1/accounts", &body).await.refused(422, slug);
    }
    open(&bookseller, "colleague@demo.example", "bookseller", &[]).await.expect(201);
    open(&bookseller, "colleague.2@demo.example", "bookseller", &[own]).await.refused(422, "unknown-institution");
}

#[tokio::test]
async fn nobody_gives_himself_by_a_field_what_he_was_not_asked_for() {
    // attack 35
    let app = TestApp::demo().await;
    let (requester, own) = (app.requester(), app.requester().own_institution());
    let me = app.account_of(&requester).await;
    for field in
        ["role", "is_admin", "institution_id", "institution_ids", "status", "approved_by", "password", "group_id"]
    {
        let body = json!({ "name": "Camille", field: "bookseller" });
        requester.patch("/api/v1/me", &body).await.refused(422, "invalid-field");
        let path = format!("/api/v1/accounts/{me}");
        let answer = requester.patch(&path, &body).await;
        assert!(matches!(answer.status, 403 | 422), "{answer}");
        let mut opening = form("x@demo.example", "requester", &[own]);
        if !matches!(field, "role" | "institution_ids" | "password") {
            opening[field] = true.into();
            app.purchaser().post("/api/v1/accounts", &opening).await.refused(422, "invalid-field");
        }
    }
    for action in ["assign", "approve"] {
        let body = json!({ "role": "purchaser", "institution_ids": [own] });
        step(&requester, me.0, action, &body).await.refused(403, "role-may-not");
    }
    assert_eq!(requester.get("/api/v1/me").await.expect(200).text_at("/role"), "requester");
}

#[tokio::test]
async fn purchasers_open_requesters_and_approvers_of_their_own_and_approvers_requesters() {
    // L12, L13, L14, L21
    let app = TestApp::demo().await;
    let (own, school) = (app.requester().own_institution(), app.institution(SCHOOL));
    let people = [app.requester(), app.approver(), app.purchaser(), app.bookseller(), app.auditor()];
    let may = |who: usize, role: &str| match who {
        1 => role == "requester",
        2 => matches!(role, "requester" | "approver"),
        3 => true,
        _ => false,
    };
    for (who, client) in people.iter().enumerate() {
        for role in ["requester", "approver", "purchaser"] {
            let answer = open(client, &format!("{who}.{role}@demo.example"), role, &[own]).await;
            if may(who, role) {
                answer.expect(201);
            } else {
                answer.refused(403, "role-may-not");
            }
        }
    }
    open(&app.purchaser(), "x@demo.example", "requester", &[own, school]).await.refused(403, "role-may-not");
    // Whoever signs in for two institutions gives either of them, or both.
    let head = app.engage("deux@demo.example", Role::Purchaser, &[MEDIATHEQUE, SCHOOL]).await;
    let account = opened(&head, "les.deux@demo.example", "requester", &[own, school]).await;
    let assign = |role: &str, institutions: &[Uuid]| json!({ "role": role, "institution_ids": institutions });
    step(&head, account, "assign", &assign("approver", &[school])).await.expect(200);
    step(&head, account, "assign", &assign("purchaser", &[school])).await.refused(403, "role-may-not");
    // It has left the Médiathèque: those there do not see it any more (attack 20).
    look(&app.purchaser(), account).await.refused(404, "not-found");
    step(&app.purchaser(), account, "assign", &assign("requester", &[own])).await.refused(404, "not-found");
    let path = format!("/api/v1/accounts/{account}");
    app.purchaser().patch(&path, &json!({ "name": "x" })).await.refused(404, "not-found");
    app.by("libraire@parvis.example").patch(&path, &json!({ "name": "x" })).await.refused(404, "not-found");
    look(&app.requester(), account).await.refused(404, "not-found");
    look(&app.auditor(), account).await.expect(200);
}

#[tokio::test]
async fn somebody_who_has_an_account_is_added_by_his_address() {
    // B17 L21
    let app = TestApp::demo().await;
    let (own, school) = (app.requester().own_institution(), app.institution(SCHOOL));
    let town = app.engage("ville@demo.example", Role::Purchaser, &[MEDIATHEQUE, SCHOOL]).await;
    let teacher = app.engage("prof@demo.example", Role::Requester, &[SCHOOL]).await;
    app.engage("direction@demo.example", Role::Purchaser, &[SCHOOL]).await;
    let path = format!("/api/v1/institutions/{own}/accounts");
    let add = async |by: &Client, body: Value| by.post(&path, &body).await;
    let added = add(&town, json!({ "email": "Prof@demo.example" })).await.expect(200);
    assert_eq!(added.id_at("/id"), app.account_of(&teacher).await.0);
    // At the very next request, in the session that he has.
    let me = teacher.get("/api/v1/me").await.expect(200);
    assert_eq!(me.at("/institutions"), &json!([school, own]));
    teacher.post("/api/v1/baskets", &json!({ "institution_id": own })).await.expect(201);
    let again = add(&town, json!({ "email": "prof@demo.example" })).await.expect(200);
    assert_eq!(again.etag(), 2);
    // Whom he could not administer is nobody to him, like whoever does not exist.
    for body in [
        json!({ "email": "nobody@demo.example" }),
        json!({ "email": "direction@demo.example" }),
        json!({ "email": "libraire@demo.example" }),
        json!({ "email": "mairie@demo.example" }),
        json!({ "email": "ancien.1@demo.example" }),
        json!({ "email": "prof@demo.example", "role": "approver" }),
        // He belongs to another institution too: that one would lose its say in him.
        json!({ "email": "prof@demo.example" }),
    ] {
        add(&app.purchaser(), body).await.refused(422, "unknown-email");
    }
    add(&app.bookseller(), json!({ "email": "prof@demo.example", "role": "approver" })).await.expect(200);
    assert_eq!(teacher.get("/api/v1/me").await.expect(200).text_at("/role"), "approver");
    add(&app.bookseller(), json!({ "email": "ancien.1@demo.example" })).await.refused(409, "wrong-status");
    add(&app.requester(), json!({ "email": "prof@demo.example" })).await.refused(403, "role-may-not");
    // Nobody moves himself in this way, and no bookseller his colleagues or the auditor.
    app.engage("second@demo.example", Role::Bookseller, &[]).await;
    for email in ["libraire@demo.example", "second@demo.example", "auditeur@demo.example"] {
        let body = json!({ "email": email, "role": "requester" });
        add(&app.bookseller(), body).await.refused(403, "role-may-not");
    }
    let foreign = format!("/api/v1/institutions/{school}/accounts");
    app.purchaser().post(&foreign, &json!({ "email": "prof@demo.example" })).await.refused(404, "not-found");
}

#[tokio::test]
async fn accounts_are_listed_by_status_role_and_institution_and_found_by_a_part_of_a_name() {
    // L19, B13, W27
    let app = TestApp::demo().await;
    let (bookseller, own) = (app.bookseller(), app.requester().own_institution());
    let all = bookseller.get("/api/v1/accounts").await.expect(200);
    let counts =
        ["requested", "active", "inactive", "declined"].map(|status| all.number_at(&format!("/counts/{status}")));
    assert_eq!(counts, [3, 5, 3, 3]);
    assert_eq!(emails(&bookseller, "status=inactive").await.len(), 3);
    assert_eq!(emails(&bookseller, "role=auditor").await, ["auditeur@demo.example"]);
    let theirs = ["collectivite@demo.example", "approbateur@demo.example", "utilisateur@demo.example"];
    assert_eq!(emails(&bookseller, &format!("institution_id={own}")).await, theirs);
    for who in [app.approver(), app.purchaser()] {
        assert_eq!(emails(&who, "").await, theirs);
        assert_eq!(emails(&who, &format!("institution_id={}", app.institution("5"))).await, [""; 0]);
        let page = who.get("/api/v1/accounts?q=ancien").await.expect(200);
        assert_eq!((page.items().len(), page.at("/counts/inactive")), (0, &json!(0)), "attack 16");
    }
    app.requester().get("/api/v1/accounts").await.refused(403, "role-may-not");
    // A part of a name, whatever its accents; a part of an address; a whole address.
    assert_eq!(emails(&bookseller, "q=helene").await, ["mairie@demo.example"]);
    assert_eq!(emails(&bookseller, "q=NO%C3%8BL").await, ["ancien.2@demo.example"]);
    assert_eq!(emails(&bookseller, "q=approb").await, ["approbateur@demo.example"]);
    assert_eq!(emails(&bookseller, "q=Libraire@demo.example").await, ["libraire@demo.example"]);
    assert_eq!(emails(&bookseller, "q=nobody").await, [""; 0]);
    // Page after page, nobody twice and nobody left out.
    let (mut cursor, mut seen) = (String::new(), Vec::new());
    loop {
        let page = bookseller.get(&format!("/api/v1/accounts?q=demo.example&limit=4{cursor}")).await.expect(200);
        seen.extend(page.column("email"));
        let Some(next) = page.at("/next").as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, emails(&bookseller, "").await);
    let csv = bookseller.call(axum::http::Method::GET, "/api/v1/accounts?status=declined").header("accept", "text/csv");
    assert!(csv.send().await.expect(200).text.contains("negoce@demo.example"));
}

#[tokio::test]
async fn a_closed_account_is_out_at_once_keeps_its_drafts_and_comes_back() {
    // B03, W08
    let app = TestApp::demo().await;
    let (purchaser, requester) = (app.purchaser(), app.requester());
    let draft = requester.filled_basket().await;
    let account = app.account_of(&requester).await.0;
    let before = look(&purchaser, account).await.expect(200);
    assert_eq!(before.at("/next_actions"), &json!(["assign", "deactivate", "edit", "send-link"]));
    step(&purchaser, account, "deactivate", &json!({})).await.expect(200);
    requester.get("/api/v1/me").await.refused(401, "unauthenticated");
    sign_in(&app, "utilisateur@demo.example", "bordereau-demo").await.refused(403, "account-inactive");
    step(&purchaser, account, "deactivate", &json!({})).await.expect(200);
    step(&purchaser, account, "send-link", &json!({})).await.refused(409, "wrong-status");
    assert_eq!(look(&app.approver(), account).await.expect(200).text_at("/status"), "inactive");
    assert!(app.approver().tray("to_validate").await.column("id").contains(&draft.to_string()));
    step(&app.approver(), account, "reactivate", &json!({})).await.expect(200);
    let back = app.sign_in("utilisateur@demo.example").await;
    back.basket(draft).await.expect(200);
    // Nobody closes himself, and a bookseller's account is closed by whoever runs the service.
    let own = app.account_of(&purchaser).await.0;
    step(&purchaser, own, "deactivate", &json!({})).await.refused(403, "role-may-not");
    let bookseller = app.bookseller();
    let colleague = opened(&bookseller, "colleague@demo.example", "bookseller", &[]).await;
    for account in [colleague, app.account_of(&bookseller).await.0] {
        step(&bookseller, account, "deactivate", &json!({})).await.refused(403, "role-may-not");
    }
}

#[tokio::test]
async fn a_locked_account_is_unlocked_by_the_bookseller_unless_it_is_a_booksellers() {
    // W06, W07; attack 1
    let app = TestApp::demo().await;
    let account = app.account_of(&app.requester()).await.0;
    for _ in 0..4 {
        sign_in(&app, "utilisateur@demo.example", "wrong-password").await.refused(401, "invalid-credentials");
    }
    sign_in(&app, "utilisateur@demo.example", "bordereau-demo").await.refused(401, "invalid-credentials");
    let seen = look(&app.bookseller(), account).await.expect(200);
    assert!(seen.at("/next_actions").as_array().unwrap().contains(&json!("unlock")), "{seen}");
    assert!(seen.body["locked_until"].is_string());
    assert!(look(&app.purchaser(), account).await.expect(200).body["locked_until"].is_null());
    let heads = app.heads().await;
    for who in [app.approver(), app.purchaser(), app.auditor()] {
        step(&who, account, "unlock", &json!({})).await.refused(403, "role-may-not");
    }
    step(&app.by("libraire@parvis.example"), account, "unlock", &json!({})).await.refused(404, "not-found");
    step(&app.bookseller(), account, "unlock", &json!({})).await.expect(204);
    assert_eq!(app.heads().await, heads, "locks are no events");
    sign_in(&app, "utilisateur@demo.example", "bordereau-demo").await.expect(201);
    let colleague = opened(&app.bookseller(), "colleague@demo.example", "bookseller", &[]).await;
    step(&app.bookseller(), colleague, "unlock", &json!({})).await.refused(403, "role-may-not");
}

#[tokio::test]
async fn the_bookseller_changes_login_point_of_sale_and_group_of_a_buyer() {
    // W27, W28
    let app = TestApp::demo().await;
    let (bookseller, account) = (app.bookseller(), app.account_of(&app.requester()).await.0);
    let path = format!("/api/v1/accounts/{account}");
    let group = bookseller.post("/api/v1/buyers-groups", &json!({ "name": "Écoles" })).await.expect(201).id_at("/id");
    let establishment = bookseller.get("/api/v1/shop").await.expect(200).id_at("/establishments/0/id");
    let body = json!({
        "name": "Camille Aubert-Roy", "phone": "03 83 11 11 11", "email": "camille@demo.example",
        "establishment_id": establishment, "group_id": group,
    });
    let head = app.head("DLIVRE").await;
    let changed = bookseller.patch(&path, &body).await.expect(200);
    assert_eq!(changed.position(), head + 4, "name and telephone, login, point of sale, group");
    bookseller.patch(&path, &body).await.expect(200);
    assert_eq!(app.head("DLIVRE").await, head + 4, "the same again is no change");
    let seen = look(&bookseller, account).await.expect(200);
    assert_eq!((seen.id_at("/group_id"), seen.id_at("/establishment_id")), (group, establishment));
    sign_in(&app, "utilisateur@demo.example", "bordereau-demo").await.refused(401, "invalid-credentials");
    sign_in(&app, "camille@demo.example", "bordereau-demo").await.expect(201);
    // The former address is free again.
    let own = app.requester().own_institution();
    opened(&bookseller, "utilisateur@demo.example", "requester", &[own]).await;
    bookseller.patch(&path, &json!({ "email": "utilisateur@demo.example" })).await.refused(409, "email-taken");
    bookseller.patch(&path, &json!({ "phone": null, "establishment_id": null })).await.expect(200);
    let seen = look(&bookseller, account).await.expect(200);
    assert!(seen.body["phone"].is_null() && seen.body["establishment_id"].is_null(), "{seen}");
    bookseller.patch(&path, &json!({ "group_id": Uuid::nil() })).await.refused(422, "unknown-buyers-group");
    for who in [app.approver(), app.purchaser()] {
        who.patch(&path, &json!({ "name": "Camille Aubert" })).await.expect(200);
        for body in
            [json!({ "group_id": group }), json!({ "email": "x@demo.example" }), json!({ "establishment_id": null })]
        {
            who.patch(&path, &body).await.refused(403, "role-may-not");
        }
    }
    let auditor = app.account_of(&app.auditor()).await.0;
    let auditor = format!("/api/v1/accounts/{auditor}");
    bookseller.patch(&auditor, &json!({ "email": "x@demo.example" })).await.refused(403, "role-may-not");
}

#[tokio::test]
async fn new_accounts_go_into_the_default_group_and_only_the_bookseller_makes_groups() {
    // W28; attack 33
    let app = TestApp::demo().await;
    let (bookseller, own) = (app.bookseller(), app.requester().own_institution());
    let groups = bookseller.get("/api/v1/buyers-groups").await.expect(200);
    assert_eq!((groups.items().len(), groups.at("/items/0/default")), (1, &json!(true)));
    let first = groups.id_at("/items/0/id");
    let made = bookseller.post("/api/v1/buyers-groups", &json!({ "name": "Écoles" })).await.expect(201).id_at("/id");
    let before = opened(&app.purchaser(), "avant@demo.example", "requester", &[own]).await;
    bookseller.post(&format!("/api/v1/buyers-groups/{made}/make-default"), &json!({})).await.expect(200);
    let after = opened(&app.purchaser(), "apres@demo.example", "requester", &[own]).await;
    assert_eq!(look(&bookseller, before).await.expect(200).id_at("/group_id"), first);
    assert_eq!(look(&bookseller, after).await.expect(200).id_at("/group_id"), made);
    let path = format!("/api/v1/buyers-groups/{first}");
    bookseller.patch(&path, &json!({ "name": "Tous" })).await.expect(200);
    bookseller.patch(&path, &json!({ "name": " " })).await.refused(422, "bad-text");
    let groups = app.auditor().get("/api/v1/buyers-groups").await.expect(200);
    assert_eq!(groups.column("name"), ["Tous", "Écoles"]);
    for who in [app.requester(), app.approver(), app.purchaser(), app.auditor()] {
        who.patch(&path, &json!({ "name": "x" })).await.refused(403, "role-may-not");
        who.post("/api/v1/buyers-groups", &json!({ "name": "x" })).await.refused(403, "role-may-not");
    }
    app.purchaser().get("/api/v1/buyers-groups").await.refused(403, "role-may-not");
    app.by("libraire@parvis.example").patch(&path, &json!({ "name": "x" })).await.refused(404, "not-found");
}

#[tokio::test]
async fn the_administration_is_warned_of_users_without_the_role_above_them() {
    // L17, L18
    let app = TestApp::demo().await;
    let lacking = async |by: &Client| by.get("/api/v1/institutions/lacking").await.expect(200);
    assert!(lacking(&app.bookseller()).await.items().is_empty());
    let parvis = lacking(&app.by("libraire@parvis.example")).await;
    assert_eq!(parvis.at("/items/0/without_approver"), &json!(true));
    let account = opened(&app.bookseller(), "prof@demo.example", "approver", &[app.institution(SCHOOL)]).await;
    let school = lacking(&app.auditor()).await;
    assert_eq!(
        (school.text_at("/items/0/librisoft_number"), school.at("/items/0/without_purchaser")),
        (SCHOOL.to_owned(), &json!(true))
    );
    step(&app.bookseller(), account, "deactivate", &json!({})).await.expect(200);
    assert!(lacking(&app.bookseller()).await.items().is_empty());
    app.purchaser().get("/api/v1/institutions/lacking").await.refused(403, "role-may-not");
}

#[tokio::test]
async fn people_and_other_keys_have_nothing_to_do_at_the_management_systems_door() {
    // attack 39
    let app = TestApp::demo().await;
    let nobody = Uuid::nil().to_string();
    let routes: Vec<_> = operations().into_iter().filter(|route| route.path.contains("/librisoft/")).collect();
    assert!(routes.len() > 5, "{routes:?}");
    let people = [app.requester(), app.approver(), app.purchaser(), app.bookseller(), app.auditor()];
    for route in routes {
        for who in people.iter().chain([&app.key("demo-integrator")]) {
            let path = route.path.replace("{id}", &nobody).replace("{order_id}", &nobody);
            let method: Method = route.method.parse().unwrap();
            let kind = if method == Method::PUT { "application/x-ndjson" } else { "application/json" };
            let body = match route.path.rsplit_once('/').unwrap() {
                (object, "acknowledge") if object.contains("/orders/") => json!({ "librisoft_number": "6767" }),
                (_, "lines") => json!({ "lines": [] }),
                _ => json!({}),
            };
            let call = who.call(method, &path).content(kind, body.to_string());
            call.send().await.refused(403, "role-may-not");
        }
    }
}

#[tokio::test]
async fn a_key_of_a_machine_has_nothing_to_do_with_accounts() {
    // attack 39
    let app = TestApp::demo().await;
    let account = app.account_of(&app.requester()).await.0;
    for key in [app.librisoft(), app.key("demo-integrator")] {
        key.get("/api/v1/accounts").await.refused(403, "role-may-not");
        look(&key, account).await.refused(403, "role-may-not");
        open(&key, "x@demo.example", "requester", &[]).await.refused(403, "role-may-not");
        key.patch("/api/v1/me", &json!({ "name": "x" })).await.refused(403, "role-may-not");
        key.put("/api/v1/me/password", &json!({ "current": "x", "new": PASSWORD })).await.refused(403, "role-may-not");
        for action in ["deactivate", "reactivate", "unlock", "send-link"] {
            step(&key, account, action, &json!({})).await.refused(403, "role-may-not");
        }
    }
}
