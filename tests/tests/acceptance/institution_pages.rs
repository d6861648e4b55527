//! The pages of institutions: all of the shop to the bookshop, one's own to their people; the rule of two persons.

use bordereau_domain::Role;
use bordereau_tests::{Browser, MEDIATHEQUE, SCHOOL, TestApp};
use serde_json::{Value, json};

use super::pages::{LANGUAGES, check};

async fn browser(app: &TestApp, who: &str) -> Browser {
    Browser::signed_in(app, "fr", &format!("{who}@demo.example")).await
}

fn institution(number: &str, name: &str) -> Value {
    json!({
        "librisoft_number": number, "kind": "library", "name": name, "city": "Épinal", "vat_exempt": true,
        "discounts": { "school": "0", "2.1": "0", "5.5": "9", "20": "0" },
    })
}

async fn synchronise(app: &TestApp, path: &str, lines: &[Value]) {
    app.librisoft().put_lines(&format!("/api/v1/librisoft/institutions{path}"), lines).await.expect(200);
}

#[tokio::test] // W02
async fn every_page_of_institutions_is_whole_in_three_languages() {
    let app = TestApp::demo().await;
    let own = format!("/institutions/{}", app.institution(MEDIATHEQUE));
    for language in LANGUAGES {
        for who in ["utilisateur", "approbateur", "collectivite", "libraire", "auditeur"] {
            let browser = Browser::signed_in(&app, language, &format!("{who}@demo.example")).await;
            for path in ["/institutions", "/institutions?q=zzz", "/account", own.as_str()] {
                check(language, path, &browser.get(path).await.expect(200));
            }
        }
    }
}

#[tokio::test] // L19
async fn the_bookshop_finds_each_client_with_its_discounts_and_its_accounts() {
    let app = TestApp::demo().await;
    let bookseller = browser(&app, "libraire").await;
    let page = bookseller.get("/institutions").await.expect(200).text;
    for label in ["N° Librisoft", "Client", "Localité", "Remises", "Actions"] {
        assert!(page.contains(&format!("<th scope=\"col\">{label}</th>")), "no {label} in {page}");
    }
    for row in ["JULIEN BARTHELEMY", "CHRISTOPHE CHAILAN", "MICHAEL DENIS", "ECOLE JULES FERRY", "CHAUVIGNY"] {
        assert!(page.contains(row), "no {row} in {page}");
    }
    let found = bookseller.get("/institutions?q=16").await.expect(200).text;
    assert!(found.contains("ECOLE JULES FERRY") && !found.contains("CHAILAN"), "{found}");
    let spaced = found.replace(['\u{a0}', '\u{202f}'], " ");
    for discount in
        ["Remise scolaire : 0,00 %", "Remise à 2.1 : 0,00 %", "Remise à 5.5 : 9,00 %", "Remise à 20.0 : 0,00 %"]
    {
        assert!(spaced.contains(discount), "no {discount} in {spaced}");
    }
    let found = bookseller.get("/institutions?q=chau%20chris").await.expect(200).text;
    assert!(found.contains("CHRISTOPHE CHAILAN") && !found.contains("MICHAEL"), "{found}");
    assert!(bookseller.get("/institutions?q=zzz").await.expect(200).text.contains("Aucun client n&#39;a ce nom"));

    // One leads to its accounts, and these back to it.
    app.engage("jules@demo.example", Role::Requester, &[SCHOOL]).await;
    let school = app.institution(SCHOOL);
    let page = bookseller.get(&format!("/institutions/{school}")).await.expect(200).text;
    assert!(page.contains(&format!("href=\"/accounts?institution={school}\"")), "{page}");
    assert!(page.contains("Le compte client 16 comporte un utilisateur sans approbateur"), "{page}");
    let accounts = bookseller.get(&format!("/accounts?institution={school}")).await.expect(200).text;
    assert!(accounts.contains("jules@demo.example") && !accounts.contains("utilisateur@demo.example"), "{accounts}");
    assert!(accounts.contains(&format!("<a href=\"/institutions/{school}\">ECOLE JULES FERRY</a>")), "{accounts}");
    assert!(accounts.contains(&format!("status=inactive&#38;institution={school}")), "{accounts}");
    bookseller.get("/accounts?institution=nonsense").await.expect(404);
}

#[tokio::test] // L07
async fn a_blocked_or_withdrawn_client_says_so_and_what_it_may_still_do() {
    let app = TestApp::demo().await;
    let (bookseller, requester) = (browser(&app, "libraire").await, browser(&app, "utilisateur").await);
    let path = format!("/institutions/{}", app.institution(MEDIATHEQUE));
    assert!(!requester.get("/account").await.expect(200).text.contains("Client bloqué"));
    let mut blocked = institution(MEDIATHEQUE, "Médiathèque de l'Orangerie");
    blocked["blocked"] = true.into();
    synchronise(&app, "", &[blocked.clone()]).await;
    app.drain().await;
    for reader in [&bookseller, &requester] {
        let page = reader.get(&path).await.expect(200).text;
        assert!(page.contains("Client bloqué") && page.contains("Les commandes passées suivent leur cours."), "{page}");
        assert!(page.contains("Facturation exonérée de TVA") && page.contains("Épinal"), "{page}");
    }
    assert!(requester.get("/account").await.expect(200).text.contains("Client bloqué"));
    assert_eq!(bookseller.get("/institutions").await.expect(200).text.matches("Client bloqué").count(), 1);
    synchronise(&app, "?complete=true&force=true", &[institution("5", "JULIEN BARTHELEMY")]).await;
    app.drain().await;
    let list = bookseller.get("/institutions").await.expect(200).text;
    assert_eq!(list.matches("Retiré de Librisoft").count(), 4, "{list}");
    assert!(requester.get(&path).await.expect(200).text.contains("Retiré de Librisoft"));
}

#[tokio::test]
async fn the_bookseller_sets_the_rule_of_two_persons_and_those_it_binds_see_it() {
    let app = TestApp::demo().await;
    let (bookseller, purchaser) = (browser(&app, "libraire").await, browser(&app, "collectivite").await);
    let path = format!("/institutions/{}", app.institution(MEDIATHEQUE));
    let rule = format!("{path}/two-person-rule");
    let (on, off) = ("Deux personnes sont exigées", "Une seule personne suffit");
    let basket = app.purchaser().filled_basket().await;
    assert!(purchaser.get("/account").await.expect(200).text.contains(&format!("href=\"{path}\"")));
    for reader in [&bookseller, &purchaser] {
        let page = reader.get(&path).await.expect(200).text;
        assert!(page.contains(off) && !page.contains(on), "{page}");
    }
    bookseller.post(&rule, &[("demanded", "true")]).await.leads_to(&path);
    let page = bookseller.get(&path).await.expect(200).text;
    assert!(page.contains("Deux personnes sont désormais exigées.") && page.contains(on), "{page}");
    // Again: nothing happens.
    let head = app.head("DLIVRE").await;
    bookseller.post(&rule, &[("demanded", "true")]).await.leads_to(&path);
    assert_eq!(app.head("DLIVRE").await, head);
    app.drain().await;
    for who in ["utilisateur", "approbateur", "collectivite", "auditeur"] {
        let reader = browser(&app, who).await;
        let page = reader.get(&path).await.expect(200).text;
        assert!(page.contains(on) && page.contains("La librairie fixe cette règle"), "{page}");
        assert!(!page.contains("/two-person-rule\""), "nobody but the bookseller sets it: {page}");
        reader.post(&rule, &[("demanded", "false")]).await.expect(403);
    }
    assert!(purchaser.get("/account").await.expect(200).text.contains("Deux personnes exigées"));
    assert_eq!(bookseller.get("/institutions").await.expect(200).text.matches("Deux personnes exigées").count(), 1);
    app.purchaser().place_order(basket, "MED-5").await.refused(403, "two-persons-needed");
    for form in [&[][..], &[("demanded", "maybe")], &[("demanded", "true"), ("blocked", "true")]] {
        bookseller.post(&rule, form).await.expect(422);
    }
    Browser::of(&app.by("libraire@parvis.example"), "fr").post(&rule, &[("demanded", "false")]).await.expect(404);
    bookseller.post(&rule, &[("demanded", "false")]).await.leads_to(&path);
    assert!(bookseller.get(&path).await.expect(200).text.contains(off));
    app.purchaser().place_order(basket, "MED-5").await.done();
}

#[tokio::test]
async fn the_bookseller_refuses_payment_after_delivery_and_the_checkout_says_so() {
    // B04
    let app = TestApp::demo().await;
    let (bookseller, purchaser) = (browser(&app, "libraire").await, browser(&app, "collectivite").await);
    let path = format!("/institutions/{}", app.institution(MEDIATHEQUE));
    let rule = format!("{path}/payment-after-delivery");
    let checkout = format!("/baskets/{}/order", app.purchaser().filled_basket().await);
    let (invoice, online) = ("value=\"invoice\"", "value=\"online\"");
    let page = purchaser.get(&checkout).await.expect(200).text;
    assert!(page.contains(invoice) && page.contains(online), "{page}");
    bookseller.post(&rule, &[("allowed", "false")]).await.leads_to(&path);
    let page = bookseller.get(&path).await.expect(200).text;
    assert!(
        page.contains("Payer après la livraison n&#39;est pas permis") && page.contains("n&#39;est plus permis."),
        "{page}"
    );
    app.drain().await;
    let page = purchaser.get(&path).await.expect(200).text;
    assert!(page.contains("n&#39;est pas permis") && !page.contains("/payment-after-delivery\""), "{page}");
    purchaser.post(&rule, &[("allowed", "true")]).await.expect(403);
    let page = purchaser.get(&checkout).await.expect(200).text;
    assert!(!page.contains(invoice) && page.contains(online), "{page}");
    assert!(page.contains("n&#39;accorde pas le paiement après livraison à ce client"), "{page}");
    // An old tab still offers the invoice.
    let old = [("reference", "MED-7"), ("delivery_mode", "pickup"), ("payment_mode", "invoice")];
    let page = purchaser.post(&checkout, &old).await.expect(422).text;
    assert!(page.contains("choisissez le paiement en ligne"), "{page}");
    bookseller.post(&rule, &[("allowed", "true")]).await.leads_to(&path);
    app.drain().await;
    assert!(purchaser.get(&checkout).await.expect(200).text.contains(invoice));
}

#[tokio::test]
async fn people_of_an_institution_see_their_own_and_a_long_list_goes_on_page_by_page() {
    let app = TestApp::demo().await;
    let purchaser = browser(&app, "collectivite").await;
    let list = purchaser.get("/institutions").await.expect(200).text;
    assert!(list.contains("Clients affectés") && list.contains("Médiathèque de l&#39;Orangerie"), "{list}");
    assert!(!list.contains("CHAILAN"), "{list}");
    let foreign = app.institution(SCHOOL);
    purchaser.get(&format!("/institutions/{foreign}")).await.expect(404);
    purchaser.get(&format!("/accounts?institution={foreign}")).await.expect(404);
    purchaser.get("/institutions/nonsense").await.expect(404);
    browser(&app, "utilisateur").await.get(&format!("/institutions/{foreign}")).await.expect(404);

    let numbers: Vec<String> = (0..260).map(|n| format!("E{n:03}")).collect();
    let many: Vec<Value> = numbers.iter().map(|n| institution(n, &format!("Agence {n}"))).collect();
    synchronise(&app, "", &many).await;
    app.drain().await;
    let named: Vec<&str> = numbers.iter().map(String::as_str).collect();
    app.engage("groupe@demo.example", Role::Purchaser, &named).await;
    app.drain().await;
    let group = browser(&app, "groupe").await;
    let account = group.get("/account").await.expect(200).text;
    assert_eq!(account.matches("href=\"/institutions/").count(), 20, "{account}");
    assert!(account.contains("Voir 240 autres clients"), "{account}");
    let next = regex::Regex::new("href=\"(/institutions[^\"]+)\" rel=\"next\"").unwrap();
    let (mut path, mut seen) = ("/institutions?q=agence".to_owned(), 0);
    loop {
        let page = group.get(&path).await.expect(200);
        check("fr", &path, &page);
        seen += page.text.matches(">Voir détail<").count();
        let Some(found) = next.captures(&page.text) else { break };
        path = found[1].replace("&#38;", "&");
    }
    assert_eq!(seen, 260);
    let one = group.get("/institutions?q=e259").await.expect(200).text;
    assert_eq!(one.matches(">Voir détail<").count(), 1, "{one}");
}
