//! What can be asked of a shop.

use super::{
    code::ShopCode,
    event::{Establishment, Released},
};
use crate::ids::BuyersGroupId;

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
    /// Let people ask for accounts themselves, or no longer (B01).
    SetRegistration {
        /// Whether they may.
        open: bool,
    },
    /// Make a buyers' group.
    OpenBuyersGroup {
        /// Its id.
        group_id: BuyersGroupId,
        /// Its name.
        name: String,
    },
    /// Give a buyers' group another name.
    RenameBuyersGroup {
        /// Which group.
        group_id: BuyersGroupId,
        /// Its name from now on.
        name: String,
        /// The shop's first group, which was never made.
        first: BuyersGroupId,
    },
    /// Put new accounts into this buyers' group.
    SetDefaultBuyersGroup {
        /// Which group.
        group_id: BuyersGroupId,
        /// The shop's first group, which was never made.
        first: BuyersGroupId,
    },
    /// Note what was let go because it had been kept its time.
    NoteRetention {
        /// What.
        released: Released,
    },
}
