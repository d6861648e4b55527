//! The shape that every aggregate has: a pure, synchronous decider.

use chrono::{DateTime, Utc};
use cqrs_es::DomainEvent;
use serde::{Serialize, de::DeserializeOwned};

use crate::actor::Actor;

/// Who acts, and when. Everything else that a decision rests on is in the command.
#[derive(Clone, Debug)]
pub struct Context {
    /// The acting person, key or process.
    pub actor: Actor,
    /// The time of the act: the command's clock, read once at the edge.
    pub at: DateTime<Utc>,
    /// Whether the account that owns the aggregate is inactive: a fact of another aggregate.
    pub owner_inactive: bool,
}

/// An event that may not follow the state before it: the log was altered, or a rule was broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event} may not follow here: {reason}")]
pub struct Illegal {
    /// Wire name of the event.
    pub event: String,
    /// What the state before it says, in words.
    pub reason: &'static str,
}

impl Illegal {
    /// The refusal of `event` for `reason`.
    pub fn new(event: &impl DomainEvent, reason: &'static str) -> Self {
        Self { event: event.event_type(), reason }
    }
}

/// A pure decider: commands in, events out, state by folding events.
///
/// A command is asked about in the order [`may_see`](Self::may_see) (404), [`may`](Self::may) (403), the caller's
/// expected sequence (412), [`decide`](Self::decide) (409, then 422).
pub trait Decider: Default + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The aggregate's name in the log, for example `Basket`.
    const TYPE: &'static str;
    /// What can be asked of it, in the imperative.
    type Command: Send + Sync + 'static;
    /// What can have happened to it, in the past tense.
    type Event: DomainEvent;
    /// Why a command is refused: one case per refusal.
    type Error: std::error::Error + Send + Sync + 'static;

    /// The events that `command` leads to, nothing when it is done already.
    ///
    /// # Errors
    /// The refusal, when the state or the command's own values forbid it.
    fn decide(&self, command: &Self::Command, context: &Context) -> Result<Vec<Self::Event>, Self::Error>;

    /// The state after `event`. Never fails: what may follow is [`allows`](Self::allows)' question.
    fn evolve(&mut self, event: &Self::Event);

    /// Whether `event` is legal after this state. Every decided event is; an auditor asks it of every stored one.
    ///
    /// # Errors
    /// [`Illegal`], with what the state says against it.
    fn allows(&self, event: &Self::Event) -> Result<(), Illegal>;

    /// Whether the actor may know that this aggregate exists.
    fn may_see(&self, context: &Context) -> bool;

    /// Whether the actor may ever do this here, whatever the state.
    ///
    /// # Errors
    /// The refusal that stands for "this role never may".
    fn may(&self, command: &Self::Command, context: &Context) -> Result<(), Self::Error>;
}

impl Context {
    /// An act of `actor` at `at`, on something whose owner is active.
    pub const fn new(actor: Actor, at: DateTime<Utc>) -> Self {
        Self { actor, at, owner_inactive: false }
    }
}
