//! What a client remembers of its commands: what it asked under which key, and what it was told, if it was told anything.

use bordereau_store::StoredEvent;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    person::{Person, try_to_tell},
    template::CEMETERY_ROAD,
};

/// A command. Each has a mark of its own that stands in its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Opens a basket; the mark is the name, sealed.
    Open {
        /// Its name.
        name: String,
    },
    /// Adds a line; the mark is the quantity, used once a basket.
    Add {
        /// The basket.
        basket: Uuid,
        /// Copies.
        quantity: u32,
    },
    /// Changes a line that others want to change too: one of them wins. The mark is the quantity, made of the sequence.
    Change {
        /// The basket.
        basket: Uuid,
        /// The line.
        line: Uuid,
        /// The sequence that the client has seen.
        seen: u64,
    },
    /// Makes an order of a basket: two streams, one fact. The mark is the reference.
    Order {
        /// The basket.
        basket: Uuid,
        /// The reference.
        reference: String,
    },
}

/// What the client was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was done.
    Acknowledged {
        /// At which position.
        position: u64,
        /// The sequence of the aggregate after it.
        sequence: u64,
        /// The answer.
        body: Value,
    },
    /// It was refused.
    Refused {
        /// With which status.
        status: u16,
        /// Where the aggregate is by now, if that was told.
        current: Option<u64>,
    },
    /// Nothing, or that nobody knows.
    Unknown,
}

/// A command as its sender remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The idempotency key.
    pub key: String,
    /// What was asked.
    pub asked: Asked,
    /// What was told.
    pub verdict: Verdict,
}

impl Asked {
    /// How many events it writes.
    pub const fn events(&self) -> u64 {
        match self {
            Self::Open { .. } | Self::Add { .. } | Self::Change { .. } => 1,
            Self::Order { .. } => 2,
        }
    }

    /// The copies that a change sets: another number than the change before it has set.
    fn changed_to(seen: u64) -> u64 {
        seen % 9_000 + 1
    }

    fn request(&self, person: &Person, node: &str, key: &str) -> RequestBuilder {
        let post = |path: &str, body: &Value| person.call(Method::POST, node, path).json(body);
        let request = match self {
            Self::Open { name } => post("baskets", &json!({ "institution_id": person.institution, "name": name })),
            Self::Add { basket, quantity } => {
                post(&format!("baskets/{basket}/lines"), &json!({ "ean": CEMETERY_ROAD, "quantity": quantity }))
            }
            Self::Change { basket, line, seen } => {
                let path = format!("baskets/{basket}/lines/{line}");
                let change = json!({ "quantity": Self::changed_to(*seen) });
                person.call(Method::PATCH, node, &path).header("if-match", format!("\"{seen}\"")).json(&change)
            }
            Self::Order { basket, reference } => {
                let body = json!({ "reference": reference, "delivery_mode": "pickup", "payment_mode": "invoice" });
                post(&format!("baskets/{basket}/place-order"), &body)
            }
        };
        request.header("idempotency-key", key)
    }

    /// Whether these are its events, whole and in their order. A name is sealed: its digest is looked at elsewhere.
    pub fn wrote(&self, events: &[&StoredEvent]) -> bool {
        let types: Vec<_> = events.iter().map(|event| event.event_type.as_str()).collect();
        let payloads: Option<Vec<Value>> =
            events.iter().map(|event| serde_json::from_str(&event.payload).ok()).collect();
        let Some(payloads) = payloads else { return false };
        let on = |basket: &Uuid| events[0].aggregate_id == basket.to_string();
        match self {
            Self::Open { .. } => types == ["BasketOpened"] && events[0].sequence == 1,
            Self::Add { basket, quantity } => {
                types == ["BasketLineAdded"]
                    && on(basket)
                    && payloads[0]["BasketLineAdded"]["line"]["quantity"] == *quantity
            }
            Self::Change { basket, line, seen } => {
                let change = &payloads[0]["BasketLineChanged"];
                types == ["BasketLineChanged"]
                    && on(basket)
                    && events[0].sequence == seen + 1
                    && change["line_id"] == line.to_string()
                    && change["after"]["quantity"] == Self::changed_to(*seen)
            }
            Self::Order { basket, reference } => {
                types == ["BasketConvertedToOrder", "OrderPlaced"]
                    && on(basket)
                    && payloads[1]["OrderPlaced"]["reference"] == reference.as_str()
            }
        }
    }
}

impl Entry {
    /// Sends a command and notes what was told.
    pub async fn send(person: &Person, node: &str, key: String, asked: Asked) -> Self {
        let verdict = match try_to_tell(asked.request(person, node, &key)).await {
            Ok(told) if told.status.is_success() => Verdict::Acknowledged {
                position: told.position.parse().expect("a position"),
                sequence: told.sequence.expect("an ETag"),
                body: told.body,
            },
            Ok(told) if told.status.is_client_error() => {
                Verdict::Refused { status: told.status.as_u16(), current: told.sequence }
            }
            Ok(_) | Err(_) => Verdict::Unknown,
        };
        Self { key, asked, verdict }
    }

    /// Sends the same again, under the same key.
    pub async fn send_again(&self, person: &Person, node: &str) -> Self {
        Self::send(person, node, self.key.clone(), self.asked.clone()).await
    }
}
