//! A list of articles into a basket: pasted or uploaded, looked at line by line, then added. The service keeps nothing in
//! between: what was looked at stands in the page's own form.

mod lines;
mod sent;

use askama::Template;
use axum::{
    extract::{DefaultBodyLimit, Path, State},
    handler::Handler,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bordereau_commands::{BasketRequest, IdempotencyKey, new_id};
use bordereau_domain::{
    BasketId, Money,
    basket::{Action, Opened},
};
use bordereau_projections::BasketDetail;
use sha2::{Digest, Sha256};

use self::{
    lines::{Row, as_text, rows},
    sent::{Chosen, Upload},
};
use super::{
    cookies::Cookie,
    doors::{Pages, Who},
    field::{Field, Told, refuse},
    frame::Frame,
    notice::Notice,
    redirect::SeeOther,
    signed_in::SignedIn,
    warnings::say_uses,
};
use crate::{
    app::App,
    baskets::{self, Listed, ListedLine, Verdict, warnings},
    extract::Answered,
    form, names,
    problem::Problem,
};

/// Largest upload: the list itself, and what a form puts around it.
const MAX_UPLOAD_BYTES: usize = 1024 * 1024 + 64 * 1024;
/// Largest form with a list in it, every character of which may take nine.
const MAX_CHOSEN_BYTES: usize = 4 * 1024 * 1024;

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages
        .get("/baskets/{id}/import", Who::INSTITUTIONS, show)
        .post("/baskets/{id}/import/check", Who::INSTITUTIONS, check.layer(DefaultBodyLimit::max(MAX_UPLOAD_BYTES)))
        .post("/baskets/{id}/import", Who::INSTITUTIONS, import.layer(DefaultBodyLimit::max(MAX_CHOSEN_BYTES)))
}

/// What was found in a list.
struct Preview {
    rows: Vec<Row>,
    good: u64,
    bad: u64,
    total: Money,
    columns: Vec<String>,
    /// The lines that can be added, for the form to send again.
    list: String,
    /// The lines that have to be mended.
    rest: String,
    /// Names this sending: sent twice, it is carried out once.
    key: String,
}

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage {
    frame: Frame,
    id: String,
    number: String,
    name: Option<String>,
    told: Option<Told>,
    /// How many lines were just added.
    added: Option<u64>,
    text: Field,
    file: Field,
    preview: Option<Preview>,
}

impl ListPage {
    /// The page around a basket that the reader may change.
    async fn read(app: &App, signed_in: &SignedIn, id: &str) -> Result<Self, Problem> {
        let detail = find_changeable(app, signed_in, id).await?;
        let frame = Frame::of(signed_in);
        let clear = names::open(app, signed_in.shop(), detail.basket.name.map(|name| name.digest)).await?;
        let kinds = ".csv,.tsv,.txt,.xlsx,.ods";
        Ok(Self {
            id: detail.id.to_string(),
            number: detail.basket.number.to_string(),
            name: clear.field(detail.basket.name),
            told: None,
            added: None,
            text: Field::area("text", frame.t("list-paste")).hinting(frame.t("list-paste-hint")).optional().focused(),
            file: Field::file("file", frame.t("list-file"), kinds).hinting(frame.t("list-file-hint")).optional(),
            preview: None,
            frame,
        })
    }

    /// The same with what is to be said of a list.
    async fn looking_at(mut self, app: &App, signed_in: &SignedIn, list: Vec<u8>) -> Result<Self, Problem> {
        let basket = baskets::find_now(app, &signed_in.caller, form::id(&self.id)?).await?;
        let listed = baskets::judge(app, signed_in.shop(), &basket, list).await?;
        let uses = said_of(app, signed_in, (form::id(&self.id)?, &basket), &listed).await?;
        self.text.focus = false;
        self.preview = Some(preview(&self.frame, &listed, uses));
        Ok(self)
    }

    fn answer(&self, status: StatusCode) -> Response {
        self.frame.answer(status, self)
    }
}

/// What is said of each line: where its title is already.
async fn said_of(
    app: &App,
    signed_in: &SignedIn,
    (id, basket): (BasketId, &Opened),
    listed: &Listed,
) -> Result<Vec<Vec<warnings::Told>>, Problem> {
    let ean = |line: &ListedLine| line.article.as_ref().filter(|_| line.verdict.is_good()).map(|article| article.ean);
    let mut eans: Vec<_> = listed.lines.iter().filter_map(ean).collect();
    eans.sort_unstable();
    eans.dedup();
    let actor = &signed_in.caller.actor;
    let found = warnings::find_uses(app, signed_in.shop(), actor, (basket.institution_id, id), eans).await?;
    let uses: Vec<_> = listed.lines.iter().map(|line| ean(line).and_then(|ean| found.get(&ean))).collect();
    say_uses(app, signed_in, &uses).await
}

fn preview(frame: &Frame, listed: &Listed, uses: Vec<Vec<warnings::Told>>) -> Preview {
    let (good, bad) = listed.counts();
    let columns = &listed.columns;
    let at = |key, column: Option<usize>| column.map(|column| frame.t_count(key, &(column as u64 + 1)));
    let header = columns.header_line.map(|line| frame.t_count("list-read-header", &line.into()));
    let read = [
        header,
        at("list-read-ean", Some(columns.ean)),
        at("list-read-quantity", columns.quantity),
        at("list-read-reference", columns.line_reference),
    ];
    Preview {
        rows: rows(frame, listed, uses),
        good: good as u64,
        bad: bad as u64,
        total: listed.total(),
        columns: read.into_iter().flatten().collect(),
        list: as_text(listed, Verdict::is_good, true),
        rest: as_text(listed, Verdict::is_bad, false),
        key: new_id().to_string(),
    }
}

/// The basket of a path, if the reader may change its lines now.
async fn find_changeable(app: &App, signed_in: &SignedIn, id: &str) -> Result<BasketDetail, Problem> {
    let reading = signed_in.reading();
    signed_in.settle(app, "basket_detail").await?;
    let (detail, context) = baskets::find_visible(app, &reading, id).await?;
    detail.basket.may_act(Action::Lines, &context, &detail.standing)?;
    Ok(detail)
}

async fn show(State(app): State<App>, signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    Ok(ListPage::read(&app, &signed_in, &id).await?.answer(StatusCode::OK))
}

async fn check(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    upload: Upload,
) -> Result<Response, Problem> {
    let mut page = ListPage::read(&app, &signed_in, &id).await?;
    page.text.value.clone_from(&upload.text);
    look(&app, &signed_in, page, upload.list()).await
}

/// The page with what is to be said of a list, or with why nothing can be made of it.
async fn look(app: &App, signed_in: &SignedIn, page: ListPage, list: Vec<u8>) -> Result<Response, Problem> {
    let (id, text) = (page.id.clone(), page.text.value.clone());
    match page.looking_at(app, signed_in, list).await {
        Ok(page) => Ok(page.answer(StatusCode::OK)),
        Err(problem) => {
            let mut page = ListPage::read(app, signed_in, &id).await?;
            page.text.value = text;
            Ok(refused(page, &problem))
        }
    }
}

fn refused(mut page: ListPage, problem: &Problem) -> Response {
    page.told = refuse(&page.frame.clone(), &mut [&mut page.text, &mut page.file], None, problem);
    page.frame.answer_refused(problem, &page)
}

async fn import(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    chosen: Chosen,
) -> Result<Response, Problem> {
    let page = ListPage::read(&app, &signed_in, &id).await?;
    if chosen.again {
        return look(&app, &signed_in, page, chosen.whole()).await;
    }
    match add(&app, &signed_in, &page.id, &chosen).await {
        Ok(done) if !chosen.rest.trim().is_empty() => {
            let page = ListPage { added: Some(chosen.taken.len() as u64), ..page };
            let mut response = look(&app, &signed_in, page, chosen.rest.into_bytes()).await?;
            let written = format!("{}:{}", signed_in.shop(), done.position);
            let cookie = Cookie::Position.set(signed_in.reader.transport, &written);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Ok(done) => Ok(SeeOther::to(&format!("/baskets/{}", page.id), signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::ListAdded)
            .into_response()),
        Err(problem) => {
            let mut page = page.looking_at(&app, &signed_in, chosen.whole()).await?;
            let (title, detail) = crate::texts::problem(page.frame.language, problem.slug, &problem.args);
            page.told = Some(Told { title, detail });
            Ok(page.frame.answer_refused(&problem, &page))
        }
    }
}

/// Adds the lines that are ticked, as one.
async fn add(app: &App, signed_in: &SignedIn, id: &str, chosen: &Chosen) -> Result<Answered, Problem> {
    let mut envelope = signed_in.envelope(app);
    if !chosen.key.is_empty() {
        let mut hash = Sha256::new();
        for part in [id, &chosen.list].into_iter().chain(chosen.taken.iter().map(String::as_str)) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        envelope.key = Some(IdempotencyKey { key: chosen.key.clone(), request_hash: hash.finalize().into() });
    }
    let lines = lines::taken(&chosen.list, &chosen.taken)?;
    app.execute(envelope, id, BasketRequest::AddLines { lines }).await
}
