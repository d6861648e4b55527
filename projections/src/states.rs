//! The states of aggregates, folded from their events and kept as JSON: what a detail page is made of.

use std::sync::Arc;

use bordereau_domain::Decider;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::{
    error::ApplyError,
    recent::{Place, Recent},
    recorded::Recorded,
    sql::{Key, int, json, to_json, uint},
};

pub(crate) const DDL: &str = "
CREATE TABLE states (
  shop TEXT NOT NULL, kind TEXT NOT NULL, id BLOB NOT NULL, sequence INTEGER NOT NULL, position INTEGER NOT NULL,
  opened INTEGER NOT NULL, opened_at INTEGER NOT NULL, marked_at INTEGER, state TEXT NOT NULL,
  CONSTRAINT one_state UNIQUE (shop, kind, id)
) STRICT;
";

const FIND: &str = "SELECT sequence, position, opened, opened_at, marked_at, state FROM states
    WHERE shop = ?1 AND kind = ?2 AND id = ?3";
const PUT: &str = "INSERT INTO states (shop, kind, id, sequence, position, opened, opened_at, marked_at, state)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO UPDATE SET sequence = excluded.sequence,
    position = excluded.position, marked_at = excluded.marked_at, state = excluded.state";

/// How many states a view remembers, at least.
const ROOM: usize = 2_000;

/// A folded aggregate.
#[derive(Clone, Debug)]
pub(crate) struct Folded<D> {
    /// Its state.
    pub(crate) state: D,
    /// Sequence of its last event.
    pub(crate) sequence: u64,
    /// Position of its last event.
    pub(crate) position: u64,
    /// Position of its first event.
    pub(crate) opened: u64,
    /// Time of its first event, in µs.
    pub(crate) opened_at: i64,
    /// A time that the view wants to remember, in µs.
    pub(crate) marked_at: Option<i64>,
    /// The bin that it was last listed in.
    pub(crate) filed: Option<&'static str>,
}

impl<D: Decider> Folded<D> {
    /// Before the first event of a stream, which is this one.
    pub(crate) fn begin(recorded: &Recorded) -> Self {
        Self {
            state: D::default(),
            sequence: 0,
            position: 0,
            opened: recorded.position,
            opened_at: recorded.at_micros(),
            marked_at: None,
            filed: None,
        }
    }

    /// Takes in the next event of the stream.
    pub(crate) fn advance(&mut self, recorded: &Recorded, event: &D::Event) -> Result<(), ApplyError> {
        if recorded.sequence != self.sequence + 1 {
            return Err(ApplyError::Gap { expected: self.sequence + 1, found: recorded.sequence });
        }
        self.state.evolve(event);
        self.sequence = recorded.sequence;
        self.position = recorded.position;
        Ok(())
    }
}

/// The states of one kind of aggregate in one view.
#[derive(Debug)]
pub(crate) struct States<D> {
    recent: Recent<Folded<D>>,
    bin: fn(&D) -> Option<&'static str>,
}

impl<D: Decider> States<D> {
    /// Nothing remembered yet. `bin` says in which of a list's bins a state stands.
    pub(crate) fn new(bin: fn(&D) -> Option<&'static str>) -> Self {
        Self { recent: Recent::new(ROOM), bin }
    }

    /// Folds one event into its aggregate's state.
    pub(crate) fn fold(
        &mut self,
        tx: &Connection,
        shop: &Arc<str>,
        recorded: &Recorded,
        event: &D::Event,
    ) -> Result<&mut Folded<D>, ApplyError> {
        let place: Place = (Arc::clone(shop), recorded.id()?);
        let bin = self.bin;
        let folded = self.recent.change(&place, || {
            let found = find::<D>(tx, shop, place.1)?;
            Ok::<_, ApplyError>(
                found.map_or_else(|| Folded::begin(recorded), |found| Folded { filed: bin(&found.state), ..found }),
            )
        })?;
        folded.advance(recorded, event)?;
        Ok(folded)
    }

    /// Writes what changed, each aggregate once, and shows each to the view with the bin it stands in now.
    pub(crate) fn flush(
        &mut self,
        tx: &Connection,
        mut list: impl FnMut(Uuid, &Folded<D>, Option<&'static str>) -> Result<(), ApplyError>,
    ) -> Result<(), ApplyError> {
        let mut places = self.recent.take_dirty();
        // In the order they were opened, which lists with an index of insertion order rely on.
        places.sort_by_key(|place| self.recent.get_mut(place).map(|folded| folded.opened));
        let bin = self.bin;
        for place in places {
            let Some(folded) = self.recent.get_mut(&place) else { continue };
            tx.prepare_cached(PUT)?.execute(params![
                place.0,
                D::TYPE,
                Key(place.1),
                int(folded.sequence),
                int(folded.position),
                int(folded.opened),
                folded.opened_at,
                folded.marked_at,
                to_json(&folded.state)?
            ])?;
            let now = bin(&folded.state);
            list(place.1, folded, now)?;
            folded.filed = now;
        }
        self.recent.age();
        Ok(())
    }

    /// Forgets everything.
    pub(crate) fn forget(&mut self) {
        self.recent.clear();
    }
}

/// A stored state.
pub(crate) fn find<D: Decider>(connection: &Connection, shop: &str, id: Uuid) -> rusqlite::Result<Option<Folded<D>>> {
    let mut statement = connection.prepare_cached(FIND)?;
    statement
        .query_row(params![shop, D::TYPE, Key(id)], |row| {
            Ok(Folded {
                state: json(row, "state")?,
                sequence: uint(row, "sequence")?,
                position: uint(row, "position")?,
                opened: uint(row, "opened")?,
                opened_at: row.get("opened_at")?,
                marked_at: row.get("marked_at")?,
                filed: None,
            })
        })
        .optional()
}
