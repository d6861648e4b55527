//! Commits what waits for one ledger, in one statement.
//!
//! What must stay true: no statement touches two heads, so nothing deadlocks; a position is taken and filled in one
//! transaction; a command is refused only by what is committed, never by another command that was not; what was lost
//! with a connection is looked up under the lock of the head, which waits for the old server process, and never guessed.

use std::time::{Duration, Instant};

use sqlx::Row;
use sqlx::postgres::PgRow;

use super::access::is_proven;
use super::batch::{Answer, Known, Sheet, Span, needs_care, proofs};
use super::beside;
use super::failure::Fault;
use super::judge;
use super::link::{Link, Query, Turn};
use crate::error::AppendError;
use crate::log::Append;
use crate::options::Micros;

/// How long an outcome is kept, in µs.
pub(super) const OUTCOMES_KEPT: Micros = 7 * 24 * 3_600 * 1_000_000;

/// How long a lost answer is looked for before the caller is told that it is unknown.
const SEARCH: Duration = Duration::from_secs(2);
/// How often a transaction that lost against another node's is tried.
const TRIES: u32 = 3;
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

// The position and the time come from the head row: its lock is held until the commit, so positions are in commit order
// and readers miss nothing. `befores` catches an expectation beyond the end of a stream, which no unique key would; it
// may see too little (another node has just committed), never too much, and then the batch is judged under the lock.
const APPEND: &str = "WITH e AS (
    SELECT * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::uuid[])
        WITH ORDINALITY AS u(aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, event_id, n)),
befores AS (
    SELECT count(*) AS missing FROM unnest($10::text[], $11::text[], $12::bigint[]) AS p(aggregate_type, aggregate_id, sequence)
     WHERE (SELECT b.ledger FROM events b WHERE b.aggregate_type = p.aggregate_type AND b.aggregate_id = p.aggregate_id
               AND b.sequence = p.sequence) IS DISTINCT FROM $1),
head AS (
    UPDATE ledger_heads SET position = position + cardinality($2),
           recorded_at = CASE WHEN cardinality($2) = 0 THEN recorded_at
               ELSE greatest(recorded_at + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) END
     WHERE ledger = $1 AND (SELECT missing FROM befores) = 0
    RETURNING position - cardinality($2) AS base, recorded_at),
facts AS (
    INSERT INTO events (ledger, position, event_id, aggregate_type, aggregate_id, sequence, event_type, event_version,
        recorded_at, payload, metadata)
    SELECT $1, base + n, event_id, aggregate_type, aggregate_id, sequence, event_type, event_version, recorded_at,
        payload::json, metadata::json FROM e, head ORDER BY n),
answers AS (
    INSERT INTO outcomes (ledger, account, key, request_hash, status, body, sequence, position, recorded_at)
    SELECT $1, account, key, request_hash, status, body, sequence, base + last, $20
      FROM unnest($13::text[], $14::text[], $15::bytea[], $16::bigint[], $17::text[], $18::bigint[], $19::bigint[])
        AS o(account, key, request_hash, status, body, sequence, last), head),
sealed AS (
    INSERT INTO vault (ledger, digest, subject, purpose, field, bytes)
    SELECT DISTINCT ON (digest) $1, digest, subject, purpose, field, bytes
      FROM unnest($21::bytea[], $22::uuid[], $23::text[], $24::text[], $25::bytea[])
        AS s(digest, subject, purpose, field, bytes), head
     WHERE (SELECT v.digest FROM vault v WHERE v.ledger = $1 AND v.digest = s.digest) IS NULL)
SELECT base, recorded_at FROM head";

/// The statement that writes a sheet.
fn writing<'q>(ledger: &'q str, sheet: &'q Sheet<'q>, now: Micros) -> Query<'q> {
    let Sheet { events, befores, outcomes, sealed } = sheet;
    let digests: Vec<&[u8]> = sealed.iter().map(|sealed| sealed.digest.as_slice()).collect();
    let bytes: Vec<&[u8]> = sealed.iter().map(|sealed| sealed.bytes.as_slice()).collect();
    sqlx::query(APPEND)
        .bind(ledger)
        .bind(&events.aggregate_types)
        .bind(&events.aggregate_ids)
        .bind(&events.sequences)
        .bind(&events.event_types)
        .bind(&events.event_versions)
        .bind(&events.payloads)
        .bind(&events.metadata)
        .bind(&events.event_ids)
        .bind(&befores.aggregate_types)
        .bind(&befores.aggregate_ids)
        .bind(&befores.sequences)
        .bind(&outcomes.accounts)
        .bind(&outcomes.keys)
        .bind(&outcomes.request_hashes)
        .bind(&outcomes.statuses)
        .bind(&outcomes.bodies)
        .bind(&outcomes.sequences)
        .bind(&outcomes.lasts)
        .bind(now)
        .bind(digests)
        .bind(sealed.iter().map(|sealed| sealed.subject).collect::<Vec<_>>())
        .bind(sealed.iter().map(|sealed| sealed.purpose.as_str()).collect::<Vec<_>>())
        .bind(sealed.iter().map(|sealed| sealed.field.as_str()).collect::<Vec<_>>())
        .bind(bytes)
}

/// Commits a batch; an answer to each command, in order. All are of one ledger; one that opens it is alone.
pub(super) async fn commit(turn: &mut Turn, ledger: &str, commands: &[&Append], now: Micros) -> Vec<Answer> {
    // What one command changes before it, a proof must be held against.
    if commands.len() > 1 && commands.iter().any(|command| proofs(command).next().is_some()) {
        return one_by_one(turn, ledger, commands, now).await;
    }
    if commands.iter().any(|command| needs_care(command)) {
        return carefully(turn, ledger, commands, now, false).await;
    }
    let mut known = Known { trusting: true, ..Known::default() };
    let (mut sheet, mut spans) = (Sheet::default(), Vec::with_capacity(commands.len()));
    for command in commands {
        spans.push(known.admit(command).map(|()| sheet.add(command)));
    }
    match send(turn, ledger, &sheet, now).await {
        Ok(Some(row)) => match place(&row) {
            Ok(place) => answer(spans, place),
            Err(fault) => everybody(commands, || AppendError::Unknown(fault.reason().to_owned())),
        },
        Ok(None) | Err(Fault::Taken(_) | Fault::Again(_)) => carefully(turn, ledger, commands, now, false).await,
        Err(Fault::Lost(_)) => carefully(turn, ledger, commands, now, true).await,
        Err(Fault::Data(_)) => one_by_one(turn, ledger, commands, now).await,
        Err(fault @ (Fault::Unreached(_) | Fault::Unable(_))) => everybody(commands, || fault.of_append()),
    }
}

async fn send(turn: &mut Turn, ledger: &str, sheet: &Sheet<'_>, now: Micros) -> Result<Option<PgRow>, Fault> {
    let sent = turn.link().await?.all(writing(ledger, sheet, now)).await;
    if let Err(fault) = &sent {
        turn.recover(fault).await;
    }
    sent.map(|mut rows| rows.pop())
}

fn place(row: &PgRow) -> Result<(i64, Micros), Fault> {
    Ok((row.try_get(0)?, row.try_get(1)?))
}

fn answer(spans: Vec<Result<Span, AppendError>>, (base, recorded_at): (i64, Micros)) -> Vec<Answer> {
    spans.into_iter().map(|span| span.map(|span| span.receipt(base, recorded_at))).collect()
}

fn everybody(commands: &[&Append], error: impl Fn() -> AppendError) -> Vec<Answer> {
    commands.iter().map(|_| Err(error())).collect()
}

/// Each command alone, once.
async fn one_by_one(turn: &mut Turn, ledger: &str, commands: &[&Append], now: Micros) -> Vec<Answer> {
    let mut answers = Vec::with_capacity(commands.len());
    for command in commands {
        answers.extend(Box::pin(carefully(turn, ledger, &[*command], now, false)).await);
    }
    answers
}

/// Commits a batch in several statements under the lock of the head. `doubt`: it may be there already.
async fn carefully(turn: &mut Turn, ledger: &str, commands: &[&Append], now: Micros, doubt: bool) -> Vec<Answer> {
    let began = Instant::now();
    let (mut doubt, mut lost, mut tries) = (doubt, doubt, 0);
    loop {
        tries += 1;
        let fault = match attempt(turn, ledger, commands, now, &mut doubt).await {
            Ok(answers) => return answers,
            Err(fault) => fault,
        };
        turn.recover(&fault).await;
        let alone = commands.len() == 1;
        match fault {
            Fault::Data(_) | Fault::Taken(_) if !alone => return one_by_one(turn, ledger, commands, now).await,
            Fault::Data(_) => return everybody(commands, || fault.of_append()),
            Fault::Lost(_) => (doubt, lost) = (true, true),
            Fault::Taken(_) | Fault::Again(_) | Fault::Unreached(_) | Fault::Unable(_) => {}
        }
        let beaten = matches!(fault, Fault::Taken(_) | Fault::Again(_)) && tries < TRIES;
        if !beaten && (!lost || began.elapsed() > SEARCH) {
            let unknown = || AppendError::Unknown(fault.reason().to_owned());
            return everybody(commands, || if lost { unknown() } else { fault.of_append() });
        }
        pause().await;
    }
}

async fn pause() {
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + PAUSE, PAUSE);
    ticks.tick().await;
}

async fn attempt(
    turn: &mut Turn,
    ledger: &str,
    commands: &[&Append],
    now: Micros,
    doubt: &mut bool,
) -> Result<Vec<Answer>, Fault> {
    let link = turn.link().await?;
    link.begin().await?;
    let answers = under_lock(link, ledger, commands, now, doubt).await?;
    link.commit().await.inspect_err(|fault| *doubt |= matches!(fault, Fault::Lost(_)))?;
    Ok(answers)
}

/// Locks the head, then looks with new statements: one that began before the lock would see an older state.
async fn under_lock(
    link: &mut Link,
    ledger: &str,
    commands: &[&Append],
    now: Micros,
    doubt: &mut bool,
) -> Result<Vec<Answer>, Fault> {
    let head = judge::lock_head(link, ledger).await?;
    let mut answers: Vec<Option<Answer>> = commands.iter().map(|_| None).collect();
    if let (Some(head), true) = (head, *doubt) {
        judge::settle_doubts(link, commands, head, &mut answers).await?;
    }
    // From here on the lost attempt is known not to have been committed, or answered for.
    *doubt = false;
    let open: Vec<_> = (0..commands.len()).filter(|index| answers[*index].is_none()).collect();
    let judged: Vec<_> = open.iter().map(|index| commands[*index]).collect();
    let verdicts = judge_and_write(link, ledger, &judged, head.is_some(), now).await?;
    for (index, verdict) in open.into_iter().zip(verdicts) {
        answers[index] = Some(verdict);
    }
    Ok(answers.into_iter().flatten().collect())
}

async fn judge_and_write(
    link: &mut Link,
    ledger: &str,
    commands: &[&Append],
    exists: bool,
    now: Micros,
) -> Result<Vec<Answer>, Fault> {
    let opens = commands.first().is_some_and(|command| command.opens_ledger);
    match (exists, opens) {
        (true, true) => return Ok(everybody(commands, || AppendError::LedgerExists)),
        (false, false) => return Ok(everybody(commands, || AppendError::UnknownLedger)),
        (false, true) => judge::open(link, ledger).await?,
        (true, false) => {}
    }
    for proof in commands.iter().flat_map(|command| proofs(command)) {
        if !is_proven(link, ledger, proof).await? {
            return Ok(everybody(commands, || AppendError::Unproven));
        }
    }
    judge::forget_old_keys(link, ledger, commands, now - OUTCOMES_KEPT).await?;
    let mut known = judge::present(link, ledger, commands).await?;
    let (mut sheet, mut spans) = (Sheet::default(), Vec::with_capacity(commands.len()));
    let mut winners = Vec::new();
    for command in commands {
        let verdict = known.admit(command);
        winners.extend(verdict.is_ok().then_some(*command));
        spans.push(verdict.map(|()| sheet.add(command)));
    }
    if winners.is_empty() {
        return Ok(answer(spans, (0, 0)));
    }
    let rows = link.rows(writing(ledger, &sheet, now)).await?;
    let row = rows.first().ok_or_else(|| Fault::Again("the head has moved under its lock".to_owned()))?;
    let place = place(row)?;
    for command in winners {
        beside::write(link, ledger, command).await?;
    }
    Ok(answer(spans, place))
}
