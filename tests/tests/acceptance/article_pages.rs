//! The search for articles and their way into the current basket; and the way from there to an order, by forms alone.

use bordereau_commands::InstitutionRequest;
use bordereau_domain::Role;
use bordereau_tests::{Answer, Browser, CEMETERY_ROAD, MEDIATHEQUE, READING_ALOUD, SCHOOL, TestApp};
use serde_json::json;
use uuid::Uuid;

use super::{
    basket_pages::{look, page_of},
    pages::{LANGUAGES, check},
};

/// Puts the first article of a page of the search into the basket.
async fn buy(browser: &Browser, page: &Answer, quantity: &str) -> Answer {
    page.paper("/articles").with("quantity", quantity).send(browser).await
}

#[tokio::test] // L35 L39 B18 B19
async fn the_price_button_puts_an_article_into_the_basket_that_was_written_to_last() {
    let app = TestApp::demo().await;
    let client = app.engage("muette@demo.example", Role::Requester, &[MEDIATHEQUE]).await;
    let browser = Browser::of(&client, "fr");
    let path = format!("/articles?q={CEMETERY_ROAD}");
    let page = look(&browser, &path).await.expect(200);
    check("fr", "a search", &page);
    // The institution's own price stands on the button, the public one beneath.
    let words = page.words();
    for part in ["CEMETERY ROAD", "22,75 €", "Prix public TTC 25,00 €", "Disponible", "ouvre un nouveau panier"] {
        assert!(words.contains(part), "no {part} in {words}");
    }
    let paper = page.paper("/articles").with("quantity", "2").with("line_reference", "Vitrine");
    paper.send(&browser).await.leads_to(&path);
    paper.send(&browser).await.leads_to(&path);
    let mine = client.tray("mine").await.expect(200);
    assert_eq!((mine.items().len(), mine.at("/items/0/quantity")), (1, &json!(2)), "{mine}");
    let first = mine.id_at("/items/0/id");
    assert_eq!(client.basket(first).await.at("/lines/0/line_reference"), "Vitrine");
    // Another basket is opened, and then the first is written to again: that one is current, also after signing in anew.
    let second = client.open_basket("Second").await.expect(201).id_at("/id");
    let found = look(&browser, "/articles?q=lecture").await.expect(200);
    assert!(found.text.contains(&format!("/baskets/{second}")), "{found}");
    client.add_line(first, READING_ALOUD, 1).await.done();
    let again = Browser::signed_in(&app, "fr", "muette@demo.example").await;
    let found = look(&again, "/articles?q=lecture").await.expect(200);
    assert!(found.text.contains(&format!("/baskets/{first}")), "{found}");
    buy(&again, &found, "1").await.leads_to("/articles?q=lecture");
    assert!(look(&again, "/articles?q=lecture").await.words().contains("3 lignes"));
    // Named, it is the other one.
    let named = format!("/articles?basket={second}&q=lecture");
    let found = look(&again, &named).await.expect(200);
    buy(&again, &found, "4").await.leads_to(&named);
    assert_eq!(client.basket(second).await.at("/lines/0/quantity"), 4);
}

#[tokio::test]
async fn what_is_refused_is_told_beside_the_article_and_opens_no_basket() {
    let app = TestApp::demo().await;
    let client = app.engage("muette@demo.example", Role::Requester, &[MEDIATHEQUE]).await;
    let browser = Browser::of(&client, "fr");
    let page = look(&browser, &format!("/articles?q={CEMETERY_ROAD}")).await.expect(200);
    let refused = buy(&browser, &page, "10000").await.expect(422);
    check("fr", "a refused article", &refused);
    assert!(refused.words().contains("La quantité va de 1 à 9"), "{refused}");
    assert_eq!(refused.paper("/articles").value("quantity"), "10000");
    page.paper("/articles").with("ean", "9780000000002").send(&browser).await.expect(422);
    let elsewhere = app.institution(SCHOOL).to_string();
    page.paper("/articles").with("institution", &elsewhere).send(&browser).await.expect(422);
    assert!(client.tray("mine").await.items().is_empty());
    // A basket that is locked takes nothing: another one does, and the page says so.
    let basket = client.filled_basket().await;
    client.send(basket).await.done();
    let page = look(&browser, &format!("/articles?basket={basket}&q=lecture")).await.expect(200);
    assert!(page.words().contains("ne peut pas être modifié maintenant"), "{page}");
    let late = page.paper("/articles").with("basket", &basket.to_string()).send(&browser).await.expect(409);
    check("fr", "a basket that went on", &late);
    // One that may not be seen is not there.
    let stranger = Browser::of(&app.by("utilisateur@parvis.example"), "fr");
    look(&stranger, &format!("/articles?basket={basket}")).await.expect(404);
}

#[tokio::test]
async fn the_search_finds_by_words_and_by_pages_and_says_when_it_finds_nothing() {
    let app = TestApp::demo().await;
    let long = "x".repeat(300);
    for language in LANGUAGES {
        for who in ["utilisateur", "approbateur", "collectivite", "libraire", "auditeur"] {
            let browser = Browser::of(&app.by(who), language);
            check(language, "no question", &look(&browser, "/articles").await.expect(200));
            let page = look(&browser, "/articles?q=la").await.expect(200);
            check(language, "words", &page);
            assert_eq!(page.text.matches("<li id=\"a").count(), 20, "{page}");
            assert_eq!(page.find_paper("/articles").is_some(), !matches!(who, "libraire" | "auditeur"), "{page}");
            let article = look(&browser, &format!("/articles/{CEMETERY_ROAD}")).await.expect(200);
            check(language, "an article", &article);
            assert!(article.words().contains("ILES GREG") && article.words().contains("ACTES SUD"), "{article}");
        }
        let browser = Browser::of(&app.requester(), language);
        check(language, "nothing found", &look(&browser, "/articles?q=zzzz").await.expect(200));
        look(&browser, "/articles/9780000000002").await.expect(404);
        look(&browser, &format!("/articles?q={long}")).await.expect(422);
    }
    let browser = Browser::of(&app.requester(), "fr");
    let page = look(&browser, "/articles?q=la").await.expect(200);
    let next = page.text.split("href=\"").find(|part| part.starts_with("/articles?q=la&#38;cursor=")).unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&");
    let more = look(&browser, &next).await.expect(200);
    assert!(more.text.matches("<li id=\"a").count() > 0, "{more}");
    assert!(look(&browser, "/").await.text.contains("<form class=\"find\""), "the header has its search");
}

#[tokio::test] // attack 61, attack 62
async fn what_stands_in_titles_and_references_is_shown_and_never_run() {
    let app = TestApp::demo().await;
    let article = json!({
        "ean": "9780000000026", "title": "<script>alert(1)</script>", "author": "\"><img src=x onerror=alert(1)>",
        "publisher": "{{7*7}} ${7*7}", "price_incl_tax": "10.00", "vat_rate": "5.5", "kind": "book", "availability": "1",
    });
    app.librisoft().put_lines("/api/v1/librisoft/articles", &[article]).await.expect(200);
    let (requester, browser) = (app.requester(), Browser::of(&app.requester(), "fr"));
    let basket = requester.open_basket("'\"><svg onload=alert(1)>").await.expect(201).id_at("/id");
    let body = json!({ "ean": "9780000000026", "quantity": 1, "line_reference": "\"><script>alert(2)</script>" });
    requester.post(&format!("/api/v1/baskets/{basket}/lines"), &body).await.done();
    for path in
        ["/articles?q=9780000000026", "/articles/9780000000026", &format!("/baskets/{basket}?add=9780000000026")]
    {
        let page = look(&browser, path).await.expect(200);
        for bad in ["<script>", "<img", "<svg onload"] {
            assert!(!page.text.contains(bad), "{bad} in {page}");
        }
        assert!(page.text.contains("&#60;script&#62;alert(1)&#60;/script&#62;"), "{page}");
    }
    let page = look(&browser, &format!("/baskets/{basket}")).await.expect(200);
    assert!(page.text.contains("&#34;&#62;&#60;script&#62;alert(2)") && !page.text.contains("<script>"), "{page}");
}

/// A basket of the requester's that has come to the purchaser.
async fn validated(app: &TestApp) -> Uuid {
    let basket = app.requester().filled_basket().await;
    app.requester().send(basket).await.done();
    app.approver().validate(basket).await.done();
    basket
}

#[tokio::test] // L42 L43 L44 L47 B20
async fn three_people_bring_a_basket_to_an_order_by_forms_alone() {
    let app = TestApp::demo().await;
    let [requester, approver, purchaser] = ["utilisateur", "approbateur", "collectivite"];
    let requester = Browser::signed_in(&app, "fr", &format!("{requester}@demo.example")).await;
    let approver = Browser::signed_in(&app, "fr", &format!("{approver}@demo.example")).await;
    let purchaser = Browser::signed_in(&app, "fr", &format!("{purchaser}@demo.example")).await;
    // The requester opens a basket, finds an article, sends it.
    let opened = look(&requester, "/baskets").await.paper("/baskets").with("name", "Prix des lecteurs");
    let opened = opened.send(&requester).await.expect(303);
    let basket: Uuid = opened.header("location").strip_prefix("/baskets/").unwrap().parse().unwrap();
    let found = look(&requester, &format!("/articles?basket={basket}&q={CEMETERY_ROAD}")).await.expect(200);
    buy(&requester, &found, "3").await.expect(303);
    let send = |step: &str| format!("/baskets/{basket}/{step}");
    let page = page_of(&requester, basket).await;
    page.paper(&send("send-to-approver")).send(&requester).await.expect(303);
    // The approver unlocks it, orders one less, passes it on.
    page_of(&approver, basket).await.paper(&send("unlock")).send(&approver).await.expect(303);
    let paper = page_of(&approver, basket).await.paper(&send("save"));
    let field = paper.line_field("q", "3");
    paper.with(&field, "2").send(&approver).await.expect(303);
    page_of(&approver, basket).await.paper(&send("validate")).send(&approver).await.expect(303);
    // The purchaser orders it.
    let page = look(&purchaser, &send("order")).await.expect(200);
    check("fr", "the checkout of an order", &page);
    let words = page.words();
    for part in [
        "FINALISER LA COMMANDE COLLECTIVITÉ",
        "Médiathèque de l'Orangerie",
        "25, rue de Bruges",
        "Christine Chailan",
        "Référence collectivité *",
        "Vous pouvez laisser un commentaire ici avec votre commande (si besoin)",
        "Mode de livraison",
        "Adresse de livraison",
        "Mode de paiement",
        "Centre de coût",
        "Total TTC",
        "45,50 €",
        "Valider la commande collectivité",
    ] {
        assert!(words.contains(part), "no {part} in {words}");
    }
    let paper = page.paper(&send("order")).with("comment", "Avant Noël").with("cost_centre", "C-42");
    let blank = paper.send(&purchaser).await.expect(422);
    check("fr", "a checkout without choices", &blank);
    assert!(blank.text.contains("id=\"delivery_mode-error\""), "{blank}");
    assert_eq!(blank.paper(&send("order")).value("comment"), "Avant Noël");
    let paper = blank.paper(&send("order")).and("delivery_mode", "delivery").and("payment_mode", "chorus");
    let unnamed = paper.send(&purchaser).await.expect(422);
    assert!(unnamed.text.contains("id=\"reference-error\""), "{unnamed}");
    let paper = unnamed.paper(&send("order")).with("reference", "BC-2026-17");
    let done = paper.send(&purchaser).await.expect(303);
    let order = done.header("location").to_owned();
    assert!(order.starts_with("/orders/"), "{order}");
    // However often it is sent, there is one order.
    paper.send(&purchaser).await.leads_to(&order);
    let made: Uuid = order.trim_start_matches("/orders/").parse().unwrap();
    let seen = app.purchaser().order(made).await.expect(200);
    for (field, value) in
        [("reference", "BC-2026-17"), ("comment", "Avant Noël"), ("cost_centre", "C-42"), ("delivery_mode", "delivery")]
    {
        assert_eq!(seen.at(&format!("/{field}")), value, "{seen}");
    }
    assert_eq!(seen.at("/totals/total_incl_tax"), "45.50");
    let told = look(&purchaser, &order).await.expect(200);
    assert!(told.words().contains("La commande est passée."), "{told}");
    // The basket leads to it, and can become nothing more.
    look(&purchaser, &send("order")).await.leads_to(&format!("/baskets/{basket}"));
    assert!(page_of(&requester, basket).await.text.contains("Transformé en commande"));
    let late = paper.without("seen").without("key").send(&purchaser).await.expect(409);
    check("fr", "an order that was placed", &late);
    assert!(late.text.contains(&order), "{late}");
}

#[tokio::test] // L46 L47
async fn a_quote_is_requested_under_the_labels_of_the_trade() {
    let app = TestApp::demo().await;
    let basket = validated(&app).await;
    let path = format!("/baskets/{basket}/quote");
    for language in LANGUAGES {
        check(language, "the checkout of a quote", &look(&Browser::of(&app.purchaser(), language), &path).await);
    }
    let browser = Browser::of(&app.purchaser(), "fr");
    let page = look(&browser, &path).await.expect(200);
    assert!(page.text.contains("<h1>FINALISER LA DEMANDE DE DEVIS COLLECTIVITÉ</h1>"), "{page}");
    for part in ["Commentaire", "Référence collectivité *", "Valider la demande de devis collectivité", "Total TTC"]
    {
        assert!(page.words().contains(part), "no {part} in {page}");
    }
    let long = "x".repeat(101);
    let refused = page.paper(&path).with("reference", &long).send(&browser).await.expect(422);
    assert!(refused.text.contains("id=\"reference-error\"") && refused.text.contains(&long), "{refused}");
    let paper = refused.paper(&path).with("reference", "DEVIS-9").with("comment", "Merci");
    let done = paper.send(&browser).await.expect(303);
    let quote = done.header("location").to_owned();
    paper.send(&browser).await.leads_to(&quote);
    let told = look(&browser, &quote).await.expect(200);
    assert!(told.words().contains("La demande de devis est envoyée."), "{told}");
    assert!(told.words().contains("DEVIS-9"), "{told}");
}

#[tokio::test]
async fn changed_prices_are_explained_line_by_line_and_brought_up_to_date() {
    let app = TestApp::demo().await;
    let basket = validated(&app).await;
    let browser = Browser::of(&app.purchaser(), "fr");
    let path = format!("/baskets/{basket}/quote");
    let paper = look(&browser, &path).await.paper(&path).with("reference", "R-1");
    let article = json!({
        "ean": CEMETERY_ROAD, "title": "CEMETERY ROAD", "author": "ILES GREG", "publisher": "ACTES SUD",
        "price_incl_tax": "27.00", "vat_rate": "5.5", "kind": "book", "availability": "1",
    });
    app.librisoft().put_lines("/api/v1/librisoft/articles", &[article]).await.expect(200);
    let refused = paper.send(&browser).await.expect(409);
    check("fr", "changed prices", &refused);
    for part in ["Prix modifiés depuis l'ajout", "22,75 €", "24,57 €", "1,82 €", "25,00 € · 9,00 %", "27,00 € · 9,00 %"]
    {
        assert!(refused.words().contains(part), "no {part} in {refused}");
    }
    assert_eq!(refused.paper(&path).value("reference"), "R-1");
    // It arrived locked: it is unlocked and brought up to date in one go.
    refused.paper(&format!("/baskets/{basket}/reprice")).send(&browser).await.leads_to(&path);
    let fresh = look(&browser, &path).await.expect(200);
    assert!(fresh.words().contains("24,57 €"), "{fresh}");
    let done = fresh.paper(&path).with("reference", "R-1").send(&browser).await.expect(303);
    assert!(done.header("location").starts_with("/quotes/"));
}

#[tokio::test]
async fn a_checkout_that_is_not_allowed_leads_to_the_basket_which_says_why() {
    let app = TestApp::demo().await;
    let basket = validated(&app).await;
    let browser = Browser::of(&app.purchaser(), "fr");
    let path = format!("/baskets/{basket}/order");
    let paper = look(&browser, &path).await.paper(&path);
    let paper = paper.with("reference", "R").and("delivery_mode", "pickup").and("payment_mode", "invoice");
    // Somebody changes it meanwhile: what is ordered is what was looked at.
    app.purchaser().unlock(basket).await.done();
    app.purchaser().add_line(basket, READING_ALOUD, 3).await.done();
    let stale = paper.send(&browser).await.expect(412);
    assert!(stale.words().contains("Ce panier a changé entre-temps"), "{stale}");
    assert_eq!(stale.paper(&path).value("reference"), "R");
    app.act("DLIVRE", app.institution(MEDIATHEQUE), InstitutionRequest::Withdraw).await;
    look(&browser, &path).await.leads_to(&format!("/baskets/{basket}"));
    assert!(page_of(&browser, basket).await.words().contains("Cette collectivité est bloquée"));
    let blocked = stale.paper(&path).and("delivery_mode", "pickup").and("payment_mode", "invoice");
    let blocked = blocked.send(&browser).await.expect(409);
    assert!(blocked.words().contains("Client bloqué"), "{blocked}");
    look(&Browser::of(&app.approver(), "fr"), &path).await.expect(403);
}
