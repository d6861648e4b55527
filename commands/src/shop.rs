//! What is asked of a shop.

use bordereau_domain::{
    EstablishmentId, InstitutionId, ShopCode,
    shop::{Establishment, Shop, ShopCommand, ShopError},
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
}

impl Request for ShopRequest {
    type Decider = Shop;

    fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "OpenShop",
        }
    }

    fn creates(&self) -> bool {
        true
    }

    fn opens_ledger(&self) -> bool {
        true
    }

    async fn prepare(&self, _: &Shop, _: &mut Scene<'_>) -> Result<ShopCommand, Failed<ShopError>> {
        let Self::Open { code, name, country, currency, time_zone } = self;
        Ok(ShopCommand::Open {
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
        })
    }

    fn institution(&self, _: &str, _: &Shop, _: &ShopCommand) -> Option<InstitutionId> {
        None
    }

    fn answer(&self, _: &Shop, _: &ShopCommand) -> Answer {
        let Self::Open { code, .. } = self;
        Answer::created(json!({ "code": code }))
    }
}
