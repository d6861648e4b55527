//! The examples of docs/replay.md are commands that the tool knows.

use std::path::Path;

use super::frame::Place;

#[tokio::test]
async fn every_example_of_the_page_is_a_command_that_runs() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/replay.md");
    let page = std::fs::read_to_string(page).unwrap();
    let place = Place::demo().await;
    let basket = place.events("DLIVRE").await.iter().find(|event| event.aggregate_type == "Basket").cloned().unwrap();
    let (file, elsewhere) = (place.data().join("ledgers.jsonl"), Place::empty());
    let mut ran = 0;
    for line in page.lines().filter_map(|line| line.strip_prefix("bordereau-replay ")) {
        let words = line.split_whitespace().map(|word| match word {
            "BASKET" => basket.aggregate_id.clone(),
            "ledgers.jsonl" => file.to_str().unwrap().to_owned(),
            word => word.to_owned(),
        });
        let words: Vec<String> = words.collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let at = if words[0] == "import" { &elsewhere } else { &place };
        let ended = at.replay(&words);
        assert_eq!(ended.code, Some(0), "{line}: {ended:?}");
        ran += 1;
    }
    assert!(ran >= 8, "{ran}");
}
