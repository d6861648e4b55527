//! What is checked and filled in before a basket becomes a document.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_domain::{BasketId, basket::Opened, pricing::Totals, terms::Address};
use bordereau_projections::BasketDetail;

use super::{
    Kind,
    changed::{self, ChangedLine},
};
use crate::{
    app::App,
    baskets::{find_visible, sealed},
    names::{self, Clear},
    pages::{
        baskets::LineRow,
        conditions::new_key,
        field::{Field, Told, refuse},
        frame::Frame,
        order_terms::{TermsFields, TermsSent, on_one_line},
        redirect::SeeOther,
        signed_in::SignedIn,
    },
    problem::Problem,
};

/// Most lines that stand on the page; the basket's own page shows the rest.
const LINES: usize = 100;

/// The last page before a basket becomes a document.
#[derive(Template)]
#[template(path = "checkout/page.html")]
pub struct CheckoutPage {
    /// What surrounds it.
    pub frame: Frame,
    kind: Kind,
    /// The basket.
    pub id: BasketId,
    basket: Opened,
    title: String,
    institution: String,
    librisoft_number: String,
    addresses: Vec<String>,
    contact: String,
    email: Option<String>,
    lines: Vec<LineRow>,
    /// Lines that the page does not show.
    more: u64,
    totals: Totals,
    /// *Référence collectivité \**.
    pub reference: Field,
    /// *Commentaire*.
    pub comment: Field,
    /// How an order is handed over and paid.
    pub terms: Option<TermsFields>,
    seen: u64,
    key: String,
    changed: Vec<ChangedLine>,
    /// A refusal that is about no single field.
    pub told: Option<Told>,
}

impl CheckoutPage {
    /// The page of a basket that may become this, with the terms that were sent; nothing while it may not.
    ///
    /// # Errors
    /// 404 when there is none or he may not know of it, 503 when the view is behind.
    pub(super) async fn read(
        app: &App,
        signed_in: &SignedIn,
        id: &str,
        kind: Kind,
        sent: &TermsSent,
    ) -> Result<Option<Self>, Problem> {
        signed_in.settle(app, "basket_detail").await?;
        let (detail, context) = find_visible(app, &signed_in.reading(), id).await?;
        if detail.basket.may_act(kind.action(), &context, &detail.standing).is_err() {
            return Ok(None);
        }
        let frame = Frame::of(signed_in);
        let institution = detail.basket.institution_id;
        let terms = match kind {
            Kind::Quote => None,
            Kind::Order => Some(TermsFields::new(app, signed_in, &frame, institution, sent).await?),
        };
        let known = app.projections.institutions().find(signed_in.shop(), institution).await?;
        let addresses = known.map(|row| row.known.profile.addresses).unwrap_or_default();
        let clear = names::open(app, signed_in.shop(), sealed(&detail)).await?;
        Ok(Some(Self::of(signed_in, frame, kind, detail, &clear, &addresses, terms)))
    }

    fn of(
        signed_in: &SignedIn,
        frame: Frame,
        kind: Kind,
        detail: BasketDetail,
        clear: &Clear,
        addresses: &[Address],
        terms: Option<TermsFields>,
    ) -> Self {
        let basket = detail.basket;
        let name = clear.field(basket.name);
        let title = name.unwrap_or_else(|| frame.t_number("basket-numbered", &basket.number));
        let comment = Field::area("comment", frame.t("document-comment")).optional();
        Self {
            kind,
            id: detail.id,
            title,
            institution: detail.institution.name,
            librisoft_number: detail.institution.librisoft_number,
            addresses: addresses.iter().map(on_one_line).collect(),
            contact: signed_in.name.clone().unwrap_or_else(|| frame.t("erased")),
            email: signed_in.email.clone(),
            lines: basket.lines.iter().take(LINES).map(|line| LineRow::of(line, clear)).collect(),
            more: basket.lines.len().saturating_sub(LINES) as u64,
            totals: basket.totals(),
            reference: Field::text("reference", frame.t("checkout-reference"))
                .hinting(frame.t("checkout-reference-hint")),
            comment: comment.hinting(frame.t("checkout-comment-hint")),
            terms,
            seen: detail.sequence,
            key: new_key(),
            changed: Vec::new(),
            told: None,
            basket,
            frame,
        }
    }

    /// Tells a refusal beside its field, or above the form.
    pub(super) fn tell(&mut self, problem: &Problem) {
        self.changed = changed::lines(problem, &self.basket);
        let mut fields = vec![&mut self.reference, &mut self.comment];
        fields.extend(self.terms.iter_mut().flat_map(TermsFields::all));
        self.told = refuse(&self.frame, &mut fields, None, problem);
        if problem.slug == "stale" {
            self.told = Some(Told { title: self.frame.t("basket-stale"), detail: self.frame.t("basket-stale-detail") });
        }
    }

    fn path(&self) -> String {
        format!("/baskets/{}/{}", self.id, self.kind.as_str())
    }

    /// A text that differs with what the basket becomes.
    fn words(&self, key: &str) -> String {
        self.frame.t(&format!("checkout-{}-{key}", self.kind.as_str()))
    }
}

async fn show(app: &App, signed_in: &SignedIn, id: &str, kind: Kind) -> Result<Response, Problem> {
    match CheckoutPage::read(app, signed_in, id, kind, &TermsSent::default()).await? {
        Some(page) => Ok(page.frame.answer(StatusCode::OK, &page)),
        // The basket's own page says where it is and what stands against it.
        None => Ok(SeeOther::to(&format!("/baskets/{id}"), signed_in.reader.transport).into_response()),
    }
}

/// *FINALISER LA DEMANDE DE DEVIS COLLECTIVITÉ*.
pub async fn quote(State(app): State<App>, signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    show(&app, &signed_in, &id, Kind::Quote).await
}

/// The same for an order.
pub async fn order(State(app): State<App>, signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    show(&app, &signed_in, &id, Kind::Order).await
}
