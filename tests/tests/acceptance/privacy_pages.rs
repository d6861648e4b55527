//! *Mes données*: the page, the file, the end of an account.

use bordereau_api::demo;
use bordereau_tests::{Browser, TestApp, plain};

const PAGE: &str = "/account/privacy";

#[tokio::test]
async fn ones_own_data_are_downloaded_from_the_page_that_my_account_leads_to() {
    let app = TestApp::demo().await;
    let browser = Browser::of(&app.requester(), "fr");
    assert!(browser.get("/account").await.expect(200).text.contains(PAGE));
    let page = browser.get(PAGE).await.expect(200);
    assert!(page.text.contains("Télécharger mes données") && page.text.contains("Supprimer mon compte"), "{page}");
    let asked = serde_json::json!({ "email": "camille@ailleurs.example", "current_password": demo::PASSWORD });
    app.requester().post("/api/v1/me/email", &asked).await.expect(202);
    let file = browser.get(&format!("{PAGE}/data")).await.expect(200);
    assert_eq!(file.header("content-type"), "application/zip");
    assert!(file.header("content-disposition").starts_with("attachment; filename=\"bordereau-2026-09-01.zip\""));
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&file.bytes)).unwrap();
    let index = std::io::read_to_string(zip.by_name("index.html").unwrap()).unwrap();
    assert!(index.contains("<html lang=\"fr\">") && index.contains("Camille Aubert"), "{index}");
    // What waits to be the login is known of him too.
    assert!(index.contains("<dd>camille@ailleurs.example</dd>"), "{index}");
    let data: serde_json::Value = serde_json::from_reader(zip.by_name("data.json").unwrap()).unwrap();
    assert_eq!(data["account"]["new_email"], "camille@ailleurs.example");
    for said in [&index, &page.text] {
        assert!(!said.contains('⟦'), "{said}");
    }
}

#[tokio::test]
async fn an_account_is_erased_from_the_page_by_whoever_knows_its_password() {
    let app = TestApp::demo().await;
    let browser = Browser::signed_in(&app, "en", "utilisateur@demo.example").await;
    let wrong = browser.post(&format!("{PAGE}/erase"), &[("current", "wrong-password")]).await.expect(403);
    assert!(
        wrong.text.contains("id=\"erase-current-error\"") && wrong.text.contains("<details class=\"new\" open>"),
        "{wrong}"
    );
    browser.post(&format!("{PAGE}/erase"), &[("current", demo::PASSWORD)]).await.leads_to("/sign-in");
    assert_eq!(browser.cookie("bordereau"), None);
    let page = browser.get("/sign-in").await.expect(200);
    assert!(page.text.contains("Your account and your data were deleted."), "{page}");
    browser.sign_in("utilisateur@demo.example", demo::PASSWORD).await.expect(401);
}

#[tokio::test]
async fn a_b2b_account_is_deleted_from_the_page_and_asked_for_again_from_the_start() {
    // B14 B15
    let app = TestApp::demo().await;
    let browser = Browser::of(&app.purchaser(), "fr");
    let page = browser.get(PAGE).await.expect(200).text;
    assert!(page.contains("Supprimer mon compte B2B") && page.contains("toutes les données B2B sont supprimées"));
    let form = format!("{PAGE}/organisation");
    let wrong = browser.post(&form, &[("current", "wrong-password")]).await.expect(403).text;
    assert!(wrong.contains("id=\"leave-current-error\"") && !wrong.contains("id=\"erase-current-error\""), "{wrong}");
    assert_eq!(wrong.matches("<details class=\"new\" open>").count(), 1);
    browser.post(&form, &[("current", demo::PASSWORD)]).await.leads_to("/");
    let start = browser.get("/").await.expect(200).text;
    for words in ["Votre compte B2B est supprimé.", "Vous n'avez pas de compte B2B", "Créer un compte B2B"] {
        assert!(plain(&start).contains(words), "{words}: {start}");
    }
    assert!(!browser.get(PAGE).await.expect(200).text.contains("compte B2B</h2>"));
    let again = [("company", "Ville de Nancy"), ("vat_number", "FR1"), ("chamber_number", ""), ("department", "")];
    browser.post("/registration/again", &again).await.leads_to("/");
    let start = plain(&browser.get("/").await.expect(200).text);
    assert!(start.contains("Votre compte attend l'accord de la librairie") && start.contains("Compléter la demande"));
    // The bookshop's people act for no organisation.
    let bookseller = Browser::of(&app.bookseller(), "fr");
    assert!(!bookseller.get(PAGE).await.expect(200).text.contains("B2B"));
    bookseller.post(&form, &[("current", demo::PASSWORD)]).await.expect(403);
    let listed = bookseller.get("/accounts?status=private").await.expect(200).text;
    assert!(listed.contains("Sans compte B2B"), "{listed}");
}

#[tokio::test]
async fn in_anothers_place_there_is_nothing_to_download_or_to_delete() {
    let app = TestApp::demo().await;
    let approver = app.account_of(&app.approver()).await;
    let in_place = app.sign_in("libraire@demo.example").await.in_place_of(approver).await;
    let browser = Browser::of(&in_place, "nl");
    let page = browser.get(PAGE).await.expect(200);
    assert!(page.text.contains("in de plaats van iemand anders") && !page.text.contains("action=\"/account/privacy"));
    browser.get(&format!("{PAGE}/data")).await.expect(403);
}
