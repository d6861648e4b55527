//! What a ledger that is brought in from elsewhere must be: complete, dense, in order, and the one that was promised.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::leaf::leaf;
use crate::log::StoredEvent;
use crate::merkle::MerkleTree;
use crate::options::Micros;
use crate::vault::SealedField;

/// A piece of a ledger that is brought in; pieces come in the order of the positions, the end last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportPart {
    /// Events as they were stored, by position.
    Events(Vec<StoredEvent>),
    /// Sealed data as it was stored.
    Sealed(Vec<SealedField>),
    /// That is all of it.
    End {
        /// The Merkle root over the leaves of all its events.
        root: [u8; 32],
        /// The highest document number given so far, by kind.
        numbers: Vec<(String, u64)>,
    },
}

/// What is wrong with a ledger that is brought in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// An event or sealed data of another ledger.
    #[error("it is of ledger {0}")]
    OtherLedger(String),
    /// A position is missing, doubled or out of order.
    #[error("position {found} came where {expected} was expected")]
    Position {
        /// The position that should have come.
        expected: u64,
        /// The one that came.
        found: u64,
    },
    /// A sequence is missing, doubled or out of order.
    #[error("position {position}: sequence {found} of {stream} came where {expected} was expected")]
    Sequence {
        /// Where.
        position: u64,
        /// Type and id of the aggregate.
        stream: String,
        /// The sequence that should have come.
        expected: u64,
        /// The one that came.
        found: u64,
    },
    /// The time of recording falls.
    #[error("position {0} was recorded before the one before it")]
    RecordedEarlier(u64),
    /// The id of an earlier event.
    #[error("position {0} has the id of an earlier event")]
    DoubledId(u64),
    /// Sealed bytes that do not fit their digest.
    #[error("sealed data {} does not fit its digest", hex::encode(.0))]
    Seal([u8; 32]),
    /// The events are not those over which the root was made.
    #[error("the root over {size} events is {}, not {}", hex::encode(.found), hex::encode(.promised))]
    Root {
        /// How many events came.
        size: u64,
        /// Their root.
        found: [u8; 32],
        /// The root that was promised.
        promised: [u8; 32],
    },
    /// A ledger has one event at least.
    #[error("it has no event")]
    Empty,
    /// It was cut off.
    #[error("it ends before its end")]
    CutOff,
}

/// Looks at a ledger as it comes in, event by event.
#[derive(Debug)]
pub struct Arriving {
    ledger: String,
    tree: MerkleTree,
    recorded_at: Micros,
    streams: HashMap<(String, String), u64>,
    ids: HashSet<Uuid>,
}

impl Arriving {
    /// Nothing of this ledger has come yet.
    pub fn new(ledger: &str) -> Self {
        Self {
            ledger: ledger.to_owned(),
            tree: MerkleTree::default(),
            recorded_at: Micros::MIN,
            streams: HashMap::new(),
            ids: HashSet::new(),
        }
    }

    /// Position of the last event that came; 0 for none.
    pub const fn position(&self) -> u64 {
        self.tree.size()
    }

    /// When that was recorded.
    pub const fn recorded_at(&self) -> Micros {
        self.recorded_at
    }

    /// Takes in the next event.
    ///
    /// # Errors
    /// [`ImportError`], when it is not the next one.
    pub fn admit(&mut self, event: &StoredEvent) -> Result<(), ImportError> {
        self.assert_ours(&event.ledger)?;
        let expected = self.position() + 1;
        if event.position != expected {
            return Err(ImportError::Position { expected, found: event.position });
        }
        if event.recorded_at < self.recorded_at {
            return Err(ImportError::RecordedEarlier(event.position));
        }
        if !self.ids.insert(event.event_id) {
            return Err(ImportError::DoubledId(event.position));
        }
        let stream = (event.aggregate_type.clone(), event.aggregate_id.clone());
        let sequence = self.streams.entry(stream).or_default();
        if event.sequence != *sequence + 1 {
            let (position, found, expected) = (event.position, event.sequence, *sequence + 1);
            let stream = format!("{} {}", event.aggregate_type, event.aggregate_id);
            return Err(ImportError::Sequence { position, stream, expected, found });
        }
        *sequence = event.sequence;
        self.recorded_at = event.recorded_at;
        self.tree.push(leaf(event));
        Ok(())
    }

    /// Takes in sealed data.
    ///
    /// # Errors
    /// [`ImportError`], when it is another ledger's or does not fit its digest.
    pub fn admit_sealed(&self, sealed: &SealedField) -> Result<(), ImportError> {
        self.assert_ours(&sealed.ledger)?;
        if <[u8; 32]>::from(Sha256::digest(&sealed.bytes)) != sealed.digest {
            return Err(ImportError::Seal(sealed.digest));
        }
        Ok(())
    }

    /// Says that all has come.
    ///
    /// # Errors
    /// [`ImportError`], when it is not what was promised.
    pub fn end(&self, promised: [u8; 32]) -> Result<(), ImportError> {
        let (size, found) = (self.tree.size(), self.tree.root());
        if size == 0 {
            return Err(ImportError::Empty);
        }
        if found != promised {
            return Err(ImportError::Root { size, found, promised });
        }
        Ok(())
    }

    fn assert_ours(&self, ledger: &str) -> Result<(), ImportError> {
        if ledger == self.ledger { Ok(()) } else { Err(ImportError::OtherLedger(ledger.to_owned())) }
    }
}
