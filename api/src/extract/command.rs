//! A command as it comes over HTTP: who, under which conditions, with which body; and how it is answered.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, MatchedPath, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bordereau_commands::{Envelope, IdempotencyKey};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::{caller::Caller, json, query::check_query, trace::Trace};
use crate::{app::App, problem::Problem};

/// Largest body of a command.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;
/// Longest idempotency key, in characters.
const MAX_KEY_CHARS: usize = 255;

/// A command with its caller, its conditions and its body.
#[derive(Clone, Debug)]
pub struct Command<T> {
    /// Who sends it.
    pub caller: Caller,
    /// The conditions, ready for the log.
    pub envelope: Envelope,
    /// What it says.
    pub body: T,
}

/// The body of a command that says nothing.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl<T: DeserializeOwned> FromRequest<App> for Command<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        let mut envelope = Envelope::new(caller.shop.clone(), caller.actor.clone(), app.clock.now(), "api");
        if let Some(trace) = parts.extensions.get::<Trace>() {
            envelope.correlation = trace.id;
        }
        let bytes = read(&parts.headers, body).await?;
        envelope.if_match = if_match(&parts.headers)?;
        if let Some(key) = idempotency_key(&parts.headers)? {
            let path = parts.uri.path_and_query().map_or_else(|| parts.uri.path(), |path| path.as_str());
            let mut hash = Sha256::new();
            for part in [parts.method.as_str().as_bytes(), path.as_bytes(), &bytes] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
            envelope.key = Some(IdempotencyKey { key, request_hash: hash.finalize().into() });
        }
        let body = json::parse(if bytes.is_empty() { b"{}" } else { &bytes })?;
        Ok(Self { caller, envelope, body })
    }
}

/// The body, at most [`MAX_BODY_BYTES`], if it is JSON.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    let bytes = read_bytes(headers, body).await?;
    if !bytes.is_empty() && !is_json(headers) {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json"));
    }
    Ok(bytes)
}

/// A file that is sent as the body, at most [`MAX_BODY_BYTES`], of one of these media types.
///
/// # Errors
/// 400 when the connection broke off, 413, 415.
pub async fn read_file(headers: &HeaderMap, body: Body, media_types: &[&str]) -> Result<Vec<u8>, Problem> {
    let bytes = read_bytes(headers, body).await?;
    if !media_types.contains(&essence(headers).as_str()) {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-a-list"));
    }
    Ok(bytes.into())
}

async fn read_bytes(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    let too_large = || Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large").arg("max", MAX_BODY_BYTES);
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_BODY_BYTES) {
        return Err(too_large());
    }
    match Limited::new(body, MAX_BODY_BYTES).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(_) => Err(Problem::new(StatusCode::BAD_REQUEST, "body-cut")),
    }
}

/// The media type, without its parameters.
fn essence(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_json(headers: &HeaderMap) -> bool {
    let essence = essence(headers);
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// `If-Match: "7"`; `*` sets no condition.
fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let sequence =
        text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).and_then(|digits| digits.parse().ok());
    sequence.map(Some).ok_or_else(|| Problem::new(StatusCode::BAD_REQUEST, "bad-header").arg("header", "If-Match"))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().unwrap_or_default();
    let good = !key.is_empty() && key.len() <= MAX_KEY_CHARS && key.bytes().all(|b| b.is_ascii_graphic());
    if good {
        Ok(Some(key.to_owned()))
    } else {
        Err(Problem::new(StatusCode::BAD_REQUEST, "bad-header").arg("header", "Idempotency-Key"))
    }
}

/// The answer to a command that was carried out.
#[derive(Clone, Debug)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// JSON body.
    pub body: String,
    /// The aggregate's sequence after it.
    pub sequence: u64,
    /// The ledger's position to wait for.
    pub position: u64,
}

impl IntoResponse for Answered {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert("bordereau-position", HeaderValue::from(self.position));
        if let Ok(etag) = HeaderValue::try_from(format!("\"{}\"", self.sequence)) {
            headers.insert(header::ETAG, etag);
        }
        response
    }
}

/// The body of a request that nobody has to be signed in for.
///
/// # Errors
/// 400, 413, 415 or 422, as for every command.
pub async fn read_body<T: DeserializeOwned>(request: Request) -> Result<T, Problem> {
    let (parts, body) = request.into_parts();
    check_query(&parts.method, parts.extensions.get::<MatchedPath>(), &parts.uri)?;
    json::parse(&read(&parts.headers, body).await?)
}
