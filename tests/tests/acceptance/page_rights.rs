//! Who may ask for which page: the pages' own list x every role, as one readable snapshot. What is not on the list is
//! no route: pages are registered through it.

use std::fmt::Write;

use axum::http::Method;
use bordereau_api::pages::{self, Page};
use bordereau_domain::Role;
use bordereau_tests::{Answer, Browser, TestApp};

const WHO: [(&str, &str, Option<Role>); 6] = [
    ("anonymous", "", None),
    ("requester", "utilisateur@demo.example", Some(Role::Requester)),
    ("approver", "approbateur@demo.example", Some(Role::Approver)),
    ("purchaser", "collectivite@demo.example", Some(Role::Purchaser)),
    ("bookseller", "libraire@demo.example", Some(Role::Bookseller)),
    ("auditor", "auditeur@demo.example", Some(Role::Auditor)),
];

async fn ask(test: &TestApp, page: &Page, email: &str) -> Answer {
    let browser = if email.is_empty() {
        Browser::new(test, "en")
    } else if page.path == "/sign-out" {
        // It ends a session: one of its own.
        Browser::of(&test.sign_in(email).await, "en")
    } else {
        Browser::of(&test.by(email), "en")
    };
    let path = page.path.replace("{token}", "dead").replace("{name}", "none.css");
    if page.path == "/live" {
        return browser.visit(Method::GET, &path).unread().await;
    }
    if page.method == Method::POST { browser.post(&path, &[]).await } else { browser.get(&path).await }
}

#[tokio::test]
async fn every_page_answers_each_role_as_the_list_says() {
    let test = TestApp::demo().await;
    let mut told = String::new();
    for page in pages::pages(&test.app).listed {
        writeln!(told, "{} {}", page.method, page.path).unwrap();
        for (name, email, role) in WHO {
            let answer = ask(&test, &page, email).await;
            let led = answer.header("location").to_owned();
            let turned_away =
                answer.status == 403 || (answer.status == 303 && led.starts_with("/sign-in") && role.is_none());
            assert_eq!(!turned_away, page.who.lets(role), "{answer} for {name}");
            assert!(answer.status < 500, "{answer}");
            let led = if led.is_empty() { led } else { format!(" -> {led}") };
            writeln!(told, "    {name:<11} {}{led}", answer.status).unwrap();
        }
    }
    insta::assert_snapshot!("page_rights", told);
}
