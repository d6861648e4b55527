//! The ledger of erasures: what was destroyed for ever, by person. It is kept apart from back-ups, so that a restore
//! can destroy again what the back-up brings back.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::options::Micros;
use crate::vault::Purpose;

/// Stands among the purposes; no key is for it.
const ORGANISATION: &str = "organisation";

/// Something that was destroyed for ever. It names nobody: the person is known by an id that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Code of the ledger.
    pub ledger: String,
    /// Whose data it was.
    pub subject: Uuid,
    /// The purposes whose keys and sealed bytes are gone.
    pub purposes: Vec<Purpose>,
    /// Whether it says that the person, who lives, gave up what he was for an organisation, be there texts of it or not;
    /// said once more, the later time counts.
    pub organisation: bool,
    /// Digests of sealed texts that are gone alone, under a key that stays.
    pub digests: Vec<[u8; 32]>,
    /// The keys that are gone.
    pub key_ids: Vec<Uuid>,
    /// Why: a word of ours.
    pub reason: String,
    /// When.
    pub at: Micros,
}

/// A key that a subject has or had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubjectKey {
    /// What for.
    pub purpose: Purpose,
    /// Its id.
    pub key_id: Uuid,
    /// Whether it is gone.
    pub destroyed: bool,
}

impl Erasure {
    /// Whether the person is gone, not only some texts about him or what was kept for accounting.
    pub fn is_of_person(&self) -> bool {
        self.purposes.contains(&Purpose::Account)
    }

    /// Whether it only says why somebody is to be erased: nothing is gone yet, and perhaps nothing will be.
    pub(crate) fn is_asked(&self) -> bool {
        self.purposes.is_empty() && !self.organisation && self.digests.is_empty()
    }

    /// Whether both speak of the same data.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        (&self.ledger, self.subject, &self.purposes, self.organisation, &self.digests)
            == (&other.ledger, other.subject, &other.purposes, other.organisation, &other.digests)
    }

    /// Whether nothing is left to write down once `known`, the last of the same data, is there.
    pub(crate) fn is_told_by(&self, known: &Self) -> bool {
        if self.is_asked() {
            // Of those that were only asked for, the last one says why.
            known.reason == self.reason
        } else {
            !self.organisation || known.at >= self.at
        }
    }

    /// As a line of the ledger, without its end.
    pub(crate) fn to_line(&self) -> String {
        json!({
            "ledger": self.ledger,
            "subject": self.subject.to_string(),
            "purposes": self.purposes_text(),
            "digests": self.digests_text(),
            "key_ids": self.key_ids_text(),
            "reason": self.reason,
            "at": self.at,
        })
        .to_string()
    }

    /// The erasure that a line tells of; nothing for a line that was cut short.
    pub(crate) fn parse_line(line: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(line).ok()?;
        let text = |name: &str| value.get(name)?.as_str();
        Self::parse(
            text("ledger")?,
            text("subject")?.parse().ok()?,
            [text("purposes")?, text("digests")?, text("key_ids")?],
            text("reason")?,
            value.get("at")?.as_i64()?,
        )
    }

    /// From columns: purposes, digests and key ids are words with spaces between them.
    pub(crate) fn parse(
        ledger: &str,
        subject: Uuid,
        [purposes, digests, key_ids]: [&str; 3],
        reason: &str,
        at: Micros,
    ) -> Option<Self> {
        let digest = |word: &str| <[u8; 32]>::try_from(hex::decode(word).ok()?).ok();
        let purpose = |word: &&str| *word != ORGANISATION;
        Some(Self {
            ledger: ledger.to_owned(),
            subject,
            purposes: purposes.split_whitespace().filter(purpose).map(Purpose::parse).collect::<Option<_>>()?,
            organisation: purposes.split_whitespace().any(|word| word == ORGANISATION),
            digests: digests.split_whitespace().map(digest).collect::<Option<_>>()?,
            key_ids: key_ids.split_whitespace().map(|word| word.parse().ok()).collect::<Option<_>>()?,
            reason: reason.to_owned(),
            at,
        })
    }

    pub(crate) fn purposes_text(&self) -> String {
        let organisation = self.organisation.then(|| ORGANISATION.to_owned());
        words(self.purposes.iter().map(|purpose| purpose.as_str().to_owned()).chain(organisation))
    }

    pub(crate) fn digests_text(&self) -> String {
        words(self.digests.iter().map(hex::encode))
    }

    pub(crate) fn key_ids_text(&self) -> String {
        words(self.key_ids.iter().map(Uuid::to_string))
    }
}

fn words(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_the_erasure_that_was_written_and_a_cut_one_tells_nothing() {
        let erasure = Erasure {
            ledger: "DLIVRE".to_owned(),
            subject: Uuid::from_u128(7),
            purposes: vec![Purpose::Account, Purpose::Campaign],
            organisation: true,
            digests: vec![[9; 32]],
            key_ids: vec![Uuid::from_u128(8), Uuid::from_u128(9)],
            reason: "requested".to_owned(),
            at: 1_800_000_000_000_000,
        };
        let line = erasure.to_line();
        assert_eq!(Erasure::parse_line(&line), Some(erasure));
        for end in 0..line.len() {
            assert_eq!(Erasure::parse_line(&line[..end]), None);
        }
    }
}
