//! Choosing among thousands of institutions, in every form that asks for one: narrowed by words, and nothing is lost.

use bordereau_domain::{AccountId, Role};
use bordereau_tests::{Answer, Browser, CEMETERY_ROAD, Client, MEDIATHEQUE, TestApp};
use regex::Regex;
use serde_json::json;

use super::pages::{LANGUAGES, check};

/// An enterprise of so many agencies, and its purchaser.
struct Enterprise {
    app: TestApp,
    purchaser: Client,
}

const AGENCIES: usize = 300;

fn number(n: usize) -> String {
    format!("E{n:03}")
}

impl Enterprise {
    async fn new() -> Self {
        let app = TestApp::demo().await;
        let agency = |n: usize| {
            json!({
                "librisoft_number": number(n), "kind": "other", "name": format!("Agence {n:03}"), "city": "Épinal",
                "discounts": { "school": "0", "2.1": "0", "5.5": "9", "20": "0" },
                "addresses": [{ "label": format!("Quai {n:03}"), "lines": ["1, rue du Port"], "postcode": "88000",
                    "city": "Épinal", "country": "FR" }],
            })
        };
        let all: Vec<_> = (0..AGENCIES).map(agency).collect();
        app.librisoft().put_lines("/api/v1/librisoft/institutions", &all).await.expect(200);
        app.drain().await;
        let numbers: Vec<_> = (0..AGENCIES).map(number).collect();
        let numbers: Vec<_> = numbers.iter().map(String::as_str).collect();
        let purchaser = app.engage("groupe@demo.example", Role::Purchaser, &numbers).await;
        app.drain().await;
        Self { app, purchaser }
    }

    fn id(&self, n: usize) -> String {
        self.app.institution(&number(n)).to_string()
    }

    fn browser(&self) -> Browser {
        Browser::of(&self.purchaser, "fr")
    }

    async fn institutions_of(&self, account: AccountId) -> Vec<String> {
        self.app.drain().await;
        let shown = self.app.bookseller().get(&format!("/api/v1/accounts/{account}")).await.expect(200);
        let of = shown.at("/institutions").as_array().unwrap();
        of.iter().map(|of| of["librisoft_number"].as_str().unwrap().to_owned()).collect()
    }
}

/// What is ticked or chosen on a page.
fn chosen(page: &Answer) -> Vec<String> {
    let of = Regex::new("value=\"([0-9a-f-]{36})\" (?:checked|selected)").unwrap();
    of.captures_iter(&page.text).map(|found| found[1].to_owned()).collect()
}

/// What a form tells of what it has shown.
fn shown(page: &Answer) -> String {
    let of = Regex::new("name=\"shown.institution_ids\" value=\"([^\"]*)\"").unwrap();
    of.captures(&page.text).unwrap()[1].to_owned()
}

#[tokio::test]
async fn where_a_few_fit_all_of_them_stand_on_the_page_and_nothing_is_looked_for() {
    let app = TestApp::demo().await;
    let bookseller = Browser::of(&app.bookseller(), "fr");
    for path in ["/accounts/new", "/accounts", "/orders"] {
        let page = bookseller.get(path).await.expect(200).text;
        assert!(page.contains("ECOLE JULES FERRY") && !page.contains("name=\"narrow\""), "{page}");
    }
}

#[tokio::test] // L21 L22
async fn a_new_account_is_given_institutions_that_are_looked_for_one_after_the_other() {
    let of = Enterprise::new().await;
    let browser = of.browser();
    let page = browser.get("/accounts/new").await.expect(200);
    check("fr", "/accounts/new", &page);
    assert_eq!(page.text.matches("type=\"checkbox\"").count(), 50, "{page}");
    assert!(page.text.contains("Plus de 50 clients"), "{page}");
    let (first, second) = (of.id(120), of.id(299));
    let form = |find: &'static str, seen: &'static str, ids: &[&str]| {
        let typed = [("email", "nina@demo.example"), ("name", "Nina Roy"), ("role", "approver")];
        let looked = [("first_password", "link"), ("find.institution_ids", find), ("seen.institution_ids", seen)];
        let ids = ids.iter().map(|id| ("institution_ids", (*id).to_owned())).collect::<Vec<_>>();
        let texts = typed.into_iter().chain(looked).map(|(name, value)| (name, value.to_owned()));
        texts.chain(ids).collect::<Vec<_>>()
    };
    let send = async |form: Vec<(&'static str, String)>| {
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post("/accounts", &form).await
    };
    // By the button, or by Enter in the field: what was typed and ticked stays, nothing is opened.
    let head = of.app.head("DLIVRE").await;
    let mut pressed = form("agence 120", "", &[]);
    pressed.push(("narrow", "institution_ids".to_owned()));
    let page = send(pressed).await.expect(200);
    check("fr", "narrowed", &page);
    assert!(page.text.contains("value=\"nina@demo.example\"") && page.text.contains("value=\"approver\" checked"));
    assert!(page.text.matches("type=\"checkbox\"").count() == 1 && page.text.contains(&first), "{page}");
    let page = send(form("épinal 299", "agence 120", &[&first])).await.expect(200);
    assert_eq!(page.text.matches("type=\"checkbox\"").count(), 2, "{page}");
    assert_eq!(chosen(&page), [first.as_str()]);
    let page = send(form("zzz", "épinal 299", &[&first, &second])).await.expect(200);
    assert_eq!(chosen(&page), [first.clone(), second.clone()]);
    assert!(page.text.contains("Aucun client n&#39;a ce nom"), "{page}");
    assert_eq!(of.app.head("DLIVRE").await, head);
    // The same words again: that is the form itself. Somebody else's institution is not to be had by it.
    let foreign = of.app.institution(MEDIATHEQUE).to_string();
    send(form("zzz", "zzz", &[&foreign])).await.expect(403);
    let done = send(form("zzz", "zzz", &[&first, &second])).await;
    assert_eq!(done.status, 303, "{done}");
    let account = done.header("location").rsplit('/').next().unwrap().parse().map(AccountId).unwrap();
    assert_eq!(of.institutions_of(account).await, ["E120", "E299"]);
}

#[tokio::test] // L21
async fn an_account_keeps_the_institutions_that_its_form_did_not_show() {
    let of = Enterprise::new().await;
    let numbers: Vec<_> = (0..AGENCIES).step_by(3).map(number).collect();
    let numbers: Vec<_> = numbers.iter().map(String::as_str).collect();
    let many = of.app.engage("beaucoup@demo.example", Role::Requester, &numbers).await;
    let account = of.app.account_of(&many).await;
    of.app.drain().await;
    let (browser, path) = (of.browser(), format!("/accounts/{account}/assign"));
    let page = browser.get(&format!("/accounts/{account}")).await.expect(200);
    check("fr", "account", &page);
    assert_eq!(chosen(&page).len(), 50, "{page}");
    assert!(page.text.contains("et 80 autres clients"), "{page}");
    let list = browser.get("/accounts?q=beaucoup@demo.example").await.expect(200).text;
    assert!(list.contains("et 95 autres clients"), "{list}");
    assert!(page.text.contains("50 autres clients restent affectés"), "{page}");
    // As a browser does, the form tells what it has shown, and what of it is ticked.
    let send = async |from: &Answer, find: &'static str, seen: &'static str, change: (&str, &str)| {
        let (told, mut ticked) = (shown(from), chosen(from));
        ticked.retain(|id| id != change.0);
        ticked.extend(Some(change.1.to_owned()).filter(|id| !id.is_empty()));
        let mut form = vec![("role", "approver"), ("shown.institution_ids", told.as_str())];
        form.extend([("find.institution_ids", find), ("seen.institution_ids", seen)]);
        form.extend(ticked.iter().map(|id| ("institution_ids", id.as_str())));
        browser.post(&path, &form).await
    };
    // One is looked for and ticked, another unticked; the rest stays.
    let page = send(&page, "agence 29", "", ("", "")).await.expect(200);
    assert_eq!(chosen(&page), [of.id(291), of.id(294), of.id(297)], "{page}");
    assert!(page.text.contains("97 autres clients restent affectés"), "{page}");
    let (gone, new) = (of.id(294), of.id(295));
    // Looking for something else first loses neither.
    let page = send(&page, "agence 000", "agence 29", (&gone, &new)).await.expect(200);
    assert!(page.text.contains(&format!("value=\"{gone}\"> Agence 294")), "shown, and not ticked: {page}");
    assert!(chosen(&page).contains(&new), "{page}");
    assert_eq!(of.institutions_of(account).await.len(), 100, "nothing was sent for good");
    send(&page, "agence 000", "agence 000", ("", "")).await.leads_to(&format!("/accounts/{account}"));
    let now = of.institutions_of(account).await;
    assert_eq!(now.len(), 100, "{now:?}");
    assert!(now.contains(&"E295".to_owned()) && !now.contains(&"E294".to_owned()), "{now:?}");
    // Nothing found: nothing was shown, so nothing is taken away.
    let page = send(&page, "nulle part", "", ("", "")).await.expect(200);
    assert!(page.text.contains("name=\"shown.institution_ids\" value=\"\""), "{page}");
    send(&page, "nulle part", "nulle part", ("", "")).await.leads_to(&format!("/accounts/{account}"));
    assert_eq!(of.institutions_of(account).await.len(), 100);
}

#[tokio::test]
async fn an_institution_is_found_for_a_new_basket_for_somebody_who_is_added_and_for_a_filter() {
    let of = Enterprise::new().await;
    let (browser, wanted) = (of.browser(), of.id(259));
    for (path, name) in [("/baskets", "institution_id"), ("/accounts/join", "institution_id")] {
        let page = browser.get(path.trim_end_matches("/join")).await.expect(200);
        check("fr", path, &page);
        assert!(chosen(&page).is_empty(), "nothing is chosen by standing first: {page}");
        let find = format!("find.{name}");
        let typed = if path == "/baskets" { ("name", "Rentrée") } else { ("email", "nina@demo.example") };
        let several = browser.post(path, &[typed, (&find, "25")]).await.expect(200);
        assert!(chosen(&several).is_empty(), "{several}");
        let narrowed = browser.post(path, &[typed, (&find, "e259")]).await.expect(200);
        check("fr", path, &narrowed);
        assert!(narrowed.text.contains(&format!("value=\"{}\"", typed.1)), "{narrowed}");
        assert!(narrowed.text.contains("<details class=\"new\" open>"), "{narrowed}");
        assert_eq!(chosen(&narrowed), [wanted.as_str()], "the only one is chosen: {narrowed}");
    }
    let form = [("name", "Rentrée"), ("find.institution_id", "e259"), ("seen.institution_id", "e259")];
    let nothing = browser.post("/baskets", &form).await.expect(422).text;
    assert!(nothing.contains("id=\"institution_id-error\"") && nothing.contains("Rentrée"), "{nothing}");
    let form: Vec<_> = form.into_iter().chain([("institution_id", wanted.as_str())]).collect();
    let made = browser.post("/baskets", &form).await;
    let basket = made.header("location").to_owned();
    assert!(made.status == 303 && browser.get(&basket).await.expect(200).text.contains("Agence 259"), "{made}");

    let page = browser.get("/orders?find.delivered_to=e259&narrow=delivered_to").await.expect(200);
    check("fr", "/orders", &page);
    assert!(page.text.contains("Agence 259 (E259)") && page.text.contains("<details class=\"new\" open>"), "{page}");
    assert!(chosen(&page).is_empty(), "nothing is filtered unasked: {page}");
    let page = browser.get(&format!("/orders?delivered_to={wanted}")).await.expect(200);
    assert_eq!(chosen(&page), [wanted.as_str()], "{page}");
}

#[tokio::test] // L35
async fn a_first_basket_by_an_articles_price_is_opened_for_the_institution_that_was_chosen() {
    let of = Enterprise::new().await;
    let wanted = of.id(259);
    let newcomer = of.app.engage("neuf@demo.example", Role::Requester, &["E001", "E002"]).await;
    assert!(!Browser::of(&newcomer, "fr").get("/articles").await.expect(200).text.contains("name=\"narrow\""));
    let numbers: Vec<_> = (0..AGENCIES).map(number).collect();
    let numbers: Vec<_> = numbers.iter().map(String::as_str).collect();
    let newcomer = of.app.engage("ailleurs@demo.example", Role::Requester, &numbers).await;
    let newcomer = Browser::of(&newcomer, "fr");
    // The form that chooses takes along what is looked for, and the search takes along who was chosen.
    let page = newcomer.get(&format!("/articles?q={CEMETERY_ROAD}")).await.expect(200);
    let choosing = form_with(&page.text, "name=\"narrow\"");
    assert!(choosing.contains(&format!("name=\"q\" value=\"{CEMETERY_ROAD}\"")), "{choosing}");
    let page = newcomer.get(&format!("/articles?q={CEMETERY_ROAD}&find.institution=e259")).await.expect(200);
    check("fr", "/articles", &page);
    assert_eq!(chosen(&page), [wanted.as_str()], "{page}");
    let carried = format!("name=\"institution\" value=\"{wanted}\"");
    for what in ["data-search", "data-swap"] {
        assert!(form_with(&page.text, what).contains(&carried), "{page}");
    }
    let article = format!("href=\"/articles/{CEMETERY_ROAD}?institution={wanted}\"");
    assert!(page.text.contains(&article), "{page}");
    let next = newcomer.get(&format!("/articles?q=la&institution={wanted}")).await.expect(200);
    assert!(next.text.contains(&format!("href=\"/articles?institution={wanted}&#38;q=la&#38;cursor=")), "{next}");
    // On the page of an article too, where the choice stays with the article.
    let path = format!("/articles/{CEMETERY_ROAD}");
    let page = newcomer.get(&format!("{path}?find.institution=e259")).await.expect(200);
    assert!(form_with(&page.text, "name=\"narrow\"").contains(&format!("action=\"{path}\"")), "{page}");
    assert!(form_with(&page.text, "data-swap").contains(&carried), "{page}");
    assert!(page.text.contains(&format!("href=\"/articles?institution={wanted}\"")), "{page}");
}

/// The form of a page that has this in it.
fn form_with<'a>(page: &'a str, what: &str) -> &'a str {
    let at = page.find(what).unwrap_or_else(|| panic!("no {what} in {page}"));
    let begin = page[..at].rfind("<form").expect("a form");
    let end = page[at..].find("</form>").expect("its end");
    &page[begin..at + end]
}

#[tokio::test] // L28
async fn who_is_delivered_and_billed_is_found_before_an_order_is_placed() {
    let of = Enterprise::new().await;
    let (browser, own, other) = (of.browser(), of.id(0), of.id(259));
    let opened = of.purchaser.post("/api/v1/baskets", &json!({ "institution_id": own })).await.expect(201);
    let basket = opened.id_at("/id");
    of.purchaser.add_line(basket, CEMETERY_ROAD, 1).await.expect(201);
    of.app.drain().await;
    let path = format!("/baskets/{basket}/order");
    for language in LANGUAGES {
        check(language, &path, &Browser::of(&of.purchaser, language).get(&path).await.expect(200));
    }
    let page = browser.get(&path).await.expect(200);
    assert_eq!(chosen(&page), [own.as_str(), own.as_str()], "{page}");
    let typed = [("reference", "MED-9"), ("delivery_mode", "delivery"), ("payment_mode", "invoice")];
    let with = |more: &[(&'static str, String)]| {
        let typed = typed.into_iter().map(|(name, value)| (name, value.to_owned()));
        typed.chain(more.iter().cloned()).collect::<Vec<_>>()
    };
    let send = async |form: Vec<(&'static str, String)>| {
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post(&path, &form).await
    };
    let looked = [("deliver_to", own.clone()), ("bill_to", own.clone()), ("find.deliver_to", "e259".to_owned())];
    let page = send(with(&looked)).await.expect(200);
    check("fr", &path, &page);
    assert_eq!(chosen(&page), [other.as_str(), own.as_str()], "{page}");
    assert!(page.text.contains("Quai 259") && page.text.contains("value=\"MED-9\""), "{page}");
    let seen = ("seen.deliver_to", "e259".to_owned());
    let filled = [("deliver_to", other), ("bill_to", own), looked[2].clone(), seen];
    // A mistake loses none of it.
    let mut blank = with(&filled);
    blank[0].1 = " ".to_owned();
    let page = send(blank).await.expect(422);
    assert_eq!(chosen(&page).len(), 2, "{page}");
    assert!(page.text.contains("Agence 259 (E259)"), "{page}");
    let placed = send(with(&filled)).await;
    let order = placed.header("location").rsplit('/').next().unwrap().parse().unwrap();
    let order = of.purchaser.order(order).await.expect(200);
    assert_eq!((order.text_at("/delivered_to"), order.text_at("/billed_to")), (of.id(259), of.id(0)), "{order}");
}
