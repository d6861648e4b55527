//! Sorts PostgreSQL's errors by what they say about the statement: it is wrong, it came too late, it was not done, or
//! nobody can tell.

use sqlx::postgres::{PgDatabaseError, PgSeverity};

use crate::error::{AppendError, OpenError, StoreError};

/// Why a statement, or a transaction, did not go through.
#[derive(Debug)]
pub(super) enum Fault {
    /// The connection is gone: what was under way may or may not have been committed.
    Lost(String),
    /// There was no connection to ask on: nothing was sent.
    Unreached(String),
    /// A unique value has been taken by somebody else (SQLSTATE 23505); the name of the constraint.
    Taken(String),
    /// The server undid the transaction for another one's sake; the same may be tried again.
    Again(String),
    /// What was asked cannot be stored, whenever it is tried.
    Data(String),
    /// The server undid it for reasons of its own: no space, no time, read-only.
    Unable(String),
}

impl Fault {
    /// Whether the connection may be used again.
    pub(super) fn spares_the_link(&self) -> bool {
        matches!(self, Self::Taken(_) | Self::Again(_) | Self::Data(_))
    }

    pub(super) fn reason(&self) -> &str {
        match self {
            Self::Lost(reason)
            | Self::Unreached(reason)
            | Self::Taken(reason)
            | Self::Again(reason)
            | Self::Data(reason)
            | Self::Unable(reason) => reason,
        }
    }

    /// The answer to a question: whatever it did not do, it changed nothing.
    pub(super) fn of_reading(self) -> StoreError {
        match self {
            Self::Data(reason) => StoreError::Refused(reason),
            Self::Lost(reason)
            | Self::Unreached(reason)
            | Self::Taken(reason)
            | Self::Again(reason)
            | Self::Unable(reason) => StoreError::Unavailable(reason),
        }
    }

    /// The answer to a small write.
    pub(super) fn of_writing(self) -> StoreError {
        match self {
            Self::Lost(reason) => StoreError::Unknown(reason),
            Self::Data(reason) | Self::Taken(reason) => StoreError::Refused(reason),
            Self::Unreached(reason) | Self::Again(reason) | Self::Unable(reason) => StoreError::Unavailable(reason),
        }
    }

    /// The answer to a command that was alone in its transaction.
    pub(super) fn of_append(&self) -> AppendError {
        match self {
            Self::Lost(reason) => AppendError::Unknown(reason.clone()),
            Self::Data(reason) | Self::Taken(reason) => AppendError::Refused(reason.clone()),
            Self::Unreached(reason) | Self::Again(reason) | Self::Unable(reason) => {
                AppendError::Unavailable(reason.clone())
            }
        }
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(reported) = &error
            && let Some(reported) = reported.try_downcast_ref::<PgDatabaseError>()
        {
            return of_server(reported);
        }
        if matches!(error, sqlx::Error::Encode(_) | sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. }) {
            return Self::Data(error.to_string());
        }
        // Anything else is the way to the server: sockets, TLS, the protocol.
        Self::Lost(error.to_string())
    }
}

impl From<Fault> for OpenError {
    fn from(fault: Fault) -> Self {
        Self::Database(fault.reason().to_owned())
    }
}

fn of_server(error: &PgDatabaseError) -> Fault {
    let reason = format!("{} (SQLSTATE {})", error.message(), error.code());
    // After FATAL and PANIC the server ends the connection, perhaps in the middle of a commit.
    if matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic) {
        return Fault::Lost(reason);
    }
    match (error.code(), error.code().get(..2)) {
        ("23505", _) => Fault::Taken(error.constraint().unwrap_or(error.message()).to_owned()),
        ("40001" | "40P01", _) => Fault::Again(reason),
        // Data, integrity, size of one value, and what our triggers refuse.
        ("P0001", _) | (_, Some("22" | "23" | "54")) => Fault::Data(reason),
        (_, Some("08")) => Fault::Lost(reason),
        _ => Fault::Unable(reason),
    }
}

/// An integer of ours as PostgreSQL keeps it. Nothing that is stored comes near the limit; a question beyond it means
/// "after everything".
pub(super) fn integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A row limit as PostgreSQL takes it.
pub(super) fn limit(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
