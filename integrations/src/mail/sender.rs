//! Sending what is due: a few letters at a time, each in one node's hand.

use std::time::Duration;

use bordereau_commands::Commands;
use bordereau_store::{Clock, MailAttempt, Micros, QueuedMail, Store, StoreError};
use lettre::message::Mailbox;
use tokio::{sync::watch, time::MissedTickBehavior};

use super::{
    kind::MailKind,
    letter::Unwritable,
    transport::{BadMailSetting, MailSettings, Transport, Undelivered},
    writer::{Unwritten, Writer},
};

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(1);
/// Letters that are taken at once.
const AT_ONCE: usize = 10;
/// How long letters are in one node's hand, in µs: longer than the sending of all of them can take.
const IN_HAND: Micros = 15 * MINUTE;
const MINUTE: Micros = 60_000_000;
/// The waits between attempts; after the last the letter is given up, a day and a half after the first.
const WAITS: [Micros; 8] =
    [MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 240 * MINUTE, 480 * MINUTE, 480 * MINUTE, 720 * MINUTE];

/// Sends letters.
pub struct Sender {
    store: Store,
    clock: Clock,
    writer: Writer,
    from: Mailbox,
    transport: Transport,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The transport holds a password.
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

/// What came of a letter, before it is noted.
enum Outcome {
    Sent,
    Later(String),
    Never(String),
}

impl From<Unwritten> for Outcome {
    fn from(unwritten: Unwritten) -> Self {
        match unwritten {
            Unwritten::Later(reason) => Self::Later(reason),
            Unwritten::Never(reason) => Self::Never(reason),
        }
    }
}

impl From<Undelivered> for Outcome {
    fn from(undelivered: Undelivered) -> Self {
        match undelivered {
            Undelivered::Later(reason) => Self::Later(reason),
            Undelivered::Never(reason) => Self::Never(reason),
        }
    }
}

impl From<Unwritable> for Outcome {
    fn from(unwritable: Unwritable) -> Self {
        Self::Never(unwritable.to_string())
    }
}

impl Sender {
    /// A sender with these settings.
    ///
    /// # Errors
    /// [`BadMailSetting`], when one of them cannot be used.
    pub fn new(
        store: Store,
        commands: Commands,
        clock: Clock,
        settings: &MailSettings,
    ) -> Result<Self, BadMailSetting> {
        let writer = Writer { store: store.clone(), commands, public_url: settings.public_url.clone() };
        let (from, transport) = (settings.sender()?, settings.transport()?);
        Ok(Self { store, clock, writer, from, transport })
    }

    /// Whether letters go anywhere.
    pub fn is_open(&self) -> bool {
        self.transport.is_open()
    }

    /// Sends what is due, until `stop` says so.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while self.is_open() && !*stop.borrow_and_update() {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = stop.changed() => break,
            }
            if let Err(error) = self.pass(&stop).await {
                tracing::warn!(%error, "letters wait");
            }
        }
    }

    /// Sends all that is due; how many were sent.
    ///
    /// # Errors
    /// When the queue cannot be reached.
    pub async fn pass(&self, stop: &watch::Receiver<bool>) -> Result<usize, StoreError> {
        let mut sent = 0;
        loop {
            let now = (self.clock)();
            let taken = self.store.take_due_mails(now, now + IN_HAND, AT_ONCE).await?;
            let last = taken.len() < AT_ONCE;
            for queued in taken {
                sent += usize::from(self.send(&queued).await?);
            }
            if last || *stop.borrow() {
                return Ok(sent);
            }
        }
    }

    async fn send(&self, queued: &QueuedMail) -> Result<bool, StoreError> {
        let mail = &queued.mail;
        let outcome = match self.deliver(queued).await {
            Ok(()) => Outcome::Sent,
            Err(outcome) => outcome,
        };
        let now = (self.clock)();
        let wait = usize::try_from(queued.attempts.saturating_sub(1)).ok().and_then(|nth| WAITS.get(nth));
        let (attempt, word) = match (outcome, wait) {
            (Outcome::Sent, _) => (MailAttempt::Sent(now), "sent"),
            (Outcome::Later(reason), Some(wait)) => (MailAttempt::Later(now + wait, reason), "postponed"),
            (Outcome::Later(reason), None) | (Outcome::Never(reason), _) => {
                (MailAttempt::GivenUp(now, reason), "failed")
            }
        };
        metrics::counter!("bordereau_mails", "outcome" => word).increment(1);
        tracing::info!(id = %mail.id, kind = mail.kind, attempts = queued.attempts, "mail {word}");
        let sent = matches!(attempt, MailAttempt::Sent(_));
        if sent && mail.kind == MailKind::InactiveAccount.as_str() && self.transport.reaches_people() {
            // Before the letter is settled: whose letter is settled was warned, or nobody was.
            self.store.note_warned(&mail.ledger, mail.id, now).await?;
        }
        self.store.settle_mail(&mail.ledger, mail.id, attempt).await?;
        Ok(sent)
    }

    async fn deliver(&self, queued: &QueuedMail) -> Result<(), Outcome> {
        let mail = &queued.mail;
        let (letter, reader) = self.writer.write(mail, (self.clock)()).await?;
        let message = letter.message(mail.id, &self.from, &reader)?;
        Ok(self.transport.deliver(&mail.id.to_string(), message).await?)
    }
}
