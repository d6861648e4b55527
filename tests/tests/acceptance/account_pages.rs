//! The pages of one's own account: details, login, sessions, second factor, delegations, another's place.

use bordereau_domain::Role;
use bordereau_store::MailState;
use bordereau_tests::{Browser, MEDIATHEQUE, TestApp};
use chrono::TimeDelta;
use regex::Regex;

use super::pages::{LANGUAGES, check};

const PATHS: [&str; 4] = ["/account", "/account/sessions", "/account/second-factor", "/account/delegations"];

async fn browser(app: &TestApp, who: &str) -> Browser {
    Browser::signed_in(app, "fr", &format!("{who}@demo.example")).await
}

#[tokio::test] // W02 W05
async fn every_page_of_ones_account_is_whole_in_three_languages() {
    let app = TestApp::demo().await;
    for language in LANGUAGES {
        for who in ["utilisateur", "approbateur", "collectivite", "libraire", "auditeur"] {
            let browser = Browser::signed_in(&app, language, &format!("{who}@demo.example")).await;
            for path in PATHS {
                check(language, path, &browser.get(path).await.expect(200));
            }
        }
    }
}

#[tokio::test] // W05, attack 61
async fn name_and_telephone_are_changed_and_mistakes_stand_beside_them() {
    let app = TestApp::demo().await;
    let browser = browser(&app, "utilisateur").await;
    let page = browser.get("/account").await.expect(200).text;
    for part in ["value=\"Camille Aubert\"", "utilisateur@demo.example", "Client(s) affecté(s)", "Droits"] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let refused = browser.post("/account/details", &[("name", " "), ("phone", "03 83")]).await.expect(422).text;
    assert!(refused.contains("id=\"name-error\"") && refused.contains("value=\"03 83\""), "{refused}");
    let form = [("name", "<i>Ana</i> d'Été"), ("phone", "03 83 11 22 33")];
    browser.post("/account/details", &form).await.leads_to("/account");
    for path in PATHS.into_iter().chain(["/", "/baskets"]) {
        let page = browser.get(path).await.expect(200).text;
        assert!(page.contains("&#60;i&#62;Ana&#60;/i&#62; d&#39;Été") && !page.contains("<i>"), "{path}: {page}");
    }
    assert!(browser.get("/account").await.text.contains("value=\"03 83 11 22 33\""));
    browser.post("/account/details", &[("name", "Ana"), ("phone", "")]).await.leads_to("/account");
    assert!(!browser.get("/account").await.text.contains("03 83 11 22 33"));
    browser.post("/account/details", &[("name", "Ana"), ("role", "bookseller")]).await.expect(422);
}

#[tokio::test] // W05
async fn another_login_waits_for_its_link_and_is_shown_until_then() {
    let app = TestApp::demo().await;
    let browser = browser(&app, "utilisateur").await;
    let form = |email: &'static str, password: &'static str| [("email", email), ("current_password", password)];
    let wrong = browser.post("/account/email", &form("camille@new.example", "nonsense!!")).await.expect(403).text;
    assert!(wrong.contains("id=\"current_password-error\"") && wrong.contains("camille@new.example"), "{wrong}");
    let bad = browser.post("/account/email", &form(" ", "bordereau-demo")).await.expect(422).text;
    assert!(bad.contains("id=\"email-error\""), "{bad}");
    browser.post("/account/email", &form("camille@new.example", "bordereau-demo")).await.leads_to("/account");
    let page = browser.get("/account").await.expect(200).text;
    assert!(page.contains("camille@new.example attend d&#39;être confirmée"), "{page}");
    assert!(page.contains("utilisateur@demo.example"), "the former one holds: {page}");
    let mails = app.app.store.list_mails("DLIVRE", MailState::Waiting, 10).await.unwrap();
    assert!(mails.iter().any(|row| row.mail.kind == "confirm-address"), "{mails:?}");
    app.clock.advance(TimeDelta::hours(1));
    let taken = browser.post("/account/email", &form("approbateur@demo.example", "bordereau-demo")).await;
    assert!(matches!(taken.status, 303 | 409), "{taken}");
}

#[tokio::test] // W09
async fn sessions_are_listed_and_ended_one_by_one_or_all_but_this() {
    let app = TestApp::demo().await;
    app.engage("seule@demo.example", Role::Requester, &[MEDIATHEQUE]).await;
    let (here, there, far) = (browser(&app, "seule").await, browser(&app, "seule").await, browser(&app, "seule").await);
    let page = here.get("/account/sessions").await.expect(200).text;
    assert_eq!((page.matches("Cette session").count(), page.matches(">Fermer<").count()), (1, 3), "{page}");
    let id = Regex::new("name=\"id\" value=\"([^\"]+)\"").unwrap();
    let mut ended = 0;
    for found in id.captures_iter(&page).map(|found| found[1].to_owned()).take(1) {
        here.post("/account/sessions/end", &[("id", &found)]).await.leads_to("/account/sessions");
        here.post("/account/sessions/end", &[("id", &found)]).await.leads_to("/account/sessions");
        ended += 1;
    }
    assert_eq!(ended, 1);
    assert_eq!(here.get("/account/sessions").await.text.matches(">Fermer<").count(), 2);
    here.post("/account/sessions/end-others", &[]).await.leads_to("/account/sessions");
    assert_eq!(here.get("/account/sessions").await.expect(200).text.matches(">Fermer<").count(), 0);
    there.get("/").await.leads_to("/sign-in");
    assert!(there.get("/sign-in").await.expect(200).text.contains("Votre session est terminée"));
    far.get("/").await.leads_to("/sign-in");
    // Nobody ends another's.
    let other = browser(&app, "approbateur").await;
    let theirs = app.approver().get("/api/v1/sessions").await.expect(200).text_at("/items/0/id");
    here.post("/account/sessions/end", &[("id", &theirs)]).await.leads_to("/account/sessions");
    other.get("/").await.expect(200);
}

#[tokio::test]
async fn a_second_factor_is_shown_once_proven_and_given_up() {
    let app = TestApp::demo().await;
    let browser = browser(&app, "utilisateur").await;
    let path = "/account/second-factor";
    let begin = format!("{path}/begin");
    let wrong = browser.post(&begin, &[("current_password", "nonsense!!")]).await.expect(403).text;
    assert!(wrong.contains("id=\"current_password-error\"") && !wrong.contains("<svg"), "{wrong}");
    for language in LANGUAGES {
        let answer =
            Browser::of(&app.requester(), language).post(&begin, &[("current_password", "bordereau-demo")]).await;
        check(language, "the picture", &answer.expect(200));
    }
    let offered = browser.post(&begin, &[("current_password", "bordereau-demo")]).await.expect(200);
    let secret = Regex::new("<code class=\"secret\">([A-Z2-7]{32})</code>").unwrap();
    let secret = secret.captures(&offered.text).unwrap()[1].to_owned();
    assert!(offered.text.contains("<svg class=\"qr\" role=\"img\"") && offered.header("cache-control") == "no-store");
    let code = |app: &TestApp| bordereau_api::totp::code_now(&secret, app.clock.now().timestamp()).unwrap();
    let confirm = format!("{path}/confirm");
    let wrong = browser.post(&confirm, &[("code", "000000")]).await.expect(422).text;
    assert!(wrong.contains("id=\"code-error\"") && !wrong.contains(&secret), "the secret is told once: {wrong}");
    let done = browser.post(&confirm, &[("code", &code(&app))]).await.expect(200);
    check("fr", "recovery codes", &done);
    let codes = Regex::new("<li><code>([A-Z2-7-]+)</code></li>").unwrap();
    let codes: Vec<_> = codes.captures_iter(&done.text).map(|found| found[1].to_owned()).collect();
    assert_eq!(codes.len(), 10, "{done}");
    let later = browser.get(path).await.expect(200).text;
    assert!(later.contains("En service") && !later.contains(&codes[0]) && !later.contains(&secret), "{later}");
    let fresh = Browser::new(&app, "fr");
    fresh.sign_in("utilisateur@demo.example", "bordereau-demo").await.expect(401);
    let give_up = format!("{path}/give-up");
    let wrong = browser.post(&give_up, &[("current_password", "bordereau-demo"), ("code", "1")]).await.expect(403).text;
    assert!(wrong.contains("id=\"code-error\""), "{wrong}");
    let form = [("current_password", "bordereau-demo"), ("code", codes[0].as_str())];
    browser.post(&give_up, &form).await.leads_to(path);
    assert!(browser.get(path).await.expect(200).text.contains("Pas en service"));
    fresh.sign_in("utilisateur@demo.example", "bordereau-demo").await.leads_to("/");
}

#[tokio::test] // W13
async fn a_delegate_takes_the_place_and_returns_and_the_giver_takes_it_back() {
    let app = TestApp::demo().await;
    let (giver, delegate) = (browser(&app, "approbateur").await, browser(&app, "collectivite").await);
    let (first, last) = (app.day(0).to_string(), app.day(7).to_string());
    let form = |email: &'static str, first: &'static str, last: &'static str| {
        [("email", email), ("first_day", first), ("last_day", last)]
    };
    let path = "/account/delegations";
    // Nobody's address, and that of somebody who is no colleague, are told alike.
    let mut told = Vec::new();
    for email in ["nobody@demo.example", "libraire@demo.example"] {
        let fields = [("email", email), ("first_day", first.as_str()), ("last_day", last.as_str())];
        let refused = giver.post(path, &fields).await.expect(422).text;
        assert!(refused.contains("id=\"email-error\""), "{refused}");
        told.push(refused.replace(email, ""));
    }
    assert_eq!(told[0], told[1]);
    let bad = giver.post(path, &form("collectivite@demo.example", "demain", "")).await.expect(422).text;
    assert!(bad.contains("id=\"first_day-error\"") && bad.contains("value=\"demain\""), "{bad}");
    let past = [("email", "collectivite@demo.example"), ("first_day", "2020-01-01"), ("last_day", last.as_str())];
    assert!(giver.post(path, &past).await.expect(422).text.contains("id=\"first_day-error\""));
    let good = [("email", "collectivite@demo.example"), ("first_day", first.as_str()), ("last_day", last.as_str())];
    giver.post(path, &good).await.leads_to(path);
    let page = giver.get(path).await.expect(200).text;
    assert!(page.contains("Christine Chailan") && page.contains("En cours"), "{page}");
    app.drain().await;
    let page = delegate.get(path).await.expect(200).text;
    assert!(page.contains("Agir à la place de Michel Denis"), "{page}");
    let account = Regex::new("name=\"account_id\" value=\"([^\"]+)\"").unwrap().captures(&page).unwrap()[1].to_owned();
    let before = delegate.cookie("bordereau").unwrap();
    delegate.post("/account/act-for", &[("account_id", &account)]).await.leads_to("/");
    let acting = delegate.get("/").await.expect(200).text;
    assert!(acting.contains("Approbateur · pour le compte de Michel Denis"), "{acting}");
    assert!(acting.contains("Revenir à mon nom") && delegate.cookie("bordereau").unwrap() != before, "{acting}");
    for path in PATHS {
        let page = delegate.get(path).await.expect(200);
        check("fr", path, &page);
        assert!(!page.text.contains("action=\"/account/details\"") && !page.text.contains("/begin\""), "{page}");
    }
    delegate.post("/account/details", &[("name", "Michel")]).await.expect(403);
    delegate.post("/account/second-factor/begin", &[("current_password", "bordereau-demo")]).await.expect(403);
    delegate.post("/account/act-for/end", &[]).await.leads_to("/");
    assert!(!delegate.get("/").await.expect(200).text.contains("pour le compte de"));
    delegate.post("/account/act-for/end", &[]).await.leads_to("/");
    delegate.post("/account/act-for", &[("account_id", &account)]).await.leads_to("/");
    let page = giver.get(path).await.expect(200).text;
    let id = Regex::new("/revoke\"><input type=\"hidden\" name=\"id\" value=\"([^\"]+)\"").unwrap();
    let id = id.captures(&page).unwrap()[1].to_owned();
    giver.post(&format!("{path}/revoke"), &[("id", &id)]).await.leads_to(path);
    delegate.get("/").await.leads_to("/sign-in");
    assert!(giver.get(path).await.expect(200).text.contains("Vous n&#39;avez donné aucune délégation"));
}

#[tokio::test] // W13
async fn nobody_takes_a_place_that_is_not_his_to_take_by_account_or_by_address() {
    let app = TestApp::demo().await;
    let browser = browser(&app, "utilisateur").await;
    let account = app.account_of(&app.approver()).await.to_string();
    browser.post("/account/act-for", &[("account_id", &account)]).await.expect(403);
    let mut told = Vec::new();
    for email in ["nobody@demo.example", "approbateur@demo.example"] {
        told.push(browser.post("/account/act-for", &[("other", email)]).await.expect(403).text.replace(email, ""));
    }
    assert_eq!(told[0], told[1]);
    // Whoever has the power of substitution names an address.
    let granted = format!("/api/v1/accounts/{}/substitution", app.account_of(&app.requester()).await);
    app.bookseller().put(&granted, &serde_json::json!({})).await.done();
    app.drain().await;
    assert!(browser.get("/account/delegations").await.expect(200).text.contains("pouvoir de substitution"));
    browser.post("/account/act-for", &[("other", "approbateur@demo.example")]).await.leads_to("/");
    assert!(browser.get("/").await.expect(200).text.contains("pour le compte de Michel Denis"));
}
