//! Sorts SQLite's errors: those that one command's data provokes and those that stop everybody.

use rusqlite::ErrorCode;

use crate::error::{AppendError, OpenError, StoreError};

/// Why a step inside a batch did not go through.
#[derive(Debug)]
pub(super) enum Halt<E> {
    /// This command alone is refused; what it wrote is undone, the others go on.
    Own(E),
    /// The database fails: nothing of the batch is kept.
    Batch(rusqlite::Error),
}

/// An error type that has a case for data which cannot be stored.
pub(super) trait Refusable {
    /// That case.
    fn refused(reason: String) -> Self;
}

impl Refusable for AppendError {
    fn refused(reason: String) -> Self {
        Self::Refused(reason)
    }
}

impl Refusable for StoreError {
    fn refused(reason: String) -> Self {
        Self::Refused(reason)
    }
}

impl<E: Refusable> From<rusqlite::Error> for Halt<E> {
    fn from(error: rusqlite::Error) -> Self {
        if is_own(&error) { Self::Own(E::refused(error.to_string())) } else { Self::Batch(error) }
    }
}

impl From<StoreError> for Halt<StoreError> {
    fn from(error: StoreError) -> Self {
        Self::Own(error)
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.to_string())
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        if is_own(&error) { Self::Refused(error.to_string()) } else { Self::Unavailable(error.to_string()) }
    }
}

/// Whether an error comes from what was asked, not from the state of the database.
pub(super) fn is_own(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code().is_none_or(|code| {
        matches!(
            code,
            ErrorCode::ConstraintViolation
                | ErrorCode::TypeMismatch
                | ErrorCode::TooBig
                | ErrorCode::Unknown
                | ErrorCode::OperationAborted
                | ErrorCode::ParameterOutOfRange
        )
    })
}

/// Whether the error says for certain that a commit did not happen, and the handle is as good as before. A full disk
/// cuts the commit record short, a busy database has not begun to write it.
pub(super) fn wrote_nothing(error: &rusqlite::Error) -> bool {
    error
        .sqlite_error_code()
        .is_some_and(|code| matches!(code, ErrorCode::DiskFull | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// An integer of ours as SQLite keeps it. Nothing that is stored comes near the limit; a question beyond it means
/// "after everything".
pub(super) fn integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A row limit as SQLite takes it.
pub(super) fn limit(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
