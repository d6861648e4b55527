//! A list of articles into a basket: looked at first, then added as one.

use axum::{
    Json,
    body::Body,
    extract::{Path, State},
    http::HeaderMap,
};
use bordereau_commands::{BasketRequest, ListedLine as ListedRequest, new_id};
use bordereau_domain::{Ean, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    listed::{Listed, ListedLine, judge},
    now,
};
use crate::{
    app::App,
    extract::{Answered, Caller, Command, read_file},
    form,
    openapi::Refused,
    problem::Problem,
    texts::Language,
};

/// What a list may be sent as. What it is, is seen from its bytes: browsers call a CSV by many names.
pub const MEDIA_TYPES: [&str; 8] = [
    "text/plain",
    "text/csv",
    "text/tab-separated-values",
    "application/csv",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/octet-stream",
];

/// Lines to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportBody {
    /// At least one; all are added, or none.
    pub lines: Vec<ImportLine>,
}

/// A line to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportLine {
    /// EAN-13 or ISBN-10, with or without hyphens.
    pub ean: String,
    /// Copies, 1 to 9999.
    pub quantity: u32,
    /// The requester's own reference.
    pub line_reference: Option<String>,
}

/// The lines that were added, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinesAdded {
    /// Their ids.
    pub line_ids: Vec<Uuid>,
}

/// A list with a verdict for each line. Nothing was added.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListJson {
    columns: ColumnsJson,
    lines: Vec<ListLineJson>,
    counts: ListCounts,
    /// What the lines that can be added would cost together.
    total_incl_tax: String,
}

/// Where the list has what. Columns count from 1.
#[derive(Debug, Serialize, ToSchema)]
struct ColumnsJson {
    /// The line that names the columns, if there is one.
    header_line: Option<u32>,
    ean: usize,
    quantity: Option<usize>,
    line_reference: Option<usize>,
}

/// How many lines there are of which kind.
#[derive(Debug, Serialize, ToSchema)]
struct ListCounts {
    /// They can be added.
    good: usize,
    /// They have to be mended.
    bad: usize,
}

/// A line of a list.
#[derive(Debug, Serialize, ToSchema)]
struct ListLineJson {
    /// Its number in the file, from 1.
    line: u32,
    /// What stands where the article number should.
    given: String,
    /// `ready`, `not_orderable` (can be added all the same), `added_to_another` (the same article and reference as an
    /// earlier line: its copies count there), or what has to be mended: `ean_missing`, `ean_damaged`, `ean_malformed`,
    /// `wrong_check_digit`, `unknown_article`, `quantity_not_whole`, `quantity_out_of_range`, `reference_too_long`,
    /// `no_room`.
    verdict: &'static str,
    /// The verdict in words, in the caller's language.
    detail: String,
    ean: Option<String>,
    /// Copies, with those of the lines in `together_with`.
    quantity: Option<u32>,
    line_reference: Option<String>,
    /// The lines whose copies count here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    together_with: Vec<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<String>,
    /// By the codes of the FEL, `"1"` to `"9"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    availability: Option<&'static str>,
    /// Public price of one copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_price_incl_tax: Option<String>,
    /// The line after the institution's discount.
    #[serde(skip_serializing_if = "Option::is_none")]
    total_incl_tax: Option<String>,
}

impl ListLineJson {
    fn of(line: &ListedLine, language: Language) -> Self {
        let (said, article) = (&line.said.line, line.article.as_ref());
        Self {
            line: said.line,
            given: said.given.clone(),
            verdict: line.verdict.as_str(),
            detail: line.verdict.say(language),
            ean: said.ean.ok().map(|ean| ean.to_string()),
            quantity: said.quantity.ok(),
            line_reference: said.line_reference.clone().unwrap_or_default(),
            together_with: line.said.added.clone(),
            title: article.map(|article| article.title.clone()),
            author: article.map(|article| article.author.clone()),
            publisher: article.map(|article| article.publisher.clone()),
            availability: article.map(|article| article.availability.code()),
            unit_price_incl_tax: article.map(|article| article.price_incl_tax.to_string()),
            total_incl_tax: line.price.map(|price| price.total_incl_tax.to_string()),
        }
    }
}

impl ListJson {
    fn of(listed: &Listed, language: Language) -> Self {
        let (good, bad) = listed.counts();
        let columns = &listed.columns;
        Self {
            columns: ColumnsJson {
                header_line: columns.header_line,
                ean: columns.ean + 1,
                quantity: columns.quantity.map(|column| column + 1),
                line_reference: columns.line_reference.map(|column| column + 1),
            },
            lines: listed.lines.iter().map(|line| ListLineJson::of(line, language)).collect(),
            counts: ListCounts { good, bad },
            total_incl_tax: listed.total().to_string(),
        }
    }
}

/// Looks at a list before anything is added: pasted text, CSV, XLSX or ODS, at most 1 MiB, 5,000 lines, 200 columns. Columns
/// are found by their header in French, Dutch or English, or by what stands in them.
#[utoipa::path(post, path = "/api/v1/baskets/{id}/import/check", tag = "baskets",
    params(("id", description = "The basket")),
    request_body(content(
        (String = "text/plain"), (String = "text/csv"), (String = "text/tab-separated-values"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "application/vnd.oasis.opendocument.spreadsheet"), (Vec<u8> = "application/octet-stream"),
    )),
    responses((status = 200, body = ListJson), Refused))]
pub async fn check(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ListJson>, Problem> {
    let bytes = read_file(&headers, body, &MEDIA_TYPES).await?;
    let basket = now::find_visible(&app, &caller, form::id(&id)?).await?;
    caller.must_be(&[Role::Requester, Role::Approver, Role::Purchaser])?;
    let listed = judge(&app, caller.shop.as_str(), &basket, bytes).await?;
    Ok(Json(ListJson::of(&listed, Language::of(&headers))))
}

/// Adds a list of articles: all of them, as one command, or none, and the refusal names the line.
#[utoipa::path(post, path = "/api/v1/baskets/{id}/import", tag = "baskets", params(("id", description = "The basket")),
    request_body = ImportBody, responses((status = 201, body = LinesAdded), Refused))]
pub async fn import(
    State(app): State<App>,
    Path(id): Path<String>,
    command: Command<ImportBody>,
) -> Result<Answered, Problem> {
    if command.body.lines.is_empty() {
        return Err(Problem::invalid("list-empty", "lines"));
    }
    let sent = command.body.lines.iter().enumerate();
    let lines = sent.map(|(at, line)| read_line(line).map_err(|refused| refused.in_list(at)));
    let request = BasketRequest::AddLines { lines: lines.collect::<Result<_, _>>()? };
    app.run(&id, command, request).await
}

fn read_line(line: &ImportLine) -> Result<ListedRequest, Problem> {
    let ean: Ean = form::ean(&line.ean)?;
    let line_reference = form::optional_text(line.line_reference.as_deref(), "line_reference")?;
    Ok(ListedRequest { line_id: new_id().into(), ean, quantity: line.quantity, line_reference })
}
