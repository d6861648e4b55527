//! The OpenAPI document: made from the very routes that are served, and a page that shows it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::{
    IntoResponses, Modify, OpenApi, ToSchema,
    openapi::{
        Content, HeaderBuilder, ObjectBuilder, Ref, RefOr, ResponseBuilder, Type,
        path::{Operation, ParameterBuilder, ParameterIn},
        response::Response,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use uuid::Uuid;

/// The answer to a command that has nothing to tell beside its headers: `ETag` and `Bordereau-Position`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {}

/// A refusal (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemJson {
    /// Stable slug.
    pub r#type: String,
    /// What it is, in the caller's language.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What to do about it, in the caller's language.
    pub detail: String,
    /// Names this request in the service's log.
    pub trace_id: Uuid,
    /// Further members, by slug.
    #[serde(flatten)]
    pub members: BTreeMap<String, Value>,
}

/// The refusals that any route may answer with.
#[derive(Debug)]
pub struct Refused;

/// Status and when it is answered.
const REFUSALS: [(&str, &str); 13] = [
    ("400", "Broken JSON, a key twice, or a malformed header"),
    ("401", "Not signed in"),
    ("403", "This role never may"),
    ("404", "There is none, or the caller may not know of it"),
    ("405", "Not with this method"),
    ("409", "Not in this state, or the race was lost"),
    ("410", "The link was used or has expired"),
    ("412", "Seen another sequence; the ETag has the present one"),
    ("413", "The body is too large"),
    ("415", "The body is not of the expected type"),
    ("422", "A field is unknown, missing, ill-typed, or its value cannot be"),
    ("429", "Too many requests; see Retry-After"),
    ("503", "Not now; see Retry-After"),
];

impl IntoResponses for Refused {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let problem = |description: &str| {
            let content = Content::new(Some(Ref::from_schema_name("ProblemJson")));
            ResponseBuilder::new().description(description).content("application/problem+json", content).build()
        };
        REFUSALS.iter().map(|(status, when)| ((*status).to_owned(), RefOr::T(problem(when)))).collect()
    }
}

/// The frame of the document; paths and schemas come from the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Bordereau",
        description = "The order-workflow service between institutions and their bookshop.\n\n\
            Every command takes `Idempotency-Key` and `If-Match: \"SEQUENCE\"` and answers with `ETag` and \
            `Bordereau-Position`. Every read takes `Bordereau-Position` and waits for it. Refusals are \
            `application/problem+json`."
    ),
    components(schemas(ProblemJson)),
    paths(document, docs),
    modifiers(&Bearer),
    security(("bearer" = []))
)]
pub struct Frame;

/// What is posted and writes no event: access, links, what nobody has to be signed in for, a list to look at.
const BESIDE_THE_LOG: [&str; 10] = [
    "/api/v1/baskets/{id}/import/check",
    "/api/v1/me/second-factor",
    "/api/v1/me/second-factor/confirm",
    "/api/v1/passwords",
    "/api/v1/passwords/forgotten",
    "/api/v1/registrations",
    "/api/v1/emails",
    "/api/v1/me/email",
    "/api/v1/accounts/{id}/unlock",
    "/api/v1/accounts/{id}/send-link",
];

/// Adds what every command and every read takes and answers by header.
pub fn describe_headers(document: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut document.paths.paths {
        if !path.starts_with("/api/v1/") {
            continue;
        }
        // Sessions and passwords are no commands on the log, imports are repeatable by nature.
        let commands = !path.starts_with("/api/v1/sessions") && !BESIDE_THE_LOG.contains(&path.as_str());
        if let Some(read) = &mut item.get {
            take(read, "Bordereau-Position", "The answer must not be older than this position", Type::Integer);
        }
        // What the management system puts line by line answers for each line.
        let put = item.put.as_mut().filter(|_| !path.starts_with("/api/v1/librisoft/"));
        let methods = [item.post.as_mut(), item.patch.as_mut(), item.delete.as_mut(), put];
        for command in methods.into_iter().flatten().filter(|_| commands) {
            take(command, "Idempotency-Key", "Sent again, it is answered again and not done again", Type::String);
            take(command, "If-Match", "The sequence that was seen, in quotes", Type::String);
            answer(command, "ETag", "The aggregate's sequence after the command, in quotes", &Type::String);
            answer(command, "Bordereau-Position", "The ledger's position after the command", &Type::Integer);
        }
    }
}

fn take(operation: &mut Operation, name: &str, description: &str, kind: Type) {
    let header = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(kind)))
        .build();
    operation.parameters.get_or_insert_default().push(header.into());
}

fn answer(operation: &mut Operation, name: &str, description: &str, kind: &Type) {
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with('2')
        {
            let schema = ObjectBuilder::new().schema_type(kind.clone()).build();
            let header = HeaderBuilder::new().schema(Some(schema)).description(Some(description)).build();
            response.headers.insert(name.to_owned(), RefOr::T(header));
        }
    }
}

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme =
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A session's token or an API key"));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme.build()));
    }
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", tag = "docs", security(()), responses((status = 200, body = Object)))]
#[expect(dead_code, reason = "describes the route that the docs page brings")]
fn document() {}

/// This document as a page; what the page needs is served beneath it.
#[utoipa::path(get, path = "/api/docs/", tag = "docs", security(()),
    responses((status = 200, body = String, content_type = "text/html")))]
#[expect(dead_code, reason = "describes the route that the docs page brings")]
fn docs() {}
