//! What is asked while the head of a ledger is locked: what is there, and what became of a lost attempt.

use std::collections::HashMap;

use sqlx::Row;
use uuid::Uuid;

use super::batch::{Answer, Known, Stream, Value, count, name, outcome_keys};
use super::failure::{Fault, integer};
use super::link::Link;
use crate::error::AppendError;
use crate::log::{Append, Beside, Receipt, StreamAppend};
use crate::options::Micros;

const LOCK: &str = "SELECT position, recorded_at FROM ledger_heads WHERE ledger = $1 FOR UPDATE";
// One microsecond early, so that the first event is recorded now.
const OPEN: &str = "INSERT INTO ledger_heads (ledger, position, recorded_at, epoch)
    VALUES ($1, 0, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint - 1, $2)";
const WRITTEN: &str = "SELECT e.event_id, e.position, e.recorded_at
    FROM unnest($1::text[], $2::text[], $3::bigint[]) AS s(aggregate_type, aggregate_id, sequence)
    JOIN events e ON e.aggregate_type = s.aggregate_type AND e.aggregate_id = s.aggregate_id AND e.sequence = s.sequence";
// The stream's key has no ledger in it, so an id of another shop is seen here and taken for what it is: not ours.
const LASTS: &str = "SELECT s.n, last.sequence, last.ledger = $1
    FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS s(aggregate_type, aggregate_id, n)
    CROSS JOIN LATERAL (SELECT e.sequence, e.ledger FROM events e WHERE e.aggregate_type = s.aggregate_type
        AND e.aggregate_id = s.aggregate_id ORDER BY e.sequence DESC LIMIT 1) AS last";
const KEYS: &str = "SELECT k.n FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS k(account, key, n)
    JOIN outcomes o ON o.ledger = $1 AND o.account = k.account AND o.key = k.key";
const FORGET: &str = "DELETE FROM outcomes o USING unnest($2::text[], $3::text[]) AS k(account, key)
    WHERE o.ledger = $1 AND o.account = k.account AND o.key = k.key AND o.recorded_at < $4";
const HOLDERS: &str = "SELECT v.n, c.holder FROM unnest($2::text[], $3::bytea[]) WITH ORDINALITY AS v(kind, value, n)
    JOIN claims c ON c.ledger = $1 AND c.kind = v.kind AND c.value = v.value";

/// Where a locked ledger stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    position: i64,
    recorded_at: Micros,
}

/// Locks the head of a ledger until the end of the transaction; `None`: no such ledger.
pub(super) async fn lock_head(link: &mut Link, ledger: &str) -> Result<Option<Place>, Fault> {
    let rows = link.rows(sqlx::query(LOCK).bind(ledger)).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(Place { position: row.try_get(0)?, recorded_at: row.try_get(1)? }))
}

/// Makes the head of a new ledger, locked.
pub(super) async fn open(link: &mut Link, ledger: &str) -> Result<(), Fault> {
    link.execute(sqlx::query(OPEN).bind(ledger).bind(new_epoch())).await.map(|_| ())
}

/// A fresh epoch: random, since it only has to differ.
pub(super) fn new_epoch() -> Uuid {
    uuid::Builder::from_random_bytes(rand::random()).into_uuid()
}

/// Answers for the commands of an attempt that may have been committed. It was all or nothing: one event of ours that is
/// there proves it, one that is not there disproves it, and without any event nobody can tell.
pub(super) async fn settle_doubts(
    link: &mut Link,
    commands: &[&Append],
    head: Place,
    answers: &mut [Option<Answer>],
) -> Result<(), Fault> {
    let firsts: Vec<_> = commands.iter().map(|command| first(command)).collect();
    let written = written(link, firsts.iter().flatten().map(|(stream, _)| *stream)).await?;
    for ((command, first), answer) in commands.iter().zip(&firsts).zip(answers.iter_mut()) {
        let Some((_, event_id)) = first else { continue };
        if let Some(place) = written.get(event_id) {
            let first = place.position.cast_unsigned();
            let position = first + count(command) as u64 - 1;
            *answer = Some(Ok(Receipt { first, position, recorded_at: place.recorded_at }));
        }
    }
    let disproved = firsts.iter().any(Option::is_some) && answers.iter().all(Option::is_none);
    for (first, answer) in firsts.iter().zip(answers) {
        if first.is_none() && !disproved {
            let reason = format!("the connection was lost at or after position {}", head.position);
            *answer = Some(Err(AppendError::Unknown(reason)));
        }
    }
    Ok(())
}

/// A command's first event and the stream that it belongs to.
fn first(command: &Append) -> Option<(&StreamAppend, Uuid)> {
    command.streams.iter().find_map(|stream| Some((stream, stream.events.first()?.event_id)))
}

/// The events that stand where these streams were to go on.
async fn written(
    link: &mut Link,
    streams: impl Iterator<Item = &StreamAppend> + Clone,
) -> Result<HashMap<Uuid, Place>, Fault> {
    let types: Vec<_> = streams.clone().map(|stream| stream.aggregate_type.as_str()).collect();
    let ids: Vec<_> = streams.clone().map(|stream| stream.aggregate_id.as_str()).collect();
    let sequences: Vec<_> = streams.map(|stream| integer(stream.expected + 1)).collect();
    let rows = link.rows(sqlx::query(WRITTEN).bind(types).bind(ids).bind(sequences)).await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, Place { position: row.try_get(1)?, recorded_at: row.try_get(2)? })))
        .collect()
}

/// Forgets the outcomes of these commands' keys that are older than they are kept.
pub(super) async fn forget_old_keys(
    link: &mut Link,
    ledger: &str,
    commands: &[&Append],
    oldest: Micros,
) -> Result<(), Fault> {
    let (accounts, keys): (Vec<_>, Vec<_>) = commands.iter().flat_map(|command| outcome_keys(command)).unzip();
    if !keys.is_empty() {
        link.execute(sqlx::query(FORGET).bind(ledger).bind(accounts).bind(keys).bind(oldest)).await?;
    }
    Ok(())
}

/// What is there of all that these commands speak of.
pub(super) async fn present<'a>(link: &mut Link, ledger: &str, commands: &[&'a Append]) -> Result<Known<'a>, Fault> {
    let streams: Vec<Stream<'a>> = commands.iter().flat_map(|command| &command.streams).map(name).collect();
    let keys: Vec<_> = commands.iter().flat_map(|command| outcome_keys(command)).collect();
    let values: Vec<Value<'a>> = commands.iter().flat_map(|command| &command.beside).filter_map(claimed).collect();
    let mut known = Known::default();

    let (types, ids): (Vec<_>, Vec<_>) = streams.iter().copied().unzip();
    for row in link.rows(sqlx::query(LASTS).bind(ledger).bind(types).bind(ids)).await? {
        let (sequence, ours): (i64, bool) = (row.try_get(1)?, row.try_get(2)?);
        known.streams.insert(streams[index(&row)?], ours.then_some(sequence.cast_unsigned()));
    }
    if !keys.is_empty() {
        let (accounts, names): (Vec<_>, Vec<_>) = keys.iter().copied().unzip();
        for row in link.rows(sqlx::query(KEYS).bind(ledger).bind(accounts).bind(names)).await? {
            known.keys.insert(keys[index(&row)?]);
        }
    }
    if !values.is_empty() {
        let kinds: Vec<_> = values.iter().map(|(kind, _)| *kind).collect();
        let indexes: Vec<_> = values.iter().map(|(_, value)| value.as_slice()).collect();
        for row in link.rows(sqlx::query(HOLDERS).bind(ledger).bind(kinds).bind(indexes)).await? {
            known.holders.insert(values[index(&row)?], row.try_get(1)?);
        }
    }
    Ok(known)
}

fn claimed(beside: &Beside) -> Option<Value<'_>> {
    match beside {
        Beside::Claim { kind, value, .. } | Beside::Release { kind, value } => Some((kind, value)),
        Beside::Outcome(_)
        | Beside::Sealed(_)
        | Beside::Proven(_)
        | Beside::Credential(_)
        | Beside::DropUnproven { .. }
        | Beside::EndResetLink { .. }
        | Beside::EndMandates { .. }
        | Beside::ConfirmSecondFactor { .. }
        | Beside::DropSecondFactor { .. }
        | Beside::EndSessions { .. }
        | Beside::UpdateSessions { .. }
        | Beside::PendingEmail(_)
        | Beside::EndPendingEmail { .. }
        | Beside::ForgetAccount { .. } => None,
    }
}

/// Which of the asked-for things a row speaks of: WITH ORDINALITY counts from one.
fn index(row: &sqlx::postgres::PgRow) -> Result<usize, Fault> {
    let ordinal: i64 = row.try_get(0)?;
    usize::try_from(ordinal - 1).map_err(|error| Fault::Data(error.to_string()))
}
