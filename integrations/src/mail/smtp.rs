//! A mail server, spoken to command by command: only so is it known whether a refusal concerns the shop, whose letters all
//! wait then, or the one letter.
//!
//! What must stay true: what is refused once the server has taken our sender concerns the one letter, whatever the reply.
//! Else one reader's provider could hold up everybody's letters for ever.

use std::{error::Error as _, time::Duration};

use lettre::{
    Message,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt, Rset},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
    },
};
use tokio::{sync::Mutex, time::timeout};

use super::transport::Undelivered;

/// How long a server may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// The server closes the connection (RFC 5321, 3.8), whatever it answers with that.
const CLOSES: u16 = 421;
/// Replies that tell nothing of the reader, though they sound final: the server takes no letters at all (RFC 7504), or
/// asks for a sign-in (RFC 4954). Somebody may set that right.
const NOT_OF_THE_READER: [u16; 5] = [521, 530, 534, 535, 538];
const TOO_LONG: &str = "the server took too long";

/// How a connection is made safe.
#[derive(Clone)]
pub(super) enum Safety {
    /// Not at all: on this machine, or where the operator says so.
    Clear,
    /// By STARTTLS, which the server must offer.
    StartTls(TlsParameters),
    /// From the first byte on.
    Wrapped(TlsParameters),
}

/// Where a server is, and how it is spoken to. It holds a password.
pub struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) safety: Safety,
    pub(super) login: Option<Credentials>,
    pub(super) hello: ClientId,
    /// How long it may take for the next letter on an open connection, until it lets us in on a new one, and for one letter.
    pub(super) patience: Duration,
    /// The connection that the letters of one pass share.
    pub(super) open: Mutex<Option<AsyncSmtpConnection>>,
}

impl Server {
    /// Hands a letter over. Dropped half way, it leaves no connection behind.
    pub(super) async fn deliver(&self, message: &Message) -> Result<(), Undelivered> {
        let mut open = self.open.lock().await;
        let mut connection = self.ready(open.take(), message).await?;
        let handed = timeout(self.patience, hand_over(&mut connection, message));
        let done = handed.await.map_err(|_| Undelivered::Later(TOO_LONG.to_owned()))?;
        let goes_on = match &done {
            Ok(()) => true,
            // What was refused in order leaves the connection as it was.
            Err(error) => {
                status(error).is_some_and(|status| status != CLOSES)
                    && matches!(timeout(GOODBYE, connection.command(Rset)).await, Ok(Ok(_)))
            }
        };
        *open = goes_on.then_some(connection);
        done.map_err(|error| of_the_letter(&error))
    }

    /// Closes the connection, if there is one.
    pub(super) async fn rest(&self) {
        if let Some(mut connection) = self.open.lock().await.take() {
            let _ = timeout(GOODBYE, connection.quit()).await;
        }
    }

    /// A connection over which the server lets us in and takes letters from our sender.
    async fn ready(
        &self,
        open: Option<AsyncSmtpConnection>,
        message: &Message,
    ) -> Result<AsyncSmtpConnection, Undelivered> {
        if let Some(mut connection) = open
            && matches!(timeout(self.patience, begin(&mut connection, message)).await, Ok(Ok(())))
        {
            return Ok(connection);
        }
        // What stood open is gone, or its server is out of sorts: a new one tells.
        let fresh = async {
            let mut connection = self.connect().await?;
            begin(&mut connection, message).await.map(|()| connection)
        };
        let made = timeout(self.patience, fresh).await.map_err(|_| Undelivered::Shut(TOO_LONG.to_owned()))?;
        made.map_err(|error| of_the_shop(&error))
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let wrapped = match &self.safety {
            Safety::Clear | Safety::StartTls(_) => None,
            Safety::Wrapped(parameters) => Some(parameters.clone()),
        };
        let place = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(place, Some(self.patience), &self.hello, wrapped, None).await?;
        match &self.safety {
            Safety::StartTls(parameters) => connection.starttls(parameters.clone(), &self.hello).await?,
            Safety::Clear | Safety::Wrapped(_) => {}
        }
        if let Some(login) = &self.login {
            connection.auth(DEFAULT_MECHANISMS, login).await?;
        }
        Ok(connection)
    }
}

/// Names the sender.
async fn begin(connection: &mut AsyncSmtpConnection, message: &Message) -> Result<(), Error> {
    let (envelope, server) = (message.envelope(), connection.server_info());
    let foreign = envelope.to().iter().chain(envelope.from()).any(|address| !AsRef::<str>::as_ref(address).is_ascii());
    let mut parameters = Vec::new();
    if foreign && server.supports_feature(Extension::SmtpUtfEight) {
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if server.supports_feature(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    connection.command(Mail::new(envelope.from().cloned(), parameters)).await.map(|_| ())
}

/// Names who gets the letter, and hands it over.
async fn hand_over(connection: &mut AsyncSmtpConnection, message: &Message) -> Result<(), Error> {
    for recipient in message.envelope().to() {
        connection.command(Rcpt::new(recipient.clone(), Vec::new())).await?;
    }
    connection.command(Data).await?;
    connection.message(&message.formatted()).await.map(|_| ())
}

fn status(error: &Error) -> Option<u16> {
    error.status().map(u16::from)
}

/// The server's words may repeat an address: only its code is kept.
fn code(error: &Error) -> String {
    error.status().map_or_else(String::new, |code| format!(" ({code})"))
}

/// What went wrong before a recipient was named: no letter fares better.
fn of_the_shop(error: &Error) -> Undelivered {
    let what = if error.status().is_some() {
        "the server does not let us in"
    } else if error.is_timeout() {
        TOO_LONG
    } else if is_unsafe(error) {
        "no safe connection to the server"
    } else if error.is_client() {
        "the server does not offer what the settings ask for"
    } else {
        "the server was not reached"
    };
    Undelivered::Shut(format!("{what}{}", code(error)))
}

/// Whether the server's certificate, or how it encrypts, is not trusted: a handshake that fails is told as bad data.
fn is_unsafe(error: &Error) -> bool {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    let mut faults = causes.filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    error.is_tls() || faults.any(|fault| fault.kind() == std::io::ErrorKind::InvalidData)
}

/// What went wrong with one letter, once our sender was taken.
fn of_the_letter(error: &Error) -> Undelivered {
    let code = code(error);
    // X.7.*: a rule, not the recipient (RFC 3463); above all, that this shop may not send through this server.
    let rule = error.source().is_some_and(|said| said.to_string().starts_with("5.7."));
    let may_change = rule || status(error).is_some_and(|status| NOT_OF_THE_READER.contains(&status));
    if error.is_permanent() && !may_change {
        return Undelivered::Never(format!("the server refused the letter{code}"));
    }
    if error.status().is_some() {
        return Undelivered::Later(format!("the server asked to come back{code}"));
    }
    Undelivered::Later("the server broke off".to_owned())
}
