//! What is sent from the page of a list: a text or a file to look at, then what was chosen of it.

use axum::{
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    http::StatusCode,
};

use super::MAX_UPLOAD_BYTES;
use crate::{app::App, pages::field::Form, problem::Problem};

/// Longest idempotency key that a form may send.
const MAX_KEY_CHARS: usize = 64;

/// A text, or a file, which comes first.
#[derive(Debug, Default)]
pub(super) struct Upload {
    pub(super) text: String,
    file: Vec<u8>,
}

impl Upload {
    /// The list.
    pub(super) fn list(self) -> Vec<u8> {
        if self.file.is_empty() { self.text.into_bytes() } else { self.file }
    }
}

fn bad(error: &MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large").arg("max", MAX_UPLOAD_BYTES)
        }
        _ => Problem::new(StatusCode::BAD_REQUEST, "body-cut"),
    }
}

impl FromRequest<App> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let form = Multipart::from_request(request, app).await;
        let mut form = form.map_err(|_| Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-a-form"))?;
        let mut upload = Self::default();
        while let Some(field) = form.next_field().await.map_err(|error| bad(&error))? {
            match field.name().unwrap_or_default() {
                "text" => {
                    let bytes = field.bytes().await.map_err(|error| bad(&error))?;
                    upload.text = String::from_utf8_lossy(&bytes).into_owned();
                }
                "file" => upload.file = field.bytes().await.map_err(|error| bad(&error))?.into(),
                _ => return Err(Problem::invalid("invalid-field", "form")),
            }
        }
        Ok(upload)
    }
}

/// What was chosen of a list that was looked at.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// The lines that can be added, as the page has written them.
    pub(super) list: String,
    /// Those of them that are ticked, by their number.
    pub(super) taken: Vec<String>,
    /// The lines that had to be mended, as they are now.
    pub(super) rest: String,
    /// Names this sending.
    pub(super) key: String,
    /// Whether to look again rather than to add.
    pub(super) again: bool,
}

impl Chosen {
    /// All lines, those to be mended among them.
    pub(super) fn whole(&self) -> Vec<u8> {
        format!("{}\n{}", self.list.trim_end(), self.rest).into_bytes()
    }
}

impl FromRequest<App> for Chosen {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, app).await?;
        let mut chosen = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "list" => chosen.list = value,
                "take" => chosen.taken.push(value),
                "rest" => chosen.rest = value,
                "key" if value.len() <= MAX_KEY_CHARS && value.bytes().all(|byte| byte.is_ascii_graphic()) => {
                    chosen.key = value;
                }
                "again" => chosen.again = true,
                _ => return Err(Problem::invalid("invalid-field", "form")),
            }
        }
        Ok(chosen)
    }
}
