//! What can be asked of a shop.

use super::{code::ShopCode, event::Establishment};

/// What can be asked of a shop.
#[derive(Clone, Debug)]
pub enum ShopCommand {
    /// Open it, with its first point of sale.
    Open {
        /// Its code.
        code: ShopCode,
        /// Its name.
        name: String,
        /// ISO 3166 code.
        country: String,
        /// ISO 4217 code.
        currency: String,
        /// IANA name.
        time_zone: String,
        /// The first point of sale.
        first: Establishment,
    },
    /// Open another point of sale.
    OpenEstablishment {
        /// The point of sale.
        establishment: Establishment,
    },
}
