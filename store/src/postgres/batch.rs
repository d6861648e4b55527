//! What one batch wants written, settled in memory: who may go, who contradicts whom, and the rows of the statement.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::failure::integer;
use crate::access::Proof;
use crate::error::AppendError;
use crate::log::{Append, Beside, Receipt, StreamAppend};
use crate::options::Micros;
use crate::vault::SealedField;

/// Type and id of an aggregate.
pub(super) type Stream<'a> = (&'a str, &'a str);

/// Kind and blind index of a unique value.
pub(super) type Value<'a> = (&'a str, &'a [u8; 32]);

/// The answer to one command.
pub(super) type Answer = Result<Receipt, AppendError>;

/// What a batch knows of the ledger, moved on by each command that is let in.
#[derive(Default)]
pub(super) struct Known<'a> {
    /// Sequence of the last event; `None`: the stream is another ledger's.
    pub(super) streams: HashMap<Stream<'a>, Option<u64>>,
    /// Keys that have an outcome, as (account, key).
    pub(super) keys: HashSet<(&'a str, &'a str)>,
    /// Who holds what.
    pub(super) holders: HashMap<Value<'a>, String>,
    /// Streams that are not known are where the first command expects them: the statement finds out.
    pub(super) trusting: bool,
}

impl<'a> Known<'a> {
    /// Lets a command in, after those before it, or says why not. Keys first: of two equal commands at once the second
    /// is to get the first one's answer, not a conflict.
    pub(super) fn admit(&mut self, command: &'a Append) -> Result<(), AppendError> {
        let keys: Vec<_> = outcome_keys(command).collect();
        if keys.iter().any(|key| self.keys.contains(key)) {
            return Err(AppendError::KeyTaken);
        }
        let streams = self.moved_streams(command)?;
        let holders = self.moved_claims(command)?;
        self.keys.extend(keys);
        self.streams.extend(streams);
        for (value, holder) in holders {
            match holder {
                Some(holder) => self.holders.insert(value, holder.to_owned()),
                None => self.holders.remove(&value),
            };
        }
        Ok(())
    }

    fn moved_streams(&self, command: &'a Append) -> Result<HashMap<Stream<'a>, Option<u64>>, AppendError> {
        let mut moved = HashMap::new();
        for stream in &command.streams {
            let name = name(stream);
            let last = match (moved.get(&name).or_else(|| self.streams.get(&name)), self.trusting) {
                (Some(known), _) => *known,
                (None, true) => Some(stream.expected),
                (None, false) => Some(0),
            };
            if last != Some(stream.expected) {
                return Err(conflict(stream));
            }
            moved.insert(name, Some(stream.expected + stream.events.len() as u64));
        }
        Ok(moved)
    }

    fn moved_claims(&self, command: &'a Append) -> Result<HashMap<Value<'a>, Option<&'a str>>, AppendError> {
        let mut moved: HashMap<Value<'a>, Option<&'a str>> = HashMap::new();
        for beside in &command.beside {
            if let Beside::Claim { kind, value, holder } = beside {
                let value = (kind.as_str(), value);
                let present = match moved.get(&value) {
                    Some(moved) => *moved,
                    None => self.holders.get(&value).map(String::as_str),
                };
                if let Some(present) = present.filter(|present| present != holder) {
                    return Err(AppendError::ClaimTaken { kind: kind.clone(), holder: present.to_owned() });
                }
                moved.insert(value, Some(holder));
            } else if let Beside::Release { kind, value } = beside {
                moved.insert((kind.as_str(), value), None);
            } else if let Beside::ForgetAccount { account } = beside {
                let holder = account.to_string();
                let held = self.holders.iter().filter(|(_, present)| **present == holder);
                moved.extend(held.map(|(value, _)| (*value, None)));
            }
        }
        Ok(moved)
    }
}

/// Whether a command must be judged under the lock of the head: it opens the ledger, writes more than events, an
/// outcome and sealed data, or expects something of a stream that no inserted row would prove.
pub(super) fn needs_care(command: &Append) -> bool {
    let plain = |beside: &Beside| matches!(beside, Beside::Outcome(_) | Beside::Sealed(_));
    command.opens_ledger
        || command.streams.iter().any(|stream| stream.events.is_empty())
        || !command.beside.iter().all(plain)
}

/// What a command rests on that only the tables can tell.
pub(super) fn proofs(command: &Append) -> impl Iterator<Item = &Proof> {
    command.beside.iter().filter_map(|beside| if let Beside::Proven(proof) = beside { Some(proof) } else { None })
}

pub(super) fn name(stream: &StreamAppend) -> Stream<'_> {
    (&stream.aggregate_type, &stream.aggregate_id)
}

pub(super) fn outcome_keys(command: &Append) -> impl Iterator<Item = (&str, &str)> {
    command.beside.iter().filter_map(|beside| match beside {
        Beside::Outcome(outcome) => Some((outcome.account.as_str(), outcome.key.as_str())),
        Beside::Sealed(_)
        | Beside::Proven(_)
        | Beside::Claim { .. }
        | Beside::Release { .. }
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
    })
}

/// How many events a command has.
pub(super) fn count(command: &Append) -> usize {
    command.streams.iter().map(|stream| stream.events.len()).sum()
}

fn conflict(stream: &StreamAppend) -> AppendError {
    AppendError::Conflict { aggregate_type: stream.aggregate_type.clone(), aggregate_id: stream.aggregate_id.clone() }
}

/// The rows of one statement, column by column.
#[derive(Default)]
pub(super) struct Sheet<'a> {
    pub(super) events: Events<'a>,
    pub(super) befores: Befores<'a>,
    pub(super) outcomes: Outcomes<'a>,
    pub(super) sealed: Vec<&'a SealedField>,
}

#[derive(Default)]
pub(super) struct Events<'a> {
    pub(super) aggregate_types: Vec<&'a str>,
    pub(super) aggregate_ids: Vec<&'a str>,
    pub(super) sequences: Vec<i64>,
    pub(super) event_types: Vec<&'a str>,
    pub(super) event_versions: Vec<&'a str>,
    pub(super) payloads: Vec<&'a str>,
    pub(super) metadata: Vec<&'a str>,
    pub(super) event_ids: Vec<Uuid>,
}

/// Events that must be there already: those that the first events of each stream follow.
#[derive(Default)]
pub(super) struct Befores<'a> {
    pub(super) aggregate_types: Vec<&'a str>,
    pub(super) aggregate_ids: Vec<&'a str>,
    pub(super) sequences: Vec<i64>,
}

#[derive(Default)]
pub(super) struct Outcomes<'a> {
    pub(super) accounts: Vec<&'a str>,
    pub(super) keys: Vec<&'a str>,
    pub(super) request_hashes: Vec<&'a [u8]>,
    pub(super) statuses: Vec<i64>,
    pub(super) bodies: Vec<&'a str>,
    pub(super) sequences: Vec<i64>,
    /// Number in the batch of the last event before which or with which the outcome stands.
    pub(super) lasts: Vec<i64>,
}

/// Where in its batch a command's events are: how many events are before them, and how many they are.
#[derive(Clone, Copy)]
pub(super) struct Span {
    before: usize,
    count: usize,
}

impl Span {
    /// The receipt, once the batch has its place.
    pub(super) fn receipt(self, base: i64, recorded_at: Micros) -> Receipt {
        let before = base.cast_unsigned() + self.before as u64;
        Receipt { first: before + 1, position: before + self.count as u64, recorded_at }
    }
}

impl<'a> Sheet<'a> {
    /// Adds a command that has been let in.
    pub(super) fn add(&mut self, command: &'a Append) -> Span {
        let before = self.len();
        for stream in &command.streams {
            self.add_stream(stream);
        }
        for beside in &command.beside {
            if let Beside::Outcome(outcome) = beside {
                self.outcomes.accounts.push(&outcome.account);
                self.outcomes.keys.push(&outcome.key);
                self.outcomes.request_hashes.push(&outcome.request_hash);
                self.outcomes.statuses.push(outcome.status.into());
                self.outcomes.bodies.push(&outcome.body);
                self.outcomes.sequences.push(integer(outcome.sequence));
                self.outcomes.lasts.push(integer(self.len() as u64));
            } else if let Beside::Sealed(sealed) = beside {
                self.sealed.push(sealed);
            }
        }
        Span { before, count: self.len() - before }
    }

    /// How many events it has.
    pub(super) fn len(&self) -> usize {
        self.events.event_ids.len()
    }

    fn add_stream(&mut self, stream: &'a StreamAppend) {
        let (aggregate_type, aggregate_id) = name(stream);
        if stream.expected > 0 && !self.holds(stream) {
            self.befores.aggregate_types.push(aggregate_type);
            self.befores.aggregate_ids.push(aggregate_id);
            self.befores.sequences.push(integer(stream.expected));
        }
        for (event, sequence) in stream.events.iter().zip(stream.expected + 1..) {
            self.events.aggregate_types.push(aggregate_type);
            self.events.aggregate_ids.push(aggregate_id);
            self.events.sequences.push(integer(sequence));
            self.events.event_types.push(&event.event_type);
            self.events.event_versions.push(&event.event_version);
            self.events.payloads.push(&event.payload);
            self.events.metadata.push(&event.metadata);
            self.events.event_ids.push(event.event_id);
        }
    }

    /// Whether the event that a stream goes on from is in the batch itself.
    fn holds(&self, stream: &StreamAppend) -> bool {
        let sequence = integer(stream.expected);
        let streams = self.events.aggregate_types.iter().zip(&self.events.aggregate_ids);
        streams.zip(&self.events.sequences).any(|((aggregate_type, aggregate_id), present)| {
            *present == sequence && *aggregate_id == stream.aggregate_id && *aggregate_type == stream.aggregate_type
        })
    }
}
