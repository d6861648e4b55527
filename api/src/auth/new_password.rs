//! Which new passwords are taken: 10 to 200 characters, compared exactly, whatever they are; none of those that everybody
//! tries first, and none that holds a name of the person, of his institutions or of the shop.

use std::{collections::HashSet, sync::LazyLock};

use bordereau_domain::{
    AccountId, InstitutionId, ShopCode,
    account::Account,
    institution::{Institution, Known},
    shop::Shop,
};
use bordereau_projections::fold;

use super::passwords::{MAX_CHARS, MIN_CHARS};
use crate::{app::App, names, problem::Problem};

/// Those that everybody tries first, lower case, one a line, sorted. Of ten characters and more: the frequencies of
/// passwords in known leaks. Short ones are words that are no better with digits before and after them, without accents:
/// French, Dutch and English first names, seasons, months and days, sports and clubs, animals, rows of keyboards, and
/// what else people are fond of.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Shortest name that a password may not hold, in characters: shorter ones stand in too many words.
const MIN_NAME_CHARS: usize = 4;

/// Longest row of one character, or of neighbours in the alphabet, that is refused, in characters: nobody guesses how
/// long a longer one is.
const MAX_ROW_CHARS: usize = 32;

/// Names that a password may not hold.
#[derive(Clone, Debug, Default)]
pub struct Avoided(Vec<String>);

impl Avoided {
    /// Those of a person: his names and what stands before the `@` of his address.
    pub fn person(name: &str, email: &str) -> Self {
        let local = email.rsplit_once('@').map_or(email, |(local, _)| local);
        Self::default().also(name).also(local)
    }

    /// One name more: the whole of it, and each of its words.
    #[must_use]
    pub fn also(mut self, name: &str) -> Self {
        let folded = fold(name);
        let whole = folded.replace(' ', "");
        let words = folded.split(' ').map(str::to_owned).chain([whole]);
        self.0.extend(words.filter(|word| word.chars().count() >= MIN_NAME_CHARS));
        self
    }

    /// Those of the shop and of institutions.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn institutions(mut self, app: &App, shop: &ShopCode, ids: &[InstitutionId]) -> Result<Self, Problem> {
        let code = shop.as_str();
        let named = |shop: &Shop| shop.opened().map(|shop| shop.name.clone());
        if let Some(name) = app.commands.peek::<Shop, _>(code, code, named).await?.value {
            self = self.also(&name);
        }
        for id in ids {
            let named = |of: &Institution| of.known().map(|Known { profile, .. }| profile.name.clone());
            if let Some(name) = app.commands.peek::<Institution, _>(code, &id.to_string(), named).await?.value {
                self = self.also(&name);
            }
        }
        Ok(self)
    }

    /// Those of an account: its person's, its institutions' and the shop's.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn account(app: &App, shop: &ShopCode, account: AccountId) -> Result<Self, Problem> {
        let ask = |account: &Account| {
            let institutions = account.opened().map(|opened| opened.institutions.clone()).unwrap_or_default();
            (account.details().map(|details| details.name.digest), account.email().map(|of| of.digest), institutions)
        };
        let asked = app.commands.peek::<Account, _>(shop.as_str(), &account.to_string(), ask).await?.value;
        let (name, email, institutions) = asked;
        let clear = names::open(app, shop.as_str(), [name, email].into_iter().flatten()).await?;
        let text = |digest: Option<_>| digest.and_then(|digest| clear.text(digest)).unwrap_or_default();
        Self::person(&text(name), &text(email)).institutions(app, shop, &institutions).await
    }
}

/// Whether a new password is taken.
///
/// # Errors
/// 422 `password-length` or `password-too-common`.
pub fn check_new_password(password: &str, avoided: &Avoided) -> Result<(), Problem> {
    if !(MIN_CHARS..=MAX_CHARS).contains(&password.chars().count()) {
        return Err(Problem::invalid("password-length", "password").arg("min", MIN_CHARS).arg("max", MAX_CHARS));
    }
    let folded = fold(password).replace(' ', "");
    let holds_name = avoided.0.iter().any(|name| folded.contains(name.as_str()));
    if holds_name || is_common(&password.to_lowercase(), &folded) {
        return Err(Problem::invalid("password-too-common", "password"));
    }
    Ok(())
}

/// Whether it is one of those that everybody tries first, as it is written or without what stands around its letters.
fn is_common(lower: &str, folded: &str) -> bool {
    let is_around = |letter: char| !letter.is_alphabetic();
    let core = lower.trim_matches(is_around);
    let tried = [lower.trim(), lower.trim_end_matches(is_around), core, folded.trim_matches(is_around)];
    // A few neighbours among many digits are no worse than the digits.
    let mostly_core = core.chars().count() * 2 >= lower.chars().count();
    tried.into_iter().any(|text| COMMON.contains(text)) || is_row(lower.trim()) || (mostly_core && is_row(core))
}

/// One character again and again, or the alphabet or the digits forwards or backwards.
fn is_row(text: &str) -> bool {
    let follows = |from: char, to: char, step: i64| i64::from(u32::from(to)) - i64::from(u32::from(from)) == step;
    let all_follow = |step| text.chars().zip(text.chars().skip(1)).all(|(from, to)| follows(from, to, step));
    (2..=MAX_ROW_CHARS).contains(&text.chars().count()) && [-1, 0, 1].into_iter().any(all_follow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(password: &str) -> Result<(), &'static str> {
        let avoided =
            Avoided::person("Christine Chailan", "c.durand@demo.example").also("ECOLE JULES FERRY").also("DLI");
        check_new_password(password, &avoided).map_err(|problem| problem.slug)
    }

    #[test] // attack 10
    fn any_characters_are_taken_and_only_their_number_counts() {
        for password in
            ["a".repeat(65), "🦊🐢🦉🐝🌲🌊🔥🌙⭐🍄".to_owned(), "tail with a space ".to_owned(), "é".repeat(200)]
        {
            assert_eq!(verdict(&password), Ok(()), "{password}");
        }
        for password in ["", "neuf-char", &"é".repeat(201)] {
            assert_eq!(verdict(password), Err("password-length"), "{password}");
        }
    }

    #[test] // attack 10
    fn what_everybody_tries_first_and_what_holds_a_name_is_refused() {
        for password in [
            "1234567890",
            "qwertyuiop",
            "Motdepasse123",
            "password2026!",
            "AZERTY 2026 ",
            "vive-jules-ferry",
            "JulesFerry2026",
            "christine-1971",
            "CHAÎLAN.1971",
            "durand.durand",
        ] {
            assert_eq!(verdict(password), Err("password-too-common"), "{password}");
        }
    }

    #[test] // attack 10
    fn a_common_word_is_no_better_with_digits_and_signs_around_it() {
        for password in [
            "superman99",
            "michael1985",
            "football2026",
            "soleil2026!",
            "chocolat2026",
            "123password",
            "2026-Été-2026",
            "#Chloé*2009#",
            "Feyenoord1908",
            "Sanne 12-03-1998",
            "99Qsdfghjklm",
            "Printemps, 2026.",
        ] {
            assert_eq!(verdict(password), Err("password-too-common"), "{password}");
        }
    }

    #[test] // attack 10
    fn a_row_of_one_character_or_of_neighbours_is_refused() {
        for password in [
            "aaaaaaaaaa",
            "zzzzzzzz2026",
            "!!!!!!!!!!!!",
            "🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊",
            "abcdefghij",
            "JIHGFEDCBA",
            "0123456789",
            "9876543210",
            "klmnopqrst!",
        ] {
            assert_eq!(verdict(password), Err("password-too-common"), "{password}");
        }
    }

    #[test] // attack 10
    fn several_words_are_taken_although_each_of_them_is_common() {
        for password in [
            "soleil chocolat",
            "michael aime le football",
            "superman lit au printemps",
            "2026 coquelicots dans la prairie",
            "cheval-pile-agrafe",
            "paard batterij nietje",
            "correct horse battery staple",
            "ab 4711 0815 1312",
        ] {
            assert_eq!(verdict(password), Ok(()), "{password}");
        }
    }

    #[test]
    fn the_list_is_sorted_and_holds_nothing_twice_and_nothing_that_is_never_asked_for() {
        let lines: Vec<_> = include_str!("common_passwords.txt").lines().collect();
        assert!(lines.is_sorted_by(|before, after| before < after));
        for line in lines {
            assert_eq!(line.trim().to_lowercase(), line);
        }
    }
}
