//! How the reactors of this process stand, for `/readyz` and the figures.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use bordereau_store::Parked;

/// How a reactor stands on this node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Events that wait, over all shops of which this node is the reactor.
    pub behind: u64,
    /// What it set aside, by shop and position.
    pub parked: Vec<Parked>,
    /// What it waits for, when it cannot go on.
    pub waiting_for: Option<String>,
}

#[derive(Clone, Debug, Default)]
struct Row {
    behind: BTreeMap<String, u64>,
    parked: BTreeMap<String, Vec<Parked>>,
    waiting_for: Option<String>,
}

/// How the reactors of this process stand. Clones share one board.
#[derive(Clone, Debug, Default)]
pub struct Board(Arc<Mutex<BTreeMap<&'static str, Row>>>);

impl Board {
    /// Every reactor by name.
    pub fn standings(&self) -> BTreeMap<&'static str, Standing> {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rows.iter().map(|(name, row)| (*name, row.standing())).collect()
    }

    pub(crate) fn enter(&self, name: &'static str) {
        self.write(name, |_| {});
    }

    pub(super) fn is_behind(&self, name: &'static str, shop: &str, events: u64) {
        self.write(name, |row| {
            row.behind.insert(shop.to_owned(), events);
        });
    }

    pub(super) fn has_parked(&self, name: &'static str, shop: &str, parked: &[Parked]) {
        self.write(name, |row| {
            row.parked.insert(shop.to_owned(), parked.to_vec());
        });
    }

    /// The shop is another node's.
    pub(super) fn leaves(&self, name: &'static str, shop: &str) {
        self.write(name, |row| {
            row.behind.remove(shop);
            row.parked.remove(shop);
        });
    }

    pub(crate) fn waits(&self, name: &'static str, reason: Option<String>) {
        self.write(name, |row| row.waiting_for = reason);
    }

    fn write(&self, name: &'static str, change: impl FnOnce(&mut Row)) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let row = rows.entry(name).or_default();
        change(row);
        row.count(name);
    }
}

impl Row {
    fn standing(&self) -> Standing {
        Standing {
            behind: self.behind.values().sum(),
            parked: self.parked.values().flatten().cloned().collect(),
            waiting_for: self.waiting_for.clone(),
        }
    }

    #[expect(clippy::cast_precision_loss, clippy::disallowed_types, reason = "Prometheus counts in floating point")]
    fn count(&self, name: &'static str) {
        let behind = self.behind.values().sum::<u64>() as f64;
        let parked = self.parked.values().map(Vec::len).sum::<usize>() as f64;
        metrics::gauge!("bordereau_reactor_behind", "reactor" => name).set(behind);
        metrics::gauge!("bordereau_reactor_parked", "reactor" => name).set(parked);
    }
}
