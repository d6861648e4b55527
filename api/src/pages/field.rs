//! A field of a form: its label, what was typed, and what is wrong with it, side by side.

use axum::{
    extract::{FromRequest, Request},
    http::StatusCode,
};
use serde::de::DeserializeOwned;

use super::frame::Frame;
use crate::{app::App, problem::Problem, texts};

/// A field, ready to be shown by `parts/field.html`.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Its name in the form, and its id on the page.
    pub name: &'static str,
    /// The kind of input: `text`, `email`, `password`.
    pub kind: &'static str,
    /// What it is called.
    pub label: String,
    /// What was typed; never of a password.
    pub value: String,
    /// How to fill it.
    pub hint: Option<String>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// What a browser may fill in by itself.
    pub autocomplete: &'static str,
    /// Whether it may be left empty.
    pub optional: bool,
    /// Whether the cursor stands in it when the page opens.
    pub focus: bool,
}

impl Field {
    /// A field for text.
    pub fn text(name: &'static str, label: String) -> Self {
        Self { name, kind: "text", label, autocomplete: "off", ..Self::default() }
    }

    /// A field for an e-mail address that is a login.
    pub fn login(name: &'static str, label: String) -> Self {
        Self { kind: "email", autocomplete: "username", ..Self::text(name, label) }
    }

    /// A field for a password: `current-password` or `new-password`.
    pub fn password(name: &'static str, label: String, autocomplete: &'static str) -> Self {
        Self { kind: "password", autocomplete, ..Self::text(name, label) }
    }

    /// With words on how to fill it.
    #[must_use]
    pub fn hinting(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// May be left empty.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// The cursor stands in it.
    #[must_use]
    pub fn focused(self) -> Self {
        Self { focus: true, ..self }
    }

    /// What the input is described by, for those who hear the page.
    pub fn described_by(&self) -> String {
        let parts = [("hint", self.hint.is_some()), ("error", self.error.is_some())];
        let ids: Vec<_> =
            parts.iter().filter(|(_, there)| *there).map(|(part, _)| format!("{}-{part}", self.name)).collect();
        ids.join(" ")
    }
}

/// Puts a refusal beside the field that it is about: the one it names, else `usual`. Without either it is told above
/// the form: title and what to do.
pub fn refuse(frame: &Frame, fields: &mut [&mut Field], usual: Option<&str>, problem: &Problem) -> Option<Told> {
    let (title, detail) = texts::problem(frame.language, problem.slug, &problem.args);
    let about = problem.find_member("field").or(usual);
    for field in fields.iter_mut() {
        field.focus = false;
    }
    match fields.iter_mut().find(|field| Some(field.name) == about) {
        Some(field) => {
            field.error = Some(detail);
            field.focus = true;
            None
        }
        None => Some(Told { title, detail }),
    }
}

/// A refusal that is about no single field.
#[derive(Clone, Debug)]
pub struct Told {
    /// What it is.
    pub title: String,
    /// What to do about it.
    pub detail: String,
}

/// A form that was sent: `application/x-www-form-urlencoded`, with no field that we do not know.
#[derive(Clone, Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let read = axum::Form::<T>::from_request(request, app).await;
        read.map(|form| Self(form.0)).map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large").arg("max", super::MAX_FORM_BYTES)
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-a-form"),
            _ => Problem::invalid("invalid-field", "form"),
        })
    }
}
