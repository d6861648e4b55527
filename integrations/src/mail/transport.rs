//! Where letters go: a mail server, a folder, or nowhere yet.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use lettre::{
    Message,
    message::Mailbox,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, TlsParameters},
        extension::ClientId,
    },
};
use percent_encoding::percent_decode_str;
use tokio::io::AsyncWriteExt;
use url::Url;

use super::{
    letter::in_ascii,
    smtp::{Safety, Server},
};

/// What the operator says about mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailSettings {
    /// `smtps://USER:PASSWORD@HOST:465`, `smtp://HOST:587?tls=required`, `smtp://HOST:25?tls=none`, or `folder:PATH`.
    /// Without it letters wait in the queue.
    pub server: Option<String>,
    /// Who writes: `Name <address>`.
    pub from: Option<String>,
    /// A PEM file with the authority of the server's certificate, where the system does not know it.
    pub authority: Option<PathBuf>,
    /// The address that people use, without a slash at its end; letters with links wait without it.
    pub public_url: Option<String>,
    /// How long the server may take for the next letter on an open connection, until it lets us in on a new one, and for one
    /// letter.
    pub patience: Duration,
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
pub enum Transport {
    /// Nowhere yet: they wait.
    Nowhere,
    /// Into a folder, one file each: for trials.
    Folder(PathBuf),
    /// To a mail server.
    Server(Box<Server>),
}

/// Why a letter was not taken; without addresses and texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Undelivered {
    /// The server may take it later.
    Later(String),
    /// It never will.
    Never(String),
    /// It takes none of ours as things are, whatever the letter.
    Shut(String),
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
        Ok(Transport::Server(Box::new(self.server_at(server)?)))
    }

    fn server_at(&self, server: &str) -> Result<Server, BadMailSetting> {
        let none = || bad("smtp_url", "is no address of a mail server");
        let url = Url::parse(server).map_err(|_| none())?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(none)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let safety = self.safety(&url, &host)?;
        let usual = match &safety {
            Safety::Clear => 25,
            Safety::StartTls(_) => 587,
            Safety::Wrapped(_) => 465,
        };
        let plain = |text: &str| percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned);
        let login = match url.password() {
            Some(password) => {
                let (user, password) = (plain(url.username()), plain(password));
                Some(Credentials::new(user.map_err(|_| none())?, password.map_err(|_| none())?))
            }
            None => None,
        };
        let name = url.path().trim_matches('/');
        let hello = if name.is_empty() { ClientId::default() } else { ClientId::Domain(name.to_owned()) };
        let (port, patience) = (url.port().unwrap_or(usual), self.patience);
        Ok(Server { host, port, safety, login, hello, patience, open: tokio::sync::Mutex::default() })
    }

    /// How the connection is made safe: passwords and links do not cross a network in clear unless that is said.
    fn safety(&self, url: &Url, host: &str) -> Result<Safety, BadMailSetting> {
        let asked = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        match (url.scheme(), asked.as_deref()) {
            ("smtps", _) => Ok(Safety::Wrapped(self.parameters(host)?)),
            (_, Some("required")) => Ok(Safety::StartTls(self.parameters(host)?)),
            (_, Some("none")) => Ok(Safety::Clear),
            (_, None) if is_this_machine(host) => Ok(Safety::Clear),
            (_, None | Some(_)) => {
                Err(bad("smtp_url", "needs smtps://, ?tls=required, or ?tls=none to send letters in clear"))
            }
        }
    }

    fn parameters(&self, host: &str) -> Result<TlsParameters, BadMailSetting> {
        let Some(file) = &self.authority else {
            return TlsParameters::new(host.to_owned())
                .map_err(|_| bad("smtp_url", "names no host that can be trusted"));
        };
        let pem = std::fs::read(file).map_err(|error| bad("smtp_authority", error))?;
        let authority = Certificate::from_pem(&pem).map_err(|_| bad("smtp_authority", "is no certificate"))?;
        let builder = TlsParameters::builder(host.to_owned()).add_root_certificate(authority);
        builder.build().map_err(|_| bad("smtp_authority", "cannot be used"))
    }

    /// Who writes.
    ///
    /// # Errors
    /// [`BadMailSetting`], when it is no mailbox, or a server is named and nobody writes.
    pub fn sender(&self) -> Result<Mailbox, BadMailSetting> {
        match (&self.from, &self.server) {
            (Some(from), _) => {
                let mailbox = from
                    .parse()
                    .ok()
                    .and_then(|from: Mailbox| in_ascii(&from.email).map(|address| Mailbox::new(from.name, address)));
                mailbox.ok_or_else(|| bad("mail_from", "is no mailbox such as Name <a@b.example>"))
            }
            (None, Some(server)) if !server.starts_with("folder:") => Err(bad("mail_from", "is needed with smtp_url")),
            (None, _) => "bordereau@localhost.localdomain".parse().map_err(|_| bad("mail_from", "is no mailbox")),
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
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
            Self::Server(server) => server.deliver(&message).await,
        }
    }

    /// Keeps no connection until the next letters.
    pub(super) async fn rest(&self) {
        match self {
            Self::Nowhere | Self::Folder(_) => {}
            Self::Server(server) => server.rest().await,
        }
    }
}

async fn write(folder: &Path, name: &str, message: &Message) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // A link opens an account.
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(folder.join(format!("{name}.eml"))).await?;
    file.write_all(&message.formatted()).await?;
    file.flush().await
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
        assert_eq!(settings("smtp://localhost").sender().unwrap_err().name, "mail_from");
        assert!(matches!(MailSettings::default().transport(), Ok(Transport::Nowhere)));
    }

    #[test]
    fn letters_cross_no_network_in_clear_unless_that_is_said() {
        let transport = |server: &str| {
            let settings = MailSettings { server: Some(server.to_owned()), ..MailSettings::default() };
            settings.transport().map(|_| ()).map_err(|error| error.to_string())
        };
        for clear in ["smtp://u:secret@mail.example", "smtp://mail.example:25?tls=opportunistic", "smtp://10.0.0.7"] {
            let error = transport(clear).unwrap_err();
            assert!(error.starts_with("setting smtp_url: needs") && !error.contains("secret"), "{error}");
        }
        for said in [
            "smtps://u:secret@mail.example",
            "smtp://u:secret@mail.example?tls=required",
            "smtp://mail.example?tls=none",
            "smtp://localhost:1025",
            "smtp://127.0.0.1",
            "smtp://[::1]:25",
        ] {
            assert_eq!(transport(said), Ok(()), "{said}");
        }
    }
}
