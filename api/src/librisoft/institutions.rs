//! Institutions as the management system sends them, a line each: every change is an event.

use std::collections::HashSet;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use bordereau_commands::{Envelope, Failed, InstitutionRequest, SentAddress, SentInstitution};
use bordereau_domain::{
    InstitutionId,
    institution::{InstitutionError, InstitutionKind},
    pricing::Discounts,
};
use bordereau_projections::{MAX_PAGE, Scope};
use serde::Deserialize;
use uuid::Uuid;

use super::lines::{self, LineVerdict, Lines, Sync, Verdict};
use crate::{
    app::App,
    extract::{Caller, Filters, LibrisoftKey, parse_json},
    openapi::Refused,
    problem::Problem,
};

/// An institution as it is sent: as it is read, without `id`, with `kind`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct InstitutionLine {
    librisoft_number: String,
    kind: InstitutionKind,
    name: String,
    city: String,
    discounts: Discounts,
    #[serde(default)]
    blocked: bool,
    #[serde(default)]
    vat_exempt: bool,
    #[serde(default)]
    addresses: Vec<AddressLine>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AddressLine {
    id: Option<Uuid>,
    label: String,
    lines: Vec<String>,
    postcode: String,
    city: String,
    country: String,
}

impl From<InstitutionLine> for SentInstitution {
    fn from(line: InstitutionLine) -> Self {
        let address = |address: AddressLine| SentAddress {
            id: address.id.map(Into::into),
            label: address.label,
            lines: address.lines,
            postcode: address.postcode,
            city: address.city,
            country: address.country,
        };
        Self {
            librisoft_number: line.librisoft_number,
            kind: line.kind,
            name: line.name,
            city: line.city,
            discounts: line.discounts,
            blocked: line.blocked,
            vat_exempt: line.vat_exempt,
            addresses: line.addresses.into_iter().map(address).collect(),
        }
    }
}

/// Takes over institutions: NDJSON, a line each, with a verdict for each.
#[utoipa::path(put, path = "/api/v1/librisoft/institutions", tag = "librisoft", params(Sync),
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
    let mut body = Lines::new(request.into_body());
    // All is read before anything is written: a synchronisation that is refused must have changed nothing.
    let mut sent = Vec::new();
    while let Some((number, line)) = body.next().await? {
        sent.push(read(number, &line));
    }
    let id_of = |sent: &InstitutionLine| SentInstitution::id_of(&caller.shop, &sent.librisoft_number);
    let named: HashSet<_> = sent.iter().flatten().map(|(_, sent)| id_of(sent)).collect();
    let missing = if sync.complete { find_missing(&app, &caller, &named, sync.force).await? } else { Vec::new() };
    let mut verdicts = Vec::new();
    for read in sent {
        verdicts.push(match read {
            Ok((line, sent)) => take(&app, &caller, line, sent).await?,
            Err(refused) => refused,
        });
    }
    for id in missing {
        app.commands.execute(envelope(&app, &caller), id.to_string(), InstitutionRequest::Withdraw).await?;
    }
    let position = app.store.head(caller.shop.as_str()).await?.map_or(0, |head| head.position);
    Ok(lines::answer(position, futures::stream::iter(verdicts)))
}

fn envelope(app: &App, caller: &Caller) -> Envelope {
    Envelope::new(caller.shop.clone(), caller.actor.clone(), app.clock.now(), "api")
}

fn refused(line: u32, key: Option<String>, reason: String) -> LineVerdict {
    LineVerdict { line, key, verdict: Verdict::Refused, reason: Some(reason) }
}

/// A line with its number, or its refusal.
fn read(line: u32, text: &[u8]) -> Result<(u32, InstitutionLine), LineVerdict> {
    match parse_json(text) {
        Ok(sent) => Ok((line, sent)),
        Err(problem) => {
            let field = problem.find_member("field").unwrap_or("line");
            let reason = problem.find_member("reason").unwrap_or(problem.slug);
            Err(refused(line, None, format!("{field}: {reason}")))
        }
    }
}

async fn take(app: &App, caller: &Caller, line: u32, sent: InstitutionLine) -> Result<LineVerdict, Problem> {
    let key = Some(sent.librisoft_number.clone());
    let id = SentInstitution::id_of(&caller.shop, &sent.librisoft_number);
    let request = InstitutionRequest::Synchronise(Box::new(sent.into()));
    match app.commands.execute(envelope(app, caller), id.to_string(), request).await {
        Ok(done) => {
            let verdict = match (done.position, done.status) {
                (None, _) => Verdict::Unchanged,
                (Some(_), 201) => Verdict::Created,
                (Some(_), _) => Verdict::Changed,
            };
            Ok(LineVerdict { line, key, verdict, reason: None })
        }
        Err(Failed::Refused(error @ InstitutionError::RoleMayNot)) => Err(error.into()),
        Err(Failed::Refused(error)) => Ok(refused(line, key, error.to_string())),
        Err(failed) => Err(failed.into()),
    }
}

/// What a complete synchronisation does not name; refused when that is too much.
async fn find_missing(
    app: &App,
    caller: &Caller,
    named: &HashSet<InstitutionId>,
    force: bool,
) -> Result<Vec<InstitutionId>, Problem> {
    app.projections.catch_up().await?;
    let known = known(app, caller.shop.as_str()).await?;
    let missing: Vec<_> = known.iter().copied().filter(|id| !named.contains(id)).collect();
    if !force && lines::is_suspicious(missing.len(), known.len()) {
        let refused = Problem::new(StatusCode::CONFLICT, "too-many-withdrawn").arg("count", missing.len());
        return Err(refused.arg("known", known.len()).member("withdrawn", missing.len()).member("known", known.len()));
    }
    Ok(missing)
}

/// Every institution that is not withdrawn.
async fn known(app: &App, shop: &str) -> Result<Vec<InstitutionId>, Problem> {
    let (mut ids, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let institutions = app.projections.institutions();
        let page = institutions.list(shop, &Scope::All, false, MAX_PAGE, cursor.as_deref()).await?;
        ids.extend(page.items.iter().map(|row| row.id));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(ids);
        }
    }
}
