//! The settings that this tool shares with the service: flags, then the environment, then `bordereau.toml`. The others
//! may stand in the same file and are the service's affair.

use std::path::PathBuf;

use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};

/// Where the store and the views are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// `sqlite` (a file in the data folder), `sqlite://PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    pub(crate) store: String,
    /// The data folder.
    pub(crate) data: PathBuf,
    /// The master key's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) key_file: Option<PathBuf>,
}

/// What stands on the command line.
#[derive(Clone, Debug, Default, Serialize, clap::Args)]
pub(crate) struct Flags {
    /// The store: `sqlite` (a file in the data folder), `sqlite://PATH` or `postgres://USER@HOST/DATABASE` [default:
    /// sqlite]
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) store: Option<String>,
    /// The data folder [default: data]
    #[arg(long, global = true, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<PathBuf>,
}

/// A setting that cannot be used, by its name.
#[derive(Debug, thiserror::Error)]
#[error("setting {name}: {reason}")]
pub(crate) struct BadSetting {
    name: String,
    reason: String,
}

/// The variables that are read.
const VARIABLES: [&str; 3] = ["store", "data", "key_file"];

impl Settings {
    /// Gathers the settings.
    ///
    /// # Errors
    /// [`BadSetting`], with the name of the first that cannot be used.
    pub(crate) fn gather(flags: &Flags) -> Result<Self, BadSetting> {
        let usual = Self { store: "sqlite".to_owned(), data: PathBuf::from("data"), key_file: None };
        Figment::from(Serialized::defaults(usual))
            .merge(Toml::file("bordereau.toml"))
            .merge(Env::prefixed("BORDEREAU_").only(&VARIABLES))
            .merge(Serialized::defaults(flags))
            .extract()
            .map_err(|error| BadSetting {
                name: if error.path.is_empty() { "bordereau.toml".to_owned() } else { error.path.join(".") },
                reason: error.kind.to_string(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_before_what_is_usual() {
        let flags = Flags { data: Some(PathBuf::from("elsewhere")), ..Flags::default() };
        let settings = Settings::gather(&flags).unwrap();
        assert_eq!((settings.store.as_str(), settings.data), ("sqlite", PathBuf::from("elsewhere")));
    }
}
