//! From a librarian's basket to the order, by clicks, with three people signed in at once.

use bordereau_tests::{CEMETERY_ROAD, READING_ALOUD, Scripts};

use super::stage::{APPROVER, PURCHASER, REQUESTER, Stage};

/// The whole way, with or without scripts.
async fn whole_way(scripts: Scripts) {
    let stage = Stage::new().await;
    let librarian = stage.of_with(REQUESTER, "fr", scripts).await;
    let head = stage.of_with(APPROVER, "fr", scripts).await;
    let purchaser = stage.of_with(PURCHASER, "fr", scripts).await;

    // A basket is opened and filled by keyboard: EAN, Enter, quantity, Enter, next.
    librarian.go("/baskets").await;
    librarian.click("Nouveau panier").await;
    librarian.fill("name", "Rentrée des bibliothécaires").await;
    librarian.submit("name").await;
    librarian.see("#lines").await;
    let basket = librarian.path().await;
    for (ean, quantity) in [(CEMETERY_ROAD, "2"), (READING_ALOUD, "1")] {
        librarian.see("main input:focus").await;
        librarian.kind(&format!("{ean}\n")).await;
        librarian.see("main input[name=quantity]:focus").await;
        librarian.kind(&format!("{quantity}\n")).await;
        librarian.read(ean).await;
    }
    librarian.read("51,32 €").await;
    librarian.click("Envoyer ce panier à l'approbateur").await;
    librarian.see(".notice").await;

    // The head of section sends it back with a comment, gets it again and passes it on.
    head.go("/baskets?tray=to_validate").await;
    head.click("Rentrée des bibliothécaires").await;
    head.see("#lines").await;
    assert_eq!(head.path().await, basket);
    head.click("Retourner ce panier au rôle précédent").await;
    head.fill("comment", "Deux exemplaires de trop").await;
    head.click("Retourner le panier").await;
    head.see(".notice").await;
    match scripts {
        // His page stands open: it says by itself what has happened.
        Scripts::On => librarian.read("Michel Denis vient de").await,
        Scripts::Off => {}
    }
    librarian.go(&basket).await;
    librarian.read("Deux exemplaires de trop").await;
    librarian.click("Envoyer ce panier à l'approbateur").await;
    librarian.see(".notice").await;
    head.go(&basket).await;
    head.click("Transmettre ce panier à la collectivité").await;
    head.see(".notice").await;

    // The purchaser orders it.
    purchaser.go("/baskets?tray=to_validate").await;
    purchaser.click("Rentrée des bibliothécaires").await;
    purchaser.click("Transformer ce panier en commande").await;
    purchaser.choose("delivery_mode", "pickup").await;
    purchaser.choose("payment_mode", "invoice").await;
    purchaser.fill("reference", "BC-2026-117").await;
    purchaser.submit("reference").await;
    purchaser.read("BC-2026-117").await;
    assert!(purchaser.path().await.starts_with("/orders/"), "{}", purchaser.path().await);

    // The librarian reads the whole story.
    librarian.go(&format!("{basket}/story")).await;
    librarian.see("main svg").await;
    librarian.read("Deux exemplaires de trop").await;
    for window in [librarian, head, purchaser] {
        let said = window.console().await;
        assert!(said.is_empty(), "{said:#?}");
        window.close().await;
    }
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")] // L36 L37 L38 L40 L41 L42 L43 L44 L47
async fn three_people_bring_a_basket_to_an_order_by_clicks() {
    whole_way(Scripts::On).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn they_do_the_same_with_scripts_switched_off() {
    whole_way(Scripts::Off).await;
}
