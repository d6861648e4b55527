//! The page of a basket: its lines and totals, and all that is done there, by forms.

use bordereau_tests::{Browser, TestApp};

use super::pages::{LANGUAGES, check};

/// A text as a page shows it: entities and no-break spaces made plain.
fn plain(text: &str) -> String {
    let mut plain = text.replace(['\u{a0}', '\u{202f}'], " ");
    for (entity, letter) in [("&#39;", "'"), ("&#38;", "&"), ("&#34;", "\""), ("&#60;", "<"), ("&#62;", ">")] {
        plain = plain.replace(entity, letter);
    }
    plain
}

#[tokio::test] // L45 L46
async fn a_basket_shows_its_lines_and_totals_under_the_labels_of_the_trade() {
    let app = TestApp::demo().await;
    let id = app.requester().filled_basket().await;
    let browser = Browser::of(&app.requester(), "fr");
    let page = plain(&browser.get(&format!("/baskets/{id}")).await.expect(200).text);
    for words in [
        "Nouveautés",
        "Médiathèque de l'Orangerie",
        "En préparation chez vous",
        "9782330150136",
        "CEMETERY ROAD",
        "ILES GREG · ACTES SUD",
        "23,70 €",
        "25,00 €",
        "9,00 %",
        "2,25 €",
        "22,75 €",
        "Remise totale TTC",
        "Sous-total HT",
        "TVA à 5,5 %",
        "Total TVA",
        "Sous-total TTC",
    ] {
        assert!(page.contains(words), "no {words} in {page}");
    }
    for label in ["Référence", "Titre", "Auteur · Éditeur", "Quantité", "Prix HT", "Prix TTC", "Remise", "Total TTC"]
    {
        assert!(page.contains(&format!(">{label}<")), "no {label} in {page}");
    }
}

#[tokio::test]
async fn a_basket_is_whole_in_three_languages_for_all_who_may_see_it_and_nobody_else() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let (sent, ordered) = (requester.filled_basket().await, app.purchaser().filled_basket().await);
    requester.send(sent).await.done();
    app.approver().give_back(sent, "Le titre 2 est épuisé").await.done();
    app.purchaser().place_order(ordered, "BC-1").await.expect(200);
    for language in LANGUAGES {
        for who in ["utilisateur", "approbateur", "collectivite", "auditeur"] {
            let page = Browser::of(&app.by(who), language).get(&format!("/baskets/{sent}")).await.expect(200);
            check(language, "a returned basket", &page);
            assert!(page.text.contains("Le titre 2 est épuisé") && page.text.contains("Michel Denis"), "{page}");
        }
        let bookseller = Browser::of(&app.bookseller(), language);
        bookseller.get(&format!("/baskets/{sent}")).await.expect(404);
        check(language, "an ordered basket", &bookseller.get(&format!("/baskets/{ordered}")).await.expect(200));
        let stranger = Browser::of(&app.by("utilisateur@parvis.example"), language);
        check(language, "nobody's basket", &stranger.get(&format!("/baskets/{sent}")).await.expect(404));
    }
}
