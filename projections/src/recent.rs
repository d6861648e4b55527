//! A bounded memory of what a view has folded lately: written once per batch, forgotten when it was long not asked for.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    sync::Arc,
};

use uuid::Uuid;

/// What is remembered: of which shop, which id.
pub(crate) type Place = (Arc<str>, Uuid);

/// Two generations: what is asked for moves to the younger one; when that is full, the older one is forgotten.
/// What is dirty is never forgotten before it was taken.
#[derive(Debug)]
pub(crate) struct Recent<T> {
    young: HashMap<Place, T>,
    old: HashMap<Place, T>,
    dirty: HashSet<Place>,
    room: usize,
}

impl<T> Recent<T> {
    /// A memory of at most twice `room` entries.
    pub(crate) fn new(room: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), dirty: HashSet::new(), room }
    }

    /// What is remembered at a place, or what `load` brings, to be changed: it counts as dirty from now on.
    pub(crate) fn change<E>(&mut self, place: &Place, load: impl FnOnce() -> Result<T, E>) -> Result<&mut T, E> {
        let value = match self.young.entry(place.clone()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(match self.old.remove(place) {
                Some(value) => value,
                None => load()?,
            }),
        };
        self.dirty.insert(place.clone());
        Ok(value)
    }

    /// The places that were changed since the last call, in order of their ids: a batch writes each once.
    pub(crate) fn take_dirty(&mut self) -> Vec<Place> {
        let mut places: Vec<Place> = self.dirty.drain().collect();
        places.sort_unstable();
        places
    }

    /// What is remembered at a place that was just dirty.
    pub(crate) fn get_mut(&mut self, place: &Place) -> Option<&mut T> {
        self.young.get_mut(place)
    }

    /// Makes room, once everything dirty was written.
    pub(crate) fn age(&mut self) {
        if self.young.len() > self.room {
            self.old = std::mem::take(&mut self.young);
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
        self.dirty.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_what_is_not_goes() {
        let mut recent = Recent::new(2);
        let place = |n| (Arc::<str>::from("S"), Uuid::from_u128(n));
        let mut loads = 0;
        for round in 0..10 {
            for n in [0, 1 + round] {
                let load = || {
                    loads += 1;
                    Ok::<_, std::convert::Infallible>(0u32)
                };
                let Ok(value) = recent.change(&place(n), load);
                *value += 1;
            }
            assert!(!recent.take_dirty().is_empty());
            recent.age();
        }
        assert_eq!(loads, 11, "the first was loaded once, each other once");
        assert!(recent.young.len() + recent.old.len() <= 6);
    }
}
