//! The words of the letters, from `locales/`: French first.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

/// A language that letters are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MailLanguage {
    /// French.
    #[default]
    #[serde(rename = "fr")]
    French,
    /// Dutch.
    #[serde(rename = "nl")]
    Dutch,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl MailLanguage {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::French, Self::Dutch, Self::English];

    /// Its tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::Dutch => "nl",
            Self::English => "en",
        }
    }

    /// The language of a tag of ours.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The usual language of a shop's readers, by the shop's ISO 3166 country.
    pub fn of_country(country: &str) -> Self {
        match country {
            "FR" | "BE" | "LU" | "CH" | "MC" => Self::French,
            "NL" => Self::Dutch,
            _ => Self::English,
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 3]> = LazyLock::new(|| {
    [
        bundle(MailLanguage::French, include_str!("../../locales/fr.ftl")),
        bundle(MailLanguage::Dutch, include_str!("../../locales/nl.ftl")),
        bundle(MailLanguage::English, include_str!("../../locales/en.ftl")),
    ]
});

fn bundle(language: MailLanguage, source: &str) -> Bundle {
    let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, errors)| {
        tracing::error!(?errors, language = language.tag(), "a text cannot be read");
        partial
    });
    if let Err(errors) = bundle.add_resource(resource) {
        tracing::error!(?errors, language = language.tag(), "a text stands twice");
    }
    bundle
}

/// The words of one letter.
pub struct Words<'a> {
    bundle: &'static Bundle,
    values: FluentArgs<'a>,
}

impl<'a> Words<'a> {
    /// Words in a language, with what stands in their places.
    pub fn new(language: MailLanguage, values: &[(&'static str, &'a str)]) -> Self {
        let bundle = match language {
            MailLanguage::French => &BUNDLES[0],
            MailLanguage::Dutch => &BUNDLES[1],
            MailLanguage::English => &BUNDLES[2],
        };
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, *value);
        }
        Self { bundle, values: args }
    }

    /// The text `key`, or its attribute with `key.attribute`; `None` where there is none.
    pub fn find(&self, key: &str) -> Option<String> {
        let (id, attribute) = key.split_once('.').map_or((key, None), |(id, attribute)| (id, Some(attribute)));
        let message = self.bundle.get_message(id)?;
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        let mut errors = Vec::new();
        Some(self.bundle.format_pattern(pattern, Some(&self.values), &mut errors).into_owned())
    }

    /// The same where a text must be: the key shows that it is missing.
    pub fn say(&self, key: &str) -> String {
        self.find(key).unwrap_or_else(|| key.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::MailKind;

    #[test]
    fn every_kind_is_written_in_every_language() {
        for language in MailLanguage::ALL {
            let named = [("shop", "S"), ("number", "1"), ("name", "N"), ("tracking", "T"), ("days", "30")];
            let words = Words::new(language, &named);
            for kind in MailKind::ALL {
                let word = kind.as_str();
                for key in [word.to_owned(), format!("{word}.body")] {
                    let said = words.find(&key).unwrap_or_else(|| panic!("{key} in {}", language.tag()));
                    assert!(!said.contains("{$"), "{said}");
                }
            }
            for key in ["greeting", "signature", "automatic", "link-once"] {
                assert!(words.find(key).is_some(), "{key} in {}", language.tag());
            }
        }
    }
}
