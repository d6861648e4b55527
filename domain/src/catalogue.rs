//! Every event there is: by its aggregate and wire name, read from JSON of any version ever written.

use cqrs_es::DomainEvent;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::{
    account::{Account, AccountEvent},
    basket::{Basket, BasketEvent},
    decider::Decider,
    institution::{Institution, InstitutionEvent},
    order::{Order, OrderEvent},
    quote::{Quote, QuoteEvent},
    shop::{Shop, ShopEvent},
    subject::{Subject, SubjectEvent},
};

/// An event that cannot be read: of another program, of a later version, or damaged.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// No aggregate of this name.
    #[error("no such aggregate: {0}")]
    UnknownAggregate(String),
    /// No event of this name and version.
    #[error("no such event: {event_type} version {event_version}")]
    UnknownEvent {
        /// Its wire name.
        event_type: String,
        /// Its version.
        event_version: String,
    },
    /// The payload's one key is not the event's name.
    #[error("the payload is not a {0}")]
    OtherName(String),
    /// The payload does not have the event's shape.
    #[error("the payload cannot be read")]
    Shape(#[from] serde_json::Error),
}

/// An aggregate's or event's name as addresses write it: `GroupedOrder` is `grouped-order`.
pub fn kebab(name: &str) -> String {
    let mut word = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.push(c.to_ascii_lowercase());
    }
    word
}

macro_rules! catalogue {
    ($($aggregate:ident($event:ident)),+ $(,)?) => {
        /// An event of any aggregate.
        #[expect(clippy::large_enum_variant, reason = "an event is decoded, folded and dropped: a box would only cost")]
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Event {
            $(#[doc = concat!("Of a [`", stringify!($aggregate), "`].")] $aggregate($event)),+
        }

        impl Event {
            /// Reads an event from the columns of the log.
            ///
            /// # Errors
            /// [`DecodeError`], when it is none of ours.
            pub fn decode(
                aggregate_type: &str, event_type: &str, event_version: &str, payload: &str,
            ) -> Result<Self, DecodeError> {
                match aggregate_type {
                    $(<$aggregate as Decider>::TYPE => {
                        known($event::NAMES, event_type, event_version)?;
                        let event: $event = serde_json::from_str(payload)?;
                        if event.wire_name() != event_type {
                            return Err(DecodeError::OtherName(event_type.to_owned()));
                        }
                        Ok(Self::$aggregate(event))
                    })+
                    other => Err(DecodeError::UnknownAggregate(other.to_owned())),
                }
            }

            /// The event's name in the log.
            pub const fn wire_name(&self) -> &'static str {
                match self { $(Self::$aggregate(event) => event.wire_name()),+ }
            }

            /// The version that is written today.
            pub fn version(&self) -> String {
                match self { $(Self::$aggregate(event) => event.event_version()),+ }
            }

            /// The aggregate's name in the log.
            pub const fn aggregate_type(&self) -> &'static str {
                match self { $(Self::$aggregate(_) => <$aggregate as Decider>::TYPE),+ }
            }

            /// The payload as it is stored.
            ///
            /// # Errors
            /// Never for our own events; JSON's error otherwise.
            pub fn to_payload(&self) -> Result<String, serde_json::Error> {
                match self { $(Self::$aggregate(event) => serde_json::to_string(event)),+ }
            }
        }

        /// Every event: aggregate, wire name, version.
        pub fn all() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
            [$((<$aggregate as Decider>::TYPE, $event::NAMES)),+]
                .into_iter()
                .flat_map(|(aggregate, names)| names.iter().map(move |(name, version)| (aggregate, *name, *version)))
        }

        /// The shapes of every aggregate's events, one choice an event, in the order of the catalogue. What they share
        /// is left with the generator.
        pub(crate) fn shapes(generator: &mut SchemaGenerator) -> Vec<Schema> {
            vec![$($event::json_schema(generator)),+]
        }
    };
}

catalogue! {
    Shop(ShopEvent),
    Institution(InstitutionEvent),
    Account(AccountEvent),
    Subject(SubjectEvent),
    Basket(BasketEvent),
    Quote(QuoteEvent),
    Order(OrderEvent),
}

/// Refuses what was never written. An upcaster of an older version is called here, before the payload is read.
fn known(names: &[(&str, &str)], event_type: &str, event_version: &str) -> Result<(), DecodeError> {
    if names.contains(&(event_type, event_version)) {
        Ok(())
    } else {
        Err(DecodeError::UnknownEvent { event_type: event_type.to_owned(), event_version: event_version.to_owned() })
    }
}
