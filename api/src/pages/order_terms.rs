//! Where an order goes, how it is handed over and how it is paid: the fields of every form that makes an order.

use bordereau_commands::RequestedTerms;
use bordereau_domain::{
    InstitutionId,
    terms::{Address, DeliveryMode, PaymentMode},
};
use bordereau_projections::{InstitutionRow, Scope};
use uuid::Uuid;

use super::{
    field::{Choice, Field},
    frame::Frame,
    signed_in::SignedIn,
};
use crate::{app::App, problem::Problem};

/// Most institutions to choose from.
const MOST: usize = 200;

/// The ways of handing over, in the order in which they are shown.
pub const DELIVERY_MODES: [DeliveryMode; 2] = [DeliveryMode::Pickup, DeliveryMode::Delivery];
/// The ways of paying, in the order in which they are shown.
const PAYMENT_MODES: [PaymentMode; 3] = [PaymentMode::Invoice, PaymentMode::Chorus, PaymentMode::Online];

/// A way of handing over, in words.
pub fn delivery_mode(frame: &Frame, mode: DeliveryMode) -> String {
    frame.t(&format!("delivery-mode-{}", mode.as_str()))
}

/// A way of paying, in words.
pub fn payment_mode(frame: &Frame, mode: PaymentMode) -> String {
    frame.t(&format!("payment-mode-{}", mode.as_str()))
}

/// An address on one line.
pub fn on_one_line(address: &Address) -> String {
    let place = format!("{} {}", address.postcode, address.city);
    let parts = std::iter::once(&address.label).chain(&address.lines).map(String::as_str).chain([place.trim()]);
    parts.filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(", ")
}

/// What was sent of it.
#[derive(Clone, Debug)]
pub struct TermsSent {
    /// `pickup` or `delivery`; empty when nothing was chosen.
    pub delivery_mode: String,
    /// `invoice`, `chorus` or `online`; empty when nothing was chosen.
    pub payment_mode: String,
    /// The institution's cost centre; may be blank.
    pub cost_centre: String,
    /// *Client livré*.
    pub deliver_to: Option<Uuid>,
    /// One of its addresses.
    pub delivery_address_id: Option<Uuid>,
    /// *Client facturé*.
    pub bill_to: Option<Uuid>,
}

impl TermsSent {
    /// The terms as the command asks for them.
    ///
    /// # Errors
    /// 422 about what was not chosen.
    pub fn requested(&self) -> Result<RequestedTerms, Problem> {
        let chosen = |field| Problem::invalid("not-chosen", field);
        let delivery = DELIVERY_MODES.into_iter().find(|mode| mode.as_str() == self.delivery_mode);
        let payment = PAYMENT_MODES.into_iter().find(|mode| mode.as_str() == self.payment_mode);
        Ok(RequestedTerms {
            delivery_mode: delivery.ok_or_else(|| chosen("delivery_mode"))?,
            payment_mode: payment.ok_or_else(|| chosen("payment_mode"))?,
            cost_centre: Some(self.cost_centre.trim()).filter(|text| !text.is_empty()).map(str::to_owned),
            deliver_to: self.deliver_to.map(Into::into),
            delivery_address_id: self.delivery_address_id.map(Into::into),
            bill_to: self.bill_to.map(Into::into),
        })
    }
}

/// The fields.
#[derive(Clone, Debug)]
pub struct TermsFields {
    /// How it is handed over.
    pub delivery_mode: Field,
    /// *Client livré*, where there are several.
    pub deliver_to: Option<Field>,
    /// Where a delivery goes, where there is an address at all.
    pub delivery_address_id: Option<Field>,
    /// *Client facturé*, where there are several.
    pub bill_to: Option<Field>,
    /// How it is paid.
    pub payment_mode: Field,
    /// The institution's cost centre.
    pub cost_centre: Field,
}

impl TermsFields {
    /// Empty fields for an order of this institution.
    ///
    /// # Errors
    /// 503 when the view is behind or stopped.
    pub async fn new(
        app: &App,
        signed_in: &SignedIn,
        frame: &Frame,
        institution: InstitutionId,
    ) -> Result<Self, Problem> {
        let scope = Scope::Institutions(signed_in.caller.actor.institutions.clone());
        let mut found = app.projections.institutions().list(signed_in.shop(), &scope, false, MOST, None).await?.items;
        // Nothing is billed or delivered to a blocked client (L07); the document's own is refused with words of its own.
        found.retain(|row| !row.known.blocked || row.id == institution);
        let own = [institution.to_string()];
        let clients = |name, label: &str| {
            let choices = found.iter().map(|row| Choice::new(row.id, row.known.profile.name.clone())).collect();
            (found.len() > 1).then(|| Field::select(name, frame.t(label), choices).choosing(&own))
        };
        let deliveries = DELIVERY_MODES.map(|mode| Choice::new(mode.as_str(), delivery_mode(frame, mode)));
        let payments = PAYMENT_MODES.map(|mode| Choice::new(mode.as_str(), payment_mode(frame, mode)));
        let addresses = addresses(frame, &found);
        let address = Field::select("delivery_address_id", frame.t("terms-address"), addresses);
        Ok(Self {
            delivery_mode: Field::radio("delivery_mode", frame.t("terms-delivery-mode"), deliveries.into()),
            deliver_to: clients("deliver_to", "terms-delivered-to"),
            delivery_address_id: (!address.choices.is_empty())
                .then(|| address.optional().hinting(frame.t("terms-address-hint"))),
            bill_to: clients("bill_to", "terms-billed-to"),
            payment_mode: Field::radio("payment_mode", frame.t("terms-payment-mode"), payments.into()),
            cost_centre: Field::text("cost_centre", frame.t("terms-cost-centre")).optional(),
        })
    }

    /// The fields with what was sent.
    #[must_use]
    pub fn holding(self, sent: &TermsSent) -> Self {
        let choose = |field: Field, chosen: Option<Uuid>| match chosen {
            Some(id) => field.choosing(&[id.to_string()]),
            None => field,
        };
        Self {
            delivery_mode: self.delivery_mode.choosing(std::slice::from_ref(&sent.delivery_mode)),
            deliver_to: self.deliver_to.map(|field| choose(field, sent.deliver_to)),
            delivery_address_id: self.delivery_address_id.map(|field| choose(field, sent.delivery_address_id)),
            bill_to: self.bill_to.map(|field| choose(field, sent.bill_to)),
            payment_mode: self.payment_mode.choosing(std::slice::from_ref(&sent.payment_mode)),
            cost_centre: self.cost_centre.holding(sent.cost_centre.clone()),
        }
    }

    /// All that are there, in order.
    pub fn all(&mut self) -> Vec<&mut Field> {
        let Self { delivery_mode, deliver_to, delivery_address_id, bill_to, payment_mode, cost_centre } = self;
        let mut all = vec![delivery_mode];
        all.extend(deliver_to.as_mut().into_iter().chain(delivery_address_id).chain(bill_to));
        all.extend([payment_mode, cost_centre]);
        all
    }

    /// The same to be shown.
    pub fn shown(&self) -> Vec<Field> {
        self.clone().all().into_iter().map(|field| field.clone()).collect()
    }
}

/// The addresses of all these institutions; of several, the first choice is the delivered client's own first one.
fn addresses(frame: &Frame, found: &[InstitutionRow]) -> Vec<Choice> {
    let several = found.len() > 1;
    let of = |row: &InstitutionRow| {
        let profile = &row.known.profile;
        let before = if several { format!("{}, ", profile.name) } else { String::new() };
        let choice = |address: &Address| Choice::new(address.id, format!("{before}{}", on_one_line(address)));
        profile.addresses.iter().map(choice).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = found.iter().flat_map(of).collect();
    if several && !all.is_empty() {
        all.insert(0, Choice::new("", frame.t("terms-address-first")));
    }
    all
}
