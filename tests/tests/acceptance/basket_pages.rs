//! The page of a basket: its lines and totals, and all that is done there, by forms.

use bordereau_commands::InstitutionRequest;
use bordereau_tests::{Answer, Browser, CEMETERY_ROAD, Client, MEDIATHEQUE, READING_ALOUD, TestApp};
use serde_json::json;
use uuid::Uuid;

use super::pages::{LANGUAGES, check};

#[tokio::test] // L45 L46
async fn a_basket_shows_its_lines_and_totals_under_the_labels_of_the_trade() {
    let app = TestApp::demo().await;
    let id = app.requester().filled_basket().await;
    let browser = Browser::of(&app.requester(), "fr");
    let page = look(&browser, &format!("/baskets/{id}")).await.expect(200);
    let words = page.words();
    for part in [
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
        assert!(words.contains(part), "no {part} in {words}");
    }
    for label in ["Référence", "Titre", "Auteur · Éditeur", "Quantité", "Prix HT", "Prix TTC", "Remise", "Total TTC"]
    {
        assert!(page.text.contains(&format!(">{label}<")), "no {label} in {page}");
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
            let page = look(&Browser::of(&app.by(who), language), &format!("/baskets/{sent}")).await.expect(200);
            check(language, "a returned basket", &page);
            assert!(page.text.contains("Le titre 2 est épuisé") && page.text.contains("Michel Denis"), "{page}");
        }
        let bookseller = Browser::of(&app.bookseller(), language);
        look(&bookseller, &format!("/baskets/{sent}")).await.expect(404);
        check(language, "an ordered basket", &look(&bookseller, &format!("/baskets/{ordered}")).await.expect(200));
        let stranger = Browser::of(&app.by("utilisateur@parvis.example"), language);
        check(language, "nobody's basket", &look(&stranger, &format!("/baskets/{sent}")).await.expect(404));
    }
}

/// Looks at a page once every view shows what was written by whomever.
pub async fn look(browser: &Browser, path: &str) -> Answer {
    browser.app.drain().await;
    browser.get(path).await
}

/// The page of a basket.
pub async fn page_of(browser: &Browser, basket: Uuid) -> Answer {
    look(browser, &format!("/baskets/{basket}")).await.expect(200)
}

/// Sends the form of a step from the page of a basket.
async fn take(browser: &Browser, basket: Uuid, step: &str) -> Answer {
    page_of(browser, basket).await.paper(&format!("/baskets/{basket}/{step}")).send(browser).await
}

/// Quantities of a basket's lines, in the order they were added.
async fn quantities(client: &Client, basket: Uuid) -> Vec<u64> {
    let seen = client.basket(basket).await.expect(200);
    seen.at("/lines").as_array().unwrap().iter().map(|line| line["quantity"].as_u64().unwrap()).collect()
}

#[tokio::test] // B18 B19 L39
async fn a_basket_is_filled_by_ean_enter_quantity_enter() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.open_basket("Scan").await.expect(201).id_at("/id");
    let browser = Browser::of(&requester, "fr");
    let (path, lines) = (format!("/baskets/{basket}"), format!("/baskets/{basket}/lines"));
    let empty = page_of(&browser, basket).await;
    assert!(empty.words().contains("Ce panier est vide."), "{empty}");
    assert!(empty.text.contains("id=\"add\" name=\"add\""), "{empty}");
    // Found: how many, and for whom.
    let found = look(&browser, &format!("{path}?add=978-2-330-15013-6")).await.expect(200);
    assert!(found.words().contains("CEMETERY ROAD 9782330150136 · 22,75 €"), "{found}");
    let paper = found.paper(&lines);
    assert_eq!((paper.value("ean"), paper.value("quantity"), paper.value("line_reference")), (CEMETERY_ROAD, "", ""));
    let paper = paper.with("quantity", "3").with("line_reference", "Secteur adultes");
    paper.send(&browser).await.leads_to(&path);
    // A second click puts nothing more in.
    paper.send(&browser).await.leads_to(&path);
    let after = page_of(&browser, basket).await;
    assert!(after.words().contains("L'article est dans le panier."), "{after}");
    assert!(after.text.contains("value=\"Secteur adultes\"") && after.text.contains("autofocus"), "{after}");
    assert_eq!(quantities(&requester, basket).await, [3]);
    // The same page again is another form, and no quantity is one copy: the same article stands twice.
    let again = look(&browser, &format!("{path}?add={CEMETERY_ROAD}")).await.expect(200);
    again.paper(&lines).send(&browser).await.leads_to(&path);
    assert_eq!(quantities(&requester, basket).await, [3, 1]);
}

#[tokio::test]
async fn what_cannot_be_entered_is_told_beside_the_field_and_kept() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.open_basket("Scan").await.expect(201).id_at("/id");
    let browser = Browser::of(&requester, "fr");
    let path = format!("/baskets/{basket}");
    for (typed, told) in [
        ("9782330150137", "Le dernier chiffre devrait être 6."),
        ("9782330", "Un EAN a 13 chiffres, un ISBN-10 en a 10."),
        ("9780000000002", "Le catalogue de votre librairie ne contient pas cet article."),
    ] {
        let refused = look(&browser, &format!("{path}?add={typed}")).await.expect(422);
        check("fr", "an unknown EAN", &refused);
        assert!(refused.words().contains(told) && refused.text.contains(&format!("value=\"{typed}\"")), "{refused}");
        assert!(refused.text.contains("aria-describedby=\"add-hint add-error\""), "{refused}");
    }
    let words = look(&browser, &format!("{path}?add=la+l%C3%A9gende%26q")).await.expect(303);
    assert_eq!(words.header("location"), format!("/articles?basket={basket}&q=la+l%C3%A9gende%26q"));
    let found = look(&browser, &format!("{path}?add={CEMETERY_ROAD}")).await.expect(200);
    for (quantity, reference, field) in
        [("0", "x", "add-quantity"), ("deux", "x", "add-quantity"), ("2", &"x".repeat(500), "add-line_reference")]
    {
        let paper = found.paper(&format!("{path}/lines")).with("quantity", quantity).with("line_reference", reference);
        let refused = paper.send(&browser).await.expect(422);
        assert!(refused.text.contains(&format!("id=\"{field}-error\"")), "{refused}");
        let again = refused.paper(&format!("{path}/lines"));
        assert_eq!((again.value("quantity"), again.value("line_reference")), (quantity, reference));
    }
    // Reprinting: it may be put in, with a word.
    let ean = requester.articles("q=heidi").await.expect(200).text_at("/items/0/ean");
    assert!(look(&browser, &format!("{path}?add={ean}")).await.expect(200).words().contains("Réimpression en cours"));
}

#[tokio::test] // L39 B18 B19
async fn lines_are_changed_in_one_form_and_taken_out_by_their_button() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    let browser = Browser::of(&requester, "fr");
    let (path, save) = (format!("/baskets/{basket}"), format!("/baskets/{basket}/save"));
    let head = app.head("DLIVRE").await;
    page_of(&browser, basket).await.paper(&save).send(&browser).await.leads_to(&path);
    assert_eq!(app.head("DLIVRE").await, head, "nothing was changed, and something is written");
    let paper = page_of(&browser, basket).await.paper(&save);
    let (quantity, reference) = (paper.line_field("q", "1"), paper.line_field("r", ""));
    paper.clone().with(&quantity, "7").with(&reference, "Fonds <b>").send(&browser).await.leads_to(&path);
    let after = page_of(&browser, basket).await;
    assert!(after.words().contains("Les modifications sont enregistrées."), "{after}");
    assert!(after.text.contains("value=\"Fonds &#60;b&#62;\""), "{after}");
    assert_eq!(quantities(&requester, basket).await, [1, 1, 7]);
    // What can never be stays in its field, and nothing is saved.
    let head = app.head("DLIVRE").await;
    let paper = after.paper(&save);
    let (one, seven) = (paper.line_field("q", "1"), paper.line_field("q", "7"));
    let refused = paper.clone().with(&one, "9").with(&seven, "-1").send(&browser).await.expect(422);
    check("fr", "a wrong quantity", &refused);
    assert!(refused.words().contains("La quantité va de 1 à 9"), "{refused}");
    assert_eq!(refused.paper("/language").value("next"), path, "the language switch leads to a page");
    assert_eq!((refused.paper(&save).value(&one), refused.paper(&save).value(&seven)), ("9", "-1"));
    assert_eq!(app.head("DLIVRE").await, head);
    // Taking a line out keeps what was typed on another.
    let line = one.split('.').nth(1).unwrap().to_owned();
    paper.with(&seven, "8").and("remove", &line).send(&browser).await.leads_to(&path);
    assert_eq!(quantities(&requester, basket).await.len(), 2);
    assert!(quantities(&requester, basket).await.contains(&8));
    for strange in [("q.nonsense.1", "2"), ("quantity", "2"), ("remove", "x")] {
        browser.post(&save, &[strange]).await.expect(422);
    }
}

#[tokio::test]
async fn two_people_who_change_lines_lose_nothing_and_are_told_where_they_meet() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    requester.send(basket).await.done();
    app.approver().unlock(basket).await.done();
    let (approver, purchaser) = (Browser::of(&app.approver(), "fr"), Browser::of(&app.purchaser(), "fr"));
    let (path, save) = (format!("/baskets/{basket}"), format!("/baskets/{basket}/save"));
    let lines = requester.line_ids(basket).await;
    let name = |line: usize, seen: u32| format!("q.{}.{seen}", lines[line].simple());
    let (hers, his) = (page_of(&approver, basket).await.paper(&save), page_of(&purchaser, basket).await.paper(&save));
    hers.with(&name(0, 1), "2").send(&approver).await.leads_to(&path);
    // Another line: both stand. His page still shows one copy of the first, and does not bring it back.
    his.clone().with(&name(1, 1), "3").send(&purchaser).await.leads_to(&path);
    assert_eq!(quantities(&requester, basket).await, [2, 3, 1]);
    // The same line: he is told what stands there now, and his own number waits in its field.
    let met = his.clone().with(&name(0, 1), "9").send(&purchaser).await.expect(409);
    assert!(met.words().contains("Modifié entre-temps par quelqu'un d'autre : 2."), "{met}");
    assert_eq!(met.paper(&save).value(&name(0, 2)), "9");
    assert_eq!(quantities(&requester, basket).await, [2, 3, 1]);
    met.paper(&save).send(&purchaser).await.leads_to(&path);
    assert_eq!(quantities(&requester, basket).await, [9, 3, 1]);
    // The same number needs no word, and a line that is gone is said to be.
    his.clone().with(&name(0, 1), "9").send(&purchaser).await.leads_to(&path);
    app.approver().remove_line(basket, lines[2]).await.done();
    let gone = his.with(&name(2, 1), "4").send(&purchaser).await.expect(404);
    assert!(gone.words().contains("Ligne inconnue"), "{gone}");
    // Whoever may not see the basket learns nothing of its lines.
    let stranger = Browser::of(&app.by("utilisateur@parvis.example"), "fr");
    let told = stranger.post(&save, &[(name(0, 1).as_str(), "5")]).await.expect(404);
    assert!(!told.text.contains("entre-temps"), "{told}");
}

#[tokio::test] // L41 L42 L43 L44
async fn each_role_finds_its_steps_under_the_exact_labels() {
    let app = TestApp::demo().await;
    let basket = app.requester().filled_basket().await;
    let [requester, approver, purchaser] =
        [app.requester(), app.approver(), app.purchaser()].map(|client| Browser::of(&client, "fr"));
    let unlock = "Déverrouiller le panier";
    let give_back = "Retourner ce panier au rôle précédent";
    let (quote, order) = ("Transformer ce panier en demande de devis", "Transformer ce panier en commande");
    let says = |page: &Answer, labels: &[&str]| {
        let words = page.words();
        for label in labels {
            assert!(words.contains(label), "no {label} in {words}");
        }
        assert_eq!(page.text.matches("class=\"primary\"").count() + page.text.matches("button primary").count(), 1);
    };
    let page = page_of(&requester, basket).await;
    says(&page, &["Envoyer ce panier à l'approbateur", "Continuer mes achats", "Renommer", "Supprimer ce panier"]);
    let sent = format!("/baskets/{basket}/send-to-approver");
    let answer = page.paper(&sent).with("comment", "Pour le prix des lecteurs").send(&requester).await;
    answer.leads_to(&format!("/baskets/{basket}"));
    let told = page_of(&requester, basket).await;
    assert!(told.words().contains("Le panier est envoyé à l'approbateur."), "{told}");
    assert!(told.find_paper(&sent).is_none() && !told.text.contains("name=\"add\""), "{told}");
    // At the approver: locked, and it says so.
    let page = page_of(&approver, basket).await;
    says(&page, &["Transmettre ce panier à la collectivité", unlock, give_back, "Déverrouillez le panier avant"]);
    assert!(!page.text.contains("name=\"add\""), "{page}");
    take(&approver, basket, "unlock").await.leads_to(&format!("/baskets/{basket}"));
    assert!(page_of(&approver, basket).await.text.contains("name=\"add\""));
    take(&approver, basket, "validate").await.leads_to("/baskets?tray=to_validate");
    // At the purchaser, back to the approver with a word, and on again.
    let page = page_of(&purchaser, basket).await;
    says(&page, &[quote, order, unlock, give_back]);
    assert!(page.text.contains(&format!("href=\"/baskets/{basket}/quote\"")), "{page}");
    let back = format!("/baskets/{basket}/return");
    page.paper(&back).with("comment", "Trop cher").send(&purchaser).await.leads_to("/baskets?tray=to_validate");
    let page = page_of(&approver, basket).await;
    assert!(page.words().contains("Retourné par Christine Chailan") && page.words().contains("Trop cher"), "{page}");
    take(&approver, basket, "return").await.leads_to("/baskets?tray=to_validate");
    let page = page_of(&requester, basket).await;
    assert!(page.words().contains("Retourné : à vous de le reprendre"), "{page}");
}

#[tokio::test]
async fn a_step_on_a_basket_that_has_changed_comes_back_with_the_basket_as_it_is() {
    let app = TestApp::demo().await;
    let basket = app.requester().filled_basket().await;
    app.requester().send(basket).await.done();
    app.approver().unlock(basket).await.done();
    let browser = Browser::of(&app.approver(), "fr");
    let validate = format!("/baskets/{basket}/validate");
    let paper = page_of(&browser, basket).await.paper(&validate).with("comment", "D'accord");
    app.purchaser().add_line(basket, READING_ALOUD, 12).await.done();
    let stale = paper.send(&browser).await.expect(412);
    check("fr", "a stale basket", &stale);
    assert!(stale.words().contains("Ce panier a changé entre-temps"), "{stale}");
    assert!(stale.text.contains("value=\"12\""), "the fresh line is not shown: {stale}");
    let again = stale.paper(&validate);
    assert_eq!(again.value("comment"), "D'accord");
    let twice = again.clone();
    again.send(&browser).await.leads_to("/baskets?tray=to_validate");
    // A second click is answered like the first; from an older page it is told.
    twice.send(&browser).await.leads_to("/baskets?tray=to_validate");
    app.purchaser().give_back(basket, "non").await.done();
    app.approver().give_back(basket, "non").await.done();
    let elsewhere = paper.without("seen").without("key").send(&browser).await.expect(409);
    assert!(elsewhere.words().contains("Ce panier n'est plus à cette étape"), "{elsewhere}");
}

#[tokio::test] // L40
async fn a_basket_is_renamed_by_those_above_and_deleted_by_its_owner_after_one_question() {
    let app = TestApp::demo().await;
    let basket = app.requester().filled_basket().await;
    let browser = Browser::of(&app.requester(), "fr");
    app.requester().send(basket).await.done();
    let approver = Browser::of(&app.approver(), "fr");
    let rename = format!("/baskets/{basket}/rename");
    let name = "<script>alert(1)</script> & \"x\"";
    let paper = page_of(&approver, basket).await.paper(&rename);
    paper.clone().with("name", name).send(&approver).await.leads_to(&format!("/baskets/{basket}"));
    let page = page_of(&browser, basket).await;
    assert!(page.text.contains("<h1>&#60;script&#62;alert(1)&#60;/script&#62; &#38; &#34;x&#34;</h1>"), "{page}");
    assert!(page.find_paper(&rename).is_none(), "its owner does not rename what he has sent");
    let refused = paper.with("name", &"y".repeat(201)).send(&approver).await.expect(422);
    assert!(refused.text.contains("id=\"name-error\"") && refused.text.contains(&"y".repeat(201)), "{refused}");
    app.approver().give_back(basket, "non").await.done();
    let page = page_of(&browser, basket).await;
    assert!(page.words().contains("et toutes ses lignes ? Vous ne pourrez pas revenir en arrière."), "{page}");
    let discard = page.paper(&format!("/baskets/{basket}/discard"));
    discard.send(&browser).await.leads_to("/baskets");
    assert!(browser.get("/baskets").await.expect(200).words().contains("Le panier est supprimé."));
    discard.send(&browser).await.leads_to("/baskets");
}

#[tokio::test]
async fn what_is_not_allowed_is_not_offered_or_says_why() {
    let app = TestApp::demo().await;
    let institution = app.institution(MEDIATHEQUE);
    let (approver, purchaser) = (app.approver(), app.purchaser());
    let own = approver.filled_basket().await;
    let browser = Browser::of(&approver, "fr");
    assert!(page_of(&browser, own).await.find_paper(&format!("/baskets/{own}/validate")).is_some());
    app.act("DLIVRE", institution, InstitutionRequest::SetTwoPersonRule { demanded: true }).await;
    let page = page_of(&browser, own).await;
    assert!(page.find_paper(&format!("/baskets/{own}/validate")).is_none(), "{page}");
    assert!(page.words().contains("Une autre personne doit d'abord valider ce panier."), "{page}");
    take(&browser, own, "send-to-approver").await.leads_to(&format!("/baskets/{own}"));
    app.act("DLIVRE", institution, InstitutionRequest::Withdraw).await;
    let page = page_of(&Browser::of(&purchaser, "fr"), own).await;
    assert!(page.find_paper(&format!("/baskets/{own}/validate")).is_none(), "{page}");
    assert!(page.words().contains("Cette collectivité est bloquée"), "{page}");
    // Its owner has gone: it is taken over instead of returned.
    app.deactivate(&approver).await;
    let browser = Browser::of(&purchaser, "fr");
    let page = page_of(&browser, own).await;
    assert!(page.find_paper(&format!("/baskets/{own}/return")).is_none(), "{page}");
    assert!(page.words().contains("reprenez le panier au lieu de le retourner"), "{page}");
    take(&browser, own, "take-over").await.leads_to(&format!("/baskets/{own}"));
    assert!(page_of(&browser, own).await.words().contains("Préparé par Christine Chailan"));
}

#[tokio::test]
async fn a_long_basket_is_shown_by_pages_and_stays_light() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.open_basket("Deux cents lignes").await.expect(201).id_at("/id");
    let found = requester.articles("q=la&limit=40").await.expect(200);
    let eans: Vec<_> = found.items().iter().map(|article| article["ean"].as_str().unwrap().to_owned()).collect();
    for line in 0..200 {
        let body =
            json!({ "ean": eans[line % eans.len()], "quantity": 1, "line_reference": format!("Réserve {line}") });
        requester.post(&format!("/api/v1/baskets/{basket}/lines"), &body).await.done();
    }
    let browser = Browser::of(&requester, "fr");
    let first = page_of(&browser, basket).await;
    check("fr", "two hundred lines", &first);
    assert!(first.words().contains("200 lignes · 200 exemplaires") && first.text.contains("Réserve 199"), "{first}");
    assert!(first.text.contains(&format!("/baskets/{basket}?page=2")) && !first.text.contains("Réserve 149"));
    let last = look(&browser, &format!("/baskets/{basket}?page=4")).await.expect(200);
    assert!(
        last.text.contains("\"Réserve 0\"")
            && last.text.contains("rel=\"prev\"")
            && !last.text.contains("rel=\"next\"")
    );
    let paper = last.paper(&format!("/baskets/{basket}/save"));
    let field = paper.line_field("r", "Réserve 0");
    paper.with(&field, "Réserve zéro").send(&browser).await.leads_to(&format!("/baskets/{basket}?page=4"));
}
