//! Signing in and out, and the language switch.

use bordereau_tests::Scripts;

use super::stage::{REQUESTER, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in_by_keyboard_and_out_by_a_click() {
    let stage = Stage::new().await;
    let window = stage.window("fr", Scripts::On).await;
    window.go("/baskets").await;
    // The field waits for the address: nothing has to be clicked.
    window.see("main [name=email]").await;
    window.kind(&format!("{REQUESTER}\t")).await;
    window.kind("not-the-password\n").await;
    window.see(".error, .notice.refused").await;
    window.fill("password", bordereau_api::demo::PASSWORD).await;
    window.submit("password").await;
    window.see("nav.menu").await;
    assert_eq!(window.path().await, "/baskets", "where he wanted to go");
    window.see(".who summary").await.click().await.unwrap();
    window.click("Déconnexion").await;
    window.see("main [name=email]").await;
    window.go("/baskets").await;
    window.see("main [name=password]").await;
    window.close().await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_is_switched_on_every_page_and_kept() {
    // W02
    let stage = Stage::new().await;
    for scripts in [Scripts::On, Scripts::Off] {
        let window = stage.of_with(REQUESTER, "fr", scripts).await;
        window.go("/baskets").await;
        window.read("Mon panier").await;
        window.click("Nederlands").await;
        window.see("html[lang=nl]").await;
        assert_eq!(window.path().await, "/baskets");
        window.go("/account").await;
        window.see("html[lang=nl]").await;
        window.click("English").await;
        window.see("html[lang=en]").await;
        window.close().await;
    }
    stage.end().await;
}
