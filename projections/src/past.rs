//! Aggregates as they were: folded from the log itself, up to a position.

use bordereau_domain::{Decider, Event};
use bordereau_store::Store;
use uuid::Uuid;

use crate::{error::ReadError, recorded::Recorded, states::Folded};

/// Folds an aggregate's events up to a position of the ledger; nothing if it did not exist yet. `own` is the decider's
/// own event out of any; of those that `marks` names the last one's time is kept.
pub(crate) async fn fold_up_to<D: Decider>(
    store: &Store,
    shop: &str,
    id: Uuid,
    position: u64,
    own: fn(&Event) -> Option<&D::Event>,
    marks: fn(&D::Event) -> bool,
) -> Result<Option<Folded<D>>, ReadError> {
    let unreadable = |error: &dyn std::fmt::Display| ReadError::Log(error.to_string());
    let mut folded: Option<Folded<D>> = None;
    for stored in store.load(shop, D::TYPE, &id.to_string(), 0).await? {
        if stored.position > position {
            break;
        }
        let recorded = Recorded::decode(stored).map_err(|error| unreadable(&error))?;
        let state = folded.get_or_insert_with(|| Folded::begin(&recorded));
        let Some(event) = own(&recorded.event) else { continue };
        if marks(event) {
            state.marked_at = Some(recorded.at_micros());
        }
        state.advance(&recorded, event).map_err(|error| unreadable(&error))?;
    }
    Ok(folded)
}

/// An aggregate's state right after each of its events that `keep` names, with that event's position; oldest first.
pub(crate) async fn fold_at_each<D: Decider + Clone>(
    store: &Store,
    shop: &str,
    id: Uuid,
    own: fn(&Event) -> Option<&D::Event>,
    keep: fn(&D::Event) -> bool,
) -> Result<Vec<(u64, D)>, ReadError> {
    let unreadable = |error: &dyn std::fmt::Display| ReadError::Log(error.to_string());
    let (mut state, mut kept) = (D::default(), Vec::new());
    for stored in store.load(shop, D::TYPE, &id.to_string(), 0).await? {
        let recorded = Recorded::decode(stored).map_err(|error| unreadable(&error))?;
        let Some(event) = own(&recorded.event) else { continue };
        state.evolve(event);
        if keep(event) {
            kept.push((recorded.position, state.clone()));
        }
    }
    Ok(kept)
}
