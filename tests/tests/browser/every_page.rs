//! What holds on every page: it can be used by everybody, it is light, it complains of nothing, it needs no script.

use bordereau_tests::{Light, Looks, Scripts, Window};

use super::{
    places::{Place, places},
    stage::{APPROVER, BOOKSELLER, LEFT, PURCHASER, REQUESTER, Stage},
};

/// Most bytes of a page with all that it loads.
const MOST_BYTES: u64 = 100_000;
const PEOPLE: [Option<&str>; 6] =
    [None, Some(REQUESTER), Some(APPROVER), Some(PURCHASER), Some(BOOKSELLER), Some(LEFT)];

/// A window of each person, with the pages that are his.
async fn visits(stage: &Stage, places: &[Place], scripts: Scripts) -> Vec<(Window, Vec<Place>)> {
    let mut visits = Vec::new();
    for who in PEOPLE {
        let theirs = places.iter().filter(|place| place.who == who).cloned().collect();
        let window = match who {
            Some(email) => stage.of_with(email, "fr", scripts).await,
            None => stage.window("fr", scripts).await,
        };
        window.console().await;
        visits.push((window, theirs));
    }
    visits
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible_in_light_and_dark() {
    let stage = Stage::new().await;
    let places = places(&stage.app).await;
    let mut found = Vec::new();
    for (window, theirs) in visits(&stage, &places, Scripts::On).await {
        for place in theirs {
            for light in [Light::Light, Light::Dark] {
                window.look(Looks { light, width: 1280 }).await;
                window.go(&place.path).await;
                let lines = window.violations().await;
                found.extend(lines.into_iter().map(|line| format!("{} ({light}): {line}", place.name)));
            }
        }
        window.close().await;
    }
    assert!(found.is_empty(), "{found:#?}");
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_complains_or_is_heavy() {
    let stage = Stage::new().await;
    let places = places(&stage.app).await;
    for (window, theirs) in visits(&stage, &places, Scripts::On).await {
        for place in theirs {
            window.go(&place.path).await;
            window.see("main h1").await;
            let (said, weight) = (window.console().await, window.weight().await);
            assert!(said.is_empty(), "{}: {said:#?}", place.name);
            assert!((1_000..MOST_BYTES).contains(&weight), "{}: {weight} bytes", place.name);
        }
        window.close().await;
    }
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_says_the_same_without_scripts() {
    let stage = Stage::new().await;
    let places = places(&stage.app).await;
    let with = visits(&stage, &places, Scripts::On).await;
    let without = visits(&stage, &places, Scripts::Off).await;
    for ((scripted, theirs), (bare, _)) in with.into_iter().zip(without) {
        for place in theirs {
            scripted.go(&place.path).await;
            bare.go(&place.path).await;
            let expected = scripted.see("main h1").await.text().await.unwrap();
            assert_eq!(bare.see("main h1").await.text().await.unwrap(), expected, "{}", place.name);
        }
        scripted.close().await;
        bare.close().await;
    }
    stage.end().await;
}
