//! A basket's story: its steps as a table and as a picture, what each role changed, and the basket as it was.

use bordereau_tests::{Answer, Browser, CEMETERY_ROAD, CLUB_GUIDE, Client, READING_ALOUD, TestApp, plain};
use chrono::TimeDelta;
use regex::Regex;
use serde_json::json;
use uuid::Uuid;

use super::pages::{LANGUAGES, check};

/// Somebody who signs in today: the sessions of the beginning do not outlive the days that pass here.
async fn today(app: &TestApp, who: &str) -> Client {
    app.sign_in(&format!("{who}@demo.example")).await
}

/// A basket that goes to the approver, is changed there, comes back, goes again, and becomes an order: days pass.
async fn eventful(app: &TestApp) -> Uuid {
    let requester = app.requester();
    let basket = requester.open_basket("Fonds jeunesse").await.expect(201).id_at("/id");
    requester.add_line(basket, CEMETERY_ROAD, 2).await.expect(201);
    requester.add_line(basket, READING_ALOUD, 1).await.expect(201);
    app.clock.advance(TimeDelta::minutes(25));
    requester.step_saying(basket, "send-to-approver", "Pour le club du jeudi.").await.done();
    app.clock.advance(TimeDelta::days(7));
    let (requester, approver) = (today(app, "utilisateur").await, today(app, "approbateur").await);
    approver.unlock(basket).await.done();
    let found = approver.basket(basket).await;
    let line = |n: usize| found.at("/lines")[n]["line_id"].as_str().unwrap().parse().unwrap();
    approver.change_quantity(basket, line(0), 3).await.expect(200);
    approver.remove_line(basket, line(1)).await.expect(200);
    approver.add_line(basket, CLUB_GUIDE, 4).await.expect(201);
    app.clock.advance(TimeDelta::minutes(5));
    approver.give_back(basket, "Le titre 2 est épuisé.").await.done();
    app.clock.advance(TimeDelta::minutes(100));
    requester.send(basket).await.done();
    app.clock.advance(TimeDelta::days(2));
    today(app, "approbateur").await.validate(basket).await.done();
    app.clock.advance(TimeDelta::minutes(40));
    today(app, "collectivite").await.place_order(basket, "BC-2026-1").await.expect(200);
    app.drain().await;
    basket
}

async fn story(app: &TestApp, who: &str, language: &str, basket: Uuid) -> Answer {
    app.drain().await;
    Browser::of(&today(app, who).await, language).get(&format!("/baskets/{basket}/story")).await.expect(200)
}

/// The rows of the table of steps.
fn rows(page: &str) -> Vec<String> {
    let table = page.split("<table class=\"passage\">").nth(1).expect("a table").split("</table>").next().unwrap();
    table.split("<tr>").skip(2).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_story_tells_who_did_what_when_how_long_it_had_waited_and_what_was_said() {
    let app = TestApp::demo().await;
    let basket = eventful(&app).await;
    let page = plain(&story(&app, "utilisateur", "fr", basket).await.text);
    let steps = [
        ("Ouvert", "Utilisateur", "—"),
        ("Envoyé à l'approbateur", "Utilisateur", "25 min"),
        ("Déverrouillé", "Approbateur", "7 jours"),
        ("Retourné à l'utilisateur", "Approbateur", "7 jours"),
        ("Envoyé à l'approbateur", "Utilisateur", "1 h 40 min"),
        ("Validé, transmis à la collectivité", "Approbateur", "2 jours"),
        ("Transformé en commande", "Collectivité", "40 min"),
    ];
    let rows = rows(&page);
    assert_eq!(rows.len(), steps.len(), "{page}");
    for (row, (label, role, waited)) in rows.iter().zip(steps) {
        for words in [format!(">{label}<"), format!(">{role}<"), format!(">{waited}<")] {
            assert!(row.contains(&words), "no {words} in {row}");
        }
    }
    assert!(rows[1].contains("<blockquote>Pour le club du jeudi.</blockquote>"), "{}", rows[1]);
    assert!(rows[3].contains("<blockquote>Le titre 2 est épuisé.</blockquote>"), "{}", rows[3]);
    // What each role took, how often it came back, where it is.
    for words in ["Transformé en commande", "Allers-retours</dt><dd>1<", "Utilisateur</dt><dd>2 h 5 min<"] {
        assert!(page.contains(words), "no {words} in {page}");
    }
    assert!(page.contains("Approbateur</dt><dd>9 jours<") && page.contains("Collectivité</dt><dd>40 min<"), "{page}");
    assert!(!rows[6].contains("/orders/"), "no order for whoever may not read it: {}", rows[6]);
    let bought = plain(&story(&app, "collectivite", "fr", basket).await.text);
    assert!(bought.contains("<a href=\"/orders/"), "{bought}");
    // Each step leads to the basket as it was then.
    let history = today(&app, "auditeur").await.get(&format!("/api/v1/baskets/{basket}/history")).await.expect(200);
    for row in &rows {
        let position: u64 = row.split("/story/").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        assert!(history.items().iter().any(|step| step["position"] == position), "{row}");
    }
}

#[tokio::test]
async fn what_the_approver_changed_stands_line_by_line_at_his_step() {
    let app = TestApp::demo().await;
    let basket = eventful(&app).await;
    let page = plain(&story(&app, "utilisateur", "fr", basket).await.text);
    let rows = rows(&page);
    let tag = Regex::new("<[^>]*>").unwrap();
    let changes = tag.replace_all(&rows[3], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "1 titre ajouté, 1 titre retiré, 1 modification (",
        "Modifié CEMETERY ROAD 9782330150136 exemplaires : 2 → 3",
        "Retiré",
        "Ajouté",
        "4 exemplaires",
    ] {
        assert!(changes.contains(words), "no {words} in {changes}");
    }
    assert!(rows[3].contains("<details class=\"changes\">"), "folded: {}", rows[3]);
    assert!(!rows[4].contains("<details"), "nothing was changed before it was sent again: {}", rows[4]);
    // The first hand-over holds what the basket was made of.
    assert!(rows[1].contains("2 titres ajoutés"), "{}", rows[1]);
}

#[tokio::test]
async fn picture_and_table_agree_and_a_return_is_a_loop() {
    let app = TestApp::demo().await;
    let basket = eventful(&app).await;
    let page = story(&app, "approbateur", "fr", basket).await.text;
    let pictures: Vec<_> = page.split("<svg ").skip(1).map(|rest| rest.split("</svg>").next().unwrap()).collect();
    assert_eq!(pictures.len(), 2, "a wide one and a narrow one");
    let table = rows(&page);
    for picture in pictures {
        assert!(picture.contains("role=\"img\"") && picture.contains("<title id=") && picture.contains("<desc id="));
        let marks: Vec<_> = picture.split("<g class=\"mark ").skip(1).collect();
        assert_eq!(marks.len(), table.len());
        for (mark, row) in marks.iter().zip(&table) {
            // The mark's words are the row's: step, person, moment.
            let told = mark.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
            for part in told.split(" · ").take(2) {
                assert!(row.contains(part), "no {part} in {row}");
            }
        }
        assert_eq!(picture.matches("class=\"way back\"").count(), 1, "{picture}");
        assert_eq!(picture.matches("class=\"way\"").count(), 4, "{picture}");
    }
}

#[tokio::test]
async fn a_story_is_whole_in_three_languages_for_all_who_may_see_the_basket_and_nobody_else() {
    let app = TestApp::demo().await;
    let basket = eventful(&app).await;
    let draft = today(&app, "utilisateur").await.filled_basket().await;
    app.drain().await;
    let head = app.head("DLIVRE").await;
    for who in ["utilisateur", "approbateur", "collectivite", "libraire", "auditeur"] {
        let client = today(&app, who).await;
        for language in LANGUAGES {
            let browser = Browser::of(&client, language);
            check(language, "story", &browser.get(&format!("/baskets/{basket}/story")).await.expect(200));
            check(language, "then", &browser.get(&format!("/baskets/{basket}/story/{head}")).await.expect(200));
            let seen = if matches!(who, "utilisateur" | "auditeur") { 200 } else { 404 };
            browser.get(&format!("/baskets/{draft}/story")).await.expect(seen);
            browser.get(&format!("/baskets/{draft}/story/{head}")).await.expect(seen);
        }
    }
    let elsewhere = Browser::of(&app.sign_in("collectivite@parvis.example").await, "fr");
    elsewhere.get(&format!("/baskets/{basket}/story")).await.expect(404);
    let browser = Browser::of(&today(&app, "utilisateur").await, "fr");
    for (path, status) in [
        (format!("/baskets/{basket}/story/1"), 404),
        (format!("/baskets/{basket}/story/x"), 404),
        (format!("/baskets/{basket}/story/{}", head + 1), 422),
        ("/baskets/nothing/story".to_owned(), 404),
    ] {
        browser.get(&path).await.expect(status);
    }
}

#[tokio::test]
async fn the_bookshop_reads_no_inner_comments_and_nobody_a_script() {
    let app = TestApp::demo().await;
    let basket = eventful(&app).await;
    let page = story(&app, "libraire", "fr", basket).await.text;
    assert!(!page.contains("épuisé.") && !page.contains("jeudi"), "{page}");
    let requester = today(&app, "utilisateur").await;
    let marked = requester.open_basket("<script>alert(1)</script>").await.expect(201).id_at("/id");
    let line = json!({ "ean": CEMETERY_ROAD, "quantity": 1, "line_reference": "\"><img src=x onerror=alert(1)>" });
    requester.post(&format!("/api/v1/baskets/{marked}/lines"), &line).await.expect(201);
    requester.step_saying(marked, "send-to-approver", "<svg onload=alert(1)>").await.done();
    let page = story(&app, "utilisateur", "fr", marked).await.text;
    for bad in ["<script>alert", "<img", "<svg onload"] {
        assert!(!page.contains(bad), "{bad} in {page}");
    }
}

#[tokio::test]
async fn the_basket_as_it_was_has_the_lines_of_then_and_says_what_became_of_them() {
    let app = TestApp::demo().await;
    let basket = eventful(&app).await;
    let browser = Browser::of(&today(&app, "utilisateur").await, "fr");
    let history = today(&app, "auditeur").await.get(&format!("/api/v1/baskets/{basket}/history")).await.expect(200);
    for step in history.items() {
        let position = step["position"].as_u64().unwrap();
        let then =
            today(&app, "auditeur").await.get(&format!("/api/v1/baskets/{basket}?at={position}")).await.expect(200);
        let page = plain(&browser.get(&format!("/baskets/{basket}/story/{position}")).await.expect(200).text);
        let table = page.split("<table>").nth(1).unwrap_or_default().split("</table>").next().unwrap();
        assert_eq!(table.matches("<th scope=\"row\">").count(), then.at("/lines").as_array().unwrap().len(), "{page}");
        for line in then.at("/lines").as_array().unwrap() {
            let ean = line["ean"].as_str().unwrap();
            let row = table.split("<tr>").find(|row| row.contains(ean)).unwrap();
            let total = line["total_incl_tax"].as_str().unwrap().replace('.', ",");
            assert!(row.contains(&format!(">{}<", line["quantity"])) && row.contains(&format!(">{total} €<")), "{row}");
        }
    }
    let sent = history.items().iter().find(|step| step["type"] == "BasketSentToApprover").unwrap();
    let page = plain(&browser.get(&format!("/baskets/{basket}/story/{}", sent["position"])).await.expect(200).text);
    for words in [
        "après l'étape 2 · Envoyé à l'approbateur",
        "exemplaires : 2 → 3",
        "retiré depuis",
        "1 titre ajouté, 1 titre retiré, 1 modification",
        "rel=\"prev\"",
        "rel=\"next\"",
    ] {
        assert!(page.contains(words), "no {words} in {page}");
    }
    let last = history.items().last().unwrap()["position"].clone();
    let page = plain(&browser.get(&format!("/baskets/{basket}/story/{last}")).await.expect(200).text);
    assert!(page.contains("Rien n'a changé depuis") && !page.contains("rel=\"next\""), "{page}");
}

#[tokio::test]
async fn who_acted_in_anothers_place_stands_with_both_names() {
    let app = TestApp::demo().await;
    let basket = app.requester().filled_basket().await;
    app.requester().send(basket).await.done();
    let approver = app.account_of(&app.approver()).await;
    let in_place = app.bookseller().in_place_of(approver).await;
    in_place.validate(basket).await.done();
    let page = plain(&story(&app, "utilisateur", "fr", basket).await.text);
    let rows = rows(&page);
    assert!(rows[2].contains("pour le compte de"), "{}", rows[2]);
}
