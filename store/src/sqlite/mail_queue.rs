//! Mails that wait.

use rusqlite::{Row, params, types::Type};
use uuid::Uuid;

use super::Sqlite;
use super::failure::limit;
use crate::error::StoreError;
use crate::mail_queue::{MailAttempt, MailState, NewMail, QueuedMail};
use crate::options::Micros;

const QUEUE: &str = "INSERT INTO mail_queue (ledger, id, kind, account, args, queued_at, next_attempt_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) ON CONFLICT (ledger, id) DO NOTHING";
const TAKE: &str = "UPDATE mail_queue SET attempts = attempts + 1, next_attempt_at = ?2
    WHERE (ledger, id) IN (SELECT ledger, id FROM mail_queue WHERE state = 'waiting' AND next_attempt_at <= ?1
        ORDER BY next_attempt_at LIMIT ?3)
    RETURNING ledger, id, kind, account, args, queued_at, state, attempts, next_attempt_at, last_error";
const SETTLE: &str = "UPDATE mail_queue SET state = ?3, next_attempt_at = coalesce(?4, next_attempt_at), ended_at = ?5,
        last_error = ?6, attempts = attempts - ?7
    WHERE ledger = ?1 AND id = ?2 AND state = 'waiting'";
const LIST: &str = "SELECT ledger, id, kind, account, args, queued_at, state, attempts, next_attempt_at, last_error
    FROM mail_queue WHERE ledger = ?1 AND state = ?2 ORDER BY queued_at, id LIMIT ?3";
const LIST_TO: &str = "SELECT ledger, id, kind, account, args, queued_at, state, attempts, next_attempt_at, last_error
    FROM mail_queue WHERE ledger = ?1 AND account = ?2 ORDER BY queued_at, id";
const LIST_OF: &str = "SELECT ledger, id, kind, account, args, queued_at, state, attempts, next_attempt_at, last_error
    FROM mail_queue WHERE ledger = ?1 AND kind = ?2 ORDER BY queued_at, id";
const COUNT: &str = "SELECT count(*) FROM mail_queue WHERE state = ?1";

impl Sqlite {
    pub(crate) async fn queue_mail(&self, mail: NewMail) -> Result<bool, StoreError> {
        self.queue
            .call(move |connection| {
                let queued = connection.prepare_cached(QUEUE)?.execute(params![
                    mail.ledger,
                    mail.id.as_bytes(),
                    mail.kind,
                    mail.account.as_bytes(),
                    mail.args,
                    mail.queued_at,
                ])?;
                Ok(queued > 0)
            })
            .await
    }

    pub(crate) async fn take_due_mails(
        &self,
        now: Micros,
        until: Micros,
        count: usize,
    ) -> Result<Vec<QueuedMail>, StoreError> {
        self.queue
            .call(move |connection| {
                let mut statement = connection.prepare_cached(TAKE)?;
                let rows = statement.query_map(params![now, until, limit(count)], queued)?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }

    pub(crate) async fn settle_mail(&self, ledger: &str, id: Uuid, attempt: MailAttempt) -> Result<(), StoreError> {
        let ledger = ledger.to_owned();
        self.queue
            .call(move |connection| {
                let (state, due, ended, why) = attempt.columns();
                let settled = params![ledger, id.as_bytes(), state.as_str(), due, ended, why, attempt.uncounted()];
                connection.prepare_cached(SETTLE)?.execute(settled)?;
                Ok(())
            })
            .await
    }

    pub(crate) async fn list_mails(
        &self,
        ledger: &str,
        state: MailState,
        count: usize,
    ) -> Result<Vec<QueuedMail>, StoreError> {
        let ledger = ledger.to_owned();
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(LIST)?;
                let rows = statement.query_map(params![ledger, state.as_str(), limit(count)], queued)?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }

    pub(crate) async fn list_mails_to(&self, ledger: &str, account: Uuid) -> Result<Vec<QueuedMail>, StoreError> {
        let ledger = ledger.to_owned();
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(LIST_TO)?;
                let rows = statement.query_map(params![ledger, account.as_bytes()], queued)?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }

    pub(crate) async fn list_mails_of(&self, ledger: &str, kind: &str) -> Result<Vec<QueuedMail>, StoreError> {
        let (ledger, kind) = (ledger.to_owned(), kind.to_owned());
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(LIST_OF)?;
                let rows = statement.query_map([ledger, kind], queued)?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }

    pub(crate) async fn count_mails(&self, state: MailState) -> Result<u64, StoreError> {
        self.readers
            .query(move |connection| {
                let count: i64 = connection.prepare_cached(COUNT)?.query_row([state.as_str()], |row| row.get(0))?;
                Ok(count.cast_unsigned())
            })
            .await
    }
}

fn queued(row: &Row<'_>) -> rusqlite::Result<QueuedMail> {
    let word: String = row.get(6)?;
    let state =
        MailState::parse(&word).ok_or_else(|| rusqlite::Error::InvalidColumnType(6, "state".to_owned(), Type::Text))?;
    Ok(QueuedMail {
        mail: NewMail {
            ledger: row.get(0)?,
            id: Uuid::from_bytes(row.get(1)?),
            kind: row.get(2)?,
            account: Uuid::from_bytes(row.get(3)?),
            args: row.get(4)?,
            queued_at: row.get(5)?,
        },
        state,
        attempts: row.get::<_, i64>(7)?.cast_unsigned(),
        next_attempt_at: row.get(8)?,
        last_error: row.get(9)?,
    })
}
