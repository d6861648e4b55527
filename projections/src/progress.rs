//! How far a view has come, as it publishes it: read by those who wait, by status and by every reader.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use tokio::sync::watch;
use uuid::Uuid;

/// Where a view stands in one ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    /// The last position that it has applied.
    pub(crate) position: u64,
    /// What tells that place from the same place in another history.
    pub(crate) mark: Uuid,
}

/// Why and where a view stands still for one shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Halt {
    /// The event that it cannot apply.
    pub(crate) position: u64,
    /// Why not.
    pub(crate) reason: String,
}

/// What a view publishes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    /// Checkpoints by shop.
    pub(crate) reached: HashMap<String, Checkpoint>,
    /// Shops for which it stands still.
    pub(crate) halted: BTreeMap<String, Halt>,
    /// Whether it has once reached all heads since it was opened.
    pub(crate) live: bool,
    /// Whether its file is in its place: not while it is built for the first time.
    pub(crate) readable: bool,
    /// Changes when the file is replaced: connections to the one before are of no use.
    pub(crate) generation: u64,
    /// The heads that were last seen.
    pub(crate) heads: Arc<HashMap<String, u64>>,
}

impl Progress {
    /// The last position applied of a shop; 0 for none.
    pub(crate) fn position(&self, shop: &str) -> u64 {
        self.reached.get(shop).map_or(0, |checkpoint| checkpoint.position)
    }

    /// Whether nothing more is to be waited for up to a position.
    pub(crate) fn is_through(&self, shop: &str, position: u64) -> bool {
        self.position(shop) >= position || self.halted.contains_key(shop)
    }

    /// How many positions are still to be applied, over all shops.
    pub(crate) fn behind(&self) -> u64 {
        self.heads.iter().map(|(shop, head)| head.saturating_sub(self.position(shop))).sum()
    }
}

/// A view as the rest of the house sees it.
#[derive(Debug)]
pub(crate) struct Published {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its version.
    pub(crate) version: u32,
    progress: watch::Sender<Progress>,
}

impl Published {
    /// A view that has not begun.
    pub(crate) fn new(name: &'static str, version: u32) -> Self {
        Self { name, version, progress: watch::Sender::new(Progress::default()) }
    }

    /// Follows it.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Looks at it; the closure must be short.
    pub(crate) fn look<T>(&self, at: impl FnOnce(&Progress) -> T) -> T {
        at(&self.progress.borrow())
    }

    /// Changes it and wakes those who wait.
    pub(crate) fn publish(&self, change: impl FnOnce(&mut Progress)) {
        self.progress.send_modify(change);
    }

    /// Notes heads without waking anybody, and how far behind the view is.
    pub(crate) fn note_heads(&self, heads: &Arc<HashMap<String, u64>>) {
        let mut behind = 0;
        self.progress.send_if_modified(|progress| {
            progress.heads = Arc::clone(heads);
            behind = progress.behind();
            false
        });
        self.gauge_behind(behind);
    }

    /// Shows how far behind the view is.
    pub(crate) fn gauge_behind(&self, behind: u64) {
        let behind = u32::try_from(behind).unwrap_or(u32::MAX);
        metrics::gauge!("bordereau_view_behind", "view" => self.name).set(behind);
    }

    /// Shows whether the view stands still for a shop.
    pub(crate) fn gauge_stopped(&self, shop: &str, stopped: bool) {
        let (view, shop) = (self.name, shop.to_owned());
        metrics::gauge!("bordereau_view_stopped", "view" => view, "shop" => shop).set(i32::from(stopped));
    }
}
