//! Coming in and going out, and the language of the pages.

use askama::Template;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use bordereau_domain::{ShopCode, shop::Shop};
use serde::Deserialize;

use super::{
    cookies::Cookie,
    doors::{Pages, Who},
    field::{Field, Form, Told, refuse},
    frame::Frame,
    local_path::LocalPath,
    notice::Notice,
    reader::Reader,
    redirect::SeeOther,
    registration::open_shops,
    signed_in::{Entered, SignedIn, enter},
    transport::Transport,
};
use crate::{
    app::App,
    auth::{self, Attempt},
    extract::Peer,
    problem::Problem,
    reading::remember_language,
    texts::Language,
};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages
        .get("/sign-in", Who::Everybody, show)
        .post("/sign-in", Who::Everybody, sign_in)
        .post("/sign-out", Who::PEOPLE, sign_out)
        .post("/language", Who::Everybody, choose_language)
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    told: Option<Told>,
    next: String,
    email: Field,
    password: Field,
    /// Asked for once the service has said that it is needed.
    code: Option<Field>,
    /// The shops to choose from, once the address is known in several.
    shops: Vec<ShopChoice>,
    /// Whether a password may be sent at all.
    open: bool,
    /// Whether a bookshop lets people ask for accounts here (B01).
    registration: bool,
}

struct ShopChoice {
    code: String,
    name: String,
    chosen: bool,
}

/// Most shops that one address is offered.
const MOST_SHOPS: usize = 20;

impl SignInPage {
    /// The codes of the shops that are offered, for the form.
    fn offered(&self) -> String {
        self.shops.iter().map(|shop| shop.code.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn new(reader: &Reader, next: &LocalPath) -> Self {
        let frame = Frame::open(reader);
        Self {
            email: Field::login("email", frame.t("sign-in-email")).focused(),
            password: Field::password("password", frame.t("sign-in-password"), "current-password"),
            code: None,
            shops: Vec::new(),
            told: None,
            next: next.as_str().to_owned(),
            open: reader.transport != Transport::Clear,
            registration: false,
            frame,
        }
    }
}

/// Where the sign-in leads.
#[derive(Debug, Deserialize)]
struct NextQuery {
    next: Option<LocalPath>,
}

async fn show(
    State(app): State<App>,
    reader: Reader,
    query: Result<Query<NextQuery>, QueryRejection>,
    mut parts: Parts,
) -> Result<Response, Problem> {
    let next = query.ok().and_then(|Query(query)| query.next).unwrap_or_else(LocalPath::start);
    if enter(&mut parts, &app).await.is_ok() {
        return Ok(SeeOther::to(next.as_str(), reader.transport).into_response());
    }
    let mut page = SignInPage::new(&reader, &next);
    page.registration = !open_shops(&app).await?.is_empty();
    Ok(page.frame.answer(StatusCode::OK, &page))
}

/// What is sent to come in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignInForm {
    email: String,
    password: String,
    next: Option<LocalPath>,
    shop: Option<ShopCode>,
    code: Option<String>,
    /// The shops that were offered before, by their codes.
    #[serde(default)]
    offered: String,
}

async fn sign_in(
    State(app): State<App>,
    reader: Reader,
    peer: Peer,
    headers: HeaderMap,
    Form(sent): Form<SignInForm>,
) -> Response {
    let next = sent.next.clone().unwrap_or_else(LocalPath::start);
    match open(&app, &reader, peer, &headers, &sent).await {
        Ok(token) => SeeOther::to(next.as_str(), reader.transport)
            .keeping(Cookie::Session, &token)
            .forgetting(Cookie::Position)
            .into_response(),
        Err(problem) => refused(&app, &reader, &next, &sent, &problem).await,
    }
}

/// Opens a session; the one that this browser had before ends, so that nobody who knew it comes in with him.
async fn open(
    app: &App,
    reader: &Reader,
    peer: Peer,
    headers: &HeaderMap,
    sent: &SignInForm,
) -> Result<String, Problem> {
    if reader.transport == Transport::Clear {
        return Err(Problem::new(StatusCode::FORBIDDEN, "clear-connection"));
    }
    let attempt = Attempt {
        email: &sent.email,
        password: &sent.password,
        shop: sent.shop.as_ref(),
        code: sent.code.as_deref().map(str::trim).filter(|code| !code.is_empty()),
        replaces: Cookie::Session.read(headers, reader.transport).map(auth::token_hash),
    };
    let signed = auth::sign_in(app, peer, &attempt).await?;
    remember_language(app, &signed.shop, signed.account, reader.language).await;
    Ok(signed.token)
}

/// The form again, with what was typed and what to do.
async fn refused(app: &App, reader: &Reader, next: &LocalPath, sent: &SignInForm, problem: &Problem) -> Response {
    let mut page = SignInPage::new(reader, next);
    page.email.value.clone_from(&sent.email);
    // Who tries too often costs no look at anything.
    if problem.status != StatusCode::TOO_MANY_REQUESTS {
        (page.shops, page.registration) = match choices(app, sent, problem).await {
            Ok(choices) => choices,
            Err(problem) => return problem.into_response(),
        };
    }
    if problem.slug == "choose-shop" || problem.slug == "second-factor-required" {
        page.password = page.password.hinting(page.frame.t("sign-in-password-again"));
    }
    // Once asked for, the field stays.
    if problem.slug.starts_with("second-factor-") || sent.code.is_some() {
        let label = page.frame.t("sign-in-code");
        page.code = Some(Field { autocomplete: "one-time-code", ..Field::text("code", label) });
    }
    let usual = match problem.slug {
        "invalid-credentials" => Some("password"),
        "second-factor-required" | "second-factor-wrong" => Some("code"),
        _ => None,
    };
    let frame = page.frame.clone();
    let mut fields: Vec<&mut Field> = vec![&mut page.email, &mut page.password];
    fields.extend(page.code.as_mut());
    page.told = refuse(&frame, &mut fields, usual, problem);
    frame.answer_refused(problem, &page)
}

/// The shops that a refusal names.
fn named(problem: &Problem) -> Vec<ShopCode> {
    let named = problem.members.iter().find(|(name, _)| name == "shops");
    let codes = named.and_then(|(_, codes)| codes.as_array()).into_iter().flatten();
    codes.filter_map(|code| code.as_str()?.parse().ok()).collect()
}

/// The shops that there are to choose from, and whether any takes requests. Those of the refusal were found by the right
/// password, and have their names; of those that the form says it has offered, a shop that is not open to all keeps its code.
async fn choices(app: &App, sent: &SignInForm, problem: &Problem) -> Result<(Vec<ShopChoice>, bool), Problem> {
    let (open, mut shops) = (open_shops(app).await?, Vec::new());
    for code in named(problem) {
        let ask = |shop: &Shop| shop.opened().map(|opened| opened.name.clone());
        let name = app.commands.peek::<Shop, _>(code.as_str(), code.as_str(), ask).await?.value;
        shops.push((name.unwrap_or_else(|| code.to_string()), code));
    }
    if shops.is_empty() {
        let offered = sent.offered.split(' ').filter_map(|code| code.parse::<ShopCode>().ok()).take(MOST_SHOPS);
        shops.extend(offered.map(|code| {
            let known = open.iter().find(|(known, _)| *known == code);
            (known.map_or_else(|| code.to_string(), |(_, name)| name.clone()), code)
        }));
    }
    let choice = |(name, code): (String, ShopCode)| ShopChoice {
        chosen: sent.shop.as_ref() == Some(&code),
        code: code.to_string(),
        name,
    };
    Ok((shops.into_iter().map(choice).collect(), !open.is_empty()))
}

async fn sign_out(State(app): State<App>, signed_in: SignedIn) -> Result<SeeOther, Problem> {
    if let Some(session) = signed_in.caller.session {
        app.store.end_session(&session).await?;
    }
    Ok(SeeOther::to("/sign-in", signed_in.reader.transport)
        .forgetting(Cookie::Session)
        .forgetting(Cookie::Position)
        .saying(Notice::SignedOut))
}

/// A language, and the page to come back to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LanguageForm {
    language: String,
    next: LocalPath,
}

/// Chooses the language of the pages (row W02), and of the letters to whoever is signed in.
async fn choose_language(
    State(app): State<App>,
    reader: Reader,
    mut parts: Parts,
    Form(sent): Form<LanguageForm>,
) -> Result<SeeOther, Problem> {
    let language = Language::from_tag(&sent.language).ok_or_else(|| Problem::invalid("invalid-field", "language"))?;
    if let Ok(Entered(signed_in)) = enter(&mut parts, &app).await {
        remember_language(&app, &signed_in.caller.shop, signed_in.caller.actor.account, language).await;
    }
    Ok(SeeOther::to(sent.next.as_str(), reader.transport).keeping(Cookie::Language, language.tag()))
}
