//! A shop's state.

use serde::{Deserialize, Serialize};

use super::{
    code::ShopCode,
    event::{Establishment, ShopEvent},
    groups::BuyersGroups,
};

/// A shop, before and after its opening.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shop {
    /// Nothing is known of it.
    #[default]
    Unopened,
    /// It exists.
    Opened(Box<OpenedShop>),
}

/// A shop that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedShop {
    /// Its code.
    pub code: ShopCode,
    /// Its name.
    pub name: String,
    /// ISO 3166 code.
    pub country: String,
    /// ISO 4217 code.
    pub currency: String,
    /// IANA name.
    pub time_zone: String,
    /// Its points of sale, in the order they opened.
    pub establishments: Vec<Establishment>,
    /// Whether people ask for accounts themselves (B01).
    pub registration_open: bool,
    /// Its buyers' groups.
    pub groups: BuyersGroups,
}

impl OpenedShop {
    /// The time zone in which its days end.
    pub fn zone(&self) -> chrono_tz::Tz {
        self.time_zone.parse().unwrap_or(chrono_tz::Tz::UTC)
    }

    /// Whether French law on the price of books applies.
    pub fn is_french(&self) -> bool {
        self.country == "FR"
    }
}

impl Shop {
    /// The shop, once opened.
    pub fn opened(&self) -> Option<&OpenedShop> {
        match self {
            Self::Unopened => None,
            Self::Opened(shop) => Some(shop),
        }
    }

    pub(super) fn apply(&mut self, event: &ShopEvent) {
        match (&mut *self, event) {
            (Self::Unopened, ShopEvent::Opened { code, name, country, currency, time_zone }) => {
                *self = Self::Opened(Box::new(OpenedShop {
                    code: code.clone(),
                    name: name.clone(),
                    country: country.clone(),
                    currency: currency.clone(),
                    time_zone: time_zone.clone(),
                    establishments: Vec::new(),
                    registration_open: false,
                    groups: BuyersGroups::default(),
                }));
            }
            (Self::Unopened, _) | (Self::Opened(_), ShopEvent::Opened { .. } | ShopEvent::RetentionApplied(_)) => {}
            (Self::Opened(shop), ShopEvent::EstablishmentOpened { establishment }) => {
                shop.establishments.push(establishment.clone());
            }
            (Self::Opened(shop), ShopEvent::RegistrationOpened {}) => shop.registration_open = true,
            (Self::Opened(shop), ShopEvent::RegistrationClosed {}) => shop.registration_open = false,
            (Self::Opened(shop), ShopEvent::BuyersGroupOpened { group_id, name }) => shop.groups.put(*group_id, name),
            (Self::Opened(shop), ShopEvent::BuyersGroupRenamed { group_id, name }) => shop.groups.name(*group_id, name),
            (Self::Opened(shop), ShopEvent::DefaultBuyersGroupSet { group_id }) => shop.groups.prefer(*group_id),
        }
    }
}
