//! A lease in this node's hand.

use bordereau_store::{Lease, Micros, StoreError};

use super::Node;

/// How long a lease holds: the longest that a shop waits after a node has died.
const TERM: Micros = 30_000_000;

/// A lease in this node's hand.
#[derive(Debug)]
pub(super) struct Held {
    node: Node,
    lease: Lease,
    term: Micros,
}

impl Held {
    /// Takes a lease of the usual term, unless another node holds it.
    pub(super) async fn take(node: &Node, ledger: &str, name: &str) -> Result<Option<Self>, StoreError> {
        Self::take_for(node, ledger, name, TERM).await
    }

    /// The same for a term of one's own, in µs.
    pub(super) async fn take_for(
        node: &Node,
        ledger: &str,
        name: &str,
        term: Micros,
    ) -> Result<Option<Self>, StoreError> {
        let now = (node.clock)();
        let wanted = Lease {
            ledger: ledger.to_owned(),
            name: name.to_owned(),
            holder: node.id,
            epoch: 0,
            expires_at: now + term,
        };
        let taken = node.store.take_lease(wanted, now).await?;
        Ok(taken.map(|lease| Self { node: node.clone(), lease, term }))
    }

    /// Makes it longer once half of it is over; `false` when it was lost.
    pub(super) async fn keep(&mut self) -> Result<bool, StoreError> {
        let now = self.now();
        if self.lease.expires_at - now > self.term / 2 {
            return Ok(true);
        }
        let longer = Lease { expires_at: now + self.term, ..self.lease.clone() };
        match self.node.store.take_lease(longer, now).await? {
            Some(lease) => {
                // A new epoch: somebody else has held it in between.
                let same = lease.epoch == self.lease.epoch;
                self.lease = lease;
                Ok(same)
            }
            None => Ok(false),
        }
    }

    /// The lease itself, to write under.
    pub(super) fn lease(&self) -> &Lease {
        &self.lease
    }

    /// The node's time.
    pub(super) fn now(&self) -> Micros {
        (self.node.clock)()
    }

    /// Lets another node have it at once.
    pub(super) async fn give_back(self) {
        if let Err(error) = self.node.store.give_back_lease(self.lease).await {
            tracing::debug!(%error, "a lease was not given back: it ends by itself");
        }
    }
}
