//! Articles as the management system sends them, a line each.

use std::collections::HashSet;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use bordereau_domain::{Ean, article::Article};
use bordereau_store::{ArticlePut, ArticleVerdict};
use chrono::Datelike;

use super::{
    lines::{self, LineVerdict, Sync, Verdict},
    spool::Spool,
};
use crate::{
    app::{App, PATIENCE},
    extract::{Filters, LibrisoftKey, parse_json},
    openapi::Refused,
    problem::Problem,
};

/// Articles that are stored in one transaction.
const BATCH: usize = 500;

/// What is remembered of a line until the answer is written: little, so that memory stays flat.
struct Remembered {
    line: u32,
    ean: Option<Ean>,
    verdict: Verdict,
    reason: Option<Box<str>>,
}

/// Takes over articles: NDJSON, a line each, with a verdict for each. Unchanged lines change nothing.
#[utoipa::path(put, path = "/api/v1/librisoft/articles", tag = "librisoft", params(Sync),
    request_body(content = String, content_type = "application/x-ndjson"),
    responses((status = 200, body = LineVerdict, content_type = "application/x-ndjson"), Refused))]
pub async fn put(
    State(app): State<App>,
    LibrisoftKey(caller): LibrisoftKey,
    Filters(sync): Filters<Sync>,
    request: Request,
) -> Result<Response, Problem> {
    lines::check(request.headers())?;
    let _turn = app.imports.try_acquire().map_err(|_| Problem::unavailable("too-busy"))?;
    let shop = caller.shop.as_str();
    let spool = Spool::of(request.into_body()).await?;
    let missing = if sync.complete { find_missing(&app, shop, &spool, sync.force).await? } else { Vec::new() };
    let mut import = Import { app: &app, shop, waiting: Vec::new(), remembered: Vec::new() };
    let mut body = spool.lines()?;
    while let Some((number, line)) = body.next().await? {
        import.take(number, &line).await?;
    }
    import.store().await?;
    app.store.withdraw_articles(shop, missing, app.clock.micros()).await?;
    let remembered = import.remembered;
    let head = app.store.head(shop).await?;
    let (position, revision) = head.map_or((0, 0), |head| (head.position, head.article_revision));
    // Whoever sent them finds them: a search after this answer must not be older. If it takes too long, all is stored.
    if let Err(late) = app.projections.wait_for("article_search", shop, revision, PATIENCE).await {
        tracing::warn!(%late, "the article search is behind");
    }
    let verdicts = futures::stream::iter(remembered.into_iter().map(|line| LineVerdict {
        line: line.line,
        key: line.ean.map(|ean| ean.to_string()),
        verdict: line.verdict,
        reason: line.reason.map(Into::into),
    }));
    Ok(lines::answer(position, verdicts))
}

/// An import under way.
struct Import<'a> {
    app: &'a App,
    shop: &'a str,
    waiting: Vec<(usize, ArticlePut)>,
    remembered: Vec<Remembered>,
}

fn read(line: &[u8]) -> Result<Article, String> {
    let article: Article = parse_json(line).map_err(|problem| {
        let reason = problem.find_member("reason").unwrap_or(problem.slug);
        problem.find_member("field").map_or_else(|| reason.to_owned(), |field| format!("{field}: {reason}"))
    })?;
    article.check().map_err(|error| error.to_string())?;
    if article.published_on.is_some_and(|day| !(0..=9_999).contains(&day.year())) {
        return Err("published_on: a day is written like 2026-11-22".to_owned());
    }
    Ok(article)
}

impl Import<'_> {
    async fn take(&mut self, line: u32, text: &[u8]) -> Result<(), Problem> {
        match read(text) {
            Ok(article) => {
                let body = serde_json::to_string(&article).map_err(|error| Problem::internal(&error))?;
                let put = ArticlePut {
                    ean: article.ean.to_string(),
                    body,
                    price_incl_tax: article.price_incl_tax.to_string(),
                    vat_rate: article.vat_rate.to_string(),
                };
                let ean = Some(article.ean);
                self.waiting.push((self.remembered.len(), put));
                self.remembered.push(Remembered { line, ean, verdict: Verdict::Unchanged, reason: None });
            }
            Err(reason) => {
                let reason = Some(reason.into_boxed_str());
                self.remembered.push(Remembered { line, ean: None, verdict: Verdict::Refused, reason });
            }
        }
        if self.waiting.len() >= BATCH { self.store().await } else { Ok(()) }
    }

    /// Stores what waits; the verdicts find their lines again.
    async fn store(&mut self) -> Result<(), Problem> {
        let (places, puts): (Vec<_>, Vec<_>) = self.waiting.drain(..).unzip();
        if puts.is_empty() {
            return Ok(());
        }
        let verdicts = self.app.store.put_articles(self.shop, puts, self.app.clock.micros()).await?;
        for (place, verdict) in places.into_iter().zip(verdicts) {
            self.remembered[place].verdict = match verdict {
                ArticleVerdict::Created => Verdict::Created,
                ArticleVerdict::Changed => Verdict::Changed,
                ArticleVerdict::Unchanged => Verdict::Unchanged,
            };
        }
        Ok(())
    }
}

/// Numbers that a complete synchronisation does not name. An article on a line that is refused is named all the same.
async fn find_missing(app: &App, shop: &str, spool: &Spool, force: bool) -> Result<Vec<String>, Problem> {
    let mut named = HashSet::new();
    let mut lines = spool.lines()?;
    while let Some((_, line)) = lines.next().await? {
        named.extend(named_by(&line));
    }
    let (mut after, mut known, mut missing) = (String::new(), 0, Vec::new());
    loop {
        let eans = app.store.list_article_eans(shop, &after, 5_000).await?;
        let Some(last) = eans.last() else { break };
        after.clone_from(last);
        known += eans.len();
        let is_named = |ean: &String| ean.parse().is_ok_and(|number| named.contains(&number));
        missing.extend(eans.into_iter().filter(|ean| !is_named(ean)));
    }
    if !force && lines::is_suspicious(missing.len(), known) {
        let refused = Problem::new(StatusCode::CONFLICT, "too-many-withdrawn").arg("count", missing.len());
        return Err(refused.arg("known", known).member("withdrawn", missing.len()).member("known", known));
    }
    Ok(missing)
}

/// The article that a line names, whatever else it says.
fn named_by(line: &[u8]) -> Option<u64> {
    #[derive(serde::Deserialize)]
    struct Named {
        ean: Ean,
    }
    serde_json::from_slice::<Named>(line).ok().map(|named| named.ean.to_u64())
}
