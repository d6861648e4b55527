//! Mails that wait.

use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::Postgres;
use super::failure::{Fault, limit};
use crate::error::StoreError;
use crate::mail_queue::{MailAttempt, MailState, NewMail, QueuedMail};
use crate::options::Micros;

const QUEUE: &str = "INSERT INTO mail_queue (ledger, id, kind, account, args, queued_at, next_attempt_at)
    VALUES ($1, $2, $3, $4, $5::json, $6, $6) ON CONFLICT (ledger, id) DO NOTHING RETURNING id";
// SKIP LOCKED: two nodes that look at once take different mails and do not wait for one another.
const TAKE: &str = "UPDATE mail_queue q SET attempts = q.attempts + 1, next_attempt_at = $2
    FROM (SELECT ledger, id FROM mail_queue WHERE state = 'waiting' AND next_attempt_at <= $1
        ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED) due
    WHERE q.ledger = due.ledger AND q.id = due.id
    RETURNING q.ledger, q.id, q.kind, q.account, q.args::text, q.queued_at, q.state, q.attempts, q.next_attempt_at,
        q.last_error";
const SETTLE: &str = "UPDATE mail_queue SET state = $3, next_attempt_at = coalesce($4, next_attempt_at), ended_at = $5,
        last_error = $6, attempts = attempts - $7
    WHERE ledger = $1 AND id = $2 AND state = 'waiting'";
const LIST: &str = "SELECT ledger, id, kind, account, args::text, queued_at, state, attempts, next_attempt_at,
        last_error
    FROM mail_queue WHERE ledger = $1 AND state = $2 ORDER BY queued_at, id LIMIT $3";
const LIST_TO: &str = "SELECT ledger, id, kind, account, args::text, queued_at, state, attempts, next_attempt_at,
        last_error
    FROM mail_queue WHERE ledger = $1 AND account = $2 ORDER BY queued_at, id";
const LIST_OF: &str = "SELECT ledger, id, kind, account, args::text, queued_at, state, attempts, next_attempt_at,
        last_error
    FROM mail_queue WHERE ledger = $1 AND kind = $2 ORDER BY queued_at, id";
const COUNT: &str = "SELECT count(*) FROM mail_queue WHERE state = $1";

impl Postgres {
    pub(crate) async fn queue_mail(&self, mail: NewMail) -> Result<bool, StoreError> {
        let query = sqlx::query(QUEUE)
            .bind(&mail.ledger)
            .bind(mail.id)
            .bind(&mail.kind)
            .bind(mail.account)
            .bind(&mail.args)
            .bind(mail.queued_at);
        Ok(!self.write(query).await?.is_empty())
    }

    pub(crate) async fn take_due_mails(
        &self,
        now: Micros,
        until: Micros,
        count: usize,
    ) -> Result<Vec<QueuedMail>, StoreError> {
        let rows = self.write(sqlx::query(TAKE).bind(now).bind(until).bind(limit(count))).await?;
        rows.iter().map(queued).collect::<Result<_, _>>().map_err(|error| Fault::from(error).of_writing())
    }

    pub(crate) async fn settle_mail(&self, ledger: &str, id: Uuid, attempt: MailAttempt) -> Result<(), StoreError> {
        let (state, due, ended, why) = attempt.columns();
        let query = sqlx::query(SETTLE).bind(ledger).bind(id).bind(state.as_str()).bind(due).bind(ended).bind(why);
        self.write(query.bind(attempt.uncounted())).await.map(|_| ())
    }

    pub(crate) async fn list_mails(
        &self,
        ledger: &str,
        state: MailState,
        count: usize,
    ) -> Result<Vec<QueuedMail>, StoreError> {
        self.list(queued, || sqlx::query(LIST).bind(ledger).bind(state.as_str()).bind(limit(count))).await
    }

    pub(crate) async fn list_mails_to(&self, ledger: &str, account: Uuid) -> Result<Vec<QueuedMail>, StoreError> {
        self.list(queued, || sqlx::query(LIST_TO).bind(ledger).bind(account)).await
    }

    pub(crate) async fn list_mails_of(&self, ledger: &str, kind: &str) -> Result<Vec<QueuedMail>, StoreError> {
        self.list(queued, || sqlx::query(LIST_OF).bind(ledger).bind(kind)).await
    }

    pub(crate) async fn count_mails(&self, state: MailState) -> Result<u64, StoreError> {
        let count = self.find(|row| row.try_get::<i64, _>(0), || sqlx::query(COUNT).bind(state.as_str())).await?;
        Ok(count.unwrap_or_default().cast_unsigned())
    }
}

fn queued(row: &PgRow) -> Result<QueuedMail, sqlx::Error> {
    let word: String = row.try_get(6)?;
    let state = MailState::parse(&word).ok_or_else(|| sqlx::Error::Decode(format!("state {word}").into()))?;
    Ok(QueuedMail {
        mail: NewMail {
            ledger: row.try_get(0)?,
            id: row.try_get(1)?,
            kind: row.try_get(2)?,
            account: row.try_get(3)?,
            args: row.try_get(4)?,
            queued_at: row.try_get(5)?,
        },
        state,
        attempts: row.try_get::<i64, _>(7)?.cast_unsigned(),
        next_attempt_at: row.try_get(8)?,
        last_error: row.try_get(9)?,
    })
}
