//! What the management system and the bookshop ask of an institution.

use bordereau_domain::{
    AddressId, InstitutionId, ShopCode,
    institution::{Institution, InstitutionCommand, InstitutionError, InstitutionKind, Profile, Synchronisation},
    personal::Reason,
    pricing::Discounts,
    terms::Address,
};

use crate::{
    failed::Failed,
    ids::stable_id,
    request::{Answer, Request},
    scene::{Missing, Scene},
    seal::SealText,
};

/// An address as it was sent. Its id follows from its label unless one is given.
#[derive(Clone, Debug)]
pub struct SentAddress {
    /// Its id, where the sender knows it.
    pub id: Option<AddressId>,
    /// What the institution calls it.
    pub label: String,
    /// Street lines.
    pub lines: Vec<String>,
    /// Postcode.
    pub postcode: String,
    /// Town.
    pub city: String,
    /// ISO 3166 code.
    pub country: String,
}

/// An institution as it was sent.
#[derive(Clone, Debug)]
pub struct SentInstitution {
    /// Its client number there.
    pub librisoft_number: String,
    /// What it is.
    pub kind: InstitutionKind,
    /// Its name.
    pub name: String,
    /// Its town.
    pub city: String,
    /// Permanent discounts.
    pub discounts: Discounts,
    /// *Client bloqué*.
    pub blocked: bool,
    /// Invoiced without VAT.
    pub vat_exempt: bool,
    /// Where it may be delivered to.
    pub addresses: Vec<SentAddress>,
}

impl SentInstitution {
    /// The id that an institution with this number has in this shop.
    pub fn id_of(shop: &ShopCode, librisoft_number: &str) -> InstitutionId {
        InstitutionId(stable_id(&["institution", shop.as_str(), librisoft_number]))
    }

    fn profile(&self, shop: &ShopCode) -> Profile {
        let institution = Self::id_of(shop, &self.librisoft_number).to_string();
        let address = |sent: &SentAddress| Address {
            id: sent.id.unwrap_or_else(|| AddressId(stable_id(&["address", &institution, &sent.label]))),
            label: sent.label.clone(),
            lines: sent.lines.clone(),
            postcode: sent.postcode.clone(),
            city: sent.city.clone(),
            country: sent.country.clone(),
        };
        Profile {
            librisoft_number: self.librisoft_number.clone(),
            kind: self.kind,
            name: self.name.clone(),
            city: self.city.clone(),
            discounts: self.discounts,
            vat_exempt: self.vat_exempt,
            addresses: self.addresses.iter().map(address).collect(),
        }
    }
}

/// What the management system and the bookshop ask of an institution.
#[derive(Clone, Debug)]
pub enum InstitutionRequest {
    /// Take over what the management system says.
    Synchronise(Box<SentInstitution>),
    /// The management system no longer names it.
    Withdraw,
    /// Demand two persons, or no longer.
    SetTwoPersonRule {
        /// Whether they are demanded.
        demanded: bool,
    },
    /// Let the client pay after delivery, or no longer.
    SetPaymentAfterDelivery {
        /// Whether it may.
        allowed: bool,
    },
    /// Let the client have more off books than the law allows most clients.
    LiftDiscountCap {
        /// Why that is lawful.
        justification: SealText<Reason>,
    },
    /// Hold the client to the cap again.
    RestoreDiscountCap,
}

impl Request for InstitutionRequest {
    type Decider = Institution;

    fn name(&self) -> &'static str {
        match self {
            Self::Synchronise(_) => "SynchroniseInstitution",
            Self::Withdraw => "WithdrawInstitution",
            Self::SetTwoPersonRule { .. } => "SetTwoPersonRule",
            Self::SetPaymentAfterDelivery { .. } => "SetPaymentAfterDelivery",
            Self::LiftDiscountCap { .. } => "LiftDiscountCap",
            Self::RestoreDiscountCap => "RestoreDiscountCap",
        }
    }

    fn creates(&self) -> bool {
        matches!(self, Self::Synchronise(_))
    }

    async fn prepare(
        &self,
        _: &Institution,
        scene: &mut Scene<'_>,
    ) -> Result<InstitutionCommand, Failed<InstitutionError>> {
        Ok(match self {
            Self::Synchronise(sent) => {
                let shop = scene.opened_shop().await.map_err(|missing: Missing| Failed::from(missing))?;
                InstitutionCommand::Synchronise(Synchronisation {
                    profile: sent.profile(scene.shop),
                    blocked: sent.blocked,
                    french: shop.is_some_and(|shop| shop.is_french()),
                })
            }
            Self::Withdraw => InstitutionCommand::Withdraw,
            Self::SetTwoPersonRule { demanded } => InstitutionCommand::SetTwoPersonRule { demanded: *demanded },
            Self::SetPaymentAfterDelivery { allowed } => {
                InstitutionCommand::SetPaymentAfterDelivery { allowed: *allowed }
            }
            Self::LiftDiscountCap { justification } => {
                InstitutionCommand::LiftDiscountCap { justification: scene.seal(justification).await? }
            }
            Self::RestoreDiscountCap => InstitutionCommand::RestoreDiscountCap,
        })
    }

    fn institution(&self, id: &str, _: &Institution, _: &InstitutionCommand) -> Option<InstitutionId> {
        id.parse().ok()
    }

    /// 201 for an institution that was not known before.
    fn answer(&self, state: &Institution, _: &InstitutionCommand) -> Answer {
        let new = matches!((self, state), (Self::Synchronise(_), Institution::Unknown));
        if new { Answer { status: 201, ..Answer::done() } } else { Answer::done() }
    }
}
