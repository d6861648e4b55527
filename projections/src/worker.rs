//! The thread of one view: applies batches, each with its checkpoint in one transaction, and publishes how far it came.

use std::{
    any::Any,
    collections::{BTreeMap, HashMap},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::{
    error::{ApplyError, StartError},
    file::{Shape, ViewFile, put_checkpoint},
    progress::{Checkpoint, Halt, Published},
    transact::{Applied, Needs, transact},
    view::{Item, View},
};

/// Items of one shop, in order, without gaps.
#[derive(Debug)]
pub(crate) struct Batch<I> {
    /// The shop.
    pub(crate) shop: Arc<str>,
    /// The ledger's epoch when they were read.
    pub(crate) epoch: Uuid,
    /// The items.
    pub(crate) items: Arc<[I]>,
}

impl<I> Clone for Batch<I> {
    fn clone(&self) -> Self {
        Self { shop: Arc::clone(&self.shop), epoch: self.epoch, items: Arc::clone(&self.items) }
    }
}

/// What a view is told.
#[derive(Debug)]
pub(crate) enum Message<I> {
    /// Apply these.
    Apply(Batch<I>),
    /// What stands there cannot be decoded: stand still for this shop.
    Halt {
        /// The shop.
        shop: Arc<str>,
        /// Where and why.
        halt: Halt,
    },
    /// All heads are reached: put a built file into its place.
    Level,
    /// Answer once all that was told before is done.
    Settle(oneshot::Sender<()>),
    /// A rebuilt file is offered: take it instead of your own, then answer.
    Adopt(oneshot::Sender<()>),
    /// The history is another one: throw everything away, then answer.
    Rebuild(oneshot::Sender<()>),
}

/// How many items one transaction takes while a file is built: what changes often is written once.
const LOT: usize = 10_000;
/// How many items that change no row may come until a checkpoint is written all the same: they are what is read again
/// after a crash.
const UNWRITTEN: usize = 1_000;

/// How long a passing failure is waited out before the next try.
const RETRY: Duration = Duration::from_millis(500);

/// A view at work.
#[derive(Debug)]
pub(crate) struct Worker<V> {
    view: V,
    file: ViewFile,
    published: Arc<Published>,
    stopping: Arc<AtomicBool>,
    /// Checkpoints that are published and not written, by shop: what came since the written one changed no row.
    unwritten: HashMap<Arc<str>, Unwritten>,
}

/// A checkpoint that stands in memory alone.
#[derive(Clone, Copy, Debug)]
struct Unwritten {
    checkpoint: Checkpoint,
    /// How many items came since the one that is written.
    items: usize,
}

impl<V: View> Worker<V> {
    /// The view's file and tables.
    pub(crate) const SHAPE: Shape = Shape { name: V::NAME, version: V::VERSION, ddl: V::DDL, indexes: V::INDEXES };

    /// Opens the view's file and publishes where it stands.
    pub(crate) fn open(
        view: V,
        folder: &Path,
        published: Arc<Published>,
        stopping: Arc<AtomicBool>,
    ) -> Result<Self, StartError> {
        let file = ViewFile::open(Self::SHAPE, folder)?;
        let worker = Self { view, file, published, stopping, unwritten: HashMap::new() };
        worker.publish_file().map_err(|source| StartError::View { view: V::NAME, source })?;
        Ok(worker)
    }

    /// Works until nobody tells it anything any more.
    pub(crate) fn run(mut self, inbox: mpsc::Receiver<Message<V::Item>>) {
        self.work(inbox);
        // Who stops in good order reads nothing again.
        if let Err(error) = self.write_checkpoints() {
            tracing::warn!(view = V::NAME, %error, "the view's last checkpoints were not written: some events come again");
        }
    }

    fn work(&mut self, mut inbox: mpsc::Receiver<Message<V::Item>>) {
        let mut next = None;
        while let Some(message) = next.take().or_else(|| inbox.blocking_recv()) {
            if self.is_stopping() {
                return;
            }
            match message {
                Message::Apply(batch) => {
                    let mut lot = vec![batch];
                    if self.file.is_building() {
                        next = gather(&mut lot, &mut inbox);
                    }
                    self.apply(&lot);
                }
                Message::Halt { shop, halt } => self.halt_at(&shop, halt),
                Message::Level => self.level(),
                // Whoever asked may have gone.
                Message::Settle(done) => _ = done.send(()),
                Message::Adopt(done) => {
                    self.adopt();
                    _ = done.send(());
                }
                Message::Rebuild(done) => {
                    self.rebuild();
                    _ = done.send(());
                }
            }
        }
    }

    fn write_checkpoints(&mut self) -> rusqlite::Result<()> {
        if self.unwritten.is_empty() {
            return Ok(());
        }
        let tx = self.file.transaction()?;
        for (shop, Unwritten { checkpoint, .. }) in &self.unwritten {
            put_checkpoint(&tx, shop, *checkpoint)?;
        }
        tx.commit()
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Publishes what the file holds, after it was opened or replaced.
    fn publish_file(&self) -> rusqlite::Result<()> {
        let checkpoints = self.file.checkpoints()?;
        let readable = !self.file.is_building();
        self.published.publish(|progress| {
            progress.reached = checkpoints.into_iter().collect();
            progress.readable = readable;
            progress.generation += 1;
        });
        Ok(())
    }

    /// Applies batches of one shop together.
    fn apply(&mut self, lot: &[Batch<V::Item>]) {
        let Some(batch) = lot.first() else { return };
        let reached = self.published.look(|progress| {
            if progress.halted.contains_key(&*batch.shop) { None } else { Some(progress.position(&batch.shop)) }
        });
        let Some(reached) = reached else { return };
        let items = lot.iter().flat_map(|batch| batch.items.iter());
        let fresh: Vec<&V::Item> = items.filter(|item| item.position() > reached).collect();
        if fresh.is_empty() || self.apply_all(batch, &fresh).is_ok() {
            return;
        }
        // One of them fails: what comes before it is kept, so they go one by one.
        for item in fresh {
            if !self.apply_one(batch, item) {
                return;
            }
        }
    }

    /// Applies one item, waiting out what passes; `false` where the view stands still.
    fn apply_one(&mut self, batch: &Batch<V::Item>, item: &V::Item) -> bool {
        loop {
            let Err(error) = self.apply_all(batch, &[item]) else { return true };
            let halt = Halt { position: item.position(), reason: error.to_string() };
            if !error.is_passing() {
                self.halt(&batch.shop, halt);
                return false;
            }
            tracing::warn!(view = V::NAME, shop = &*batch.shop, position = halt.position, %error, "trying again");
            self.published.publish(|progress| {
                progress.halted.insert(batch.shop.to_string(), halt);
            });
            thread::sleep(RETRY);
            if self.is_stopping() {
                return false;
            }
            self.published.publish(|progress| {
                progress.halted.remove(&*batch.shop);
            });
        }
    }

    /// Applies items and their checkpoint in one transaction: all of them or nothing.
    fn apply_all(&mut self, batch: &Batch<V::Item>, items: &[&V::Item]) -> Result<(), ApplyError> {
        let Self { view, file, unwritten, .. } = self;
        let since = unwritten.get(&batch.shop).map_or(0, |unwritten| unwritten.items) + items.len();
        let needs = if file.is_building() || since >= UNWRITTEN { Needs::Always } else { Needs::Change };
        let applied = catch_unwind(AssertUnwindSafe(|| transact(view, file, batch, items, needs)));
        let checkpoint = match applied.unwrap_or_else(|panic| Err(ApplyError::Panicked(words_of(&*panic)))) {
            Ok(Applied { checkpoint, written: true }) => {
                unwritten.remove(&batch.shop);
                checkpoint
            }
            Ok(Applied { checkpoint, written: false }) => {
                unwritten.insert(Arc::clone(&batch.shop), Unwritten { checkpoint, items: since });
                checkpoint
            }
            Err(error) => {
                view.forget();
                return Err(error);
            }
        };
        let mut behind = 0;
        self.published.publish(|progress| {
            match progress.reached.get_mut(&*batch.shop) {
                Some(reached) => *reached = checkpoint,
                None => drop(progress.reached.insert(batch.shop.to_string(), checkpoint)),
            }
            behind = progress.behind();
        });
        self.published.gauge_behind(behind);
        let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
        metrics::counter!("bordereau_view_events_applied", "view" => V::NAME).increment(count);
        Ok(())
    }

    fn halt_at(&self, shop: &str, halt: Halt) {
        if self.published.look(|progress| progress.position(shop) < halt.position) {
            self.halt(shop, halt);
        }
    }

    /// Stands still for a shop, says so once, and goes on for the others.
    fn halt(&self, shop: &str, halt: Halt) {
        let mut known = false;
        self.published.publish(|progress| {
            known = progress.halted.get(shop) == Some(&halt);
            progress.halted.insert(shop.to_owned(), halt.clone());
        });
        if !known {
            let Halt { position, reason } = halt;
            tracing::error!(view = V::NAME, shop, position, reason, "the view has stopped for this shop");
            self.published.gauge_stopped(shop, true);
        }
    }

    fn level(&mut self) {
        if self.file.is_building() {
            while let Err(error) = self.file.finish().and_then(|()| self.publish_file()) {
                tracing::error!(view = V::NAME, %error, "the built view cannot be put into its place: trying again");
                thread::sleep(RETRY);
                if self.is_stopping() {
                    return;
                }
            }
        }
        self.published.publish(|progress| progress.live = true);
    }

    /// Takes the file that is offered. Where that fails half-way the view is built from nothing.
    fn adopt(&mut self) {
        let before = self.published.look(|progress| (progress.readable, progress.halted.clone()));
        // First nobody opens the file any more.
        self.published.publish(|progress| progress.readable = false);
        match self.file.adopt() {
            Ok(true) => {
                self.forget();
                self.published.publish(|progress| progress.halted.clear());
                before.1.keys().for_each(|shop| self.published.gauge_stopped(shop, false));
                match self.publish_file() {
                    Ok(()) => tracing::info!(view = V::NAME, "the view goes on with a rebuilt file"),
                    Err(error) => self.build_anew(&error.to_string()),
                }
            }
            Ok(false) => self.published.publish(|progress| progress.readable = before.0),
            Err(error) => self.build_anew(&error.to_string()),
        }
    }

    /// Forgets what belongs to a file that is no longer used.
    fn forget(&mut self) {
        self.view.forget();
        self.unwritten.clear();
    }

    fn rebuild(&mut self) {
        self.build_anew("the log is not the one that it was made of");
    }

    fn build_anew(&mut self, reason: &str) {
        tracing::warn!(view = V::NAME, reason, "the view is built anew");
        // First nobody opens the file any more.
        let mut halted = BTreeMap::new();
        self.published.publish(|progress| {
            progress.live = false;
            progress.readable = false;
            progress.reached.clear();
            halted = std::mem::take(&mut progress.halted);
        });
        for shop in halted.keys() {
            self.published.gauge_stopped(shop, false);
        }
        self.forget();
        while let Err(error) = self.file.begin().and_then(|()| self.publish_file()) {
            tracing::error!(view = V::NAME, %error, "the view cannot be built anew: trying again");
            thread::sleep(RETRY);
            if self.is_stopping() {
                return;
            }
        }
    }
}

/// Takes in what follows for the same shop, until there is enough or something else is told, which is given back.
fn gather<I: Item>(lot: &mut Vec<Batch<I>>, inbox: &mut mpsc::Receiver<Message<I>>) -> Option<Message<I>> {
    let mut items: usize = lot.iter().map(|batch| batch.items.len()).sum();
    while items < LOT {
        // Whoever feeds a file that is built ends with another message, so nothing waits here for ever.
        let message = inbox.blocking_recv()?;
        let Message::Apply(batch) = message else { return Some(message) };
        if lot.iter().any(|of| of.shop != batch.shop || of.epoch != batch.epoch) {
            return Some(Message::Apply(batch));
        }
        items += batch.items.len();
        lot.push(batch);
    }
    None
}

/// What a panic said.
fn words_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no words".to_owned())
}
