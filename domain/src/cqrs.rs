//! The one adapter between our deciders and `cqrs-es`: the only file that names its `Aggregate`.
//! A blanket implementation for all deciders is forbidden by the orphan rule, hence the wrapper.

use cqrs_es::{Aggregate, event_sink::EventSink};
use serde::{Deserialize, Serialize};

use crate::decider::{Context, Decider};

/// A decider as `cqrs-es` sees it. Serialises as the decider itself.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent, bound = "D: Decider")]
pub struct Es<D>(pub D);

impl<D: Decider> Aggregate for Es<D> {
    const TYPE: &'static str = D::TYPE;
    type Command = (D::Command, Context);
    type Event = D::Event;
    type Error = D::Error;
    type Services = ();

    async fn handle(
        &mut self,
        (command, context): Self::Command,
        (): &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), D::Error> {
        self.0.may(&command, &context)?;
        for event in self.0.decide(&command, &context)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: D::Event) {
        self.0.evolve(&event);
    }
}
