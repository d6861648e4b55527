//! Choosing among more institutions than fit on a page.

use bordereau_domain::Role;
use bordereau_tests::{Light, Looks, Scripts};
use serde_json::json;

use super::stage::Stage;

const EMAIL: &str = "groupe@demo.example";

/// An enterprise of eighty agencies, and its purchaser.
async fn engage(stage: &Stage) {
    let agency = |n: usize| {
        json!({
            "librisoft_number": format!("E{n:03}"), "kind": "other", "name": format!("Agence {n:03}"), "city": "Épinal",
            "discounts": { "school": "0", "2.1": "0", "5.5": "9", "20": "0" },
        })
    };
    let all: Vec<_> = (0..80).map(agency).collect();
    stage.app.librisoft().put_lines("/api/v1/librisoft/institutions", &all).await.expect(200);
    stage.app.drain().await;
    let numbers: Vec<_> = (0..80).map(|n| format!("E{n:03}")).collect();
    let numbers: Vec<_> = numbers.iter().map(String::as_str).collect();
    stage.app.engage(EMAIL, Role::Purchaser, &numbers).await;
    stage.app.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_looks_for_an_institution_and_what_was_typed_stays() {
    let stage = Stage::new().await;
    engage(&stage).await;
    let window = stage.of_with(EMAIL, "fr", Scripts::On).await;
    window.go("/accounts/new").await;
    window.fill("email", "nina@demo.example").await;
    window.fill("find.institution_ids", "agence 07").await;
    window.submit("find.institution_ids").await;
    window.read("Agence 075 (E075)").await;
    assert!(!window.text().await.contains("Agence 012"));
    let typed = window.see("main [name=email]").await.value().await.unwrap();
    assert_eq!(typed.as_deref(), Some("nina@demo.example"));
    for light in [Light::Light, Light::Dark] {
        window.look(Looks { light, width: 360 }).await;
        assert_eq!(window.violations().await, Vec::<String>::new());
        assert!(window.width().await <= 360);
    }
    window.close().await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_basket_is_opened_for_one_of_many_institutions_with_and_without_scripts() {
    let stage = Stage::new().await;
    engage(&stage).await;
    for scripts in [Scripts::On, Scripts::Off] {
        let window = stage.of_with(EMAIL, "fr", scripts).await;
        window.go("/baskets").await;
        window.see("main details.new summary").await.click().await.unwrap();
        window.fill("name", "Rentrée").await;
        window.fill("find.institution_id", "e071").await;
        window.see("main [name=narrow]").await.click().await.unwrap();
        // The only one is chosen, and Enter in the name opens the basket.
        window.read("Agence 071 (E071)").await;
        window.submit("name").await;
        window.see("main h1").await;
        window.read("Agence 071").await;
        assert!(window.path().await.starts_with("/baskets/"), "{}", window.path().await);
        window.close().await;
    }
    stage.end().await;
}
