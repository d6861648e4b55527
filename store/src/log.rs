//! What is written to and read from the log. Payloads and metadata are JSON text, kept byte for byte.

use uuid::Uuid;

use crate::access::{NewCredential, Proof};
use crate::options::Micros;
use crate::pending_emails::NewPendingEmail;
use crate::vault::SealedField;

/// An event that is not yet stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// `UUIDv7`, made by the caller before the append.
    pub event_id: Uuid,
    /// Wire name, e.g. `BasketLineAdded`.
    pub event_type: String,
    /// Version of the payload's shape, e.g. `1.0`.
    pub event_version: String,
    /// JSON object with one key, the wire name.
    pub payload: String,
    /// Flat JSON object of strings, keys sorted.
    pub metadata: String,
}

/// Events for one stream; they get the sequences `expected + 1` onwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamAppend {
    /// Type of the aggregate.
    pub aggregate_type: String,
    /// Id of the aggregate.
    pub aggregate_id: String,
    /// Sequence of the stream's last event; 0 for a new stream.
    pub expected: u64,
    /// What happened, in order.
    pub events: Vec<NewEvent>,
}

/// Everything that one command writes, in one transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Append {
    /// Code of the ledger.
    pub ledger: String,
    /// The command opens the ledger, which must not exist.
    pub opens_ledger: bool,
    /// Streams of that ledger; positions follow this order.
    pub streams: Vec<StreamAppend>,
    /// What is written beside the events, in this order.
    pub beside: Vec<Beside>,
}

/// The closed list of what a command may write beside its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beside {
    /// The answer that a repetition of the command gets.
    Outcome(NewOutcome),
    /// Sealed personal data that the events name by digest.
    Sealed(SealedField),
    /// Takes a unique value of the ledger. The present holder may claim again.
    Claim {
        /// Kind of the value, e.g. `email`.
        kind: String,
        /// Blind index of the value.
        value: [u8; 32],
        /// Who holds it from now on.
        holder: String,
    },
    /// Gives a unique value back; nothing happens if nobody holds it.
    Release {
        /// Kind of the value.
        kind: String,
        /// Blind index of the value.
        value: [u8; 32],
    },
    /// Writes nothing itself: the whole command is refused once the proof counts no more.
    Proven(Proof),
    /// Sets what an account signs in with; an outstanding reset link dies with it, and the new login that waits.
    Credential(NewCredential),
    /// Takes the password from an account whose person has not shown that the login is his, and ends its sessions and the
    /// new login that waits: whoever set it may be a stranger.
    DropUnproven {
        /// The account.
        account: Uuid,
    },
    /// Kills the outstanding reset link of an account, e.g. after a change of e-mail.
    EndResetLink {
        /// The account.
        account: Uuid,
    },
    /// Ends the sessions that an account holds in another's place and that rest on one ground.
    EndMandates {
        /// The account that acts.
        account: Uuid,
        /// The delegation; none: the power of substitution.
        delegation: Option<Uuid>,
    },
    /// From now on sign-ins of an account demand the second factor with this secret, also where another was begun
    /// meanwhile; its recovery codes begin anew.
    ConfirmSecondFactor {
        /// The account.
        account: Uuid,
        /// The secret that a code has proven, as it lies in the store.
        sealed: Vec<u8>,
        /// When, in µs.
        at: Micros,
        /// The time step of the code that has proven it: it counts as used.
        step: i64,
        /// SHA-256 of each recovery code.
        recovery: Vec<[u8; 32]>,
    },
    /// Forgets the second factor of an account with its recovery codes.
    DropSecondFactor {
        /// The account.
        account: Uuid,
    },
    /// Ends the sessions of an account, and those that others hold in its place.
    EndSessions {
        /// The account.
        account: Uuid,
        /// Token hash of the one session that goes on.
        except: Option<[u8; 32]>,
    },
    /// Rewrites role and institutions in the sessions of an account. Those in another's place, and those that others
    /// hold in its place, end: what they may do follows from both accounts.
    UpdateSessions {
        /// The account.
        account: Uuid,
        /// The role from now on.
        role: String,
        /// The institutions from now on.
        institutions: Vec<Uuid>,
    },
    /// Keeps a new login until it is confirmed; its text goes into the vault beside it.
    PendingEmail(NewPendingEmail),
    /// Forgets the new login that an account waits for, with its sealed text.
    EndPendingEmail {
        /// The account.
        account: Uuid,
        /// Digest of the text that stays: an event names it from now on.
        keeps: Option<[u8; 32]>,
    },
    /// Forgets all that stands beside the log of an account whose person is erased: what it signs in with, its sessions
    /// and those in its place, its second factor, its waiting login, its letters, every unique value that it holds.
    ForgetAccount {
        /// The account.
        account: Uuid,
    },
}

/// The answer to a command, kept 7 days under its idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOutcome {
    /// Account or key that sent the command, and in whose place.
    pub account: String,
    /// The `Idempotency-Key`.
    pub key: String,
    /// Hash of method, path and body.
    pub request_hash: [u8; 32],
    /// HTTP status of the answer.
    pub status: u16,
    /// Body of the answer.
    pub body: String,
    /// Sequence of the aggregate after the command.
    pub sequence: u64,
}

/// A kept answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Hash of method, path and body.
    pub request_hash: [u8; 32],
    /// HTTP status of the answer.
    pub status: u16,
    /// Body of the answer.
    pub body: String,
    /// Sequence of the aggregate after the command.
    pub sequence: u64,
    /// Position of the command's last event.
    pub position: u64,
}

/// Where a command was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Position of the first event; `position + 1` when the command had none.
    pub first: u64,
    /// Position of the last event; the ledger's head when the command had none.
    pub position: u64,
    /// When the events were recorded.
    pub recorded_at: Micros,
}

/// An event as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Code of the ledger.
    pub ledger: String,
    /// Place in the ledger: 1, 2, 3, .. without gaps.
    pub position: u64,
    /// Id given by the writer.
    pub event_id: Uuid,
    /// Type of the aggregate.
    pub aggregate_type: String,
    /// Id of the aggregate.
    pub aggregate_id: String,
    /// Place in the stream: 1, 2, 3, .. without gaps.
    pub sequence: u64,
    /// Wire name.
    pub event_type: String,
    /// Version of the payload's shape.
    pub event_version: String,
    /// When it was recorded; never falls as the position rises.
    pub recorded_at: Micros,
    /// JSON, as written.
    pub payload: String,
    /// JSON, as written.
    pub metadata: String,
}

/// Where a ledger stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Code of the ledger.
    pub ledger: String,
    /// Position of its last event.
    pub position: u64,
    /// When that was recorded.
    pub recorded_at: Micros,
    /// Changes when the ledger's history may have been replaced (a restore).
    pub epoch: Uuid,
    /// Revision of the last change of an article.
    pub article_revision: u64,
}
