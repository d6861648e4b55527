//! The price button: puts an article into the basket that the page names, or into a new one.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use bordereau_commands::{BasketRequest, OpenBasket, stable_id};
use bordereau_domain::{BasketId, InstitutionId};
use serde::Deserialize;
use uuid::Uuid;

use super::show::{ArticlePage, ArticleView, SearchPage, SearchQuery};
use crate::{
    app::App,
    extract::Answered,
    pages::{
        baskets::{AddForm, put},
        field::{Form, Told, blank},
        local_path::LocalPath,
        notice::Notice,
        redirect::SeeOther,
        signed_in::SignedIn,
    },
    problem::Problem,
    texts,
};

/// An article and where it goes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuyForm {
    ean: String,
    quantity: String,
    #[serde(default)]
    line_reference: String,
    /// The form counts once.
    key: Option<String>,
    /// The basket; without one a new one is opened.
    #[serde(default, deserialize_with = "blank")]
    basket: Option<Uuid>,
    /// For which institution.
    #[serde(default, deserialize_with = "blank")]
    institution: Option<Uuid>,
    /// The page to come back to.
    next: LocalPath,
}

/// Puts an article into a basket.
pub async fn add(
    State(app): State<App>,
    mut signed_in: SignedIn,
    Form(sent): Form<BuyForm>,
) -> Result<Response, Problem> {
    match buy(&app, &mut signed_in, &sent).await {
        Ok(done) => Ok(SeeOther::to(sent.next.as_str(), signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::LineAdded)
            .into_response()),
        Err(problem) => refused(&app, &signed_in, &sent, &problem).await,
    }
}

async fn buy(app: &App, signed_in: &mut SignedIn, sent: &BuyForm) -> Result<Answered, Problem> {
    let BuyForm { ean, quantity, line_reference, key, .. } = sent.clone();
    let add = AddForm { ean, quantity, line_reference, key };
    // No basket is opened for what cannot go into it.
    let found = app.projections.article_search().find(signed_in.shop(), add.check()?).await?;
    found.ok_or_else(|| Problem::invalid("unknown-article", "ean"))?;
    let basket = match sent.basket {
        Some(basket) => BasketId(basket),
        None => open(app, signed_in, sent).await?,
    };
    put(app, signed_in, basket, &add).await
}

/// Opens a basket for an article, once however often its form is sent.
async fn open(app: &App, signed_in: &mut SignedIn, sent: &BuyForm) -> Result<BasketId, Problem> {
    let institution = sent.institution.ok_or_else(|| Problem::invalid("unknown-institution", "institution_id"))?;
    let account = signed_in.caller.actor.principal();
    let key = sent.key.as_deref().unwrap_or_default();
    let basket_id = BasketId(stable_id(&["page", "basket", signed_in.shop(), &account.to_string(), key]));
    let count = app.projections.basket_tray().count_open(signed_in.shop(), account).await?;
    let request = OpenBasket {
        basket_id,
        institution_id: InstitutionId(institution),
        name: None,
        quota_reached: count >= app.settings.open_baskets,
    };
    let done = app.execute(signed_in.envelope(app), basket_id, BasketRequest::Open(request)).await?;
    signed_in.has_written(done.position);
    Ok(basket_id)
}

/// The page that the form stood on, with what was typed and what is wrong with it.
async fn refused(app: &App, signed_in: &SignedIn, sent: &BuyForm, problem: &Problem) -> Result<Response, Problem> {
    let (path, asked) = sent.next.as_str().split_once('?').unwrap_or((sent.next.as_str(), ""));
    let asked = |name: &str| {
        let mut pairs = form_urlencoded::parse(asked.as_bytes());
        pairs.find_map(|(known, value)| (known == name).then(|| value.into_owned()))
    };
    let query = SearchQuery {
        q: asked("q").unwrap_or_default(),
        basket: sent.basket.map(|basket| basket.to_string()).or_else(|| asked("basket")),
        institution: sent.institution,
        cursor: asked("cursor"),
        ..SearchQuery::default()
    };
    let told = || {
        let (title, detail) = texts::problem(signed_in.reader.language, problem.slug, &problem.args);
        Some(Told { title, detail })
    };
    let about_a_field = matches!(problem.find_member("field"), Some("quantity" | "line_reference" | "ean"));
    let keep = |article: &mut ArticleView, error: String| {
        article.quantity.clone_from(&sent.quantity);
        article.reference.clone_from(&sent.line_reference);
        article.error = about_a_field.then_some(error);
    };
    if let Some(ean) = path.strip_prefix("/articles/") {
        let mut page = ArticlePage::read(app, signed_in, ean, &query).await?;
        let frame = page.frame.clone();
        keep(&mut page.article, frame.refusal(problem));
        page.told = told().filter(|_| !about_a_field);
        return Ok(frame.answer_refused(problem, &page));
    }
    let mut page = SearchPage::read(app, signed_in, &query).await?;
    let frame = page.frame.clone();
    let article = page.articles.iter_mut().find(|article| article.ean == sent.ean);
    let found = article.map(|article| keep(article, frame.refusal(problem))).is_some();
    page.told = told().filter(|_| !(about_a_field && found));
    Ok(frame.answer_refused(problem, &page))
}
