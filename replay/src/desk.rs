//! What every command works with: the store, the folder of views, and how it answers.

use std::path::PathBuf;

use anyhow::Context;
use bordereau_store::{Head, Options, Store};
use serde::Serialize;

use crate::settings::Settings;

/// The open store and how to answer.
pub(crate) struct Desk {
    /// The store.
    pub(crate) store: Store,
    /// The data folder.
    pub(crate) data: PathBuf,
    /// Whether a machine reads the answer.
    pub(crate) json: bool,
}

/// What a command found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing is wrong: exit 0.
    Sound,
    /// Something is wrong, and was told: exit 1.
    Wrong,
}

impl Verdict {
    /// Wrong if there are findings.
    pub(crate) const fn of(findings: usize) -> Self {
        if findings == 0 { Self::Sound } else { Self::Wrong }
    }
}

/// What this tool refuses to do: exit 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Refused(pub(crate) String);

/// Refuses, with these words.
pub(crate) fn refuse<T>(words: impl Into<String>) -> anyhow::Result<T> {
    Err(Refused(words.into()).into())
}

impl Desk {
    /// Opens the store that the settings name; only an import makes one where there is none.
    pub(crate) async fn open(settings: Settings, json: bool, makes: bool) -> anyhow::Result<Self> {
        if !makes && !Store::is_there(&settings.store, &settings.data)? {
            return refuse(format!("there is no store in {}: see --store and --data", settings.data.display()));
        }
        std::fs::create_dir_all(&settings.data)
            .with_context(|| format!("the data folder {} cannot be made", settings.data.display()))?;
        let mut options = Options::new(now);
        options.key_file = settings.key_file;
        let store = Store::open(&settings.store, &settings.data, options).await?;
        Ok(Self { store, data: settings.data, json })
    }

    /// The folder of views.
    pub(crate) fn views(&self) -> PathBuf {
        self.data.join("views")
    }

    /// The ledgers that are asked for: all of them, or the one with this code.
    pub(crate) async fn ledgers(&self, code: Option<&str>) -> anyhow::Result<Vec<Head>> {
        let mut heads = self.store.heads().await?;
        if heads.is_empty() {
            return refuse("the store holds no ledger");
        }
        if let Some(code) = code {
            heads.retain(|head| head.ledger == code);
            if heads.is_empty() {
                return refuse(format!("there is no ledger {code}"));
            }
        }
        Ok(heads)
    }

    /// Answers: in JSON for machines, in words for people.
    #[expect(clippy::print_stdout, reason = "this is how a command line speaks")]
    pub(crate) fn say(&self, json: &impl Serialize, words: impl FnOnce() -> String) -> anyhow::Result<()> {
        if self.json {
            println!("{}", serde_json::to_string_pretty(json)?);
        } else {
            println!("{}", words().trim_end());
        }
        Ok(())
    }
}

/// The edge: the machine's clock, by which a store ages its outcomes. Nothing that this tool says depends on it.
#[expect(clippy::disallowed_methods, reason = "this is the edge")]
fn now() -> i64 {
    chrono::Utc::now().timestamp_micros()
}
