//! What is asked of a shop.

use bordereau_domain::{
    BuyersGroupId, EstablishmentId, InstitutionId, ShopCode,
    shop::{Establishment, Released, Shop, ShopCommand, ShopError},
};
use serde_json::json;

use crate::{
    failed::Failed,
    ids::stable_id,
    request::{Answer, Request},
    scene::Scene,
};

/// What is asked of a shop.
#[derive(Clone, Debug)]
pub enum ShopRequest {
    /// Open it with its ledger and a first point of sale of the same name.
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
    },
    /// Let people ask for accounts themselves, or no longer.
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
    },
    /// Put new accounts into this buyers' group.
    SetDefaultBuyersGroup {
        /// Which group.
        group_id: BuyersGroupId,
    },
    /// Note what was let go because it had been kept its time.
    NoteRetention {
        /// What.
        released: Released,
    },
}

/// The buyers' group that every shop has, also one that opened before there were groups (decision 0010).
pub fn first_buyers_group(shop: &ShopCode) -> BuyersGroupId {
    BuyersGroupId(stable_id(&["buyers-group", shop.as_str()]))
}

impl Request for ShopRequest {
    type Decider = Shop;

    fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "OpenShop",
            Self::SetRegistration { .. } => "SetRegistration",
            Self::OpenBuyersGroup { .. } => "OpenBuyersGroup",
            Self::RenameBuyersGroup { .. } => "RenameBuyersGroup",
            Self::SetDefaultBuyersGroup { .. } => "SetDefaultBuyersGroup",
            Self::NoteRetention { .. } => "NoteRetention",
        }
    }

    fn creates(&self) -> bool {
        self.opens_ledger()
    }

    fn opens_ledger(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    async fn prepare(&self, _: &Shop, scene: &mut Scene<'_>) -> Result<ShopCommand, Failed<ShopError>> {
        let first = first_buyers_group(scene.shop);
        Ok(match self {
            Self::Open { code, name, country, currency, time_zone } => ShopCommand::Open {
                code: code.clone(),
                name: name.clone(),
                country: country.clone(),
                currency: currency.clone(),
                time_zone: time_zone.clone(),
                first: Establishment {
                    establishment_id: EstablishmentId(stable_id(&["establishment", code.as_str(), "1"])),
                    number: 1,
                    name: name.clone(),
                    country: country.clone(),
                    vat_number: None,
                    currency: currency.clone(),
                    time_zone: time_zone.clone(),
                },
            },
            Self::SetRegistration { open } => ShopCommand::SetRegistration { open: *open },
            Self::OpenBuyersGroup { group_id, name } => {
                ShopCommand::OpenBuyersGroup { group_id: *group_id, name: name.clone() }
            }
            Self::RenameBuyersGroup { group_id, name } => {
                ShopCommand::RenameBuyersGroup { group_id: *group_id, name: name.clone(), first }
            }
            Self::SetDefaultBuyersGroup { group_id } => {
                ShopCommand::SetDefaultBuyersGroup { group_id: *group_id, first }
            }
            Self::NoteRetention { released } => ShopCommand::NoteRetention { released: *released },
        })
    }

    fn institution(&self, _: &str, _: &Shop, _: &ShopCommand) -> Option<InstitutionId> {
        None
    }

    fn answer(&self, _: &Shop, _: &ShopCommand) -> Answer {
        match self {
            Self::Open { code, .. } => Answer::created(json!({ "code": code })),
            Self::OpenBuyersGroup { group_id, .. } => Answer::created(json!({ "id": group_id })),
            Self::SetRegistration { .. }
            | Self::RenameBuyersGroup { .. }
            | Self::SetDefaultBuyersGroup { .. }
            | Self::NoteRetention { .. } => Answer::done(),
        }
    }
}
