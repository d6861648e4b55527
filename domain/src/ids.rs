//! Typed identifiers: a basket's id cannot be passed where a quote's is wanted.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { Uuid::parse_str(text).map(Self) }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self { Self(id) }
        }
    )+};
}

id! {
    /// An account: a person who signs in, an API key, or the service itself.
    AccountId,
    /// One of an institution's delivery addresses.
    AddressId,
    /// A basket.
    BasketId,
    /// A group of buyers of a shop.
    BuyersGroupId,
    /// A delegation that an account has given.
    DelegationId,
    /// A point of sale of a bookshop enterprise.
    EstablishmentId,
    /// An institution client of a bookshop.
    InstitutionId,
    /// A line of a basket; it keeps its id in the quote and the order.
    LineId,
    /// An order.
    OrderId,
    /// A quote.
    QuoteId,
    /// A person whose data is sealed. The subject behind an account has the account's own id.
    SubjectId,
}

impl From<AccountId> for SubjectId {
    fn from(account: AccountId) -> Self {
        Self(account.0)
    }
}
