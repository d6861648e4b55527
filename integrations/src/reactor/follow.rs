//! Following the log: shop by shop, a bounded stretch at a time, so that none waits long for another.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bordereau_projections::Recorded;
use bordereau_store::{Head, Micros, Parked, StoreError, StoredEvent};
use tokio::{sync::watch, time::MissedTickBehavior};

use super::{Board, Node, Reactor, Trouble, lease::Held};

/// How often it is looked although nobody called: other nodes write too.
const POLL: Duration = Duration::from_millis(200);
/// Events of one shop that are dealt with before the next shop has its turn.
const STRETCH: usize = 200;
/// How often an event is tried before its aggregate is set aside.
const TRIES: u32 = 5;
/// The first wait between tries; each next one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// How often what was set aside is tried again, in µs.
const RETRY: Micros = 10 * 60 * 1_000_000;
/// How long a shop that is another node's is left alone, in µs.
const ELSEWHERE: Micros = 5_000_000;

/// One reactor over all shops.
pub(super) struct Follower<R> {
    node: Node,
    reactor: Arc<R>,
    board: Board,
    shops: BTreeMap<String, Shop>,
}

/// What this node knows of a shop.
#[derive(Default)]
struct Shop {
    held: Option<Held>,
    /// The last position dealt with, as far as this node knows.
    position: u64,
    parked: Vec<Parked>,
    /// Not before this time.
    next_look: Micros,
    next_retry: Micros,
}

/// Why a turn ended early.
enum Halt {
    /// The lease is another node's.
    Lost,
    /// The store or the outside cannot be reached.
    NotNow(String),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::NotNow(error.to_string())
    }
}

impl<R: Reactor> Follower<R> {
    pub(super) fn new(node: Node, reactor: Arc<R>, board: Board) -> Self {
        Self { node, reactor, board, shops: BTreeMap::new() }
    }

    /// Follows until `stop` says so.
    pub(super) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut appended = self.node.store.appended();
        let mut poll = tokio::time::interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut open = true;
        while !*stop.borrow_and_update() {
            tokio::select! {
                changed = appended.changed(), if open => open = changed.is_ok(),
                _ = poll.tick() => {}
                _ = stop.changed() => break,
            }
            let reached = self.round(&stop).await;
            self.board.waits(R::NAME, reached.err().map(|error| error.to_string()));
        }
        for (_, shop) in self.shops {
            if let Some(held) = shop.held {
                held.give_back().await;
            }
        }
    }

    async fn round(&mut self, stop: &watch::Receiver<bool>) -> Result<(), StoreError> {
        let heads = self.node.store.heads().await?;
        let mut more = true;
        while more && !*stop.borrow() {
            more = false;
            for head in &heads {
                more |= self.turn(head).await;
            }
        }
        Ok(())
    }

    /// One shop's turn; whether more waits.
    async fn turn(&mut self, head: &Head) -> bool {
        let now = (self.node.clock)();
        let shop = self.shops.entry(head.ledger.clone()).or_default();
        let retries = shop.held.is_some() && !shop.parked.is_empty() && now >= shop.next_retry;
        if now < shop.next_look || (shop.held.is_some() && shop.position >= head.position && !retries) {
            return false;
        }
        let turn = Turn { node: &self.node, reactor: &*self.reactor, shop, ledger: &head.ledger };
        let went = turn.take().await;
        let shop = self.shops.entry(head.ledger.clone()).or_default();
        match went {
            Ok(()) => {
                let behind = head.position.saturating_sub(shop.position);
                self.board.is_behind(R::NAME, &head.ledger, behind);
                self.board.has_parked(R::NAME, &head.ledger, &shop.parked);
                behind > 0
            }
            Err(Halt::Lost) => {
                *shop = Shop { next_look: now + ELSEWHERE, ..Shop::default() };
                self.board.leaves(R::NAME, &head.ledger);
                false
            }
            Err(Halt::NotNow(reason)) => {
                tracing::warn!(reactor = R::NAME, shop = head.ledger, reason, "waiting");
                shop.next_look = now + 1_000_000;
                self.board.is_behind(R::NAME, &head.ledger, head.position.saturating_sub(shop.position));
                false
            }
        }
    }
}

/// One shop's turn.
struct Turn<'a, R> {
    node: &'a Node,
    reactor: &'a R,
    shop: &'a mut Shop,
    ledger: &'a str,
}

impl<R: Reactor> Turn<'_, R> {
    async fn take(mut self) -> Result<(), Halt> {
        self.hold().await?;
        self.retry().await?;
        let events = self.node.store.read(self.ledger, self.shop.position, STRETCH).await?;
        let before = self.shop.position;
        let went = self.stretch(events).await;
        // What was dealt with is noted also when the stretch ended early.
        if self.shop.position > before {
            self.note().await?;
        }
        went
    }

    /// The lease; when it is new in this node's hand, what the store knows.
    async fn hold(&mut self) -> Result<(), Halt> {
        if let Some(held) = self.shop.held.as_mut() {
            return if held.keep().await? { Ok(()) } else { Err(Halt::Lost) };
        }
        let held = Held::take(self.node, self.ledger, R::NAME).await?.ok_or(Halt::Lost)?;
        self.shop.held = Some(held);
        self.shop.position = self.node.store.find_checkpoint(self.ledger, R::NAME).await?;
        let parked = self.node.store.list_parked(self.ledger).await?;
        self.shop.parked = parked.into_iter().filter(|parked| parked.name == R::NAME).collect();
        Ok(())
    }

    fn held(&mut self) -> Result<&mut Held, Halt> {
        self.shop.held.as_mut().ok_or(Halt::Lost)
    }

    async fn stretch(&mut self, events: Vec<StoredEvent>) -> Result<(), Halt> {
        for event in events {
            if !self.held()?.keep().await? {
                return Err(Halt::Lost);
            }
            if !self.waits_behind(&event) {
                match self.attempt(&event).await {
                    Ok(()) => {}
                    Err(Trouble::NotNow(reason)) => return Err(Halt::NotNow(reason)),
                    Err(Trouble::Never(reason)) => self.park(&event, reason).await?,
                }
            }
            self.shop.position = event.position;
        }
        Ok(())
    }

    fn waits_behind(&self, event: &StoredEvent) -> bool {
        self.shop.parked.iter().any(|parked| {
            (&parked.aggregate_type, &parked.aggregate_id) == (&event.aggregate_type, &event.aggregate_id)
        })
    }

    async fn attempt(&self, stored: &StoredEvent) -> Result<(), Trouble> {
        let event = Recorded::decode(stored.clone()).map_err(|error| Trouble::Never(error.to_string()))?;
        let mut wait = FIRST_WAIT;
        for _ in 1..TRIES {
            match self.reactor.react(&event).await {
                Err(Trouble::Never(reason)) => {
                    tracing::debug!(reactor = R::NAME, position = event.position, reason, "once more");
                }
                done => return done,
            }
            pause(wait).await;
            wait *= 2;
        }
        self.reactor.react(&event).await
    }

    async fn park(&mut self, event: &StoredEvent, reason: String) -> Result<(), Halt> {
        let position = event.position;
        tracing::error!(reactor = R::NAME, shop = self.ledger, position, reason, "set aside");
        let parked = Parked {
            ledger: self.ledger.to_owned(),
            name: R::NAME.to_owned(),
            aggregate_type: event.aggregate_type.clone(),
            aggregate_id: event.aggregate_id.clone(),
            position,
            reason,
            since: self.held()?.now(),
        };
        self.keep_parked(parked).await
    }

    async fn keep_parked(&mut self, parked: Parked) -> Result<(), Halt> {
        let store = self.node.store.clone();
        let held = self.held()?;
        let now = held.now();
        if !store.park(held.lease(), parked.clone(), now).await? {
            return Err(Halt::Lost);
        }
        self.shop.parked.retain(|other| other.aggregate_id != parked.aggregate_id);
        self.shop.parked.push(parked);
        self.shop.next_retry = now + RETRY;
        Ok(())
    }

    async fn note(&mut self) -> Result<(), Halt> {
        let (store, position) = (self.node.store.clone(), self.shop.position);
        let held = self.held()?;
        let noted = store.move_checkpoint(held.lease(), position, held.now()).await?;
        if noted { Ok(()) } else { Err(Halt::Lost) }
    }

    /// Tries what was set aside again, each from the event that it stopped at to where the others are.
    async fn retry(&mut self) -> Result<(), Halt> {
        let now = self.held()?.now();
        if self.shop.parked.is_empty() || now < self.shop.next_retry {
            return Ok(());
        }
        self.shop.next_retry = now + RETRY;
        for parked in self.shop.parked.clone() {
            self.drain(parked).await?;
        }
        Ok(())
    }

    async fn drain(&mut self, parked: Parked) -> Result<(), Halt> {
        let store = self.node.store.clone();
        let waiting = store.load(self.ledger, &parked.aggregate_type, &parked.aggregate_id, 0).await?;
        let dealt_with = self.shop.position;
        for event in waiting.iter().filter(|event| (parked.position..=dealt_with).contains(&event.position)) {
            match self.attempt(event).await {
                Ok(()) => {}
                Err(Trouble::NotNow(reason)) => return Err(Halt::NotNow(reason)),
                Err(Trouble::Never(reason)) => {
                    return self.keep_parked(Parked { position: event.position, reason, ..parked }).await;
                }
            }
        }
        let held = self.held()?;
        if !store.unpark(held.lease(), parked.clone(), held.now()).await? {
            return Err(Halt::Lost);
        }
        self.shop.parked.retain(|other| other != &parked);
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "a bounded wait between tries")]
async fn pause(wait: Duration) {
    tokio::time::sleep(wait).await;
}
