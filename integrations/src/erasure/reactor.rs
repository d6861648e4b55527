//! Completes erasures that a crash has cut off, and sees to it that no reader keeps erased bytes in a write-ahead log.

use bordereau_domain::{AccountId, Event, account::AccountEvent, subject::SubjectEvent};
use bordereau_projections::Recorded;
use bordereau_store::Clock;
use chrono::DateTime;

use super::Eraser;
use crate::reactor::{Reactor, Trouble};

/// Completes erasures that a crash has cut off between the event and the last byte.
pub struct ErasureReactor {
    eraser: Eraser,
    clock: Clock,
}

impl std::fmt::Debug for ErasureReactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ErasureReactor")
    }
}

impl ErasureReactor {
    /// Completes with `eraser`.
    pub fn new(eraser: Eraser, clock: Clock) -> Self {
        Self { eraser, clock }
    }
}

impl Reactor for ErasureReactor {
    const NAME: &'static str = "erasure";

    async fn react(&self, event: &Recorded) -> Result<(), Trouble> {
        let whole = match &event.event {
            Event::Subject(SubjectEvent::Erased { .. }) => true,
            Event::Account(AccountEvent::OrganisationDeleted { .. }) => false,
            Event::Account(_)
            | Event::Shop(_)
            | Event::Institution(_)
            | Event::Basket(_)
            | Event::Quote(_)
            | Event::Order(_) => return Ok(()),
        };
        let never = |what: &str| Trouble::Never(what.to_owned());
        let shop = event.shop.parse().map_err(|_| never("no shop's code"))?;
        let subject = AccountId(event.aggregate_id.parse().map_err(|_| never("no id of a person"))?);
        let at = DateTime::from_timestamp_micros((self.clock)()).unwrap_or(event.at);
        let done = if whole {
            self.eraser.complete(&shop, subject, at).await
        } else {
            self.eraser.complete_organisation(&shop, subject, at).await
        };
        done.map_err(|error| Trouble::NotNow(format!("{error:#}")))?;
        match self.eraser.commands.store().empty_write_ahead_logs().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Trouble::NotNow("a reader keeps a write-ahead log from being emptied".to_owned())),
            Err(error) => Err(Trouble::NotNow(error.to_string())),
        }
    }
}
