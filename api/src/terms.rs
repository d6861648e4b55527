//! What people say of an order's terms, whether it is made of a basket or of a quote.

use bordereau_domain::terms::{DeliveryMode, PaymentMode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How an order reaches the institution.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryModeName {
    /// Fetched at the bookshop.
    Pickup,
    /// Sent.
    Delivery,
}

/// How an order is paid.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentModeName {
    /// By invoice.
    Invoice,
    /// Through Chorus Pro.
    Chorus,
    /// On line.
    Online,
}

impl From<DeliveryModeName> for DeliveryMode {
    fn from(name: DeliveryModeName) -> Self {
        match name {
            DeliveryModeName::Pickup => Self::Pickup,
            DeliveryModeName::Delivery => Self::Delivery,
        }
    }
}

impl From<PaymentModeName> for PaymentMode {
    fn from(name: PaymentModeName) -> Self {
        match name {
            PaymentModeName::Invoice => Self::Invoice,
            PaymentModeName::Chorus => Self::Chorus,
            PaymentModeName::Online => Self::Online,
        }
    }
}

/// Reads the terms out of a body that names them among its own fields. A body cannot hold them as one flattened field:
/// serde would no longer refuse unknown fields, nor name the field that is wrong.
macro_rules! requested_terms {
    ($body:expr) => {{
        let body = $body;
        bordereau_commands::RequestedTerms {
            delivery_mode: body.delivery_mode.into(),
            payment_mode: body.payment_mode.into(),
            cost_centre: body.cost_centre.clone(),
            deliver_to: body.deliver_to.map(Into::into),
            delivery_address_id: body.delivery_address_id.map(Into::into),
            bill_to: body.bill_to.map(Into::into),
        }
    }};
}
pub(crate) use requested_terms;
