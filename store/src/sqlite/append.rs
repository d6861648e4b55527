//! Appends one command inside the writer's transaction: checks, then inserts. The write lock is held, so what is
//! checked here stays true until the commit.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::failure::{Halt, integer};
use super::{access, pending_emails, shared, vault};
use crate::error::AppendError;
use crate::log::{Append, Beside, NewOutcome, Receipt, StreamAppend};
use crate::options::Micros;

type Halted = Halt<AppendError>;

/// How long an outcome is kept, in µs.
pub(super) const OUTCOMES_KEPT: Micros = 7 * 24 * 3_600 * 1_000_000;

/// The heads that a batch has touched: read once, moved in memory, written once before the commit.
#[derive(Default)]
pub(super) struct Heads {
    known: HashMap<String, Place>,
    outcomes: i64,
}

#[derive(Clone, Copy)]
struct Place {
    position: i64,
    recorded_at: Micros,
}

const HEAD: &str = "SELECT position, recorded_at FROM ledger_heads WHERE ledger = ?1";
const OPEN: &str = "INSERT INTO ledger_heads (ledger, position, recorded_at, epoch) VALUES (?1, 0, ?2, ?3)";
const MOVE: &str = "UPDATE ledger_heads SET position = ?2, recorded_at = ?3 WHERE ledger = ?1";
const LAST: &str = "SELECT sequence, ledger = ?3 FROM events WHERE aggregate_type = ?1 AND aggregate_id = ?2
    ORDER BY sequence DESC LIMIT 1";
pub(super) const INSERT: &str =
    "INSERT INTO events (ledger, position, event_id, aggregate_type, aggregate_id, sequence,
    event_type, event_version, recorded_at, payload, metadata)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const OUTCOME_TIME: &str = "SELECT recorded_at FROM outcomes WHERE ledger = ?1 AND account = ?2 AND key = ?3";
const FORGET_OUTCOME: &str = "DELETE FROM outcomes WHERE ledger = ?1 AND account = ?2 AND key = ?3";
const INSERT_OUTCOME: &str = "INSERT INTO outcomes (ledger, account, key, request_hash, status, body, sequence,
    position, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const PURGE_OUTCOMES: &str = "DELETE FROM outcomes WHERE rowid IN
    (SELECT rowid FROM outcomes WHERE recorded_at < ?1 ORDER BY recorded_at LIMIT ?2)";

impl Heads {
    fn find(&mut self, connection: &Connection, ledger: &str) -> Result<Option<Place>, Halted> {
        if let Some(place) = self.known.get(ledger) {
            return Ok(Some(*place));
        }
        let place = connection
            .prepare_cached(HEAD)?
            .query_row([ledger], |row| Ok(Place { position: row.get(0)?, recorded_at: row.get(1)? }))
            .optional()?;
        Ok(place)
    }

    fn keep(&mut self, ledger: &str, place: Place) {
        match self.known.get_mut(ledger) {
            Some(known) => *known = place,
            None => {
                self.known.insert(ledger.to_owned(), place);
            }
        }
    }

    /// Writes the heads that have moved.
    pub(super) fn store(&self, connection: &Connection) -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(MOVE)?;
        for (ledger, place) in &self.known {
            statement.execute(params![ledger, place.position, place.recorded_at])?;
        }
        Ok(())
    }
}

/// Writes what one command wants written, or says why not. On an error the caller undoes what was begun.
pub(super) fn append(
    connection: &Connection,
    heads: &mut Heads,
    command: &Append,
    now: Micros,
) -> Result<Receipt, Halted> {
    let ledger = command.ledger.as_str();
    let before = match (heads.find(connection, ledger)?, command.opens_ledger) {
        (Some(_), true) => return Err(Halt::Own(AppendError::LedgerExists)),
        (Some(place), false) => place,
        (None, false) => return Err(Halt::Own(AppendError::UnknownLedger)),
        (None, true) => open(connection, ledger, now)?,
    };
    // Keys first: of two equal commands at once the second is to get the first one's answer, not a conflict.
    check_keys(connection, command, now)?;
    let mut place = Place { position: before.position, recorded_at: now.max(before.recorded_at + 1) };
    for stream in &command.streams {
        insert_stream(connection, ledger, stream, &mut place)?;
    }
    if place.position == before.position {
        place.recorded_at = before.recorded_at;
    }
    let mut outcomes = 0;
    for beside in &command.beside {
        write_beside(connection, ledger, beside, place, now)?;
        outcomes += i64::from(matches!(beside, Beside::Outcome(_)));
    }
    heads.keep(ledger, place);
    heads.outcomes += outcomes;
    Ok(Receipt {
        first: (before.position + 1).cast_unsigned(),
        position: place.position.cast_unsigned(),
        recorded_at: place.recorded_at,
    })
}

fn open(connection: &Connection, ledger: &str, now: Micros) -> Result<Place, Halted> {
    // One microsecond early, so that the first event is recorded now.
    let place = Place { position: 0, recorded_at: now.saturating_sub(1) };
    connection.prepare_cached(OPEN)?.execute(params![ledger, place.recorded_at, new_epoch()])?;
    Ok(place)
}

/// A fresh epoch: random, since it only has to differ.
pub(super) fn new_epoch() -> [u8; 16] {
    uuid::Builder::from_random_bytes(rand::random()).into_uuid().into_bytes()
}

fn check_keys(connection: &Connection, command: &Append, now: Micros) -> Result<(), Halted> {
    for beside in &command.beside {
        if let Beside::Outcome(outcome) = beside {
            let key = params![command.ledger, outcome.account, outcome.key];
            let kept: Option<Micros> =
                connection.prepare_cached(OUTCOME_TIME)?.query_row(key, |row| row.get(0)).optional()?;
            match kept {
                Some(at) if at >= now - OUTCOMES_KEPT => return Err(Halt::Own(AppendError::KeyTaken)),
                Some(_) => {
                    connection.prepare_cached(FORGET_OUTCOME)?.execute(key)?;
                }
                None => {}
            }
        }
    }
    Ok(())
}

fn insert_stream(
    connection: &Connection,
    ledger: &str,
    stream: &StreamAppend,
    place: &mut Place,
) -> Result<(), Halted> {
    // The stream's key has no ledger in it, so an id of another shop is seen here and taken for what it is: not ours.
    let last: Option<(i64, bool)> = connection
        .prepare_cached(LAST)?
        .query_row(params![stream.aggregate_type, stream.aggregate_id, ledger], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (last, ours) = last.unwrap_or((0, true));
    if last != integer(stream.expected) || !ours {
        return Err(Halt::Own(AppendError::Conflict {
            aggregate_type: stream.aggregate_type.clone(),
            aggregate_id: stream.aggregate_id.clone(),
        }));
    }
    let mut insert = connection.prepare_cached(INSERT)?;
    for (sequence, event) in (last + 1..).zip(&stream.events) {
        place.position += 1;
        insert.execute(params![
            ledger,
            place.position,
            event.event_id.as_bytes(),
            stream.aggregate_type,
            stream.aggregate_id,
            sequence,
            event.event_type,
            event.event_version,
            place.recorded_at,
            event.payload,
            event.metadata,
        ])?;
    }
    Ok(())
}

fn write_beside(
    connection: &Connection,
    ledger: &str,
    beside: &Beside,
    place: Place,
    now: Micros,
) -> Result<(), Halted> {
    match beside {
        Beside::Outcome(outcome) => insert_outcome(connection, ledger, outcome, place.position, now),
        Beside::Sealed(sealed) => vault::insert(connection, ledger, sealed),
        Beside::Claim { kind, value, holder } => shared::claim(connection, ledger, kind, value, holder),
        Beside::Release { kind, value } => Ok(shared::release(connection, ledger, kind, value)?),
        Beside::Proven(proof) if access::is_proven(connection, ledger, proof)? => Ok(()),
        Beside::Proven(_) => Err(Halt::Own(AppendError::Unproven)),
        Beside::Credential(credential) => Ok(access::put_credential(connection, ledger, credential)?),
        Beside::DropUnproven { account } => Ok(access::drop_unproven(connection, ledger, *account)?),
        Beside::EndResetLink { account } => Ok(access::end_reset_link(connection, ledger, *account)?),
        Beside::EndMandates { account, delegation } => {
            Ok(access::end_mandates(connection, ledger, *account, *delegation)?)
        }
        Beside::ConfirmSecondFactor { account, sealed, at, step, recovery } => {
            Ok(access::confirm_second_factor(connection, ledger, *account, (sealed, *at, *step), recovery)?)
        }
        Beside::DropSecondFactor { account } => Ok(access::drop_second_factor(connection, ledger, *account)?),
        Beside::EndSessions { account, except } => {
            Ok(access::end_sessions(connection, ledger, *account, except.as_ref())?)
        }
        Beside::UpdateSessions { account, role, institutions } => {
            Ok(access::update_sessions(connection, ledger, *account, role, institutions)?)
        }
        Beside::PendingEmail(pending) => Ok(pending_emails::put(connection, ledger, pending)?),
        Beside::EndPendingEmail { account, keeps } => {
            Ok(pending_emails::end(connection, ledger, *account, keeps.as_ref())?)
        }
        Beside::ForgetAccount { account } => Ok(access::forget_account(connection, ledger, *account)?),
    }
}

fn insert_outcome(
    connection: &Connection,
    ledger: &str,
    outcome: &NewOutcome,
    position: i64,
    now: Micros,
) -> Result<(), Halted> {
    connection.prepare_cached(INSERT_OUTCOME)?.execute(params![
        ledger,
        outcome.account,
        outcome.key,
        outcome.request_hash,
        outcome.status,
        outcome.body,
        integer(outcome.sequence),
        position,
        now,
    ])?;
    Ok(())
}

/// Deletes outcomes that are too old: at most about twice as many as the batch has written, so that the table shrinks
/// to what is kept and no batch ever pays for a long pause.
pub(super) fn purge_outcomes(connection: &Connection, heads: &Heads, now: Micros) -> rusqlite::Result<()> {
    if heads.outcomes > 0 {
        connection
            .prepare_cached(PURGE_OUTCOMES)?
            .execute(params![now - OUTCOMES_KEPT, heads.outcomes.saturating_mul(2) + 8])?;
    }
    Ok(())
}
