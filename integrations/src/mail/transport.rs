//! Where letters go: a mail server, a folder, or nowhere yet.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{
        PoolConfig,
        client::{Certificate, Tls, TlsParameters},
    },
};

/// How long a server may take for one step.
const STEP: Duration = Duration::from_secs(20);
/// How long it may take for one letter.
const WHOLE: Duration = Duration::from_mins(1);

/// What the operator says about mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailSettings {
    /// `smtps://USER:PASSWORD@HOST:465`, `smtp://HOST:587?tls=required`, `smtp://HOST:25`, or `folder:PATH`. Without it
    /// letters wait in the queue.
    pub server: Option<String>,
    /// Who writes: `Name <address>`.
    pub from: Option<String>,
    /// A PEM file with the authority of the server's certificate, where the system does not know it.
    pub authority: Option<PathBuf>,
    /// The address that people use, without a slash at its end; letters with links wait without it.
    pub public_url: Option<String>,
}

/// A setting about mail that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("setting {name}: {reason}")]
pub struct BadMailSetting {
    /// The setting's name.
    pub name: &'static str,
    /// What is wrong with it; never the password.
    pub reason: String,
}

/// Where letters go.
#[derive(Clone)]
pub enum Transport {
    /// Nowhere yet: they wait.
    Nowhere,
    /// Into a folder, one file each: for trials.
    Folder(PathBuf),
    /// To a mail server.
    Server(AsyncSmtpTransport<Tokio1Executor>),
}

/// Why a letter was not taken; without addresses and texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Undelivered {
    /// The server may take it later.
    Later(String),
    /// It never will.
    Never(String),
}

fn bad(name: &'static str, reason: impl std::fmt::Display) -> BadMailSetting {
    BadMailSetting { name, reason: reason.to_string() }
}

impl MailSettings {
    /// Opens the way for letters. No connection is made yet.
    ///
    /// # Errors
    /// [`BadMailSetting`], for a server, certificate or sender that cannot be.
    pub fn transport(&self) -> Result<Transport, BadMailSetting> {
        let Some(server) = &self.server else { return Ok(Transport::Nowhere) };
        if let Some(folder) = server.strip_prefix("folder:") {
            return Ok(Transport::Folder(PathBuf::from(folder)));
        }
        if !server.starts_with("smtp://") && !server.starts_with("smtps://") {
            return Err(bad("smtp_url", "must begin with smtp://, smtps:// or folder:"));
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(server)
            .map_err(|_| bad("smtp_url", "is no address of a mail server"))?;
        let builder = match &self.authority {
            Some(file) => builder.tls(tls(server, file)?),
            None => builder,
        };
        // Letters are few: a connection each is kept no longer than it serves.
        let pool = PoolConfig::new().max_size(2).idle_timeout(Duration::from_secs(20));
        Ok(Transport::Server(builder.timeout(Some(STEP)).pool_config(pool).build()))
    }

    /// Who writes.
    ///
    /// # Errors
    /// [`BadMailSetting`], when it is no mailbox, or a server is named and nobody writes.
    pub fn sender(&self) -> Result<Mailbox, BadMailSetting> {
        match (&self.from, &self.server) {
            (Some(from), _) => from.parse().map_err(|_| bad("mail_from", "is no mailbox such as Name <a@b.example>")),
            (None, Some(server)) if !server.starts_with("folder:") => Err(bad("mail_from", "is needed with smtp_url")),
            (None, _) => "bordereau@localhost.localdomain".parse().map_err(|_| bad("mail_from", "is no mailbox")),
        }
    }
}

fn tls(server: &str, file: &Path) -> Result<Tls, BadMailSetting> {
    let host = server.split_once("://").map_or("", |(_, rest)| rest);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.split(['/', ':', '?']).next().unwrap_or_default();
    let pem = std::fs::read(file).map_err(|error| bad("smtp_authority", error))?;
    let authority = Certificate::from_pem(&pem).map_err(|_| bad("smtp_authority", "is no certificate"))?;
    let parameters = TlsParameters::builder(host.to_owned())
        .add_root_certificate(authority)
        .build()
        .map_err(|_| bad("smtp_authority", "cannot be used"))?;
    Ok(if server.starts_with("smtps://") {
        Tls::Wrapper(parameters)
    } else if server.contains("tls=required") {
        Tls::Required(parameters)
    } else {
        Tls::Opportunistic(parameters)
    })
}

impl Transport {
    /// Whether letters are taken at all.
    pub(super) fn is_open(&self) -> bool {
        match self {
            Self::Nowhere => false,
            Self::Folder(_) | Self::Server(_) => true,
        }
    }

    /// Whether what was handed over is on its way to somebody: a folder is for trials.
    pub(super) fn reaches_people(&self) -> bool {
        match self {
            Self::Nowhere | Self::Folder(_) => false,
            Self::Server(_) => true,
        }
    }

    /// Hands a letter over.
    pub(super) async fn deliver(&self, name: &str, message: Message) -> Result<(), Undelivered> {
        match self {
            Self::Nowhere => Err(Undelivered::Later("no mail server is set".to_owned())),
            Self::Folder(folder) => {
                write(folder, name, &message).await.map_err(|error| Undelivered::Later(error.kind().to_string()))
            }
            Self::Server(server) => match tokio::time::timeout(WHOLE, server.send(message)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(undelivered(&error)),
                Err(_) => Err(Undelivered::Later("the server took too long".to_owned())),
            },
        }
    }
}

async fn write(folder: &Path, name: &str, message: &Message) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    tokio::fs::write(folder.join(format!("{name}.eml")), message.formatted()).await
}

/// The server's words may repeat an address: only its code is kept.
fn undelivered(error: &lettre::transport::smtp::Error) -> Undelivered {
    let code = error.status().map_or_else(String::new, |code| format!(" ({code})"));
    if error.is_permanent() {
        return Undelivered::Never(format!("the server refused the letter{code}"));
    }
    if error.is_transient() {
        return Undelivered::Later(format!("the server asked to come back{code}"));
    }
    let what = if error.is_timeout() {
        "the server took too long"
    } else if error.is_tls() {
        "no safe connection to the server"
    } else {
        "the server was not reached"
    };
    Undelivered::Later(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_setting_is_named_and_tells_no_password() {
        let settings = |server: &str| MailSettings { server: Some(server.to_owned()), ..MailSettings::default() };
        for server in ["http://x", "mail.example", "smtp://u:secret@"] {
            let error = settings(server).transport().map(|_| ()).unwrap_err().to_string();
            assert!(error.starts_with("setting smtp_url") && !error.contains("secret"), "{error}");
        }
        assert_eq!(settings("smtp://mail.example").sender().unwrap_err().name, "mail_from");
        assert!(matches!(MailSettings::default().transport(), Ok(Transport::Nowhere)));
    }
}
