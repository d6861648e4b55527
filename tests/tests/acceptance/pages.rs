//! The pages: in three languages, without any script, and only for whom they are.

use bordereau_api::App;
use bordereau_commands::{AccountRequest, SealText, new_id};
use bordereau_domain::{AccountId, Role};
use bordereau_store::MailState;
use bordereau_tests::{Browser, TestApp};
use chrono::TimeDelta;
use regex::Regex;
use serde_json::json;

pub const LANGUAGES: [&str; 3] = ["fr", "nl", "en"];
const PEOPLE: [&str; 5] = ["utilisateur", "approbateur", "collectivite", "libraire", "auditeur"];

/// A link that sets the password of somebody of DLIVRE; its token.
async fn link(app: &App, test: &TestApp, email: &str) -> String {
    let account = test.account_of(&test.by(email)).await;
    let token = format!("link-{}", new_id());
    let expires_at = (test.clock.now() + TimeDelta::minutes(30)).timestamp_micros();
    app.store.set_reset_link("DLIVRE", account.0, &bordereau_api::token_hash(&token), expires_at).await.unwrap();
    token
}

/// What holds of every page, whatever it shows.
pub fn check(language: &str, path: &str, answer: &bordereau_tests::Answer) {
    let text = &answer.text;
    let told = format!("{path} in {language}: {text}");
    assert!(text.len() < 100_000, "{path} weighs {}", text.len());
    assert!(text.contains(&format!("<html lang=\"{language}\">")), "{told}");
    assert_eq!(answer.header("content-language"), language);
    assert_eq!(text.matches("<h1").count(), 1, "{told}");
    for part in ["<title>", "<main id=\"content\"", "class=\"skip\" href=\"#content\"", "name=\"viewport\""] {
        assert!(text.contains(part), "no {part} in {told}");
    }
    for missing in ["⟦", "{ $", "{$"] {
        assert!(!text.contains(missing), "a text is missing in {told}");
    }
    for foreign in ["http://", "https://", "<style", " style=", "javascript:"] {
        assert!(!text.contains(foreign), "{foreign} in {told}");
    }
    assert!(!Regex::new(r"<script(?:>| type=\S+>)| on[a-z]+=").unwrap().is_match(text), "a script inside {told}");
    let input = Regex::new(r#"<(?:input|select)[^>]*?\bid="([^"]+)""#).unwrap();
    for found in input.captures_iter(text) {
        assert!(text.contains(&format!("<label for=\"{}\"", &found[1])), "{} has no label: {told}", &found[1]);
    }
    if language == "fr" {
        let words = Regex::new(r"<[^>]*>").unwrap().replace_all(text, "\u{1}");
        let torn = Regex::new(r"[^\s\u{1}] [:;!?»%€]|« ").unwrap();
        assert!(!torn.is_match(&words), "{:?} is torn in {told}", torn.find(&words).map(|found| found.as_str()));
    }
}

#[tokio::test] // W02
async fn every_page_is_whole_in_three_languages() {
    let app = TestApp::demo().await;
    for language in LANGUAGES {
        let nobody = Browser::new(&app, language);
        let token = link(&app.app, &app, "utilisateur").await;
        for path in ["/sign-in", "/sign-in?next=/baskets", "/password/forgotten", &format!("/password/{token}")] {
            check(language, path, &nobody.get(path).await.expect(200));
        }
        check(language, "/nowhere", &nobody.get("/nowhere").await.expect(404));
        check(language, "/password/dead", &nobody.get("/password/dead").await.expect(410));
        check(language, "sign-in refused", &nobody.sign_in("utilisateur@demo.example", "wrong").await.expect(401));
        for who in PEOPLE {
            let browser = Browser::signed_in(&app, language, &format!("{who}@demo.example")).await;
            for path in ["/", "/account"] {
                check(language, path, &browser.get(path).await.expect(200));
            }
            let expected = if matches!(who, "libraire" | "auditeur") { 403 } else { 200 };
            for tray in ["/baskets", "/baskets?tray=sent", "/baskets?tray=validated"] {
                check(language, tray, &browser.get(tray).await.expect(expected));
            }
        }
        let approver = Browser::signed_in(&app, language, "approbateur@demo.example").await;
        check(language, "to validate", &approver.get("/baskets?tray=to_validate").await.expect(200));
    }
}

#[tokio::test] // W02
async fn the_language_is_switched_on_any_page_and_kept() {
    let app = TestApp::demo().await;
    let browser = Browser::new(&app, "fr");
    assert!(browser.get("/sign-in").await.text.contains("Se connecter"));
    let switch = [("language", "nl"), ("next", "/sign-in?next=/baskets")];
    let answer = browser.post("/language", &switch).await.leads_to("/sign-in?next=/baskets");
    assert!(answer.header("set-cookie").contains("Max-Age=31536000"));
    assert!(browser.get("/sign-in").await.text.contains("Aanmelden"));
    assert!(browser.get("/nowhere").await.text.contains("lang=\"nl\""));
    for bad in ["de", "", "fr\r\nX: y"] {
        browser.post("/language", &[("language", bad), ("next", "/")]).await.expect(422);
    }
}

#[tokio::test] // W09
async fn the_accounts_name_stands_in_the_menu_under_its_persons() {
    let app = TestApp::demo().await;
    let page = Browser::of(&app.purchaser(), "fr").get("/").await.expect(200).text;
    let sheet = page.split_once("<div class=\"sheet\">").expect("a menu").1;
    assert!(sheet.trim_start().starts_with("<p class=\"login under\">collectivite@demo.example</p>"), "{sheet}");
}

#[tokio::test] // L36 L37 L38 W09
async fn each_role_has_its_menu_under_the_exact_labels() {
    let app = TestApp::demo().await;
    let link = Regex::new(r#"<a href="([^"]+)"[^>]*>([^<]+)</a>"#).unwrap();
    let passed_on = "Paniers envoyés/validés par la collectivité";
    for (who, role, menu) in [
        ("utilisateur", "Utilisateur", &["Mon panier"][..]),
        ("approbateur", "Approbateur", &["Mon panier", "Paniers à valider", passed_on]),
        ("collectivite", "Collectivité", &["Mon panier", "Paniers à valider", "Paniers validés"]),
        (
            "libraire",
            "Libraire",
            &[
                "Gestion des devis collectivité",
                "Gestion des commandes collectivité",
                "Clients",
                "Aperçu des utilisateurs",
            ],
        ),
    ] {
        let browser = Browser::signed_in(&app, "fr", &format!("{who}@demo.example")).await;
        let page = browser.get("/").await.expect(200).text;
        let banner = page.split("<nav class=\"menu\"").nth(1).unwrap().split("</nav>").next().unwrap();
        let labels: Vec<_> = link.captures_iter(banner).map(|found| found[2].to_owned()).collect();
        assert_eq!(labels, menu, "{who}");
        for found in link.captures_iter(banner) {
            browser.get(&found[1]).await.expect(200);
        }
        // The account's name stands beneath its role, and the way out with it.
        for words in ["Déconnexion", "Mon compte client", role] {
            assert!(page.contains(words), "{who}: no {words}");
        }
    }
}

#[tokio::test] // W08
async fn a_refused_sign_in_says_why_beside_the_field_and_keeps_the_address() {
    let app = TestApp::demo().await;
    let browser = Browser::new(&app, "fr");
    let refused = browser.sign_in("utilisateur@demo.example", "not-my-password").await.expect(401);
    assert!(refused.text.contains("value=\"utilisateur@demo.example\"") && !refused.text.contains("not-my-password"));
    assert!(refused.text.contains("aria-invalid=\"true\" aria-describedby=\"password-error\""), "{refused}");
    assert!(refused.text.contains("id=\"password-error\">L&#39;adresse ou le mot de passe est faux"));
    assert_eq!(browser.cookie("bordereau"), None);
    let unknown = browser.sign_in("nobody@demo.example", "not-my-password").await.expect(401);
    assert_eq!(unknown.text.replace("nobody@", "utilisateur@"), refused.text, "an unknown address is told apart");
    app.deactivate(&app.approver()).await;
    let inactive = browser.sign_in("approbateur@demo.example", "bordereau-demo").await.expect(403);
    assert!(inactive.text.contains("Compte inactivé"), "{inactive}");
    browser.post("/sign-in", &[("email", "a"), ("password", "b"), ("role", "bookseller")]).await.expect(422);
    browser
        .visit(axum::http::Method::POST, "/sign-in")
        .header("sec-fetch-site", "same-origin")
        .content("application/json", "{}")
        .send()
        .await
        .expect(415);
}

#[tokio::test]
async fn an_address_of_two_shops_chooses_one_by_its_name() {
    let app = TestApp::demo().await;
    let account_id = AccountId(new_id());
    let open = AccountRequest::Open {
        account_id,
        email: SealText::new("libraire@demo.example").unwrap(),
        name: SealText::new("Julie Barthélemy").unwrap(),
        phone: None,
        role: Role::Bookseller,
        institutions: Vec::new(),
        establishment: None,
        password_hash: Some(app.app.passwords.hash("bordereau-demo".to_owned()).await.unwrap()),
    };
    app.act("PARVIS", account_id, open).await;
    let browser = Browser::new(&app, "fr");
    let asked = browser.sign_in("libraire@demo.example", "bordereau-demo").await.expect(409);
    assert!(asked.text.contains("value=\"DLIVRE\"") && asked.text.contains("Librairie du Parvis"), "{asked}");
    let fields = [("email", "libraire@demo.example"), ("password", "bordereau-demo"), ("shop", "PARVIS")];
    browser.post("/sign-in", &fields).await.leads_to("/");
    assert!(browser.get("/account").await.text.contains("Librairie du Parvis"));
}

#[tokio::test]
async fn a_second_factor_is_asked_for_in_the_form() {
    let app = TestApp::demo().await;
    let client = app.sign_in("utilisateur@demo.example").await;
    let begin = json!({ "current_password": "bordereau-demo" });
    let secret = client.post("/api/v1/me/second-factor", &begin).await.expect(201).text_at("/secret");
    let code = |app: &TestApp| bordereau_api::totp::code_now(&secret, app.clock.now().timestamp()).unwrap();
    client.post("/api/v1/me/second-factor/confirm", &json!({ "code": code(&app) })).await.expect(200);
    app.clock.advance(TimeDelta::seconds(30));
    let browser = Browser::new(&app, "fr");
    let asked = browser.sign_in("utilisateur@demo.example", "bordereau-demo").await.expect(401);
    for part in ["id=\"code\"", "one-time-code", "id=\"code-error\"", "value=\"utilisateur@demo.example\""] {
        assert!(asked.text.contains(part), "no {part} in {asked}");
    }
    check("fr", "the second factor", &asked);
    let form = |code| [("email", "utilisateur@demo.example"), ("password", "bordereau-demo"), ("code", code)];
    let wrong = browser.post("/sign-in", &form("000000")).await.expect(401);
    assert!(wrong.text.contains("Le code est faux"), "{wrong}");
    browser.post("/sign-in", &form(&code(&app))).await.leads_to("/");
    browser.get("/").await.expect(200);
}

#[tokio::test] // W13
async fn acting_in_anothers_place_is_said_above_every_page() {
    let app = TestApp::demo().await;
    let (bookseller, approver) = (app.bookseller(), app.account_of(&app.approver()).await);
    let browser = Browser::of(&bookseller.in_place_of(approver).await, "fr");
    let page = browser.get("/baskets?tray=to_validate").await.expect(200);
    assert!(page.text.contains("Julie Barthélemy"), "{page}");
    assert!(page.text.contains("Approbateur · pour le compte de Michel Denis"), "{page}");
    check("fr", "in another's place", &page);
    let form = [("current", "bordereau-demo"), ("password", "a-new-password"), ("confirmation", "a-new-password")];
    browser.post("/account/password", &form).await.expect(403);
}

#[tokio::test] // W09
async fn signed_out_means_led_to_the_sign_in_and_back() {
    let app = TestApp::demo().await;
    let browser = Browser::new(&app, "fr");
    browser.get("/").await.leads_to("/sign-in");
    browser.get("/baskets?tray=sent").await.leads_to("/sign-in?next=/baskets%3Ftray%3Dsent");
    let page = browser.get("/sign-in?next=/baskets%3Ftray%3Dsent").await.expect(200).text;
    assert!(page.contains("name=\"next\" value=\"/baskets?tray=sent\""), "{page}");
    browser.post("/baskets", &[("name", "x")]).await.leads_to("/sign-in");
    // A program is told so, not led.
    browser.visit(axum::http::Method::GET, "/").header("accept", "*/*").send().await.refused(401, "unauthenticated");
    let form = [("email", "utilisateur@demo.example"), ("password", "bordereau-demo"), ("next", "/baskets?tray=sent")];
    browser.post("/sign-in", &form).await.leads_to("/baskets?tray=sent");
    browser.get("/sign-in").await.leads_to("/");
    let old = browser.cookie("bordereau").unwrap();
    browser.post("/sign-out", &[]).await.leads_to("/sign-in");
    assert_eq!(browser.cookie("bordereau"), None);
    assert!(browser.get("/sign-in").await.text.contains("Vous êtes déconnecté"));
    assert!(!browser.get("/sign-in").await.text.contains("Vous êtes déconnecté"), "told twice");
    browser.keep("bordereau", &old);
    browser.get("/").await.leads_to("/sign-in");
    assert_eq!(browser.cookie("bordereau"), None, "a dead cookie is taken back");
}

#[tokio::test] // attack 8
async fn a_session_from_before_the_sign_in_is_dead_after_it() {
    let app = TestApp::demo().await;
    let attacker = Browser::signed_in(&app, "fr", "utilisateur@demo.example").await;
    let known = attacker.cookie("bordereau").unwrap();
    let victim = Browser::new(&app, "fr");
    victim.keep("bordereau", &known);
    victim.sign_in("approbateur@demo.example", "bordereau-demo").await.leads_to("/");
    assert_ne!(victim.cookie("bordereau").unwrap(), known);
    attacker.get("/").await.leads_to("/sign-in");
    victim.get("/").await.expect(200);
    // A value of the attacker's choice is never taken over.
    let chosen = Browser::new(&app, "fr");
    chosen.keep("bordereau", "chosen-by-somebody-else");
    chosen.sign_in("utilisateur@demo.example", "bordereau-demo").await.leads_to("/");
    assert_ne!(chosen.cookie("bordereau").unwrap(), "chosen-by-somebody-else");
}

#[tokio::test] // attack 9
async fn a_cookie_is_dead_after_another_password_and_after_deactivation() {
    let app = TestApp::demo().await;
    let here = Browser::signed_in(&app, "fr", "utilisateur@demo.example").await;
    let elsewhere = Browser::signed_in(&app, "fr", "utilisateur@demo.example").await;
    let change = |current, password, confirmation| {
        [("current", current), ("password", password), ("confirmation", confirmation)]
    };
    let wrong = here.post("/account/password", &change("nonsense!!", "a-new-password", "a-new-password")).await;
    assert!(wrong.expect(403).text.contains("id=\"current-error\""));
    let differs = here.post("/account/password", &change("bordereau-demo", "a-new-password", "another-one")).await;
    assert!(differs.expect(422).text.contains("id=\"confirmation-error\""));
    let short = here.post("/account/password", &change("bordereau-demo", "short", "short")).await;
    assert!(short.expect(422).text.contains("id=\"password-error\""));
    elsewhere.get("/").await.expect(200);
    let before = here.cookie("bordereau").unwrap();
    here.post("/account/password", &change("bordereau-demo", "a-new-password", "a-new-password"))
        .await
        .leads_to("/account");
    assert_ne!(here.cookie("bordereau").unwrap(), before);
    assert!(here.get("/account").await.expect(200).text.contains("Votre mot de passe est changé"));
    elsewhere.get("/").await.leads_to("/sign-in");
    Browser::new(&app, "fr").sign_in("utilisateur@demo.example", "bordereau-demo").await.expect(401);
    let approver = Browser::signed_in(&app, "fr", "approbateur@demo.example").await;
    app.deactivate(&app.approver()).await;
    approver.get("/").await.leads_to("/sign-in");
    let refused = app.refusals().await;
    assert!(refused.iter().any(|kept| kept.command == "POST /account/password" && kept.reason == "wrong-password"));
}

#[tokio::test] // L23, attack 6, attack 59
async fn a_link_sets_a_password_once_and_looking_at_it_uses_nothing_up() {
    let app = TestApp::demo().await;
    let token = link(&app.app, &app, "utilisateur").await;
    let (path, browser) = (format!("/password/{token}"), Browser::new(&app, "fr"));
    for _ in 0..3 {
        let page = browser.get(&path).await.expect(200);
        // The path is a secret: it is told to nobody, and the form still says where it comes from.
        assert_eq!(page.header("referrer-policy"), "strict-origin");
    }
    let set = |password: &'static str, again: &'static str| [("password", password), ("confirmation", again)];
    assert!(browser.post(&path, &set("a-new-password", "other")).await.expect(422).text.contains("confirmation-error"));
    browser.post(&path, &set("short", "short")).await.expect(422);
    browser.post(&path, &set("a-new-password", "a-new-password")).await.leads_to("/sign-in");
    browser.post(&path, &set("a-new-password", "a-new-password")).await.expect(410);
    assert!(browser.get(&path).await.expect(410).text.contains("Ce lien a déjà servi"));
    browser.sign_in("utilisateur@demo.example", "a-new-password").await.leads_to("/");
    let late = format!("/password/{}", link(&app.app, &app, "approbateur").await);
    app.clock.advance(TimeDelta::minutes(31));
    browser.get(&late).await.expect(410);
    browser.post(&late, &set("a-new-password", "a-new-password")).await.expect(410);
}

#[tokio::test] // L23
async fn a_forgotten_password_is_answered_alike_and_a_link_goes_to_active_accounts_alone() {
    let app = TestApp::demo().await;
    app.deactivate(&app.by("auditeur")).await;
    let mut told = Vec::new();
    for email in
        ["nobody@demo.example", "auditeur@demo.example", "", "Utilisateur@Demo.example ", "utilisateur@demo.example"]
    {
        let browser = Browser::new(&app, "fr");
        let answer = browser.post("/password/forgotten", &[("email", email)]).await.leads_to("/sign-in");
        let page = browser.get("/sign-in").await.expect(200);
        assert!(page.text.contains("Si cette adresse est celle d&#39;un compte actif"), "{page}");
        told.push((answer.status, answer.headers.get_all("set-cookie").iter().cloned().collect::<Vec<_>>(), page.text));
    }
    assert!(told.iter().all(|answer| *answer == told[0]), "the answers differ");
    let account = app.account_of(&app.requester()).await;
    let mails = app.app.store.list_mails("DLIVRE", MailState::Waiting, 10).await.unwrap();
    assert_eq!(mails.len(), 1, "one link in a minute: {mails:?}");
    assert_eq!((mails[0].mail.account, mails[0].mail.kind.as_str()), (account.0, "reset-password"));
}

#[tokio::test] // L40, attack 61, attack 62
async fn names_are_shown_as_they_were_typed_whatever_they_hold() {
    let app = TestApp::demo().await;
    let client = app.engage("muette@demo.example", Role::Requester, &[bordereau_tests::MEDIATHEQUE]).await;
    let browser = Browser::signed_in(&app, "fr", "muette@demo.example").await;
    let institution = client.own_institution().to_string();
    let empty = browser.get("/baskets").await.expect(200).text;
    assert!(empty.contains("Aucun panier en préparation"), "{empty}");
    for (name, shown) in [
        ("<script>alert(1)</script>", "&#60;script&#62;alert(1)&#60;/script&#62;"),
        ("\"><img src=x onerror=alert(1)>", "&#34;&#62;&#60;img src=x onerror=alert(1)&#62;"),
        ("{{7*7}} ${7*7} {$count}", "{{7*7}} ${7*7} {$count}"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("l'été & l'automne", "l&#39;été &#38; l&#39;automne"),
    ] {
        let form = [("name", name), ("institution_id", institution.as_str())];
        let done = browser.post("/baskets", &form).await.expect(303);
        let basket = done.header("location").to_owned();
        assert!(done.headers.get_all("set-cookie").iter().any(|c| c.to_str().unwrap().contains("position=DLIVRE:")));
        // What was just written is seen, without a word to any view.
        let page = browser.get(&basket).await.expect(200).text;
        assert!(page.contains("Le panier est ouvert."));
        for page in [page, browser.get("/baskets").await.expect(200).text] {
            assert!(page.contains(shown), "{shown} is not in {page}");
            assert!(!page.contains("<script>") && !page.contains("<img"), "{page}");
        }
    }
    let long = "x".repeat(201);
    let refused = browser.post("/baskets", &[("name", &long), ("institution_id", &institution)]).await.expect(422);
    assert!(refused.text.contains("id=\"name-error\"") && refused.text.contains(&long), "{refused}");
    let other = app.institution(bordereau_tests::SCHOOL).to_string();
    browser.post("/baskets", &[("name", "x"), ("institution_id", &other)]).await.expect(422);
    // A position of a history that was lost keeps nobody waiting.
    browser.keep("bordereau-position", "DLIVRE:999999999");
    browser.get("/baskets").await.expect(200);
    browser.keep("bordereau-position", "nonsense");
    browser.get("/baskets").await.expect(200);
}
