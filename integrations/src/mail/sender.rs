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
use crate::reactor::Board;

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(1);
/// Letters that are taken at once.
const AT_ONCE: u8 = 10;
/// How long letters are in one node's hand, in µs, and how much longer at least than the sending of all of them can take.
const IN_HAND: Micros = 15 * MINUTE;
const TO_SPARE: Micros = 5 * MINUTE;
/// After which time it is looked again whether a server takes our letters.
const SHUT: Micros = MINUTE;
const MINUTE: Micros = 60_000_000;
/// The waits between attempts; after the last the letter is given up, a day and a half after the first.
const WAITS: [Micros; 8] =
    [MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 240 * MINUTE, 480 * MINUTE, 480 * MINUTE, 720 * MINUTE];

/// Its name on the board.
const NAME: &str = "mail-server";

/// Sends letters.
pub struct Sender {
    store: Store,
    clock: Clock,
    writer: Writer,
    from: Mailbox,
    transport: Transport,
    board: Board,
    in_hand: Micros,
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
    Untried(Halt),
}

/// Why no more letters are sent now.
#[derive(Clone)]
enum Halt {
    /// The server takes none of ours.
    Shut(String),
    /// The service ends.
    Stopped,
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
            Undelivered::Shut(reason) => Self::Untried(Halt::Shut(reason)),
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
        // The connection that stood open, a new one and the letter have this time each.
        let all = settings.patience.saturating_mul(3 * u32::from(AT_ONCE)).as_micros();
        let in_hand = Micros::try_from(all).unwrap_or(Micros::MAX / 2).saturating_add(TO_SPARE).max(IN_HAND);
        Ok(Self { store, clock, writer, from, transport, board: Board::default(), in_hand })
    }

    /// The same, which shows on `board` whether the server takes our letters.
    #[must_use]
    pub fn shown_on(self, board: Board) -> Self {
        if self.is_open() {
            board.enter(NAME);
        }
        Self { board, ..self }
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

    /// Sends all that is due, until `stop` says so; how many were sent. What is in hand then goes back: a letter that was
    /// half way may come twice.
    ///
    /// # Errors
    /// When the queue cannot be reached.
    pub async fn pass(&self, stop: &watch::Receiver<bool>) -> Result<usize, StoreError> {
        let limit = usize::from(AT_ONCE);
        let (mut stop, mut sent, mut halt) = (stop.clone(), 0, None);
        loop {
            let now = (self.clock)();
            let taken = self.store.take_due_mails(now, now + self.in_hand, limit).await?;
            let last = taken.len() < limit;
            for queued in taken {
                let outcome = match &halt {
                    Some(halt) => Outcome::Untried(Halt::clone(halt)),
                    None => self.attempt(&queued, &mut stop).await,
                };
                if let Outcome::Untried(why) = &outcome {
                    halt = Some(why.clone());
                }
                sent += usize::from(self.settle(&queued, outcome).await?);
            }
            if last || halt.is_some() {
                break;
            }
        }
        self.transport.rest().await;
        self.show(sent, halt);
        Ok(sent)
    }

    /// Tells the operator when the server takes no letters, and when it does again.
    fn show(&self, sent: usize, halt: Option<Halt>) {
        match halt {
            Some(Halt::Shut(reason)) => {
                tracing::warn!(%reason, "the mail server takes no letters: they wait");
                self.board.waits(NAME, Some(reason));
            }
            None if sent > 0 => self.board.waits(NAME, None),
            Some(Halt::Stopped) | None => {}
        }
    }

    async fn attempt(&self, queued: &QueuedMail, stop: &mut watch::Receiver<bool>) -> Outcome {
        tokio::select! {
            biased;
            () = stopped(stop) => Outcome::Untried(Halt::Stopped),
            done = self.deliver(queued) => done.map_or_else(|outcome| outcome, |()| Outcome::Sent),
        }
    }

    async fn settle(&self, queued: &QueuedMail, outcome: Outcome) -> Result<bool, StoreError> {
        let mail = &queued.mail;
        let now = (self.clock)();
        let wait = usize::try_from(queued.attempts.saturating_sub(1)).ok().and_then(|nth| WAITS.get(nth));
        let (attempt, word) = match (outcome, wait) {
            (Outcome::Sent, _) => (MailAttempt::Sent(now), "sent"),
            (Outcome::Later(reason), Some(wait)) => (MailAttempt::Later(now + wait, reason), "postponed"),
            (Outcome::Later(reason), None) | (Outcome::Never(reason), _) => {
                (MailAttempt::GivenUp(now, reason), "failed")
            }
            (Outcome::Untried(Halt::Shut(reason)), _) => (MailAttempt::Untried(now + SHUT, reason), "postponed"),
            (Outcome::Untried(Halt::Stopped), _) => {
                (MailAttempt::Untried(now, "the service was stopped".to_owned()), "postponed")
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

/// Returns when the service ends.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
