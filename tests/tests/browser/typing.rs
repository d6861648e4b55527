//! What the pages add while somebody types: nothing has to be sent by hand.

use bordereau_tests::Scripts;

use super::stage::{REQUESTER, Stage};

#[tokio::test(flavor = "multi_thread")] // L39
async fn a_changed_quantity_saves_itself() {
    let stage = Stage::new().await;
    let basket = stage.app.requester().filled_basket().await;
    let window = stage.of_with(REQUESTER, "fr", Scripts::On).await;
    window.go(&format!("/baskets/{basket}")).await;
    let field = window.see("#lines input[name^=\"q.\"]").await;
    // Control and A, 7, Tab: as one writes over what stands in a field.
    field.send_keys("\u{e009}a\u{e000}7\u{e004}").await.unwrap();
    window.read("Enregistré").await;
    window.read("9 exemplaires").await;
    window.go(&format!("/baskets/{basket}")).await;
    window.read("9 exemplaires").await;
    window.close().await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_answers_as_one_types() {
    let stage = Stage::new().await;
    let window = stage.of_with(REQUESTER, "fr", Scripts::On).await;
    window.go("/articles").await;
    window.see("main [name=q]").await.send_keys("cemetery ro").await.unwrap();
    window.read("9782330150136").await;
    assert!(window.see("main [name=q]:focus").await.is_displayed().await.unwrap());
    window.close().await;
    stage.end().await;
}
