//! The same log for any `cqrs-es` program: its `EventStore` over our ledger.
//!
//! It knows no seals, no outcomes and no rights: for tests, for the baseline of the benchmarks, and for programs that
//! bring a decider of their own.

use std::{collections::HashMap, sync::Arc};

use bordereau_domain::{Decider, Es, Event};
use bordereau_store::{Append, AppendError, Store, StoredEvent, StreamAppend};
use cqrs_es::{Aggregate, AggregateContext, AggregateError, EventEnvelope, EventStore};

use crate::follow::{encode, new_event};

/// One ledger of a store, as `cqrs-es` sees it.
#[derive(Clone, Debug)]
pub struct LedgerStore {
    store: Store,
    ledger: Arc<str>,
}

impl LedgerStore {
    /// The ledger `ledger` of `store`.
    pub fn new(store: Store, ledger: &str) -> Self {
        Self { store, ledger: ledger.into() }
    }
}

/// An aggregate that was loaded to be changed.
#[derive(Debug)]
pub struct Loaded<D> {
    id: String,
    sequence: u64,
    aggregate: Es<D>,
}

impl<D: Decider> AggregateContext<Es<D>> for Loaded<D> {
    fn aggregate(&mut self) -> &mut Es<D> {
        &mut self.aggregate
    }
}

fn unexpected<E: std::error::Error>(error: impl std::error::Error + Send + Sync + 'static) -> AggregateError<E> {
    AggregateError::UnexpectedError(Box::new(error))
}

fn envelope<D: Decider>(stored: StoredEvent) -> Result<EventEnvelope<Es<D>>, AggregateError<D::Error>> {
    Event::decode(&stored.aggregate_type, &stored.event_type, &stored.event_version, &stored.payload)
        .map_err(unexpected)?;
    Ok(EventEnvelope {
        aggregate_id: stored.aggregate_id,
        sequence: usize::try_from(stored.sequence).map_err(unexpected)?,
        payload: serde_json::from_str(&stored.payload).map_err(unexpected)?,
        metadata: serde_json::from_str(&stored.metadata).map_err(unexpected)?,
    })
}

impl<D: Decider> EventStore<Es<D>> for LedgerStore {
    type AC = Loaded<D>;

    async fn load_events(&self, id: &str) -> Result<Vec<EventEnvelope<Es<D>>>, AggregateError<D::Error>> {
        let stored = self.store.load(&self.ledger, D::TYPE, id, 0).await.map_err(unexpected)?;
        stored.into_iter().map(envelope).collect()
    }

    async fn load_aggregate(&self, id: &str) -> Result<Loaded<D>, AggregateError<D::Error>> {
        let mut loaded = Loaded { id: id.to_owned(), sequence: 0, aggregate: Es::<D>::default() };
        for event in EventStore::<Es<D>>::load_events(self, id).await? {
            loaded.sequence = event.sequence as u64;
            loaded.aggregate.apply(event.payload);
        }
        Ok(loaded)
    }

    async fn commit(
        &self,
        events: Vec<D::Event>,
        context: Loaded<D>,
        metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<Es<D>>>, AggregateError<D::Error>> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let sorted: std::collections::BTreeMap<_, _> = metadata.iter().collect();
        let written = serde_json::to_string(&sorted).map_err(unexpected)?;
        let encoded: Result<Vec<_>, serde_json::Error> =
            events.iter().map(|event| Ok(new_event(encode(event)?, &written))).collect();
        let stream = StreamAppend {
            aggregate_type: D::TYPE.to_owned(),
            aggregate_id: context.id.clone(),
            expected: context.sequence,
            events: encoded.map_err(unexpected)?,
        };
        let append =
            Append { ledger: self.ledger.to_string(), opens_ledger: false, streams: vec![stream], beside: Vec::new() };
        match self.store.append(append).await {
            Ok(_) => {}
            Err(AppendError::Conflict { .. }) => return Err(AggregateError::AggregateConflict),
            Err(other) => return Err(unexpected(other)),
        }
        let first = usize::try_from(context.sequence).map_err(unexpected)? + 1;
        // The sink has applied them to the aggregate already: they are only put into their envelopes here.
        Ok(events
            .into_iter()
            .zip(first..)
            .map(|(payload, sequence)| EventEnvelope {
                aggregate_id: context.id.clone(),
                sequence,
                payload,
                metadata: metadata.clone(),
            })
            .collect())
    }
}
