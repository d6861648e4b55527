//! The terms a purchaser asks for, checked against the institutions they name.

use bordereau_domain::{
    AddressId, InstitutionId,
    order::TermsError,
    terms::{Address, DeliveryMode, OrderTerms, PaymentMode, is_reference},
};

use crate::scene::{Missing, Scene};

/// The terms as they were asked for.
#[derive(Clone, Debug)]
pub struct RequestedTerms {
    /// How it is handed over.
    pub delivery_mode: DeliveryMode,
    /// How it is paid.
    pub payment_mode: PaymentMode,
    /// The institution's cost centre.
    pub cost_centre: Option<String>,
    /// *Client livré*; the basket's institution by default.
    pub deliver_to: Option<InstitutionId>,
    /// Where a delivery goes; the first address of the delivered institution by default.
    pub delivery_address_id: Option<AddressId>,
    /// *Client facturé*; the basket's institution by default.
    pub bill_to: Option<InstitutionId>,
}

impl RequestedTerms {
    /// The terms of an order for `institution`, or why they cannot be.
    pub(crate) async fn resolve(
        &self,
        institution: InstitutionId,
        scene: &mut Scene<'_>,
    ) -> Result<Result<OrderTerms, TermsError>, Missing> {
        let delivered_to = self.deliver_to.unwrap_or(institution);
        let billed_to = self.bill_to.unwrap_or(institution);
        let mut find = async |named: InstitutionId| {
            let own = named == institution || scene.context.actor.acts_for(named);
            let known = scene.rests_on_institution(named).await?;
            Ok::<_, Missing>(known.filter(|known| own && !known.withdrawn))
        };
        let (Some(delivered), Some(billed)) = (find(delivered_to).await?, find(billed_to).await?) else {
            return Ok(Err(TermsError::UnknownInstitution));
        };
        if delivered.blocked || billed.blocked {
            return Ok(Err(TermsError::InstitutionBlocked));
        }
        if self.payment_mode.is_after_delivery() && !billed.pays_after_delivery {
            return Ok(Err(TermsError::PaymentModeNotAllowed));
        }
        if self.cost_centre.as_deref().is_some_and(|text| !is_reference(text)) {
            return Ok(Err(TermsError::BadCostCentre));
        }
        Ok(self.choose_address(delivered.profile.addresses).map(|address| OrderTerms {
            delivered_to,
            billed_to,
            address,
            delivery_mode: self.delivery_mode,
            payment_mode: self.payment_mode,
            cost_centre: self.cost_centre.clone(),
        }))
    }

    /// Where a delivery goes, among the delivered client's addresses; nowhere for a pick-up.
    fn choose_address(&self, addresses: Vec<Address>) -> Result<Option<Address>, TermsError> {
        let mut addresses = addresses.into_iter();
        let address = match (self.delivery_mode, self.delivery_address_id) {
            (_, Some(id)) => Some(addresses.find(|address| address.id == id).ok_or(TermsError::UnknownAddress)?),
            (DeliveryMode::Delivery, None) => Some(addresses.next().ok_or(TermsError::NoAddress)?),
            (DeliveryMode::Pickup, None) => None,
        };
        Ok(address.filter(|_| self.delivery_mode == DeliveryMode::Delivery))
    }
}
