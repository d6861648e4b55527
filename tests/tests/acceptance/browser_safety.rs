//! What other sites may not do with a browser that is signed in here, and what refusals may not tell.

use axum::{
    Router,
    body::Body,
    http::{Method, Request},
    routing::get,
};
use bordereau_api::{Settings, pages, proxies::TrustedProxies, router};
use bordereau_tests::{Answer, Browser, TestApp, Visit, operations};
use http_body_util::BodyExt;
use tower::ServiceExt;

/// What a page of ours may load: our own files, and nothing that stands in the page itself.
const PAGES: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const DATA: &str = "default-src 'none'; frame-ancestors 'none'";
const DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[tokio::test]
async fn what_the_api_tells_somebody_is_kept_by_nobody_on_the_way() {
    let app = TestApp::demo().await;
    let mut asked = 0;
    for route in operations() {
        if route.method != "GET" || !route.path.starts_with("/api/v1/") || route.path.contains('{') {
            continue;
        }
        for client in [app.bookseller(), app.auditor(), app.purchaser(), app.librisoft()] {
            let answer = client.get(&route.path).await;
            if answer.status == 200 {
                assert_eq!(answer.header("cache-control"), "no-store", "{answer}");
                asked += 1;
            }
        }
    }
    assert!(asked > 20, "{asked}");
}

#[tokio::test] // attack 99
async fn every_answer_tells_the_browser_what_it_may_load_and_that_it_stands_in_no_frame() {
    let app = TestApp::demo().await;
    let nobody = Browser::new(&app, "fr");
    let somebody = Browser::signed_in(&app, "fr", "collectivite@demo.example").await;
    let css = somebody
        .get("/")
        .await
        .text
        .split("rel=\"stylesheet\" href=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let mut answers = Vec::new();
    for path in [
        "/sign-in",
        "/nowhere",
        "/password/dead",
        "/",
        "/static/none.css",
        &css,
        "/api/v1/me",
        "/healthz",
        "/api/docs/",
    ] {
        answers.push((path.to_owned(), nobody.get(path).await));
    }
    for path in ["/", "/account", "/baskets", "/baskets?tray=nonsense"] {
        answers.push((path.to_owned(), somebody.get(path).await));
    }
    answers.push(("/sign-in".to_owned(), nobody.visit(Method::POST, "/sign-in").send().await));
    for (path, answer) in answers {
        let policy = answer.header("content-security-policy");
        let whole = match path.as_str() {
            "/api/docs/" => DOCS,
            api if api.starts_with("/api/") => DATA,
            _ => PAGES,
        };
        assert_eq!(policy, whole, "{path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{name} of {path}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
        assert!(matches!(answer.header("referrer-policy"), "same-origin" | "strict-origin"), "{path}");
        let kept = if path == css { "public, max-age=31536000, immutable" } else { "no-store" };
        assert_eq!(answer.header("cache-control"), kept, "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path} is not on https");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        assert_eq!(answer.header("server"), "", "{path}");
    }
}

#[tokio::test] // attack 97
async fn what_another_site_sends_is_refused_on_every_page() {
    let app = TestApp::demo().await;
    let forms = pages::pages(&app.app).listed.into_iter().filter(|page| page.method == Method::POST);
    let evil: [&[(&str, &str)]; 7] = [
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        &[("sec-fetch-site", "same-site"), ("origin", "https://sub.localhost")],
        &[("origin", "null"), ("sec-fetch-site", "same-origin")],
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
        &[("referer", "https://evil.example/localhost:8080")],
        &[],
    ];
    for page in forms {
        let browser = Browser::of(&app.requester(), "fr");
        let path = page.path.replace("{token}", "dead");
        for headers in evil {
            for kind in ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"] {
                let mut visit = browser.visit(Method::POST, &path).content(kind, "name=x");
                for (name, value) in headers {
                    visit = visit.header(name, value);
                }
                let answer = visit.send().await.expect(403);
                assert!(
                    answer.text.contains("Demande venue d'ailleurs")
                        || answer.text.contains("Demande venue d&#39;ailleurs"),
                    "{answer}"
                );
            }
        }
        browser.get("/").await.expect(200);
    }
    // What old browsers say of a form of ours is enough, and the API asks for no such thing.
    let browser = Browser::signed_in(&app, "fr", "utilisateur@demo.example").await;
    let old = browser.visit(Method::POST, "/sign-out").header("origin", "http://localhost:8080");
    old.send().await.leads_to("/sign-in");
    app.requester().open_basket("x").await.done();
}

#[tokio::test]
async fn the_cookie_opens_pages_and_not_the_api() {
    let app = TestApp::demo().await;
    let browser = Browser::signed_in(&app, "fr", "utilisateur@demo.example").await;
    browser.get("/api/v1/me").await.refused(401, "unauthenticated");
    let post = browser.visit(Method::POST, "/api/v1/baskets").header("sec-fetch-site", "same-origin");
    post.content("application/json", "{}").send().await.refused(401, "unauthenticated");
    // A key of a machine in the cookie is nobody, and a token in the header opens no page.
    browser.keep("bordereau", "demo-librisoft");
    browser.get("/").await.leads_to("/sign-in");
    let token = format!("Bearer {}", app.requester().token().unwrap());
    Browser::new(&app, "fr").visit(Method::GET, "/").header("authorization", &token).send().await.leads_to("/sign-in");
}

#[tokio::test] // attack 100
async fn a_sign_in_leads_to_a_path_of_our_own_and_nowhere_else() {
    let app = TestApp::demo().await;
    for (next, expected) in [
        ("/baskets?tray=sent", "/baskets?tray=sent"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\/evil.example", "/"),
        ("https:evil.example", "/"),
        ("https://evil.example/", "/"),
        ("///evil.example", "/"),
        ("/\tevil.example", "/"),
        ("/\r\nLocation: https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("evil.example", "/"),
        ("", "/"),
    ] {
        let browser = Browser::new(&app, "fr");
        let form = [("email", "utilisateur@demo.example"), ("password", "bordereau-demo"), ("next", next)];
        browser.post("/sign-in", &form).await.leads_to(expected);
        browser.post("/language", &[("language", "fr"), ("next", next)]).await.leads_to(expected);
    }
    let browser = Browser::signed_in(&app, "fr", "utilisateur@demo.example").await;
    browser.get("/sign-in?next=//evil.example").await.leads_to("/");
    browser.get("/sign-in?next=%2F%5Cevil.example").await.leads_to("/");
}

#[tokio::test] // attack 101
async fn no_other_origin_is_ever_allowed_in() {
    let app = TestApp::demo().await;
    for path in ["/sign-in", "/baskets", "/api/v1/baskets", "/api/v1/me"] {
        let preflight = Browser::new(&app, "fr")
            .visit(Method::OPTIONS, path)
            .header("origin", "https://evil.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type")
            .send()
            .await;
        assert!(matches!(preflight.status, 403 | 405), "{preflight}");
        assert!(preflight.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{preflight}");
    }
}

#[tokio::test] // attack 102
async fn other_methods_are_refused_and_overrides_are_not_read() {
    let app = TestApp::demo().await;
    let browser = Browser::signed_in(&app, "fr", "utilisateur@demo.example").await;
    for method in ["TRACE", "CONNECT", "PROPFIND", "BREW", "PUT", "DELETE", "PATCH"] {
        for path in ["/sign-in", "/account", "/api/v1/audit"] {
            let method: Method = method.parse().unwrap();
            let visit = browser.visit(method, path).header("sec-fetch-site", "same-origin");
            visit.send().await.expect(405);
        }
    }
    for name in ["x-http-method-override", "x-method-override", "x-http-method"] {
        browser.visit(Method::GET, "/account").header(name, "DELETE").send().await.expect(200);
        let visit = browser.visit(Method::POST, "/account").header(name, "GET");
        visit.header("sec-fetch-site", "same-origin").send().await.expect(405);
    }
    browser.visit(Method::HEAD, "/account").send().await.expect(200);
}

/// Tells nothing of our insides.
fn is_silent(answer: &Answer) {
    let text = answer.text.to_lowercase();
    for inside in ["panicked", "sqlite", "select ", "postgres", "stack", ".rs", "0.1.0", "axum", "rusqlite", "/work"] {
        assert!(!text.contains(inside), "{inside} in {answer}");
    }
    assert_eq!(answer.header("server"), "", "{answer}");
}

async fn dies() -> &'static str {
    panic!("SELECT secret FROM vault at store.rs:12")
}

#[tokio::test] // attack 104
async fn a_handler_that_dies_tells_nothing_of_why() {
    let app = TestApp::demo().await;
    for path in ["/api/v1/dies", "/dies"] {
        for kind in ["application/json", "text/html"] {
            let routes = Router::new().route(path, get(dies));
            let request = Request::get(path).header("accept", kind).body(Body::empty()).unwrap();
            let response = router::around(routes, app.app.clone()).oneshot(request).await.unwrap();
            assert_eq!(response.status(), 500);
            let trace = response.headers()["bordereau-trace"].to_str().unwrap().to_owned();
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            assert!(text.contains(&trace), "{text}");
            for inside in ["secret", "vault", "SELECT", ".rs", "panicked", "0.1.0"] {
                assert!(!text.contains(inside), "{inside} in {text}");
            }
        }
    }
}

#[tokio::test] // attack 104
async fn a_refusal_is_a_page_that_tells_nothing_of_our_insides() {
    let app = TestApp::demo().await;
    let browser = Browser::signed_in(&app, "fr", "utilisateur@demo.example").await;
    let mut answers = vec![
        browser.get("/nowhere").await.expect(404),
        browser.get("/baskets?tray=nonsense").await.expect(404),
        browser.get("/baskets?cursor=nonsense").await.expect(422),
        browser.visit(Method::DELETE, "/account").header("sec-fetch-site", "none").send().await.expect(405),
        browser.visit(Method::POST, "/account/password").send().await.expect(403),
        browser.get("/../../etc/passwd").await.expect(404),
        browser.get("/static/..%2F..%2FCargo.toml").await.expect(404),
    ];
    app.app.store.close().await;
    answers.push(browser.post("/sign-out", &[]).await.expect(503));
    for answer in answers {
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{answer}");
        assert!(answer.text.contains("lang=\"fr\"") && answer.text.contains("Revenir à l&#39;accueil"), "{answer}");
        assert!(answer.text.contains(answer.header("bordereau-trace")), "{answer}");
        is_silent(&answer);
    }
    is_silent(&app.purchaser().open_basket("Rentrée").await.expect(503));
    // Programs are told in JSON.
    let program = browser.visit(Method::GET, "/nowhere").header("accept", "application/json").send().await;
    program.refused(404, "not-found");
}

#[tokio::test]
async fn on_https_cookies_are_bound_to_the_host_and_https_is_kept() {
    let settings = Settings { public_url: Some("https://books.example".to_owned()), ..Settings::default() };
    let app = TestApp::demo_with(settings).await;
    let browser = Browser::new(&app, "fr").at("books.example").behind_a_proxy("https");
    let answer = browser.sign_in("utilisateur@demo.example", "bordereau-demo").await.leads_to("/");
    let set: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let session = set.iter().find(|cookie| cookie.starts_with("__Host-bordereau=")).expect("a session");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(session.contains(part) && !session.contains("Domain"), "{session}");
    }
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    browser.get("/").await.expect(200);
    // The name without the prefix, which another host may set, is not read there.
    let tossed = Browser::new(&app, "fr").at("books.example").behind_a_proxy("https");
    tossed.keep("bordereau", &browser.cookie("__Host-bordereau").unwrap());
    tossed.get("/").await.leads_to("/sign-in");
}

#[tokio::test]
async fn behind_a_proxy_of_this_machine_https_is_what_the_proxy_says() {
    let app = TestApp::demo().await;
    let browser = Browser::new(&app, "fr").at("books.example");
    let form = [("email", "utilisateur@demo.example"), ("password", "bordereau-demo")];
    let visit = || browser.visit(Method::POST, "/sign-in").form(&form).header("sec-fetch-site", "same-origin");
    visit().header("x-forwarded-proto", "https").send().await.leads_to("/");
    assert!(browser.cookie("__Host-bordereau").is_some());
}

#[tokio::test]
async fn a_public_address_in_https_makes_no_clear_connection_safe() {
    let settings = Settings {
        public_url: Some("https://books.example".to_owned()),
        trusted_proxies: TrustedProxies::try_from("10.0.0.0/8".to_owned()).unwrap(),
        ..Settings::default()
    };
    let app = TestApp::demo_with(settings).await;
    let form = [("email", "utilisateur@demo.example"), ("password", "bordereau-demo")];
    let asks = async |host: &str, peer: &str, proto: Option<&str>| {
        let browser = Browser::new(&app, "fr").at(host);
        let with = |visit: Visit| match proto {
            Some(proto) => visit.from(peer).header("x-forwarded-proto", proto),
            None => visit.from(peer),
        };
        let page = with(browser.visit(Method::GET, "/sign-in")).send().await.expect(200);
        let asks = page.text.contains("type=\"password\"");
        let sent = browser.visit(Method::POST, "/sign-in").form(&form).header("sec-fetch-site", "same-origin");
        let answer = with(sent).send().await;
        assert_eq!(answer.status, if asks { 303 } else { 403 }, "{host} {peer} {proto:?}");
        assert!(asks || page.text.contains("BORDEREAU_TRUSTED_PROXIES"), "{page}");
        assert_eq!(page.header("strict-transport-security").is_empty(), proto != Some("https") || !asks);
        asks
    };
    for (host, peer, proto, safe) in [
        ("192.168.1.5:8392", "192.168.1.9", None, false),
        ("books.example", "192.168.1.9", Some("http"), false),
        // What a stranger says of himself counts for nothing.
        ("books.example", "192.168.1.9", Some("https"), false),
        ("localhost", "192.168.1.9", None, false),
        ("books.example", "127.0.0.1", None, false),
        ("books.example", "10.0.0.7", Some("http"), false),
        ("books.example", "10.0.0.7", None, false),
        ("localhost:8080", "127.0.0.1", Some("http"), false),
        ("books.example", "10.0.0.7", Some("https"), true),
        ("books.example", "127.0.0.1", Some("https"), true),
        // What a proxy of this machine asks for that says nothing.
        ("localhost:8080", "127.0.0.1", None, false),
        ("127.0.0.1:8080", "127.0.0.1", None, false),
    ] {
        assert_eq!(asks(host, peer, proto).await, safe, "{host} {peer} {proto:?}");
    }
}

#[tokio::test]
async fn nobody_signs_in_over_a_clear_connection() {
    let app = TestApp::demo().await;
    let browser = Browser::new(&app, "fr").at("books.example");
    let page = browser.get("/sign-in").await.expect(200);
    assert!(page.text.contains("Connexion non protégée") && !page.text.contains("type=\"password\""), "{page}");
    let refused = browser.sign_in("utilisateur@demo.example", "bordereau-demo").await.expect(403);
    assert!(refused.text.contains("Connexion non protégée"), "{refused}");
    assert_eq!((browser.cookie("bordereau"), browser.cookie("__Host-bordereau")), (None, None));
}
