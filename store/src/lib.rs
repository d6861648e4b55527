//! Where facts are kept: one log of events per ledger, the vault of sealed personal data with its keys, and the little
//! that nodes must share beside them (outcomes, claims, numbers, credentials, sessions, keys, refusals, articles, mails,
//! leases of reactors).
//!
//! What must stay true: an answer is given only after what it tells of is durable; positions of a ledger are dense and
//! in commit order; nothing here reads the JSON it keeps, nor knows what a basket is.

mod access;
mod articles;
mod erasures;
mod error;
mod import;
mod leaf;
mod log;
mod mail_queue;
mod merkle;
mod options;
mod pending_emails;
mod postgres;
mod reactors;
mod refusals;
mod retention;
mod sqlite;
mod store;
mod vault;

pub use access::{
    ApiKey, Credential, IdentityTry, LockPolicy, LockState, NewApiKey, NewCredential, NewSession, Proof, ResetLink,
    ResetUse, SecondFactor, Session,
};
pub use articles::{ArticlePrice, ArticlePut, ArticleVerdict, StoredArticle};
pub use erasures::{Erasure, SubjectKey};
pub use error::{AppendError, OpenError, StoreError};
pub use import::{Arriving, ImportError, ImportPart};
pub use leaf::leaf;
pub use log::{Append, Beside, Head, NewEvent, NewOutcome, Outcome, Receipt, StoredEvent, StreamAppend};
pub use mail_queue::{MailAttempt, MailState, NewMail, QueuedMail};
pub use merkle::MerkleTree;
pub use options::{Clock, Micros, Options};
pub use pending_emails::{NewPendingEmail, PendingEmail};
pub use postgres::Postgres;
pub use reactors::{Lease, Parked};
pub use refusals::{Refusal, RefusalKey, RefusalQuery};
pub use retention::{Expired, Limits, Usage};
pub use sqlite::Sqlite;
pub use store::Store;
pub use vault::{MalformedSeal, Purpose, SealedBytes, SealedField};
