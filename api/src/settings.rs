//! Settings: flags first, then the environment, then `bordereau.toml`, then what is usual.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};

use bordereau_integrations::{
    mail::{BadMailSetting, MailSettings},
    retention::Retention,
};

use crate::proxies::TrustedProxies;

/// All settings of the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `sqlite` (a file in the data folder), `sqlite://PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    pub store: String,
    /// The data folder: read models; on SQLite the store and its keys too.
    pub data: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address that people use, for links in mails and in events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// Where letters go: `smtps://USER:PASSWORD@HOST`, `smtp://HOST:587?tls=required`, `folder:PATH`. Without it they
    /// wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smtp_url: Option<String>,
    /// The authority of the mail server's certificate, where the system does not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smtp_authority: Option<PathBuf>,
    /// Who writes letters: `Name <address>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_from: Option<String>,
    /// Seconds that a mail server may take for the next letter on an open connection, until it lets us in on a new one, and
    /// for one letter.
    pub smtp_patience_seconds: u32,
    /// The master key's file. Without it: on SQLite made in the data folder, on PostgreSQL kept in the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_file: Option<PathBuf>,
    /// Requests a second that an account or key may send.
    pub requests_per_second: u32,
    /// Requests that an account or key may send at once.
    pub request_burst: u32,
    /// Sign-ins a minute from one address: a school shares one.
    pub sign_ins_per_minute: u32,
    /// Sign-ins a minute with one login, from wherever.
    pub sign_ins_per_account: u32,
    /// Baskets that an account may have in drafting.
    pub open_baskets: u64,
    /// Hours after which a session ends.
    pub session_hours: u32,
    /// Event streams that an account or key may have open at once.
    pub streams_per_account: u32,
    /// Milliseconds after which a stream says something although nothing happened.
    pub stream_keep_alive_ms: u32,
    /// Milliseconds after which a client that takes nothing of what it is sent is cut off.
    pub write_stall_ms: u32,
    /// Minutes without a request after which a session ends.
    pub session_idle_minutes: u32,
    /// Proxies that are believed about a client's address.
    pub trusted_proxies: TrustedProxies,
    /// Whether programs on plain `postgres-es` may append beside us; PostgreSQL only.
    pub foreign_writers: bool,
    /// How long personal data is kept.
    pub retention: Retention,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            store: "sqlite".to_owned(),
            data: PathBuf::from("data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            smtp_url: None,
            smtp_authority: None,
            mail_from: None,
            smtp_patience_seconds: 30,
            key_file: None,
            requests_per_second: 1_000,
            request_burst: 4_000,
            sign_ins_per_minute: 300,
            sign_ins_per_account: 30,
            open_baskets: bordereau_domain::basket::MAX_OPEN_BASKETS,
            session_hours: 12,
            streams_per_account: 50,
            stream_keep_alive_ms: 15_000,
            write_stall_ms: 30_000,
            session_idle_minutes: 120,
            trusted_proxies: TrustedProxies::default(),
            foreign_writers: false,
            retention: Retention::default(),
        }
    }
}

/// What stands on the command line.
#[derive(Clone, Debug, Default, Serialize, clap::Args)]
pub struct Flags {
    /// The store: `sqlite` (a file in the data folder), `sqlite://PATH` or `postgres://USER@HOST/DATABASE` [default:
    /// sqlite]
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<String>,
    /// The data folder [default: data]
    #[arg(long, global = true, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
}

/// A setting that cannot be used, by its name.
#[derive(Debug, thiserror::Error)]
#[error("setting {name}: {reason}")]
pub struct BadSetting {
    /// The setting's name.
    pub name: String,
    /// What is wrong with it.
    pub reason: String,
}

impl From<BadMailSetting> for BadSetting {
    fn from(BadMailSetting { name, reason }: BadMailSetting) -> Self {
        Self { name: name.to_owned(), reason }
    }
}

/// Read before the settings are, to say what is wrong with them: `BORDEREAU_LOG`, `BORDEREAU_LOG_FORMAT`.
const LOGGING: [&str; 2] = ["log", "log_format"];

impl Settings {
    /// Gathers the settings.
    ///
    /// # Errors
    /// [`BadSetting`], with the name of the first that cannot be used.
    pub fn gather(flags: &Flags) -> Result<Self, BadSetting> {
        let figment = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file("bordereau.toml"))
            .merge(Env::prefixed("BORDEREAU_").ignore(&LOGGING).split("__"))
            .merge(Serialized::defaults(flags));
        let settings: Self = figment.extract().map_err(|error| BadSetting {
            name: if error.path.is_empty() { "bordereau.toml or BORDEREAU_*".to_owned() } else { error.path.join(".") },
            reason: error.kind.to_string(),
        })?;
        settings.check()?;
        Ok(settings)
    }

    /// The address of this service as others write it, without a slash at its end: where people find it, else where it
    /// listens.
    pub fn base_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }

    /// What they say about mail.
    pub fn mail(&self) -> MailSettings {
        MailSettings {
            server: self.smtp_url.clone(),
            from: self.mail_from.clone(),
            authority: self.smtp_authority.clone(),
            public_url: self.public_url.clone(),
            patience: Duration::from_secs(self.smtp_patience_seconds.into()),
        }
    }

    /// How long a stream stays silent.
    pub fn keep_alive(&self) -> Duration {
        Duration::from_millis(self.stream_keep_alive_ms.into())
    }

    /// How long a client may take nothing of what it is sent.
    pub fn write_stall(&self) -> Duration {
        Duration::from_millis(self.write_stall_ms.into())
    }

    fn check(&self) -> Result<(), BadSetting> {
        let positive = [
            ("requests_per_second", u64::from(self.requests_per_second)),
            ("request_burst", u64::from(self.request_burst)),
            ("sign_ins_per_minute", u64::from(self.sign_ins_per_minute)),
            ("open_baskets", self.open_baskets),
            ("session_hours", u64::from(self.session_hours)),
            ("streams_per_account", u64::from(self.streams_per_account)),
            ("stream_keep_alive_ms", u64::from(self.stream_keep_alive_ms)),
            ("write_stall_ms", u64::from(self.write_stall_ms)),
            ("session_idle_minutes", u64::from(self.session_idle_minutes)),
            ("smtp_patience_seconds", u64::from(self.smtp_patience_seconds)),
            ("sign_ins_per_account", u64::from(self.sign_ins_per_account)),
            ("retention.inactive_days", u64::from(self.retention.inactive_days)),
            ("retention.warning_days", u64::from(self.retention.warning_days)),
            ("retention.registration_days", u64::from(self.retention.registration_days)),
            ("retention.refusal_days", u64::from(self.retention.refusal_days)),
            ("retention.mail_days", u64::from(self.retention.mail_days)),
            ("retention.accounting_days", u64::from(self.retention.accounting_days)),
        ];
        if let Some((name, _)) = positive.iter().find(|(_, value)| *value == 0) {
            return Err(BadSetting { name: (*name).to_owned(), reason: "must be at least 1".to_owned() });
        }
        let web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        match &self.public_url {
            Some(url) if !web(url) => Err(BadSetting {
                name: "public_url".to_owned(),
                reason: "must begin with https:// or http://".to_owned(),
            }),
            Some(_) | None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_before_what_is_usual() {
        let flags = Flags { listen: "127.0.0.1:9".parse().ok(), ..Flags::default() };
        let settings = Settings::gather(&flags).unwrap();
        assert_eq!(settings.listen.port(), 9);
        assert_eq!(settings.store, "sqlite");
    }

    #[test]
    fn a_bad_setting_is_told_by_its_name() {
        let settings = Settings { public_url: Some("ftp://x".to_owned()), ..Settings::default() };
        assert_eq!(settings.check().unwrap_err().name, "public_url");
        let settings = Settings { request_burst: 0, ..Settings::default() };
        assert_eq!(settings.check().unwrap_err().name, "request_burst");
    }
}
