//! The pages of quotes and orders: lists with tabs and filters, one document, and what a purchaser decides.

use bordereau_domain::Role;
use bordereau_tests::{Browser, CEMETERY_ROAD, MEDIATHEQUE, SCHOOL, TestApp};
use regex::Regex;
use serde_json::json;
use uuid::Uuid;

use super::pages::{LANGUAGES, check};

async fn purchaser(app: &TestApp) -> Browser {
    Browser::signed_in(app, "fr", "collectivite@demo.example").await
}

/// A quote whose first line the bookshop has made cheaper, good for thirty days.
async fn answered(app: &TestApp) -> Uuid {
    let basket = app.purchaser().filled_basket().await;
    let quote = app.purchaser().request_quote(basket, "DEVIS-42").await.done().id_at("/quote_id");
    let line = app.bookseller().quote(quote).await.at("/lines/0/line_id").clone();
    let lines = json!([{ "line_id": line, "unit_price_incl_tax": "20.00", "discount_rate": "5" }]);
    let answer = json!({ "lines": lines, "valid_until": app.day(30) });
    app.bookseller().quote_step(quote, "answer", &answer).await.done();
    // A browser knows nothing of what others have just written.
    app.drain().await;
    quote
}

/// What stands in the header cells of a page's first table.
fn columns(text: &str) -> Vec<String> {
    let cell = Regex::new("<th scope=\"col\"[^>]*>([^<]*)<").unwrap();
    cell.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

/// The tabs and how many each holds.
fn tabs(text: &str) -> Vec<(String, String)> {
    let tab = Regex::new("<a href=\"[^\"]*\"[^>]*>([^<]+) <span class=\"count\">([^<]+)<").unwrap();
    let list = text.split("<nav class=\"tabs\"").nth(1).unwrap().split("</nav>").next().unwrap();
    tab.captures_iter(list).map(|found| (found[1].to_owned(), found[2].to_owned())).collect()
}

#[tokio::test] // W02
async fn every_page_of_quotes_and_orders_is_whole_in_three_languages() {
    let app = TestApp::demo().await;
    let quote = answered(&app).await;
    let orders = app.purchaser().get("/api/v1/orders?tab=processing").await.expect(200);
    let order = orders.text_at("/items/0/id");
    for language in LANGUAGES {
        for who in ["collectivite", "libraire", "auditeur"] {
            let browser = Browser::signed_in(&app, language, &format!("{who}@demo.example")).await;
            for path in [
                "/quotes",
                "/quotes?tab=archived",
                "/quotes?q=no-such",
                &format!("/quotes/{quote}"),
                "/orders",
                "/orders?tab=processing",
                "/orders?tab=closed",
                "/orders?tab=cancelled",
                "/orders?number=99999",
                &format!("/orders/{order}"),
            ] {
                check(language, path, &browser.get(path).await.expect(200));
            }
        }
    }
}

#[tokio::test] // L24 L25 L26 L27 L38
async fn quotes_are_listed_by_tab_and_found_by_number_or_reference() {
    let app = TestApp::demo().await;
    let browser = purchaser(&app).await;
    let start = browser.get("/").await.expect(200).text;
    for label in
        ["<a href=\"/quotes\">Mes devis collectivités</a>", "<a href=\"/orders\">Mes commandes collectivités</a>"]
    {
        assert!(start.contains(label), "no {label}");
    }
    let counts = app.purchaser().get("/api/v1/quotes").await.expect(200);
    let (current, archived) = (counts.number_at("/counts/current"), counts.number_at("/counts/archived"));
    let page = browser.get("/quotes").await.expect(200).text;
    let told =
        [("Devis en cours".to_owned(), current.to_string()), ("Devis archivés".to_owned(), archived.to_string())];
    assert_eq!(tabs(&page), told);
    let wanted = [
        "N°",
        "Panier créé par",
        "Date de demande du devis",
        "Nombre de produits",
        "Sous-total HT",
        "Total TTC",
        "Statut",
        "Actions",
    ];
    assert_eq!(columns(&page), wanted);
    for words in ["Voir détail", "Devis en attente de traitement", "Devis récupéré par le libraire", "Rechercher"] {
        assert!(page.contains(words), "no {words} in {page}");
    }
    assert!(Regex::new(r"Panier d&#39;origine n°\d+ \(Rentrée littéraire\)").unwrap().is_match(&page), "{page}");
    assert!(Regex::new(r">\d\d/\d\d/\d{4}\x{a0}\(\d\d:\d\d:\d\d\)<").unwrap().is_match(&page), "{page}");
    let quote = answered(&app).await;
    let number = app.purchaser().quote(quote).await.number_at("/number");
    for q in [number.to_string().as_str(), "devis-42"] {
        let found = browser.get(&format!("/quotes?q={q}")).await.expect(200).text;
        assert!(found.contains(&format!("href=\"/quotes/{quote}\"")) && found.contains("Vider le filtre"), "{found}");
        assert_eq!(found.matches("Voir détail</a>").count(), 1);
        assert!(found.contains("href=\"/quotes?tab=archived&#38;q="), "the search is kept from tab to tab: {found}");
    }
    assert!(browser.get("/quotes?q=nothing-like-it").await.expect(200).text.contains("class=\"empty\""));
    browser.get("/quotes?tab=nonsense").await.expect(404);
    browser.get("/quotes?cursor=nonsense").await.expect(422);
}

#[tokio::test] // L25 L33
async fn an_answered_quote_shows_both_prices_and_is_accepted_as_it_was_seen() {
    let app = TestApp::demo().await;
    let (browser, quote) = (purchaser(&app).await, answered(&app).await);
    let path = format!("/quotes/{quote}");
    let page = browser.get(&path).await.expect(200).text;
    for part in [
        "à vous d&#39;accepter ou de refuser, jusqu&#39;au",
        "20,00\u{a0}€",
        "<del>25,00\u{a0}€</del>",
        "5,00\u{a0}%",
        "<del>9,00\u{a0}%</del>",
        "<del>22,75\u{a0}€</del>",
        "DEVIS-42",
        "38,38\u{a0}€",
        "Accepter ce devis",
        "Refuser ce devis",
        "Réponse de la librairie",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let sequence = app.purchaser().quote(quote).await.etag().to_string();
    let form = |sequence| {
        [
            ("sequence", sequence),
            ("delivery_mode", "delivery"),
            ("payment_mode", "chorus"),
            ("cost_centre", "JEUNESSE"),
            ("delivery_address_id", ""),
        ]
    };
    // What was not chosen, and what cannot be, stands beside its field; the rest is kept.
    let none = browser.post(&format!("{path}/accept"), &[("sequence", &sequence), ("cost_centre", "X")]).await;
    let none = none.expect(422).text;
    assert!(none.contains("id=\"delivery_mode-error\">Choisissez") && none.contains("value=\"X\""), "{none}");
    let nowhere = Uuid::nil().to_string();
    let mut bad = form(&sequence);
    bad[4].1 = &nowhere;
    let bad = browser.post(&format!("{path}/accept"), &bad).await.expect(422).text;
    assert!(bad.contains("id=\"delivery_address_id-error\"") && bad.contains("value=\"delivery\" checked"), "{bad}");
    // The bookshop answers again: what he had before his eyes is no more.
    let again = json!({ "lines": [], "valid_until": app.day(31) });
    app.bookseller().quote_step(quote, "answer", &again).await.done();
    app.drain().await;
    let stale = browser.post(&format!("{path}/accept"), &form(&sequence)).await.expect(412).text;
    assert!(stale.contains("Version dépassée"), "{stale}");
    let sequence = app.purchaser().quote(quote).await.etag().to_string();
    let done = browser.post(&format!("{path}/accept"), &form(&sequence)).await.expect(303);
    let order = done.header("location").to_owned();
    let page = browser.get(&order).await.expect(200).text;
    for part in ["Le devis est accepté", "Chorus Pro", "JEUNESSE", "Livraison", "38,38\u{a0}€", &path] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let seen = browser.get(&path).await.expect(200).text;
    assert!(seen.contains(&format!("href=\"{order}\"")) && !seen.contains("Accepter ce devis"), "{seen}");
    browser.post(&format!("{path}/accept"), &form(&sequence)).await.expect(412);
}

#[tokio::test]
async fn a_refused_quote_keeps_the_comment_and_offers_nothing_more() {
    let app = TestApp::demo().await;
    let (browser, quote) = (purchaser(&app).await, answered(&app).await);
    let path = format!("/quotes/{quote}");
    let long = "x".repeat(4_001);
    let refused = browser.post(&format!("{path}/refuse"), &[("comment", &long)]).await.expect(422).text;
    assert!(refused.contains("id=\"refuse-comment-error\"") && refused.contains(&long), "{refused}");
    browser.post(&format!("{path}/refuse"), &[("comment", "Trop <cher>")]).await.leads_to(&path);
    let page = browser.get(&path).await.expect(200).text;
    assert!(page.contains("<blockquote>Trop &#60;cher&#62;</blockquote>"), "{page}");
    assert!(
        page.contains("Le devis est refusé.") && !page.contains("/accept\"") && !page.contains("/refuse\""),
        "{page}"
    );
    // Neither the bookshop nor the auditor decides for an institution.
    for who in ["libraire", "auditeur"] {
        let other = Browser::signed_in(&app, "fr", &format!("{who}@demo.example")).await;
        let quote = answered(&app).await;
        let page = other.get(&format!("/quotes/{quote}")).await.expect(200).text;
        assert!(!page.contains("/accept\"") && !page.contains("/refuse\""), "{who}: {page}");
        other.post(&format!("/quotes/{quote}/accept"), &[("sequence", "1")]).await.expect(403);
        other.post(&format!("/quotes/{quote}/refuse"), &[]).await.expect(403);
    }
}

#[tokio::test] // L28 L29 L30 L31
async fn orders_are_listed_by_tab_and_filtered() {
    let app = TestApp::demo().await;
    let browser = purchaser(&app).await;
    let page = browser.get("/orders").await.expect(200).text;
    let counts = app.purchaser().get("/api/v1/orders").await.expect(200);
    let count = |tab: &str| counts.number_at(&format!("/counts/{tab}")).to_string();
    let told = [
        ("En attente de traitement", "pending"),
        ("En cours de traitement", "processing"),
        ("Clôturée", "closed"),
        ("Annulée", "cancelled"),
    ];
    assert_eq!(tabs(&page), told.map(|(label, tab)| (label.to_owned(), count(tab))));
    let wanted = [
        "N°",
        "Date",
        "Client",
        "Total TTC",
        "Mode de paiement et statut",
        "Librairie en charge de la commande",
        "Actions",
    ];
    for tab in ["pending", "processing", "closed", "cancelled"] {
        assert_eq!(columns(&browser.get(&format!("/orders?tab={tab}")).await.expect(200).text), wanted, "{tab}");
    }
    for label in [
        "Filtrer les commandes",
        "Sélectionnez vos codes EAN",
        "Période\u{a0}: Date de départ",
        "Période\u{a0}: Date de fin",
        "Mode de livraison",
        "N° de commande / N° Librisoft",
    ] {
        assert!(page.contains(label), "no {label} in {page}");
    }
    let processing = browser.get("/orders?tab=processing").await.expect(200).text;
    for state in ["Attente fournisseur(s)", "Préparation de commande", "Mise à disposition"] {
        assert!(processing.contains(state), "no {state} in {processing}");
    }
    let items = app.purchaser().get("/api/v1/orders?tab=processing").await.expect(200);
    let (id, librisoft) = (items.text_at("/items/0/id"), items.text_at("/items/0/librisoft_number"));
    let found = browser.get(&format!("/orders?tab=processing&number={librisoft}")).await.expect(200).text;
    assert!(found.contains(&format!("href=\"/orders/{id}\"")) && found.contains("Vider le filtre"), "{found}");
    assert_eq!(found.matches("Voir détail</a>").count(), 1);
    assert!(found.contains("<details class=\"new\" open>"), "{found}");
    let future = format!("/orders?from={}", app.day(1));
    assert!(browser.get(&future).await.expect(200).text.contains("Aucune commande de cet onglet"));
    for (query, field) in [("ean=123", "ean"), ("from=hier", "from"), ("delivery_mode=swim", "delivery_mode")] {
        let refused = browser.get(&format!("/orders?{query}")).await.expect(422).text;
        assert!(refused.contains(&format!("id=\"{field}-error\"")), "{query}: {refused}");
        assert!(!refused.contains("Voir détail</a>"), "{query}: {refused}");
    }
    // Whoever acts for several clients chooses among them.
    app.engage("deux@demo.example", Role::Purchaser, &[MEDIATHEQUE, SCHOOL]).await;
    let two = Browser::signed_in(&app, "fr", "deux@demo.example").await;
    let school = app.institution(SCHOOL);
    let page = two.get(&format!("/orders?delivered_to={school}")).await.expect(200).text;
    for part in ["Client livré", "Client facturé", &format!("value=\"{school}\" selected")] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    app.engage("vide@demo.example", Role::Purchaser, &[SCHOOL]).await;
    let nobody = Browser::signed_in(&app, "fr", "vide@demo.example").await;
    assert!(nobody.get("/orders").await.expect(200).text.contains("Aucune commande"));
    assert!(nobody.get("/quotes").await.expect(200).text.contains("Aucun devis en cours"));
}

#[tokio::test] // L31 L33 L34
async fn an_order_says_where_it_is_and_what_the_bookshop_wrote() {
    let app = TestApp::demo().await;
    let browser = purchaser(&app).await;
    let basket = app.purchaser().filled_basket().await;
    let order = app.purchaser().place_order_by(basket, "CMD-<7>", "delivery").await.done().id_at("/order_id");
    app.drain().await;
    let path = format!("/orders/{order}");
    app.drain().await;
    let page = browser.get(&path).await.expect(200).text;
    for part in [
        "En attente de traitement\u{a0}: la librairie doit relever la commande.",
        "CMD-&#60;7&#62;",
        "Sur facture",
        "Adresse de livraison",
        "Pas encore indiquée",
        CEMETERY_ROAD,
        "Frais de port",
        "Panier d&#39;origine n°",
        "Commande envoyée",
        "42,13\u{a0}€",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    app.librisoft().acknowledge_order(order, "6767").await.done();
    let line = app.purchaser().order_line_ids(order).await[0];
    app.librisoft().report_line(order, line, "3", 0).await.done();
    let text = json!({ "text": "Un titre <b>tardera</b>.\nMerci de patienter." });
    app.bookseller().order_step(order, "message", &text).await.done();
    app.drain().await;
    let page = browser.get(&path).await.expect(200).text;
    for part in [
        "Attente fournisseur(s)",
        "Réimpression en cours",
        "aucun en stock",
        "N° Librisoft",
        "6767",
        "Messages de la librairie",
        "Un titre &#60;b&#62;tardera&#60;/b&#62;.",
        "Relevée par Librisoft",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    app.bookseller().order_step(order, "cancel", &json!({ "reason": "Introuvable" })).await.done();
    app.drain().await;
    let page = browser.get(&path).await.expect(200).text;
    assert!(
        page.contains("Annulée par la librairie.") && page.contains("<blockquote>Introuvable</blockquote>"),
        "{page}"
    );
    // The actions are the bookshop's: what its reader finds here is a copy for himself.
    for action in ["make-available", "ship", "close", "cancel", "reset-status", "message"] {
        assert!(!page.contains(&format!("/{action}\"")), "{page}");
    }
}

#[tokio::test]
async fn documents_of_others_are_not_there() {
    let app = TestApp::demo().await;
    let quote = answered(&app).await;
    let basket = app.purchaser().filled_basket().await;
    let order = app.purchaser().place_order(basket, "SECRET-1").await.done().id_at("/order_id");
    app.drain().await;
    app.engage("ecole@demo.example", Role::Purchaser, &[SCHOOL]).await;
    let other = Browser::signed_in(&app, "fr", "ecole@demo.example").await;
    let parvis = Browser::signed_in(&app, "fr", "libraire@parvis.example").await;
    for browser in [&other, &parvis] {
        for path in [format!("/quotes/{quote}"), format!("/orders/{order}"), "/orders/nonsense".to_owned()] {
            browser.get(&path).await.expect(404);
        }
        for list in ["/quotes", "/orders"] {
            let page = browser.get(list).await.expect(200).text;
            assert!(!page.contains("DEVIS-42") && !page.contains("SECRET-1"), "{page}");
        }
    }
    let accept = [("sequence", "2"), ("delivery_mode", "pickup"), ("payment_mode", "invoice")];
    other.post(&format!("/quotes/{quote}/accept"), &accept).await.expect(404);
    other.post(&format!("/quotes/{quote}/refuse"), &[]).await.expect(404);
    for who in ["utilisateur", "approbateur"] {
        let browser = Browser::signed_in(&app, "fr", &format!("{who}@demo.example")).await;
        for path in ["/quotes".to_owned(), "/orders".to_owned(), format!("/orders/{order}")] {
            browser.get(&path).await.expect(403);
        }
    }
}
