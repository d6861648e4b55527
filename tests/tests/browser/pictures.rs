//! Pictures of named pages, to leaf through: `target/pictures/index.html`. Nothing may stick out of a page at any width.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use bordereau_tests::{Light, Looks, Scripts};

use super::{
    places::{Place, places},
    stage::Stage,
};

const WIDTHS: [u32; 2] = [1280, 360];
const LANGUAGES: [&str; 3] = ["fr", "nl", "en"];
const LIGHTS: [Light; 2] = [Light::Light, Light::Dark];

/// `target/pictures`.
fn folder() -> PathBuf {
    let binary = std::env::current_exe().unwrap();
    binary.ancestors().nth(3).unwrap().join("pictures")
}

fn name(place: &Place, language: &str, light: Light, width: u32) -> String {
    format!("{}-{language}-{light}-{width}.png", place.name)
}

/// Takes a person's pages in one language.
async fn take(stage: &Stage, who: Option<&str>, language: &str, places: &[Place], folder: &Path) {
    let window = match who {
        Some(email) => stage.of_with(email, language, Scripts::On).await,
        None => stage.window(language, Scripts::On).await,
    };
    for width in WIDTHS {
        for light in LIGHTS {
            window.look(Looks { light, width }).await;
            for place in places.iter().filter(|place| place.who == who) {
                window.go(&place.path).await;
                window.see(&format!("html[lang={language}] main h1")).await;
                let seen = window.width().await;
                assert!(seen <= u64::from(width), "{} in {language} is {seen} px wide at {width}", place.name);
                fs::write(folder.join(name(place, language, light, width)), window.picture().await).unwrap();
            }
        }
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_a_telephone_and_a_screen_in_three_languages() {
    let stage = Stage::new().await;
    let folder = folder();
    fs::create_dir_all(&folder).unwrap();
    let places = places(&stage.app).await;
    let mut people: Vec<_> = places.iter().map(|place| place.who).collect();
    people.sort_unstable();
    people.dedup();
    for language in LANGUAGES {
        for who in &people {
            take(&stage, *who, language, &places, &folder).await;
        }
    }
    fs::write(folder.join("index.html"), index(&places)).unwrap();
    stage.end().await;
}

/// A page with all pictures, page by page.
fn index(places: &[Place]) -> String {
    let mut text = String::from(
        "<!doctype html><meta charset=utf-8><title>Bordereau</title><style>body{font:1rem system-ui;background:#999}\
         div{display:flex;gap:1rem;align-items:start;overflow:auto}img{max-height:60vh;border:1px solid}</style>",
    );
    for place in places {
        writeln!(text, "<h2>{}</h2>", place.name).unwrap();
        for language in LANGUAGES {
            text.push_str("<div>");
            for (width, light) in WIDTHS.into_iter().flat_map(|width| LIGHTS.map(|light| (width, light))) {
                write!(text, "<img loading=lazy src=\"{}\" alt=\"\">", name(place, language, light, width)).unwrap();
            }
            text.push_str("</div>\n");
        }
    }
    text
}
