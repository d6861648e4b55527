//! The pages of accounts: opened, moved, closed by those above them; asked for, granted and refused.

use bordereau_domain::Role;
use bordereau_store::MailState;
use bordereau_tests::{Browser, MEDIATHEQUE, SCHOOL, TestApp};
use regex::Regex;
use serde_json::json;

use super::pages::{LANGUAGES, check};

const PASSWORD: &str = "cheval-pile-agrafe";

async fn browser(app: &TestApp, who: &str) -> Browser {
    Browser::signed_in(app, "fr", &format!("{who}@demo.example")).await
}

/// The account's page that a form led to.
fn led(answer: &bordereau_tests::Answer) -> String {
    assert_eq!(answer.status, 303, "{answer}");
    answer.header("location").to_owned()
}

fn registration(email: &str) -> [(&str, &str); 10] {
    [
        ("shop", "DLIVRE"),
        ("company", "Lycée <Chopin>"),
        ("vat_number", "FR12345678901"),
        ("chamber_number", ""),
        ("department", "CDI"),
        ("name", "Odile Perrault"),
        ("phone", ""),
        ("email", email),
        ("password", PASSWORD),
        ("confirmation", PASSWORD),
    ]
}

#[tokio::test] // W02
async fn every_page_of_accounts_is_whole_in_three_languages() {
    let app = TestApp::demo().await;
    let account = app.account_of(&app.requester()).await;
    for language in LANGUAGES {
        let nobody = Browser::new(&app, language);
        check(language, "/registration", &nobody.get("/registration").await.expect(200));
        for who in ["approbateur", "collectivite", "libraire", "auditeur"] {
            let browser = Browser::signed_in(&app, language, &format!("{who}@demo.example")).await;
            for path in ["/accounts", "/accounts?status=inactive", "/accounts?q=zzz", &format!("/accounts/{account}")] {
                check(language, path, &browser.get(path).await.expect(200));
            }
            let expected = if who == "auditeur" { 403 } else { 200 };
            check(language, "/accounts/new", &browser.get("/accounts/new").await.expect(expected));
        }
        let bookseller = Browser::signed_in(&app, language, "libraire@demo.example").await;
        for path in ["/accounts?status=requested", "/accounts?status=declined"] {
            check(language, path, &bookseller.get(path).await.expect(200));
        }
    }
}

#[tokio::test] // L12 L13 L14 L22, B05 B16
async fn the_purchaser_opens_users_and_approvers_and_the_approver_users() {
    let app = TestApp::demo().await;
    let (purchaser, approver) = (browser(&app, "collectivite").await, browser(&app, "approbateur").await);
    let page = purchaser.get("/accounts/new").await.expect(200).text;
    for label in
        ["Email *", "Mot de passe *", "Confirmation *", "Droits *", "Client(s) affecté(s) *", "Librairie affectée *"]
    {
        assert!(page.contains(label), "no {label} in {page}");
    }
    assert!(page.contains("> Utilisateur<") && page.contains("> Approbateur<") && !page.contains("> Collectivité<"));
    let page = approver.get("/accounts/new").await.expect(200).text;
    assert!(page.contains("> Utilisateur<") && !page.contains("> Approbateur<"), "{page}");
    let institution = app.institution(MEDIATHEQUE).to_string();
    let point = Regex::new("name=\"establishment_id\"[^<]*<option value=\"([^\"]+)\"").unwrap();
    let point = point.captures(&page).unwrap()[1].to_owned();
    let form = |email: &'static str, role: &'static str, password: &'static str, again: &'static str| {
        [
            ("email", email.to_owned()),
            ("name", "Nina Roy".to_owned()),
            ("phone", String::new()),
            ("role", role.to_owned()),
            ("institution_ids", institution.clone()),
            ("establishment_id", point.clone()),
            ("first_password", if password.is_empty() { "link" } else { "typed" }.to_owned()),
            ("password", password.to_owned()),
            ("confirmation", again.to_owned()),
        ]
    };
    let send = async |by: &Browser, form: [(&'static str, String); 9]| {
        let fields: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        by.post("/accounts", &fields).await
    };
    // Mistakes stand beside their fields, and what was typed is kept, but for passwords.
    let differs = send(&purchaser, form("nina@demo.example", "approver", PASSWORD, "other")).await.expect(422).text;
    assert!(
        differs.contains("id=\"confirmation-error\"") && differs.contains("value=\"nina@demo.example\""),
        "{differs}"
    );
    assert!(!differs.contains(PASSWORD) && differs.contains("value=\"approver\" checked"), "{differs}");
    let common = send(&purchaser, form("nina@demo.example", "requester", "1234567890", "1234567890")).await.expect(422);
    assert!(common.text.contains("id=\"password-error\""), "{common}");
    let taken = send(&purchaser, form("approbateur@demo.example", "requester", "", "")).await.expect(409).text;
    assert!(taken.contains("id=\"email-error\""), "{taken}");
    let mut nowhere = form("nina@demo.example", "requester", "", "");
    nowhere[4].1 = String::new();
    let nowhere = send(&purchaser, nowhere).await.expect(422).text;
    assert!(nowhere.contains("id=\"institution_ids-error\""), "{nowhere}");
    // Above himself or beside his institutions nobody opens anything.
    send(&purchaser, form("nina@demo.example", "purchaser", "", "")).await.expect(403);
    send(&approver, form("nina@demo.example", "approver", "", "")).await.expect(403);
    let account = led(&send(&purchaser, form("nina@demo.example", "approver", PASSWORD, PASSWORD)).await);
    let page = purchaser.get(&account).await.expect(200).text;
    for part in ["Nina Roy", "nina@demo.example", "Approbateur", "Le compte est créé.", "Compte actif"] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    Browser::new(&app, "fr").sign_in("nina@demo.example", PASSWORD).await.leads_to("/");
    led(&send(&approver, form("lien@demo.example", "requester", "", "")).await);
    app.drain().await;
    assert!(approver.get("/accounts?q=lien@demo.example").await.expect(200).text.contains("Nina Roy"));
}

#[tokio::test] // B16 B17, L21
async fn accounts_are_moved_closed_and_joined_by_those_above_them_alone() {
    let app = TestApp::demo().await;
    let purchaser = browser(&app, "collectivite").await;
    let page = purchaser.get("/accounts").await.expect(200).text;
    for part in ["Aperçu des utilisateurs", "Comptes actifs", "Comptes inactifs", "Ajouter un utilisateur existant"] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let account = app.account_of(&app.requester()).await;
    let path = format!("/accounts/{account}");
    let institution = app.institution(MEDIATHEQUE).to_string();
    let moved = [("role", "approver"), ("institution_ids", institution.as_str())];
    purchaser.post(&format!("{path}/assign"), &moved).await.leads_to(&path);
    assert!(purchaser.get(&path).await.expect(200).text.contains("<dd>Approbateur</dd>"));
    let nobody = purchaser.post(&format!("{path}/assign"), &[("role", "requester")]).await.expect(422).text;
    assert!(nobody.contains("id=\"assign-institution_ids-error\""), "{nobody}");
    let back = [("role", "requester"), ("institution_ids", institution.as_str())];
    purchaser.post(&format!("{path}/assign"), &back).await.leads_to(&path);
    let blank = purchaser.post(&format!("{path}/edit"), &[("name", ""), ("phone", "03 83")]).await.expect(422).text;
    assert!(blank.contains("id=\"edit-name-error\"") && blank.contains("value=\"03 83\""), "{blank}");
    purchaser.post(&format!("{path}/edit"), &[("name", "Camille <b>A</b>"), ("phone", "")]).await.leads_to(&path);
    let page = purchaser.get(&path).await.expect(200).text;
    assert!(page.contains("<h1>Camille &#60;b&#62;A&#60;/b&#62;</h1>"), "{page}");
    purchaser.post(&format!("{path}/send-link"), &[]).await.leads_to(&path);
    let mails = app.app.store.list_mails("DLIVRE", MailState::Waiting, 10).await.unwrap();
    assert!(mails.iter().any(|row| row.mail.kind == "reset-password" && row.mail.account == account.0), "{mails:?}");
    let victim = browser(&app, "utilisateur").await;
    purchaser.post(&format!("{path}/deactivate"), &[]).await.leads_to(&path);
    app.drain().await;
    victim.get("/").await.leads_to("/sign-in");
    let page = purchaser.get(&path).await.expect(200).text;
    assert!(
        page.contains("Compte inactivé") && page.contains("Réactiver le compte") && !page.contains("/deactivate\"")
    );
    assert!(purchaser.get("/accounts?status=inactive").await.expect(200).text.contains("utilisateur@demo.example"));
    purchaser.post(&format!("{path}/reactivate"), &[]).await.leads_to(&path);
    // Somebody of another institution is added by his address; nobody's is told like one out of reach.
    app.engage("jules@demo.example", Role::Requester, &[SCHOOL]).await;
    app.engage("deux@demo.example", Role::Purchaser, &[MEDIATHEQUE, SCHOOL]).await;
    let two = browser(&app, "deux").await;
    let join = |email: &'static str| [("email", email), ("institution_id", institution.as_str())];
    let mut told = Vec::new();
    for email in ["nobody@demo.example", "libraire@demo.example"] {
        let refused = two.post("/accounts/join", &join(email)).await.expect(422).text;
        assert!(refused.contains("id=\"email-error\""), "{refused}");
        told.push(refused.replace(email, ""));
    }
    assert_eq!(told[0], told[1]);
    two.post("/accounts/join", &join("jules@demo.example")).await.leads_to("/accounts");
    app.drain().await;
    assert!(purchaser.get("/accounts?q=jules@demo.example").await.expect(200).text.contains("Alex Martin"));
    // Another institution's purchaser knows of none of them.
    app.engage("ecole@demo.example", Role::Purchaser, &[SCHOOL]).await;
    let other = browser(&app, "ecole").await;
    other.get(&path).await.expect(404);
    for action in ["edit", "assign", "deactivate", "reactivate", "send-link"] {
        let form = [("name", "x"), ("role", "requester"), ("institution_ids", institution.as_str())];
        let form = match action {
            "edit" => &form[..1],
            "assign" => &form[1..],
            _ => &[],
        };
        other.post(&format!("{path}/{action}"), form).await.expect(404);
    }
    assert!(!other.get("/accounts").await.expect(200).text.contains("collectivite@demo.example"));
    // Nobody moves himself, nor whoever is beside him.
    let own = format!("/accounts/{}", app.account_of(&app.purchaser()).await);
    let page = purchaser.get(&own).await.expect(200).text;
    assert!(!page.contains("/assign\"") && !page.contains("/deactivate\""), "{page}");
    purchaser.post(&format!("{own}/deactivate"), &[]).await.expect(403);
    browser(&app, "utilisateur").await.get("/accounts").await.expect(403);
}

#[tokio::test] // L18
async fn an_institution_that_lacks_a_role_is_named_to_its_own_people() {
    let app = TestApp::demo().await;
    let words = "Le compte client 16 comporte un utilisateur sans approbateur, ou un approbateur sans collectivité.";
    app.engage("seul@demo.example", Role::Requester, &["16"]).await;
    app.engage("chef@demo.example", Role::Purchaser, &["16"]).await;
    app.drain().await;
    assert!(browser(&app, "chef").await.get("/accounts").await.expect(200).text.contains(words));
    assert!(browser(&app, "libraire").await.get("/accounts").await.expect(200).text.contains(words));
    assert!(!browser(&app, "collectivite").await.get("/accounts").await.expect(200).text.contains(words));
    app.engage("entre@demo.example", Role::Approver, &["16"]).await;
    app.drain().await;
    assert!(!browser(&app, "chef").await.get("/accounts").await.expect(200).text.contains(words));
}

#[tokio::test] // B01 B07 B08 B10 B11 B12 B14
async fn somebody_asks_waits_calmly_is_refused_asks_again_and_is_granted() {
    let app = TestApp::demo().await;
    let newcomer = Browser::new(&app, "fr");
    assert!(newcomer.get("/sign-in").await.expect(200).text.contains("href=\"/registration\">Créer un compte B2B"));
    let page = newcomer.get("/registration?shop=DLIVRE").await.expect(200).text;
    for label in ["Nom de l&#39;entreprise *", "Numéro de TVA *", "Chambre de Commerce", "Département"] {
        assert!(page.contains(label), "no {label} in {page}");
    }
    let mut wrong = registration("odile@demo.example");
    wrong[9].1 = "other";
    let differs = newcomer.post("/registration", &wrong).await.expect(422).text;
    assert!(differs.contains("id=\"confirmation-error\"") && differs.contains("value=\"CDI\""), "{differs}");
    assert!(!differs.contains(PASSWORD), "{differs}");
    let mut blank = registration("odile@demo.example");
    blank[1].1 = " ";
    let blank = newcomer.post("/registration", &blank).await.expect(422).text;
    assert!(blank.contains("id=\"company-error\""), "{blank}");
    newcomer.post("/registration", &registration("odile@demo.example")).await.leads_to("/sign-in");
    assert!(newcomer.get("/sign-in").await.text.contains("Votre demande est enregistrée"));
    newcomer.sign_in("odile@demo.example", PASSWORD).await.leads_to("/");
    for language in LANGUAGES {
        newcomer.keep("bordereau-language", language);
        check(language, "waiting", &newcomer.get("/").await.expect(200));
    }
    newcomer.keep("bordereau-language", "fr");
    let page = newcomer.get("/").await.expect(200).text;
    assert!(page.contains("attend l&#39;accord de la librairie") && page.contains("Lycée &#60;Chopin&#62;"), "{page}");
    assert!(page.contains("Odile Perrault") && !page.contains("compte supprimé"), "{page}");
    assert!(!page.contains("Mon panier"), "nothing is offered that he may not use: {page}");
    app.drain().await;
    let bookseller = browser(&app, "libraire").await;
    let list = bookseller.get("/accounts?status=requested").await.expect(200).text;
    assert!(list.contains("En attente de confirmation") && list.contains("Odile Perrault"), "{list}");
    let account = Regex::new("href=\"(/accounts/[0-9a-f-]{36})\"").unwrap().captures(&list).unwrap()[1].to_owned();
    let odile = account.rsplit('/').next().unwrap().parse().unwrap();
    app.app.store.prove_login("DLIVRE", odile).await.unwrap();
    let page = bookseller.get(&account).await.expect(200).text;
    for part in ["FR12345678901", "CDI", "Accorder le compte", "Refuser la demande", "Écrire à cette personne"] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let message = bookseller.post(&format!("{account}/message"), &[("text", " ")]).await.expect(422).text;
    assert!(message.contains("id=\"message-text-error\""), "{message}");
    bookseller.post(&format!("{account}/message"), &[("text", "Quel service ?")]).await.leads_to(&account);
    completes_what_was_missing(&app, &newcomer, &bookseller, &account).await;
    bookseller.post(&format!("{account}/decline"), &[("message", "TVA <inconnue>")]).await.leads_to(&account);
    let page = newcomer.get("/").await.expect(200);
    check("fr", "refused", &page);
    assert!(page.text.contains("TVA &#60;inconnue&#62;") && page.text.contains("/registration/again"), "{page}");
    let again = [("company", ""), ("vat_number", "FR99"), ("chamber_number", ""), ("department", "")];
    let blank = newcomer.post("/registration/again", &again).await.expect(422).text;
    assert!(blank.contains("id=\"company-error\"") && blank.contains("value=\"FR99\""), "{blank}");
    let again = [("company", "Lycée Chopin"), ("vat_number", "FR99"), ("chamber_number", ""), ("department", "")];
    newcomer.post("/registration/again", &again).await.leads_to("/");
    app.drain().await;
    assert!(newcomer.get("/").await.expect(200).text.contains("attend l&#39;accord"));
    let nothing = bookseller.post(&format!("{account}/approve"), &[("message", "Bienvenue")]).await.expect(422).text;
    assert!(nothing.contains("id=\"approve-role-error\"") && nothing.contains("Bienvenue"), "{nothing}");
    let school = app.institution(SCHOOL).to_string();
    let grant = [("role", "purchaser"), ("institution_ids", school.as_str()), ("message", "Bienvenue")];
    bookseller.post(&format!("{account}/approve"), &grant).await.leads_to(&account);
    newcomer.sign_in("odile@demo.example", PASSWORD).await.leads_to("/");
    let page = newcomer.get("/").await.expect(200).text;
    assert!(page.contains("Mon panier") && !page.contains("attend l&#39;accord"), "{page}");
    newcomer.post("/registration/again", &again).await.expect(409);
    // The bookshop's alone.
    for who in ["collectivite", "auditeur", "utilisateur"] {
        browser(&app, who).await.post(&format!("{account}/decline"), &[]).await.expect(403);
    }
}

/// Who waits answers what the bookshop has asked (B11).
async fn completes_what_was_missing(app: &TestApp, newcomer: &Browser, bookseller: &Browser, account: &str) {
    let page = newcomer.get("/").await.expect(200).text;
    assert!(page.contains("Quel service ?") && page.contains("Compléter la demande"), "{page}");
    let more = [
        ("company", "Lycée <Chopin>"),
        ("vat_number", "FR12345678901"),
        ("chamber_number", ""),
        ("department", "CDI, 2e étage"),
    ];
    newcomer.post("/registration/again", &more).await.leads_to("/");
    app.drain().await;
    assert!(bookseller.get(account).await.expect(200).text.contains("value=\"CDI, 2e étage\""));
}

#[tokio::test] // B02 B06
async fn the_bookseller_writes_down_a_new_client_and_what_was_missing() {
    let app = TestApp::demo().await;
    let bookseller = browser(&app, "libraire").await;
    let path = "/accounts/for-organisation";
    assert!(bookseller.get("/accounts").await.expect(200).text.contains(&format!("href=\"{path}\">Nouveau client")));
    for language in LANGUAGES {
        bookseller.keep("bordereau-language", language);
        check(language, path, &bookseller.get(path).await.expect(200));
    }
    bookseller.keep("bordereau-language", "fr");
    let mut form = vec![
        ("name", "Odile Perrault"),
        ("email", "odile@demo.example"),
        ("phone", ""),
        ("company", "Lycée <Chopin>"),
        ("vat_number", ""),
        ("chamber_number", ""),
        ("department", "CDI"),
    ];
    let blank = bookseller.post(path, &form).await.expect(422).text;
    assert!(blank.contains("id=\"vat_number-error\"") && blank.contains("value=\"CDI\""), "{blank}");
    form[4].1 = "FR12345678901";
    let taken: Vec<_> = form
        .iter()
        .map(|(name, value)| (*name, if *name == "email" { "libraire@demo.example" } else { value }))
        .collect();
    assert!(bookseller.post(path, &taken).await.expect(409).text.contains("id=\"email-error\""));
    let account = bookseller.post(path, &form).await.expect(303).header("location").to_owned();
    app.drain().await;
    let page = bookseller.get(&account).await.expect(200);
    check("fr", "written down", &page);
    for part in ["Le client est enregistré.", "Informations B2B", "Accorder le compte", "Lycée &#60;Chopin&#62;"] {
        assert!(page.text.contains(part), "no {part} in {page}");
    }
    let organisation = format!("{account}/organisation");
    let missing = [("company", " "), ("vat_number", "FR1"), ("chamber_number", ""), ("department", "")];
    let refused = bookseller.post(&organisation, &missing).await.expect(422).text;
    assert!(refused.contains("id=\"organisation-company-error\"") && refused.contains("value=\"FR1\""), "{refused}");
    let more = [("company", "Lycée Chopin"), ("vat_number", "FR1"), ("chamber_number", "4711"), ("department", "")];
    bookseller.post(&organisation, &more).await.leads_to(&account);
    app.drain().await;
    assert!(bookseller.get(&account).await.expect(200).text.contains("value=\"4711\""));
    for who in ["collectivite", "approbateur", "auditeur", "utilisateur"] {
        let other = browser(&app, who).await;
        other.get(path).await.expect(403);
        other.post(path, &form).await.expect(403);
        other.post(&organisation, &more).await.expect(403);
    }
}

#[tokio::test] // B01
async fn where_the_bookshop_opens_accounts_itself_nobody_is_asked_for_anything() {
    let app = TestApp::demo().await;
    app.bookseller().patch("/api/v1/shop", &json!({ "registration": "closed" })).await.expect(200);
    let browser = Browser::new(&app, "fr");
    let page = browser.get("/registration").await.expect(200).text;
    assert!(page.contains("ouvre elle-même les comptes") && !page.contains("name=\"password\""), "{page}");
    assert!(!browser.get("/sign-in").await.expect(200).text.contains("/registration"));
    let refused = browser.post("/registration", &registration("odile@demo.example")).await.expect(403);
    assert!(refused.text.contains("Inscription fermée"), "{refused}");
}

#[tokio::test] // W06 W07 W13
async fn the_bookseller_lifts_a_lock_and_takes_a_buyers_place_from_the_accounts_page() {
    let app = TestApp::demo().await;
    let bookseller = browser(&app, "libraire").await;
    let path = format!("/accounts/{}", app.account_of(&app.requester()).await);
    assert!(!bookseller.get(&path).await.expect(200).text.contains("/unlock\""));
    for _ in 0..4 {
        Browser::new(&app, "fr").sign_in("utilisateur@demo.example", "nonsense!!").await.expect(401);
    }
    let page = bookseller.get(&path).await.expect(200).text;
    assert!(page.contains("Verrouillé jusqu&#39;au") && page.contains("/unlock\""), "{page}");
    assert!(!browser(&app, "collectivite").await.get(&path).await.expect(200).text.contains("Verrouillé"));
    bookseller.post(&format!("{path}/unlock"), &[]).await.leads_to(&path);
    Browser::new(&app, "fr").sign_in("utilisateur@demo.example", "bordereau-demo").await.leads_to("/");
    let page = bookseller.get(&path).await.expect(200).text;
    let account = Regex::new("name=\"account_id\" value=\"([^\"]+)\"").unwrap().captures(&page).unwrap()[1].to_owned();
    bookseller.post("/account/act-for", &[("account_id", &account)]).await.leads_to("/");
    assert!(bookseller.get("/").await.expect(200).text.contains("pour le compte de Camille Aubert"));
}

#[tokio::test]
async fn the_bookseller_erases_a_person_from_the_accounts_page_once_he_has_said_why() {
    let app = TestApp::demo().await;
    let (bookseller, purchaser) = (browser(&app, "libraire").await, browser(&app, "collectivite").await);
    let zoe = app.engage("zoe@demo.example", Role::Requester, &[MEDIATHEQUE]).await;
    let path = format!("/accounts/{}", app.account_of(&zoe).await);
    let erase = format!("{path}/erase");
    for language in LANGUAGES {
        let page = Browser::of(&app.bookseller(), language).get(&path).await.expect(200);
        check(language, &path, &page);
        let form = page.text.split_once("name=\"reason\"").unwrap().1;
        let reasons = form.matches("<option value=\"").count();
        assert!(page.text.contains(&format!("action=\"{erase}\"")) && reasons == 3, "{page}");
        assert!(page.text.contains("<option value=\"requested\" selected>"), "{page}");
    }
    // Who may not is offered nothing and refused; nor is anybody of the bookshop erased in this way.
    for who in ["collectivite", "approbateur", "auditeur"] {
        let other = browser(&app, who).await;
        assert!(!other.get(&path).await.expect(200).text.contains("/erase\""));
        other.post(&erase, &[("reason", "requested")]).await.expect(403);
    }
    let second = app.engage("second@demo.example", Role::Bookseller, &[]).await;
    for of_bookshop in [app.account_of(&app.bookseller()).await, app.account_of(&second).await] {
        let page = bookseller.get(&format!("/accounts/{of_bookshop}")).await.expect(200).text;
        assert!(!page.contains("/erase\""), "{page}");
        let form = [("reason", "requested")];
        bookseller.post(&format!("/accounts/{of_bookshop}/erase"), &form).await.expect(403);
    }
    let elsewhere = Browser::of(&app.by("libraire@parvis.example"), "fr");
    elsewhere.post(&erase, &[("reason", "requested")]).await.expect(404);
    // A reason is a word of the list, and no field more is taken.
    for form in [&[][..], &[("reason", "retention")], &[("reason", "requested"), ("name", "x")]] {
        let refused = bookseller.post(&erase, form).await.expect(422).text;
        assert_eq!(refused.contains("id=\"erase-reason-error\""), form.len() < 2, "{refused}");
        assert!(refused.contains("Alex Martin"), "{refused}");
    }
    assert!(purchaser.get(&path).await.expect(200).text.contains("zoe@demo.example"));

    bookseller.post(&erase, &[("reason", "objection")]).await.leads_to("/accounts");
    let list = bookseller.get("/accounts").await.expect(200).text;
    assert!(list.contains("Le compte et les données de cette personne ont été supprimés."), "{list}");
    assert!(!list.contains("zoe@demo.example"), "{list}");
    let noted = app.app.store.list_erasures().await.unwrap();
    assert_eq!(noted.iter().map(|of| of.reason.as_str()).collect::<Vec<_>>(), ["objection"]);
    zoe.get("/api/v1/me").await.refused(401, "unauthenticated");
    for reader in [&bookseller, &purchaser] {
        let page = reader.get(&path).await.expect(200).text;
        assert!(page.contains("compte supprimé") && !page.contains("zoe@demo.example"), "{page}");
        assert!(!page.contains(&format!("action=\"{path}")), "nothing is left to be done with it: {page}");
    }
    // Again: nothing happens.
    let head = app.head("DLIVRE").await;
    bookseller.post(&erase, &[("reason", "objection")]).await.leads_to("/accounts");
    assert_eq!(app.head("DLIVRE").await, head);
}
