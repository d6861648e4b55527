//! A form of a page, filled in and sent as a browser would: hidden fields, what stands in the others, and the button.

use crate::{answer::Answer, browser::Browser};

/// A form of a page.
#[derive(Clone, Debug)]
pub struct Paper {
    action: String,
    /// Names and values in the order of the page.
    pub fields: Vec<(String, String)>,
}

impl Answer {
    /// The page's text as people read it: without tags, entities and no-break spaces made plain.
    pub fn words(&self) -> String {
        let mut words = String::new();
        for part in self.text.split('<') {
            words.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        }
        let words = plain(&words);
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The form that is posted to a path.
    #[track_caller]
    pub fn paper(&self, action: &str) -> Paper {
        self.find_paper(action).unwrap_or_else(|| panic!("no form leads to {action}: {self}"))
    }

    /// The form that is posted to a path, if the page has one.
    pub fn find_paper(&self, action: &str) -> Option<Paper> {
        let leads = |form: &&str| {
            let is = |name, value: &str| attribute(form, name).as_deref() == Some(value);
            is("method", "post") && is("action", action)
        };
        let form = self.text.split("<form").skip(1).find(leads)?;
        let form = form.split("</form>").next().unwrap_or_default();
        Some(Paper { action: action.to_owned(), fields: fields(form) })
    }
}

impl Paper {
    /// With something else in a field, which must be there.
    #[track_caller]
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let field = self.fields.iter_mut().find(|(known, _)| known == name);
        let (_, held) = field.unwrap_or_else(|| panic!("no field {name} in the form to {}", self.action));
        value.clone_into(held);
        self
    }

    /// With a button that has a name, or a choice that was not made.
    #[must_use]
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without a field, as a page of long ago would send it.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    /// What stands in a field.
    #[track_caller]
    pub fn value(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|(known, _)| known == name);
        field.map_or_else(|| panic!("no field {name} in the form to {}", self.action), |(_, value)| value.as_str())
    }

    /// The name of the field of a line in which this stands: `q` for quantities, `r` for references.
    #[track_caller]
    pub fn line_field(&self, kind: &str, value: &str) -> String {
        let prefix = format!("{kind}.");
        let found = self.fields.iter().find(|(name, held)| name.starts_with(&prefix) && held == value);
        found.map_or_else(|| panic!("no line with {value} in {self:?}"), |(name, _)| name.clone())
    }

    /// Sends it.
    pub async fn send(&self, browser: &Browser) -> Answer {
        let fields: Vec<_> = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post(&self.action, &fields).await
    }
}

/// A text as a page shows it: entities and no-break spaces made plain.
pub fn plain(text: &str) -> String {
    decoded(&text.replace(['\u{a0}', '\u{202f}'], " "))
}

/// A text as a browser sends it back: entities made plain, spaces as they are.
pub fn decoded(text: &str) -> String {
    let entities = [("&#39;", "'"), ("&#34;", "\""), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

/// An attribute of the first tag of a text that begins within that tag.
fn attribute(text: &str, name: &str) -> Option<String> {
    let tag = text.split('>').next()?;
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(plain(rest.split('"').next()?))
}

fn fields(form: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut select = None;
    for tag in form.split('<').skip(1) {
        let has = |word: &str| tag.split('>').next().is_some_and(|tag| tag.contains(&format!(" {word}")));
        let (name, value) = (attribute(tag, "name"), attribute(tag, "value").unwrap_or_default());
        if tag.starts_with("input") {
            let choice = has("type=\"radio\"") || has("type=\"checkbox\"");
            fields.extend(name.filter(|_| !choice || has("checked")).map(|name| (name, value)));
        } else if tag.starts_with("textarea") {
            let text = tag.split_once('>').map_or("", |(_, text)| text);
            fields.extend(name.map(|name| (name, plain(text.strip_prefix('\n').unwrap_or(text)))));
        } else if tag.starts_with("select") {
            select = name;
        } else if tag.starts_with("option")
            && let Some(name) = &select
        {
            // The chosen option, or the first.
            let known = fields.iter_mut().find(|(known, _): &&mut (String, String)| known == name);
            match known {
                None => fields.push((name.clone(), value)),
                Some((_, held)) if has("selected") => *held = value,
                Some(_) => {}
            }
        } else if tag.starts_with("/select") {
            select = None;
        }
    }
    fields
}
