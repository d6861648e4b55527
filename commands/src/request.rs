//! What a caller asks of an aggregate, before the facts it rests on are gathered.

use std::future::Future;

use bordereau_domain::{Context, Decider, InstitutionId};
use serde_json::Value;

use crate::{failed::Failed, follow::Follow, scene::Scene};

/// What is answered when a command has been carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// JSON body.
    pub body: Value,
}

impl Answer {
    /// 200 with an empty object.
    pub fn done() -> Self {
        Self::ok(Value::Object(serde_json::Map::new()))
    }

    /// 200 with what there is to say.
    pub fn ok(body: Value) -> Self {
        Self { status: 200, body }
    }

    /// 201 with what was made.
    pub fn created(body: Value) -> Self {
        Self { status: 201, body }
    }
}

/// What a caller asks. One type per aggregate; [`prepare`](Self::prepare) turns it into the aggregate's command by
/// gathering ids, numbers, prices, sealed texts and the facts of other aggregates.
pub trait Request: Send + Sync + 'static {
    /// The aggregate that is asked.
    type Decider: Decider;

    /// The command's name in the metadata, for example `ValidateBasket`.
    fn name(&self) -> &'static str;

    /// Whether it makes the aggregate, so that nobody can have seen it before.
    fn creates(&self) -> bool {
        false
    }

    /// Whether it opens the ledger itself: the first command of a shop.
    fn opens_ledger(&self) -> bool {
        false
    }

    /// The command, with all facts it rests on. May be asked again after a lost race.
    fn prepare(
        &self,
        state: &Self::Decider,
        scene: &mut Scene<'_>,
    ) -> impl Future<Output = Result<<Self::Decider as Decider>::Command, Failed<<Self::Decider as Decider>::Error>>> + Send;

    /// The institution that the aggregate belongs to, for the metadata.
    fn institution(
        &self,
        id: &str,
        state: &Self::Decider,
        command: &<Self::Decider as Decider>::Command,
    ) -> Option<InstitutionId>;

    /// Aggregates that are born with this command.
    ///
    /// # Errors
    /// A defect: what follows was refused although the command was accepted.
    fn follow(
        &self,
        _state: &Self::Decider,
        _command: &<Self::Decider as Decider>::Command,
        _context: &Context,
    ) -> Result<Vec<Follow>, String> {
        Ok(Vec::new())
    }

    /// What to answer, from the state *before* the command.
    fn answer(&self, _state: &Self::Decider, _command: &<Self::Decider as Decider>::Command) -> Answer {
        Answer::done()
    }
}
