//! Texts in the three languages, from `locales/`: French first. Refusals in `locales/*.ftl`, pages by area beneath.

use std::sync::LazyLock;

use axum::http::{HeaderMap, header};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
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

    /// The language of a tag of ours.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// Its own name for itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::French => "Français",
            Self::Dutch => "Nederlands",
            Self::English => "English",
        }
    }

    /// What stands between thousands, and before decimals.
    pub const fn separators(self) -> (char, char) {
        match self {
            Self::French => ('\u{a0}', ','),
            Self::Dutch => ('.', ','),
            Self::English => (',', '.'),
        }
    }

    const fn index(self) -> usize {
        match self {
            Self::French => 0,
            Self::Dutch => 1,
            Self::English => 2,
        }
    }

    /// The language that a request asks for.
    pub fn of(headers: &HeaderMap) -> Self {
        let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self::negotiate(accept)
    }

    /// The first language of ours that an `Accept-Language` asks for, by weight; French if there is none.
    pub fn negotiate(accept: &str) -> Self {
        Self::asked_for(accept).unwrap_or(Self::French)
    }

    /// The same; nothing where none of ours is asked for.
    pub fn asked_for(accept: &str) -> Option<Self> {
        let ranked = accept.split(',').filter_map(|entry| {
            let mut parts = entry.split(';');
            let tag = parts.next()?.trim();
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, thousandths);
            let language =
                Self::ALL.into_iter().find(|l| tag.get(..2).is_some_and(|t| t.eq_ignore_ascii_case(l.tag())))?;
            (weight > 0).then_some((weight, language))
        });
        // Of equal weights the first named wins: `max_by_key` would keep the last.
        ranked.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, l)| l)
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

/// The texts of an area in French, Dutch and English.
macro_rules! area {
    ($name:literal) => {
        [
            include_str!(concat!("../locales/", $name, "fr.ftl")),
            include_str!(concat!("../locales/", $name, "nl.ftl")),
            include_str!(concat!("../locales/", $name, "en.ftl")),
        ]
    };
}

/// Refusals, then the pages by area.
const AREAS: &[[&str; 3]] = &[
    area!(""),
    area!("pages/layout."),
    area!("pages/sign-in."),
    area!("pages/account."),
    area!("pages/baskets."),
    area!("pages/articles."),
    area!("pages/checkout."),
    area!("pages/story."),
    area!("pages/live."),
    area!("pages/lists."),
    area!("pages/documents."),
    area!("pages/accounts."),
    area!("pages/institutions."),
    area!("pages/privacy."),
    area!("pages/shop."),
];

static BUNDLES: LazyLock<[Bundle; 3]> = LazyLock::new(|| Language::ALL.map(bundle));

fn bundle(language: Language) -> Bundle {
    let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Marks around values would end up in JSON and in mails.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::French => |value, _| number(Language::French, value),
        Language::Dutch => |value, _| number(Language::Dutch, value),
        Language::English => |value, _| number(Language::English, value),
    }));
    for area in AREAS {
        let source = area[language.index()];
        let source = if language == Language::French { french(source) } else { source.to_owned() };
        let resource = FluentResource::try_new(source).unwrap_or_else(|(partial, errors)| {
            tracing::error!(?errors, language = language.tag(), "a text cannot be read");
            partial
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(?errors, language = language.tag(), "a text stands twice");
        }
    }
    bundle
}

fn of(language: Language) -> &'static Bundle {
    &BUNDLES[language.index()]
}

/// French punctuation is not torn from its word: no-break spaces before : ; ! ? and inside « ». Sources are written
/// with plain spaces, which everybody sees.
fn french(source: &str) -> String {
    let mut text = source.replace("« ", "«\u{a0}");
    for mark in [':', ';', '!', '?', '»', '%', '€'] {
        text = text.replace(&format!(" {mark}"), &format!("\u{a0}{mark}"));
    }
    text
}

/// Whole numbers in a text, by thousands.
fn number(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(group(language, &number.as_string())),
        FluentValue::String(_) | FluentValue::Custom(_) | FluentValue::None | FluentValue::Error => None,
    }
}

/// Digits by thousands, as the language writes them.
pub fn group(language: Language, digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(language.separators().0);
        }
        grouped.push(digit);
    }
    grouped
}

/// A value in a text.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// A text, as it stands.
    Text(&'a str),
    /// A number, which may decide between one and many.
    Count(u64),
}

/// A text of the pages. One that is missing shows as its key in brackets, and is logged.
pub fn say(language: Language, key: &str, values: &[(&'static str, Value<'_>)]) -> String {
    let bundle = of(language);
    let mut args = FluentArgs::new();
    for (name, value) in values {
        match value {
            Value::Text(text) => args.set(*name, *text),
            Value::Count(count) => args.set(*name, *count),
        }
    }
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        tracing::error!(key, language = language.tag(), "a text is missing");
        return format!("⟦{key}⟧");
    };
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
    if !errors.is_empty() {
        tracing::error!(key, ?errors, "a text lacks a value");
    }
    text
}

/// Title and detail of a refusal.
pub fn problem(language: Language, slug: &str, args: &[(&'static str, String)]) -> (String, String) {
    let (title, detail, _) = refusal(language, slug, args);
    (title, detail)
}

/// Title and detail of a refusal of which only the slug was kept: no detail where that speaks of a value.
pub fn kept_problem(language: Language, slug: &str) -> (String, Option<String>) {
    let (title, detail, whole) = refusal(language, slug, &[]);
    (title, Some(detail).filter(|_| whole))
}

/// Title, detail, and whether every value that they speak of was given.
fn refusal(language: Language, slug: &str, args: &[(&'static str, String)]) -> (String, String, bool) {
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
    use std::collections::{BTreeMap, BTreeSet};

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

    /// The keys of a source with their attributes, and the values that each speaks of.
    fn keys(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut message = String::new();
        let mut key = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
                name.clone_into(&mut message);
                name.clone_into(&mut key);
                assert!(found.insert(key.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
            } else if let Some((name, _)) = line.trim_start().strip_prefix('.').and_then(|rest| rest.split_once(" =")) {
                key = format!("{message}.{name}");
                found.insert(key.clone(), BTreeSet::new());
            }
            let named = line.split('$').skip(1);
            let named = named.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
            if let Some(values) = found.get_mut(&key) {
                values.extend(named);
            }
        }
        found
    }

    #[test]
    fn the_three_languages_have_the_same_texts_with_the_same_values() {
        for area in AREAS {
            let [french, dutch, english] = area.map(keys);
            assert!(french.len() > 3);
            assert_eq!(french, dutch);
            assert_eq!(french, english);
        }
        let all: Vec<_> = AREAS.iter().flat_map(|area| keys(area[0]).into_keys()).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "a key stands in two areas");
    }

    #[test]
    fn every_text_that_a_page_asks_for_is_there() {
        let known: BTreeSet<_> = AREAS.iter().flat_map(|area| keys(area[0]).into_keys()).collect();
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut found = Vec::new();
        sources(&here.join("src/pages"), "rs", &mut found);
        sources(&here.join("templates"), "html", &mut found);
        let mut asked = 0;
        for source in &found {
            for call in [".t(\"", ".t_with(\"", ".t_count(\""] {
                for rest in source.split(call).skip(1) {
                    let key = rest.split('"').next().unwrap_or_default();
                    assert!(known.contains(key), "{key}");
                    asked += 1;
                }
            }
        }
        assert!(asked > 40, "{asked}");
    }

    #[test]
    fn a_text_speaks_of_one_and_of_many_and_a_missing_one_shows() {
        let say = |language, count| say(language, "since-days", &[("count", Value::Count(count))]);
        assert_eq!(say(Language::French, 1), "depuis 1 jour");
        assert_eq!(say(Language::French, 1_234), "depuis 1\u{a0}234 jours");
        assert_eq!(say(Language::Dutch, 1_234_567), "sinds 1.234.567 dagen");
        assert_eq!(say(Language::English, 2), "for 2 days");
        assert_eq!(super::say(Language::Dutch, "no-such-text", &[]), "⟦no-such-text⟧");
    }

    #[test]
    fn french_punctuation_is_not_torn_from_its_word() {
        let text = french("Oui : « non » ; ou ! Et ? 9 % de 5 €");
        assert_eq!(text, "Oui\u{a0}: «\u{a0}non\u{a0}»\u{a0}; ou\u{a0}! Et\u{a0}? 9\u{a0}% de 5\u{a0}€");
    }

    /// All files of a folder with this extension.
    fn sources(folder: &std::path::Path, kind: &str, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, kind, found);
            } else if path.extension().is_some_and(|extension| extension == kind) {
                found.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn every_slug_in_the_code_has_its_text() {
        let french = include_str!("../locales/fr.ftl");
        let mut found = Vec::new();
        sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "rs", &mut found);
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
