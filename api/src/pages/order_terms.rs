//! Where an order goes, how it is handed over and how it is paid: the fields of every form that makes an order.

use bordereau_commands::RequestedTerms;
use bordereau_domain::{
    InstitutionId,
    terms::{Address, DeliveryMode, PaymentMode},
};
use bordereau_projections::InstitutionRow;
use uuid::Uuid;

use super::{
    clients::{Found, Looked, Question, looks, scope},
    field::{Choice, Field},
    frame::Frame,
    sent::Sent,
    signed_in::SignedIn,
};
use crate::{app::App, problem::Problem};

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

/// The fields in which an institution is chosen.
pub const CLIENTS: [&str; 2] = ["deliver_to", "bill_to"];

/// What was sent of it.
#[derive(Clone, Debug, Default)]
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
    /// What was looked for to fill *Client livré*.
    deliver_to_looked: Looked,
    /// The same for *Client facturé*.
    bill_to_looked: Looked,
}

impl TermsSent {
    /// Its fields, by name.
    pub const FIELDS: [&str; 6] =
        ["delivery_mode", "payment_mode", "cost_centre", "deliver_to", "delivery_address_id", "bill_to"];

    /// What a form says of it.
    ///
    /// # Errors
    /// 422 `not-chosen` for what is no id.
    pub fn of(sent: &Sent) -> Result<Self, Problem> {
        Ok(Self {
            delivery_mode: sent.text("delivery_mode").to_owned(),
            payment_mode: sent.text("payment_mode").to_owned(),
            cost_centre: sent.text("cost_centre").to_owned(),
            deliver_to: sent.chosen("deliver_to")?,
            delivery_address_id: sent.chosen("delivery_address_id")?,
            bill_to: sent.chosen("bill_to")?,
            deliver_to_looked: Looked::of(sent, "deliver_to"),
            bill_to_looked: Looked::of(sent, "bill_to"),
        })
    }

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
    /// The fields for an order of this institution, with what was sent.
    ///
    /// # Errors
    /// 503 when the view is behind or stopped.
    pub async fn new(
        app: &App,
        signed_in: &SignedIn,
        frame: &Frame,
        institution: InstitutionId,
        sent: &TermsSent,
    ) -> Result<Self, Problem> {
        let find = async |looked: &Looked, chosen: Option<Uuid>| {
            let question = Question {
                scope: scope(&signed_in.caller.actor),
                withdrawn_too: false,
                looked: looked.clone(),
                kept: chosen.map(InstitutionId).into_iter().chain([institution]).collect(),
            };
            let found = Found::find(app, signed_in, frame, question).await?;
            // Nothing is billed or delivered to a blocked client (L07); the document's own is refused in words of its own.
            Ok::<_, Problem>(found.leaving_out(|row| row.known.blocked && row.id != institution))
        };
        let delivered = find(&sent.deliver_to_looked, sent.deliver_to).await?;
        let billed = find(&sent.bill_to_looked, sent.bill_to).await?;
        let clients = |found: &Found, name, label: &str, chosen: Option<Uuid>| {
            let chosen = chosen.map(InstitutionId).filter(|chosen| found.rows.iter().any(|row| row.id == *chosen));
            let chosen = chosen.unwrap_or(institution);
            (found.rows.len() > 1 || found.is_narrowed())
                .then(|| found.select(frame, (name, frame.t(label)), Some(chosen)))
        };
        let deliveries = DELIVERY_MODES.map(|mode| Choice::new(mode.as_str(), delivery_mode(frame, mode)));
        let delivery = Field::radio("delivery_mode", frame.t("terms-delivery-mode"), deliveries.into());
        let address = Field::select("delivery_address_id", frame.t("terms-address"), addresses(frame, &delivered.rows));
        let address = address.choosing(&sent.delivery_address_id.iter().map(ToString::to_string).collect::<Vec<_>>());
        Ok(Self {
            delivery_mode: delivery.choosing(std::slice::from_ref(&sent.delivery_mode)),
            deliver_to: clients(&delivered, "deliver_to", "terms-delivered-to", sent.deliver_to),
            delivery_address_id: (!address.choices.is_empty())
                .then(|| address.optional().hinting(frame.t("terms-address-hint"))),
            bill_to: clients(&billed, "bill_to", "terms-billed-to", sent.bill_to),
            payment_mode: payments(frame, &billed, &sent.payment_mode),
            cost_centre: Field::text("cost_centre", frame.t("terms-cost-centre"))
                .optional()
                .holding(sent.cost_centre.clone()),
        })
    }

    /// Whether institutions are looked for in it.
    pub fn looks(&self) -> bool {
        looks(self.deliver_to.iter().chain(&self.bill_to))
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

/// How the order is paid: after delivery only where one of those who may be billed may do so (B04).
fn payments(frame: &Frame, billed: &Found, chosen: &str) -> Field {
    let later = billed.is_narrowed() || billed.rows.iter().any(|row| row.known.pays_after_delivery);
    let modes: Vec<_> = PAYMENT_MODES.into_iter().filter(|mode| later || !mode.is_after_delivery()).collect();
    let choices = modes.iter().map(|mode| Choice::new(mode.as_str(), payment_mode(frame, *mode))).collect();
    let field = Field::radio("payment_mode", frame.t("terms-payment-mode"), choices);
    match modes.as_slice() {
        [only] => field.choosing(&[only.as_str().to_owned()]).hinting(frame.t("terms-payment-online-only")),
        _ => field.choosing(&[chosen.to_owned()]),
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
