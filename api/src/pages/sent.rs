//! A form whose fields may come several times, as check boxes do.

use std::str::FromStr;

use axum::extract::{FromRequest, Request};
use uuid::Uuid;

use super::field::Form;
use crate::{app::App, problem::Problem};

/// What was sent, in order.
#[derive(Clone, Debug, Default)]
pub struct Sent(Vec<(String, String)>);

impl FromRequest<App> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        Ok(Self(Form::<Vec<(String, String)>>::from_request(request, app).await?.0))
    }
}

impl FromIterator<(String, String)> for Sent {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// What stands before a field's name in those that narrow its choices.
const NARROWING: [&str; 3] = ["find.", "seen.", "shown."];

impl Sent {
    /// Whether nothing was sent: a form that is shown for the first time.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Refuses fields that the form does not have: nobody gives himself what he was not asked for. What narrows the
    /// choices of one of its fields belongs to it.
    ///
    /// # Errors
    /// 422.
    pub fn only(&self, known: &[&str]) -> Result<(), Problem> {
        let of = |name: &str| NARROWING.iter().find_map(|before| name.strip_prefix(before)).unwrap_or(name).to_owned();
        match self.0.iter().find(|(name, _)| name != "narrow" && !known.contains(&of(name).as_str())) {
            None => Ok(()),
            Some((name, _)) => Err(Problem::invalid("invalid-field", name)),
        }
    }

    /// A field that every form of this kind has, be it blank.
    ///
    /// # Errors
    /// 422 when it was not sent.
    pub fn get(&self, name: &str) -> Result<&str, Problem> {
        let found = self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        found.ok_or_else(|| Problem::invalid("invalid-field", name))
    }

    /// A field; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// Everything that was sent under a name and is not blank.
    pub fn all(&self, name: &str) -> Vec<String> {
        let named = self.0.iter().filter(|(known, value)| known == name && !value.trim().is_empty());
        named.map(|(_, value)| value.clone()).collect()
    }

    /// Something that is chosen; nothing for a blank field.
    ///
    /// # Errors
    /// 422 `not-chosen` for what cannot be read.
    pub fn chosen<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        let text = Some(self.text(name).trim()).filter(|text| !text.is_empty());
        text.map(str::parse).transpose().map_err(|_| Problem::invalid("not-chosen", name))
    }

    /// The ids of what was ticked.
    ///
    /// # Errors
    /// 422 `not-chosen` for what is no id.
    pub fn ids(&self, name: &str) -> Result<Vec<Uuid>, Problem> {
        let ids = self.all(name).iter().map(|text| text.parse()).collect::<Result<_, _>>();
        ids.map_err(|_| Problem::invalid("not-chosen", name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_may_come_several_times_and_an_unknown_one_not_at_all() {
        let pairs = [("a", "1"), ("b", " "), ("a", "2")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let sent = Sent(pairs.into());
        assert_eq!((sent.text("a"), sent.all("a").len(), sent.all("b").len(), sent.text("c")), ("1", 2, 0, ""));
        assert!(sent.only(&["a", "b"]).is_ok() && sent.only(&["a"]).is_err());
        assert_eq!(sent.chosen::<u8>("a").unwrap(), Some(1));
        assert_eq!(sent.chosen::<u8>("b").unwrap(), None);
        assert!(sent.ids("a").is_err() && sent.ids("b").unwrap().is_empty());
    }
}
