//! `verify`: reads every event and holds it against what must be true of it.
//!
//! Of each ledger: positions dense from 1 and up to the head, times of recording that never fall, event ids that come
//! once, sequences dense in each stream, events that decode in a version that is known, metadata that is a flat object
//! of strings and names the ledger, events that the state before them allows, amounts that follow from the pricing
//! policy that the event names, totals that are the sums of their lines, documents that carry the lines they were made
//! of. Over all of it the RFC 6962 root, which is what two copies of a ledger agree on, or not.
//!
//! What nothing inside a log can show is left to the root: that two events recorded in the same microsecond have changed
//! places, or that the last events are gone with the head. Compare it with one that was taken earlier.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    desk::{Desk, Verdict},
    progress::Progress,
};

mod ledger;
mod look;
mod money;
mod states;

/// Findings that are printed of each ledger; `--json` has them all.
const PRINTED: usize = 50;

/// What kind of thing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Positions are missing, or go beyond the head.
    Position,
    /// Recorded before the event before it.
    Time,
    /// An event id that has come before.
    EventId,
    /// Sequences are missing or doubled.
    Sequence,
    /// The event cannot be decoded.
    Event,
    /// The metadata is no flat object of strings, or not of this ledger.
    Metadata,
    /// The state before it does not allow it.
    Step,
    /// Amounts do not follow.
    Money,
}

/// Something that is wrong at a position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// Where.
    pub(crate) position: u64,
    /// What kind of thing.
    pub(crate) kind: Kind,
    /// What, in words.
    pub(crate) what: String,
}

/// What was found of one ledger.
#[derive(Clone, Debug, Serialize)]
struct Verified {
    ledger: String,
    epoch: Uuid,
    events: u64,
    aggregates: usize,
    /// The RFC 6962 root over the leaves of all events, in hexadecimal.
    root: String,
    /// The same in base64, as checkpoints write it.
    root_base64: String,
    findings: Vec<Finding>,
}

/// The answer.
#[derive(Debug, Serialize)]
struct Report {
    sound: bool,
    ledgers: Vec<Verified>,
}

/// Event ids that were seen, with where: they are unique over all ledgers.
type Seen = HashMap<Uuid, (usize, u64)>;

/// Verifies all ledgers, or one.
pub(crate) async fn run(desk: &Desk, code: Option<&str>) -> anyhow::Result<Verdict> {
    let heads = desk.ledgers(code).await?;
    let progress = Progress::begin("verifying", heads.iter().map(|head| head.position).sum());
    let (mut seen, mut ledgers) = (Seen::new(), Vec::new());
    let names: Vec<_> = heads.iter().map(|head| head.ledger.clone()).collect();
    for (number, head) in heads.iter().enumerate() {
        let read = ledger::read(&desk.store, head, number, &names, &mut seen, &progress).await?;
        ledgers.push(Verified {
            ledger: head.ledger.clone(),
            epoch: head.epoch,
            events: read.tree.size(),
            aggregates: read.aggregates,
            root: hex::encode(read.tree.root()),
            root_base64: STANDARD.encode(read.tree.root()),
            findings: read.findings,
        });
    }
    progress.end();
    let findings = ledgers.iter().map(|ledger| ledger.findings.len()).sum();
    let report = Report { sound: findings == 0, ledgers };
    desk.say(&report, || in_words(&report))?;
    Ok(Verdict::of(findings))
}

fn in_words(report: &Report) -> String {
    let mut words = Vec::new();
    for verified in &report.ledgers {
        let Verified { ledger, events, aggregates, root, root_base64, findings, .. } = verified;
        words.push(format!("{ledger}: {events} events of {aggregates} aggregates"));
        words.push(format!("  root {root}\n       {root_base64}"));
        for Finding { position, what, .. } in findings.iter().take(PRINTED) {
            words.push(format!("  position {position}: {what}"));
        }
        if findings.len() > PRINTED {
            words.push(format!("  and {} more: see --json", findings.len() - PRINTED));
        }
    }
    let total: usize = report.ledgers.iter().map(|ledger| ledger.findings.len()).sum();
    words.push(if total == 0 { "nothing is wrong".to_owned() } else { format!("{total} things are wrong") });
    words.join("\n")
}
