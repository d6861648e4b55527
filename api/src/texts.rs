//! Texts in the three languages, from `locales/`: French first.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// A language of the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// French.
    #[default]
    French,
    /// Dutch.
    Dutch,
    /// English.
    English,
}

impl Language {
    /// Every language, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::French, Self::Dutch, Self::English];

    /// Its tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::Dutch => "nl",
            Self::English => "en",
        }
    }

    /// The first language of ours that an `Accept-Language` asks for, by weight; French if there is none.
    pub fn negotiate(accept: &str) -> Self {
        let ranked = accept.split(',').filter_map(|entry| {
            let mut parts = entry.split(';');
            let tag = parts.next()?.trim();
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, thousandths);
            let language =
                Self::ALL.into_iter().find(|l| tag.get(..2).is_some_and(|t| t.eq_ignore_ascii_case(l.tag())))?;
            (weight > 0).then_some((weight, language))
        });
        // Of equal weights the first named wins: `max_by_key` would keep the last.
        ranked.reduce(|best, next| if next.0 > best.0 { next } else { best }).map_or(Self::French, |(_, l)| l)
    }
}

/// A weight `0` to `1` with up to three decimals, in thousandths; nonsense counts as nothing.
fn thousandths(weight: &str) -> u32 {
    let (whole, fraction) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole.parse::<u32>(), digits.parse::<u32>()) {
        (Ok(whole), Ok(fraction)) if whole <= 1 => (whole * 1000 + fraction).min(1000),
        _ => 0,
    }
}

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 3]> = LazyLock::new(|| {
    [
        bundle(Language::French, include_str!("../locales/fr.ftl")),
        bundle(Language::Dutch, include_str!("../locales/nl.ftl")),
        bundle(Language::English, include_str!("../locales/en.ftl")),
    ]
});

fn bundle(language: Language, source: &str) -> Bundle {
    let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Marks around values would end up in JSON and in mails.
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

fn of(language: Language) -> &'static Bundle {
    match language {
        Language::French => &BUNDLES[0],
        Language::Dutch => &BUNDLES[1],
        Language::English => &BUNDLES[2],
    }
}

/// Title and detail of a refusal.
pub fn problem(language: Language, slug: &str, args: &[(&'static str, String)]) -> (String, String) {
    let (title, detail, _) = say(language, slug, args);
    (title, detail)
}

/// Title and detail of a refusal of which only the slug was kept: no detail where that speaks of a value.
pub fn kept_problem(language: Language, slug: &str) -> (String, Option<String>) {
    let (title, detail, whole) = say(language, slug, &[]);
    (title, Some(detail).filter(|_| whole))
}

/// Title, detail, and whether every value that they speak of was given.
fn say(language: Language, slug: &str, args: &[(&'static str, String)]) -> (String, String, bool) {
    let bundle = of(language);
    let mut values = FluentArgs::new();
    for (name, value) in args {
        values.set(*name, value.as_str());
    }
    let Some(message) = bundle.get_message(&format!("problem-{slug}")) else {
        return (slug.to_owned(), slug.to_owned(), false);
    };
    let mut errors = Vec::new();
    let mut say = |pattern| bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
    let title = message.value().map_or_else(|| slug.to_owned(), &mut say);
    let detail = message.get_attribute("detail").map_or_else(|| title.clone(), |attribute| say(attribute.value()));
    (title, detail, errors.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_first_of_ours_by_weight() {
        for (accept, expected) in [
            ("", Language::French),
            ("en", Language::English),
            ("de, nl;q=0.5, en;q=0.8", Language::English),
            ("nl-BE,nl;q=0.9,fr;q=0.8", Language::Dutch),
            ("fr;q=0, en;q=0.1", Language::English),
            ("xx;q=nonsense, \u{e9}", Language::French),
        ] {
            assert_eq!(Language::negotiate(accept), expected, "{accept}");
        }
    }

    #[test]
    fn every_refusal_is_told_in_every_language() {
        let source = include_str!("../locales/fr.ftl");
        let slugs: Vec<_> =
            source.lines().filter_map(|l| Some(l.strip_prefix("problem-")?.split_once(" =")?.0)).collect();
        assert!(slugs.len() > 40);
        for language in Language::ALL {
            for slug in &slugs {
                let (title, detail) = problem(language, slug, &[]);
                assert!(title != **slug && detail != **slug, "{slug} in {}", language.tag());
            }
        }
    }

    /// All Rust files of this crate.
    fn sources(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn every_slug_in_the_code_has_its_text() {
        let french = include_str!("../locales/fr.ftl");
        let mut found = Vec::new();
        sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        let before = ["invalid(\"", "unavailable(\"", "FORBIDDEN, \"", "CONFLICT, \"", "UNPROCESSABLE, \""];
        let status = |text: &str| {
            text.rsplit_once("StatusCode::").is_some_and(|(_, rest)| rest.len() < 32 && rest.ends_with(", \""))
        };
        let mut slugs = 0;
        for source in &found {
            for (at, _) in source.match_indices('"') {
                let (head, tail) = source.split_at(at + 1);
                let slug = tail.split('"').next().unwrap_or_default();
                let shaped = !slug.is_empty() && slug.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
                let line = head.lines().last().unwrap_or_default();
                if shaped && (before.iter().any(|start| head.ends_with(start)) || status(line)) {
                    assert!(french.contains(&format!("problem-{slug} =")), "{slug}");
                    slugs += 1;
                }
            }
        }
        assert!(slugs > 60, "{slugs}");
    }
}
