//! A field of a form: its label, what was typed or chosen, and what is wrong with it, side by side.

use axum::{
    extract::{FromRequest, Request},
    http::StatusCode,
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IntoDeserializer, value::Error as ValueError},
};

use super::{clients::Narrowing, frame::Frame};
use crate::{app::App, problem::Problem, texts};

/// A field, ready to be shown by `parts/field.html`.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Its name in the form.
    pub name: &'static str,
    /// Which of the page's forms it stands in, where several have a field of this name.
    pub form: &'static str,
    /// The kind of input: `text`, `email`, `password`, `date`, `search`, `file`; or `area`, `select`, `radio`, `checkbox`.
    pub kind: &'static str,
    /// What there is to choose from.
    pub choices: Vec<Choice>,
    /// What narrows it, where there is more than fits.
    pub narrowing: Option<Narrowing>,
    /// The ids of all that is shown to be ticked, where there may be more; then the form says so.
    pub shown: String,
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
    /// Of a file, the kinds that a browser offers first.
    pub accept: &'static str,
    /// Whether it may be left empty.
    pub optional: bool,
    /// What holds when nothing is typed: shown in the empty field.
    pub placeholder: &'static str,
    /// Whether that goes without saying.
    pub quiet: bool,
    /// Whether the cursor stands in it when the page opens.
    pub focus: bool,
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choice {
    /// Something to choose, not chosen.
    #[expect(clippy::needless_pass_by_value, reason = "ids and words alike are named in passing")]
    pub fn new(value: impl ToString, label: String) -> Self {
        Self { value: value.to_string(), label, chosen: false }
    }
}

impl Field {
    /// Its id on the page.
    pub fn id(&self) -> String {
        if self.form.is_empty() { self.name.to_owned() } else { format!("{}-{}", self.form, self.name) }
    }

    /// A field for several lines of text.
    pub fn area(name: &'static str, label: String) -> Self {
        Self { kind: "area", ..Self::text(name, label) }
    }

    /// A field for a file, with the kinds that a browser offers first.
    pub fn file(name: &'static str, label: String, accept: &'static str) -> Self {
        Self { kind: "file", accept, ..Self::text(name, label) }
    }

    /// A field for a day.
    pub fn day(name: &'static str, label: String) -> Self {
        Self { kind: "date", ..Self::text(name, label) }
    }

    /// A list of which one is chosen.
    pub fn select(name: &'static str, label: String, choices: Vec<Choice>) -> Self {
        Self { kind: "select", choices, ..Self::text(name, label) }
    }

    /// A few of which one is chosen, all in sight.
    pub fn radio(name: &'static str, label: String, choices: Vec<Choice>) -> Self {
        Self { kind: "radio", choices, ..Self::text(name, label) }
    }

    /// Some of which several may be chosen.
    pub fn checkboxes(name: &'static str, label: String, choices: Vec<Choice>) -> Self {
        Self { kind: "checkbox", choices, ..Self::text(name, label) }
    }

    /// In one of several forms of a page.
    #[must_use]
    pub fn within(self, form: &'static str) -> Self {
        Self { form, ..self }
    }

    /// With what was typed.
    #[must_use]
    pub fn holding(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    /// With what holds when nothing is typed: a value that stands in the field would have to be wiped out first.
    #[must_use]
    pub fn otherwise(self, placeholder: &'static str) -> Self {
        Self { placeholder, ..self.quiet() }
    }

    /// With what was chosen.
    #[must_use]
    pub fn choosing(mut self, values: &[String]) -> Self {
        for choice in &mut self.choices {
            choice.chosen = values.contains(&choice.value);
        }
        self
    }

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

    /// May be left empty, which goes without saying.
    #[must_use]
    pub fn quiet(self) -> Self {
        Self { quiet: true, ..self.optional() }
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
            parts.iter().filter(|(_, there)| *there).map(|(part, _)| format!("{}-{part}", self.id())).collect();
        ids.join(" ")
    }
}

/// Puts a refusal beside the field that it is about: the one it names, else `usual`. Without either it is told above
/// the form: title and what to do.
pub fn refuse(frame: &Frame, fields: &mut [&mut Field], usual: Option<&str>, problem: &Problem) -> Option<Told> {
    let about = problem.find_member("field").or(usual);
    // A field is spoken of by what people read beside it.
    let label = fields.iter().find(|field| Some(field.name) == about).map(|field| plain_label(&field.label));
    let called = |(name, value): &(&'static str, String)| match &label {
        Some(label) if *name == "field" => (*name, label.clone()),
        Some(_) | None => (*name, value.clone()),
    };
    let args: Vec<_> = problem.args.iter().map(called).collect();
    let (title, detail) = texts::problem(frame.language, problem.slug, &args);
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

/// What a field is called, without the star for those who fill the form.
pub fn plain_label(label: &str) -> String {
    label.trim_end_matches([' ', '*']).to_owned()
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

/// A field that may be left blank, of which an empty text says nothing.
///
/// # Errors
/// When it says something that is none of these.
pub fn blank<'de, T: Deserialize<'de>, D: Deserializer<'de>>(field: D) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(field)?.filter(|text| !text.trim().is_empty());
    let read = |text: String| T::deserialize(IntoDeserializer::<ValueError>::into_deserializer(text));
    text.map(read).transpose().map_err(serde::de::Error::custom)
}
