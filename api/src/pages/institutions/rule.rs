//! The rules that the bookshop sets for an institution: two persons for its baskets (L07), *Payer après la livraison permis*
//! (B04).

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use bordereau_commands::InstitutionRequest;
use bordereau_domain::{InstitutionId, institution::Known};
use serde::Deserialize;

use super::super::{field::Form, notice::Notice, redirect::SeeOther, signed_in::SignedIn};
use crate::{app::App, form, problem::Problem};

/// A rule as the institution's page shows it. Its words are `institution-rule-*` or `institution-payment-*`.
pub(super) struct Rule {
    /// Last segment of the address that sets it.
    pub(super) path: &'static str,
    /// What its form sends.
    pub(super) field: &'static str,
    /// What the keys of its words begin with.
    pub(super) key: &'static str,
    /// Whether it is on. Turning it off is asked once more.
    pub(super) on: bool,
}

impl Rule {
    /// Those of an institution.
    pub(super) const fn of(known: &Known) -> [Self; 2] {
        let two_persons =
            Self { path: "two-person-rule", field: "demanded", key: "institution-rule", on: known.two_persons };
        let payment = Self {
            path: "payment-after-delivery",
            field: "allowed",
            key: "institution-payment",
            on: known.pays_after_delivery,
        };
        [two_persons, payment]
    }

    /// The key of the words that tell whether it is on.
    pub(super) fn state(&self) -> String {
        self.words(if self.on { "on" } else { "off" })
    }

    /// The key of its words for one purpose.
    pub(super) fn words(&self, purpose: &str) -> String {
        format!("{}-{purpose}", self.key)
    }
}

/// Whether two persons are demanded from now on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TwoPersonsForm {
    demanded: bool,
}

/// Demands two persons for each basket, or no longer.
pub(super) async fn set_two_persons(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(TwoPersonsForm { demanded }): Form<TwoPersonsForm>,
) -> Result<Response, Problem> {
    let notice = if demanded { Notice::TwoPersonsDemanded } else { Notice::TwoPersonsLifted };
    set(&app, &signed_in, &id, InstitutionRequest::SetTwoPersonRule { demanded }, notice).await
}

/// Whether payment after delivery is allowed from now on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PaymentForm {
    allowed: bool,
}

/// Lets the institution pay after delivery, or no longer.
pub(super) async fn set_payment_after_delivery(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(PaymentForm { allowed }): Form<PaymentForm>,
) -> Result<Response, Problem> {
    let notice = if allowed { Notice::PaymentAfterDeliveryAllowed } else { Notice::PaymentAfterDeliveryRefused };
    set(&app, &signed_in, &id, InstitutionRequest::SetPaymentAfterDelivery { allowed }, notice).await
}

async fn set(
    app: &App,
    signed_in: &SignedIn,
    id: &str,
    request: InstitutionRequest,
    notice: Notice,
) -> Result<Response, Problem> {
    let institution: InstitutionId = form::id(id)?;
    let done = app.execute(signed_in.envelope(app), institution, request).await?;
    Ok(SeeOther::to(&format!("/institutions/{institution}"), signed_in.reader.transport)
        .written(signed_in.shop(), done.position)
        .saying(notice)
        .into_response())
}
