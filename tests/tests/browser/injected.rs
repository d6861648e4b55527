//! What gets into a page all the same does not run.

use bordereau_tests::Scripts;
use serde_json::json;

use super::stage::{REQUESTER, Stage};

/// Puts in what a text that is not escaped would put in.
const INJECTED: &str = "const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(script);
    const image = document.createElement('div');
    image.innerHTML = '<img src=\"/nowhere.png\" onerror=\"window.ran = true\">';
    document.body.append(image);
    const link = document.createElement('a');
    link.href = 'javascript:window.ran = true';
    document.body.append(link);
    link.click();
    return document.scripts[document.scripts.length - 1].textContent;";
/// The image has failed to load by then.
const LOADED: &str = "const done = arguments[arguments.length - 1];
    const image = new Image();
    image.onerror = image.onload = () => setTimeout(done, 0, window.ran === true);
    image.src = '/nowhere-either.png';";

#[tokio::test(flavor = "multi_thread")] // attack 61
async fn an_injected_script_does_not_run() {
    let stage = Stage::new().await;
    let name = "<script>window.ran = true</script><img src=x onerror=\"window.ran = true\">";
    stage.app.requester().open_basket(name).await.expect(201);
    stage.app.drain().await;
    let window = stage.of_with(REQUESTER, "fr", Scripts::On).await;
    window.go("/baskets").await;
    window.read(name).await;
    assert_eq!(window.ask_later(LOADED).await, json!(false), "what stands in a name is text");
    assert_eq!(window.ask(INJECTED).await, json!("window.ran = true"), "it stands in the page");
    assert_eq!(window.ask_later(LOADED).await, json!(false), "the policy lets nothing run that stands in the page");
    assert!(window.console().await.iter().any(|said| said.contains("Content Security Policy")));
    window.close().await;
    stage.end().await;
}
