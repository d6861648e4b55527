//! What must be true of a log whatever happened to those who wrote it: by itself, against what its writers were told,
//! and against the views.
//!
//! What must stay true: this is the one place that judges a log after a fault.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::Path,
};

use bordereau_commands::Housed;
use bordereau_domain::{
    Decider, Event, account::Account, basket::Basket, institution::Institution, order::Order, quote::Quote, shop::Shop,
    subject::Subject,
};
use bordereau_projections::Projections;
use bordereau_store::{Outcome, Store, StoredEvent};
use rusqlite::{Connection, types::Value as Cell};
use serde_json::Value;

use crate::journal::{Asked, Entry, Verdict};

/// A ledger as it stood when it was read, found to be sound by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    code: String,
    /// Its events, by position from 1 on.
    pub events: Vec<StoredEvent>,
}

impl Ledger {
    /// Reads a ledger whole and looks at it by itself: positions and sequences dense, times rising, every event one of
    /// ours, legal after those before it, of a cause that is there.
    pub async fn read(store: &Store, code: &str) -> Self {
        let mut ledger = Self { code: code.to_owned(), events: Vec::new() };
        loop {
            let page = store.read(code, ledger.events.len() as u64, 1_000).await.unwrap();
            if page.is_empty() {
                break;
            }
            ledger.events.extend(page);
        }
        let head = store.head(code).await.unwrap().expect("the ledger");
        assert!(head.position >= ledger.events.len() as u64, "the head is behind its events");
        ledger.assert_dense();
        ledger.assert_legal();
        ledger
    }

    fn assert_dense(&self) {
        let (mut ids, mut sequences) = (HashSet::new(), HashMap::new());
        let mut recorded_at = 0;
        for (event, position) in self.events.iter().zip(1..) {
            let place = format!("{} {}", self.code, event.position);
            assert_eq!(event.position, position, "{place}: positions are not dense");
            assert!(event.recorded_at >= recorded_at, "{place}: the time fell");
            recorded_at = event.recorded_at;
            let sequence = sequences.entry((&event.aggregate_type, &event.aggregate_id)).or_insert(0);
            *sequence += 1;
            assert_eq!(event.sequence, *sequence, "{place}: a stream is not dense");
            let metadata: BTreeMap<String, String> = serde_json::from_str(&event.metadata).unwrap();
            assert_eq!(metadata["ledger"], self.code, "{place}");
            if let Some(cause) = metadata.get("causation") {
                assert!(ids.contains(cause), "{place}: caused by {cause}, which is not there");
            }
            assert!(ids.insert(event.event_id.to_string()), "{place}: an event twice");
        }
    }

    fn assert_legal(&self) {
        let mut streams: HashMap<_, Vec<&StoredEvent>> = HashMap::new();
        for event in &self.events {
            streams.entry((event.aggregate_type.as_str(), event.aggregate_id.as_str())).or_default().push(event);
        }
        for ((kind, _), events) in streams {
            match kind {
                Shop::TYPE => assert_stream_legal::<Shop>(&events),
                Institution::TYPE => assert_stream_legal::<Institution>(&events),
                Account::TYPE => assert_stream_legal::<Account>(&events),
                Subject::TYPE => assert_stream_legal::<Subject>(&events),
                Basket::TYPE => assert_stream_legal::<Basket>(&events),
                Quote::TYPE => assert_stream_legal::<Quote>(&events),
                Order::TYPE => assert_stream_legal::<Order>(&events),
                other => panic!("no such aggregate: {other}"),
            }
        }
    }

    /// Compares what the senders of `entries` were told with what stands here after `base`. Nobody else may have
    /// written meanwhile but the service itself.
    pub async fn reckon(&self, store: &Store, account: &str, base: u64, entries: &[Entry]) -> Reckoning {
        let mut reckoning = Reckoning::default();
        let mut claimed = HashSet::new();
        let mut names = Vec::new();
        for entry in entries {
            let outcome = store.find_outcome(&self.code, account, &entry.key).await.unwrap();
            let events = outcome.as_ref().map(|outcome| self.span(outcome.position, entry.asked.events()));
            let whole = events.as_ref().is_some_and(|events| entry.asked.wrote(events));
            reckoning.note(entry, outcome.as_ref(), whole);
            for event in events.into_iter().flatten() {
                reckoning.doubled += usize::from(!claimed.insert(event.position));
            }
            if let (Asked::Open { name }, Some(outcome), true) = (&entry.asked, outcome, whole) {
                names.push((name.clone(), outcome.position));
            }
        }
        // What nobody asked for, or asked for once and finds twice, is claimed by nobody.
        let strangers = self
            .events
            .iter()
            .skip(usize::try_from(base).unwrap())
            .filter(|event| !claimed.contains(&event.position) && !event.metadata.contains(r#""role":"system""#));
        reckoning.doubled += strangers.count();
        reckoning.torn += self.lost_names(store, &names).await;
        reckoning
    }

    /// The last `count` events up to a position, as far as they are there.
    fn span(&self, position: u64, count: u64) -> Vec<&StoredEvent> {
        let place = |position: u64| usize::try_from(position).unwrap().min(self.events.len());
        self.events[place(position.saturating_sub(count))..place(position)].iter().collect()
    }

    /// How many of these names cannot be opened where they were sealed.
    async fn lost_names(&self, store: &Store, names: &[(String, u64)]) -> usize {
        let mut digests = Vec::new();
        for (_, position) in names {
            let event = &self.events[usize::try_from(position - 1).unwrap()];
            let payload: Value = serde_json::from_str(&event.payload).unwrap();
            let digest = payload["BasketOpened"]["name"]["digest"].as_str().expect("a digest");
            digests.push(digest.parse::<bordereau_domain::personal::Digest>().unwrap().0);
        }
        let mut lost = 0;
        for (names, digests) in names.chunks(500).zip(digests.chunks(500)) {
            let opened = store.open_sealed(&self.code, digests).await.unwrap();
            lost += names.iter().zip(digests).filter(|((name, _), digest)| opened.get(*digest) != Some(name)).count();
        }
        lost
    }
}

fn assert_stream_legal<D: Housed>(events: &[&StoredEvent]) {
    let mut state = D::default();
    for event in events {
        let decoded = Event::decode(&event.aggregate_type, &event.event_type, &event.event_version, &event.payload);
        let own = D::own(decoded.unwrap()).expect("an event of its aggregate");
        state.allows(&own).unwrap_or_else(|illegal| panic!("{} {}: {illegal}", event.ledger, event.position));
        state.evolve(&own);
    }
}

/// What became of the commands of a journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reckoning {
    /// Told that they were done.
    pub acknowledged: usize,
    /// Told that they were refused.
    pub refused: usize,
    /// Not told anything, and in the log.
    pub unknown_written: usize,
    /// Not told anything, and not in the log.
    pub unknown_absent: usize,
    /// Told that they were done, and not in the log.
    pub lost: usize,
    /// Events that belong to nobody, or to two.
    pub doubled: usize,
    /// In the log in part, elsewhere than was told, or although it was refused.
    pub torn: usize,
}

impl Reckoning {
    /// Adds what another round has shown.
    pub fn add(&mut self, other: &Self) {
        self.acknowledged += other.acknowledged;
        self.refused += other.refused;
        self.unknown_written += other.unknown_written;
        self.unknown_absent += other.unknown_absent;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.torn += other.torn;
    }

    /// Passes it on when nothing is lost, doubled or torn.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "often the soundness is all")]
    pub fn sound(self) -> Self {
        assert_eq!((self.lost, self.doubled, self.torn), (0, 0, 0), "{self:?}");
        self
    }

    fn note(&mut self, entry: &Entry, outcome: Option<&Outcome>, whole: bool) {
        self.torn += usize::from(outcome.is_some() && !whole);
        match (&entry.verdict, outcome) {
            (Verdict::Acknowledged { position, body, .. }, Some(outcome)) => {
                let told: Option<Value> = serde_json::from_str(&outcome.body).ok();
                self.acknowledged += 1;
                self.torn += usize::from(outcome.position != *position || told.as_ref() != Some(body));
            }
            (Verdict::Acknowledged { .. }, None) => {
                self.acknowledged += 1;
                self.lost += 1;
            }
            (Verdict::Refused { .. }, outcome) => {
                self.refused += 1;
                self.torn += usize::from(outcome.is_some());
            }
            (Verdict::Unknown, Some(_)) => self.unknown_written += 1,
            (Verdict::Unknown, None) => self.unknown_absent += 1,
        }
    }
}

/// All rows of all tables of the views in a folder, once they have caught up with the log, by file and table; without
/// what the full-text search keeps for itself. The folder is made where it is missing; nobody else may use it.
pub async fn rows_of_views(store: &Store, folder: &Path) -> BTreeMap<String, Vec<String>> {
    let views = Projections::start(store.clone(), folder).await.unwrap();
    views.catch_up().await.unwrap();
    views.shutdown().await;
    let mut tables = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "db") {
            dump(&path, &mut tables);
        }
    }
    tables
}

fn dump(path: &Path, tables: &mut BTreeMap<String, Vec<String>>) {
    let connection = Connection::open(path).unwrap();
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%words\\__%' ESCAPE '\\'
         AND name NOT IN ('words', 'sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4')";
    let mut statement = connection.prepare(names).unwrap();
    let names: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for name in names {
        let mut statement = connection.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = statement.column_count();
        let line = |row: &rusqlite::Row<'_>| {
            let cells: Result<Vec<_>, _> =
                (0..columns).map(|column| row.get::<_, Cell>(column).map(|cell| format!("{cell:?}"))).collect();
            Ok(cells?.join("|"))
        };
        let mut rows: Vec<String> = statement.query_map([], line).unwrap().map(Result::unwrap).collect();
        rows.sort();
        let file = path.file_name().unwrap().to_string_lossy();
        tables.insert(format!("{file} {name}"), rows);
    }
}
