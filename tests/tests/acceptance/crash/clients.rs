//! Sixteen clients, each with a journal of its own: baskets that become orders, and one line that all of them change.

use std::time::Duration;

use bordereau_commands::new_id;
use bordereau_tests::{Asked, Entry, Person, Process, Verdict};
use serde_json::Value;
use tokio::{task::JoinSet, time::Interval};
use uuid::Uuid;

pub(super) const WRITERS: usize = 16;
/// Between two commands of one client.
const PACE: Duration = Duration::from_millis(8);

pub(super) fn every(period: Duration) -> Interval {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    ticks
}

/// A moment between 50 and 1500 ms.
fn a_moment() -> Duration {
    let random = new_id().as_u128() & 0xffff_ffff;
    Duration::from_millis(50 + u64::try_from(random % 1_451).unwrap())
}

/// Lets all clients write and kills the service after a moment.
pub(super) async fn write_until_killed(service: Process, person: &Person, round: usize) -> Vec<Entry> {
    let mut clients = JoinSet::new();
    let shared = Shared::make(person, &service.address, round).await;
    let mut entries = shared.entries.clone();
    for number in 0..WRITERS {
        let writer = Writer {
            person: person.clone(),
            node: service.address.clone(),
            name: format!("round-{round}-client-{number}"),
            shared: shared.clone(),
            pace: every(PACE),
            entries: Vec::new(),
        };
        clients.spawn(writer.work());
    }
    // Nobody ends by himself: this is how long they are left alone.
    let early = tokio::time::timeout(a_moment(), clients.join_next()).await;
    assert!(early.is_err(), "a client gave up: {early:?}");
    service.kill();
    for written in clients.join_all().await {
        entries.extend(written);
    }
    entries
}

/// A line that all clients change at once.
#[derive(Clone)]
struct Shared {
    basket: Uuid,
    line: Uuid,
    sequence: u64,
    entries: Vec<Entry>,
}

impl Shared {
    async fn make(person: &Person, node: &str, round: usize) -> Self {
        let name = format!("round-{round}-shared");
        let opened = Entry::send(person, node, format!("{name}-open"), Asked::Open { name: name.clone() }).await;
        let basket = id(&opened, "id").expect("a basket");
        let added = Entry::send(person, node, format!("{name}-add"), Asked::Add { basket, quantity: 9_999 }).await;
        let line = id(&added, "line_id").expect("a line");
        Self { basket, line, sequence: 2, entries: vec![opened, added] }
    }
}

fn id(entry: &Entry, field: &str) -> Option<Uuid> {
    match &entry.verdict {
        Verdict::Acknowledged { body, .. } => body.get(field).and_then(Value::as_str)?.parse().ok(),
        Verdict::Refused { .. } | Verdict::Unknown => None,
    }
}

/// A client with a journal.
struct Writer {
    person: Person,
    node: String,
    name: String,
    shared: Shared,
    pace: Interval,
    entries: Vec<Entry>,
}

impl Writer {
    /// Works until the service is gone.
    async fn work(mut self) -> Vec<Entry> {
        while self.one_basket().await.is_some() {}
        self.entries
    }

    /// A basket with three lines becomes an order, while the shared line is fought for.
    async fn one_basket(&mut self) -> Option<()> {
        let name = format!("{}-basket-{}", self.name, self.entries.len());
        self.ask(Asked::Open { name: name.clone() }).await?;
        let basket = id(self.entries.last()?, "id")?;
        for quantity in 1..=3 {
            self.ask(Asked::Add { basket, quantity }).await?;
            self.ask_for_the_shared_line().await?;
        }
        self.ask(Asked::Order { basket, reference: name }).await
    }

    async fn ask_for_the_shared_line(&mut self) -> Option<()> {
        let Shared { basket, line, sequence: seen, .. } = self.shared;
        self.ask(Asked::Change { basket, line, seen }).await?;
        match &self.entries.last()?.verdict {
            Verdict::Acknowledged { sequence, .. } => self.shared.sequence = *sequence,
            Verdict::Refused { status, current } => {
                assert_eq!(*status, 412);
                self.shared.sequence = current.expect("a 412 carries the current sequence");
            }
            Verdict::Unknown => {}
        }
        Some(())
    }

    /// Sends a command; nothing when it was not answered.
    async fn ask(&mut self, asked: Asked) -> Option<()> {
        self.pace.tick().await;
        let key = format!("{}-{}", self.name, self.entries.len());
        let entry = Entry::send(&self.person, &self.node, key, asked).await;
        let answered = entry.verdict != Verdict::Unknown;
        self.entries.push(entry);
        answered.then_some(())
    }
}

/// Sends again what was not answered: it is done now, once, or it is refused because others were first.
pub(super) async fn ask_again(service: &Process, person: &Person, entries: Vec<Entry>) -> Vec<Entry> {
    let mut settled = Vec::with_capacity(entries.len());
    for entry in entries {
        if entry.verdict != Verdict::Unknown {
            settled.push(entry);
            continue;
        }
        let again = entry.send_again(person, &service.address).await;
        match (&again.verdict, &again.asked) {
            (Verdict::Acknowledged { .. }, _) | (Verdict::Refused { status: 412, .. }, Asked::Change { .. }) => {}
            (verdict, asked) => panic!("{asked:?} was asked again: {verdict:?}"),
        }
        // And once more: the same answer, no second effect.
        let twice = entry.send_again(person, &service.address).await;
        assert_eq!(twice, again);
        settled.push(again);
    }
    settled
}
