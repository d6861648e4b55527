//! The one table from refusals to HTTP: status, slug, and what the caller needs to go on.

use std::convert::Infallible;

use axum::http::StatusCode;
use bordereau_commands::{EMAIL_CLAIM, Failed, TextError};
use bordereau_domain::{
    account::AccountError,
    basket::{BasketError, ChangedPrice, Document},
    ean::EanError,
    institution::InstitutionError,
    order::{OrderError, TermsError},
    pricing::LinePrice,
    quote::QuoteError,
    shop::ShopError,
    subject::SubjectError,
};
use bordereau_projections::{ReadError, WaitError};
use bordereau_store::StoreError;
use serde_json::{Value, json};

use crate::problem::Problem;

const FORBIDDEN: StatusCode = StatusCode::FORBIDDEN;
const CONFLICT: StatusCode = StatusCode::CONFLICT;
const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

impl<E> From<Failed<E>> for Problem
where
    E: std::error::Error + Into<Self> + 'static,
{
    fn from(failed: Failed<E>) -> Self {
        match failed {
            Failed::NotFound | Failed::UnknownShop => Self::not_found(),
            Failed::Refused(refusal) => refusal.into(),
            Failed::Stale { current } => Self {
                etag: Some(current),
                ..Self::new(StatusCode::PRECONDITION_FAILED, "stale")
                    .arg("sequence", current)
                    .member("sequence", current)
            },
            Failed::KeyReused => Self::new(UNPROCESSABLE, "key-reused"),
            Failed::ClaimTaken { kind, .. } if kind == EMAIL_CLAIM => Self::new(CONFLICT, "email-taken"),
            Failed::ClaimTaken { kind, .. } => {
                Self::new(CONFLICT, "value-taken").arg("kind", &kind).member("kind", kind)
            }
            Failed::Unproven => Self::new(FORBIDDEN, "wrong-password"),
            Failed::Contended => Self { retry_after: Some(1), ..Self::new(CONFLICT, "contended") },
            Failed::ShopExists => Self::new(CONFLICT, "shop-exists"),
            Failed::Erased => Self::new(CONFLICT, "person-erased"),
            Failed::Unavailable(cause) => {
                tracing::warn!(%cause, "the store is unavailable");
                Self::unavailable("store-unavailable")
            }
            Failed::Unknown(cause) => {
                tracing::error!(%cause, "the outcome of a command is unknown");
                Self::unavailable("outcome-unknown")
            }
            Failed::Broken(cause) => Self::internal(&cause),
        }
    }
}

impl From<Infallible> for Problem {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl From<BasketError> for Problem {
    fn from(error: BasketError) -> Self {
        match error {
            BasketError::RoleMayNot => Self::role_may_not(),
            BasketError::NotTheOwner => Self::new(FORBIDDEN, "not-the-owner"),
            BasketError::TwoPersonsNeeded => Self::new(FORBIDDEN, "two-persons-needed"),
            BasketError::NotOpened => Self::not_found(),
            BasketError::IdTaken => Self::new(CONFLICT, "id-taken"),
            BasketError::WrongStage { stage } => {
                Self::new(CONFLICT, "wrong-stage").arg("stage", stage).member("stage", stage)
            }
            BasketError::WrongLevel { level } => {
                Self::new(CONFLICT, "wrong-level").arg("level", level.as_str()).member("level", level.as_str())
            }
            BasketError::Locked => Self::new(CONFLICT, "basket-locked"),
            BasketError::Empty => Self::new(CONFLICT, "basket-empty"),
            BasketError::AlreadyConverted(Document::Quote(id)) => {
                Self::new(CONFLICT, "already-converted").member("quote_id", id.to_string())
            }
            BasketError::AlreadyConverted(Document::Order(id)) => {
                Self::new(CONFLICT, "already-converted").member("order_id", id.to_string())
            }
            BasketError::InstitutionBlocked => Self::new(CONFLICT, "institution-blocked"),
            BasketError::OwnerActive => Self::new(CONFLICT, "owner-active"),
            BasketError::OwnerInactive => Self::new(CONFLICT, "owner-inactive"),
            BasketError::PricesChanged(lines) => Self::new(CONFLICT, "prices-changed")
                .arg("count", lines.len())
                .member("lines", lines.iter().map(changed_price).collect::<Vec<_>>()),
            BasketError::UnknownLine => Self::new(StatusCode::NOT_FOUND, "unknown-line"),
            BasketError::TooManyLines => {
                Self::new(UNPROCESSABLE, "too-many-lines").arg("max", bordereau_domain::line::MAX_LINES)
            }
            BasketError::InList { at, refusal } => Self::from(*refusal).in_list(at),
            BasketError::TooManyBaskets => Self::new(UNPROCESSABLE, "too-many-baskets"),
            BasketError::QuantityOutOfRange => Self::invalid("quantity-out-of-range", "quantity")
                .arg("min", bordereau_domain::line::MIN_QUANTITY)
                .arg("max", bordereau_domain::line::MAX_QUANTITY),
            BasketError::UnknownArticle => Self::invalid("unknown-article", "ean"),
            BasketError::UnknownInstitution => Self::invalid("unknown-institution", "institution_id"),
            BasketError::ReferenceMissing => Self::invalid("reference-missing", "reference"),
            BasketError::Terms(terms) => terms.into(),
        }
    }
}

fn changed_price(changed: &ChangedPrice) -> Value {
    let terms = |price: &LinePrice| {
        json!({
            "unit_price_incl_tax": price.unit_price_incl_tax,
            "vat_rate": price.vat_rate,
            "discount_rate": price.discount_rate,
            "total_incl_tax": price.total_incl_tax,
        })
    };
    json!({ "line_id": changed.line_id, "old": terms(&changed.old), "new": terms(&changed.new) })
}

impl From<TermsError> for Problem {
    fn from(error: TermsError) -> Self {
        match error {
            TermsError::UnknownInstitution => Self::invalid("unknown-institution", "deliver_to"),
            TermsError::InstitutionBlocked => Self::new(CONFLICT, "institution-blocked"),
            TermsError::PaymentModeNotAllowed => Self::invalid("payment-mode-not-allowed", "payment_mode"),
            TermsError::UnknownAddress => Self::invalid("unknown-address", "delivery_address_id"),
            TermsError::NoAddress => Self::invalid("no-address", "deliver_to"),
            TermsError::BadCostCentre => Self::invalid("bad-text", "cost_centre"),
        }
    }
}

impl From<QuoteError> for Problem {
    fn from(error: QuoteError) -> Self {
        match error {
            QuoteError::RoleMayNot => Self::role_may_not(),
            QuoteError::NotRequested => Self::not_found(),
            QuoteError::AlreadyRequested => Self::new(CONFLICT, "id-taken"),
            QuoteError::WrongStatus { status } => wrong_status(status.as_str()),
            QuoteError::NumberDiffers => Self::new(CONFLICT, "number-differs"),
            QuoteError::Expired => Self::new(CONFLICT, "quote-expired"),
            QuoteError::StillValid => Self::new(CONFLICT, "quote-still-valid"),
            QuoteError::InstitutionBlocked => Self::new(CONFLICT, "institution-blocked"),
            QuoteError::ValidityInThePast => Self::invalid("validity-in-the-past", "valid_until"),
            QuoteError::UnknownLine => Self::invalid("unknown-line", "line_id"),
            QuoteError::PriceOutOfRange => Self::invalid("price-out-of-range", "unit_price_incl_tax"),
            QuoteError::DiscountAboveCap => Self::invalid("discount-above-cap", "discount_rate"),
            QuoteError::BadNumber => Self::invalid("bad-text", "librisoft_number"),
            QuoteError::Terms(terms) => terms.into(),
        }
    }
}

impl From<OrderError> for Problem {
    fn from(error: OrderError) -> Self {
        match error {
            OrderError::RoleMayNot => Self::role_may_not(),
            OrderError::NotPlaced => Self::not_found(),
            OrderError::AlreadyPlaced => Self::new(CONFLICT, "id-taken"),
            OrderError::WrongStatus { status } => wrong_status(status.as_str()),
            OrderError::WrongDeliveryMode { mode } => Self::new(CONFLICT, "wrong-delivery-mode")
                .arg("mode", mode.as_str())
                .member("delivery_mode", mode.as_str()),
            OrderError::NumberDiffers => Self::new(CONFLICT, "number-differs"),
            OrderError::NotCollected => Self::new(CONFLICT, "not-collected"),
            OrderError::BadNumber => Self::invalid("bad-text", "librisoft_number"),
            OrderError::UnknownLine => Self::invalid("unknown-line", "line_id"),
            OrderError::BadTracking => Self::invalid("bad-text", "tracking"),
        }
    }
}

fn wrong_status(status: &'static str) -> Problem {
    Problem::new(CONFLICT, "wrong-status").arg("status", status).member("current_status", status)
}

impl From<InstitutionError> for Problem {
    fn from(error: InstitutionError) -> Self {
        match error {
            InstitutionError::RoleMayNot => Self::role_may_not(),
            InstitutionError::NotKnown => Self::not_found(),
            InstitutionError::BadText { field } => Self::invalid("bad-text", field),
            InstitutionError::TooManyAddresses | InstitutionError::SameAddressTwice => {
                Self::invalid("bad-addresses", "addresses")
            }
            InstitutionError::DiscountAboveCap { .. } => Self::invalid("discount-above-cap", "discounts"),
        }
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::InAnothersPlace => Self::new(FORBIDDEN, "in-anothers-place"),
            AccountError::UnknownDelegate => Self::invalid("unknown-delegate", "delegate_id"),
            AccountError::FirstDayPast => Self::invalid("day-past", "first_day"),
            AccountError::FirstDayTooFar => {
                Self::invalid("first-day-too-far", "first_day").arg("max", bordereau_domain::account::MAX_AHEAD_DAYS)
            }
            AccountError::PasswordByLinkOnly => Self::invalid("password-by-link-only", "password"),
            AccountError::LastDayOutOfRange => {
                Self::invalid("last-day-out-of-range", "last_day").arg("max", bordereau_domain::account::MAX_DAYS)
            }
            AccountError::TooManyDelegations => {
                Self::new(UNPROCESSABLE, "too-many-delegations").arg("max", bordereau_domain::account::MAX_DELEGATIONS)
            }
            AccountError::UnknownDelegation => Self::new(StatusCode::NOT_FOUND, "unknown-delegation"),
            AccountError::NoInstitutionsAccount => Self::new(CONFLICT, "no-institutions-account"),
            AccountError::SecondFactorEnabled => Self::new(CONFLICT, "second-factor-enabled"),
            AccountError::SecondFactorMissing => Self::new(CONFLICT, "second-factor-missing"),
            AccountError::RoleMayNot => Self::role_may_not(),
            AccountError::NotOpened => Self::not_found(),
            AccountError::AlreadyOpened => Self::new(CONFLICT, "id-taken"),
            AccountError::InstitutionMissing | AccountError::InstitutionTooMuch => {
                Self::invalid("unknown-institution", "institution_ids")
            }
            AccountError::NotAPersonsRole => Self::invalid("unknown-role", "role"),
            AccountError::WrongStatus { status } => wrong_status(status.as_str()),
            AccountError::UnknownEstablishment => Self::invalid("unknown-establishment", "establishment_id"),
            AccountError::UnknownBuyersGroup => Self::invalid("unknown-buyers-group", "group_id"),
        }
    }
}

impl From<SubjectError> for Problem {
    fn from(error: SubjectError) -> Self {
        match error {
            SubjectError::RoleMayNot => Self::role_may_not(),
            SubjectError::LastBookseller => Self::new(CONFLICT, "last-bookseller"),
        }
    }
}

impl From<ShopError> for Problem {
    fn from(error: ShopError) -> Self {
        match error {
            ShopError::RoleMayNot => Self::role_may_not(),
            ShopError::NotOpened | ShopError::UnknownBuyersGroup => Self::not_found(),
            ShopError::AlreadyOpened => Self::new(CONFLICT, "shop-exists"),
            ShopError::BadName => Self::invalid("bad-text", "name"),
            ShopError::BadCountry => Self::invalid("bad-text", "country"),
            ShopError::BadCurrency => Self::invalid("bad-text", "currency"),
            ShopError::BadTimeZone => Self::invalid("bad-text", "time_zone"),
            ShopError::NumberTaken | ShopError::BuyersGroupTaken => Self::new(CONFLICT, "id-taken"),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::UnknownLedger => Self::not_found(),
            StoreError::Unavailable(cause) | StoreError::Unknown(cause) => {
                tracing::warn!(%cause, "the store is unavailable");
                Self::unavailable("store-unavailable")
            }
            StoreError::Erased(_) => Self::new(CONFLICT, "person-erased"),
            StoreError::Broken { .. } | StoreError::Refused(_) => Self::internal(&error),
        }
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Stopped { .. } => Self { retry_after: Some(30), ..Self::unavailable("view-stopped") },
            ReadError::BadCursor => Self::invalid("bad-cursor", "cursor"),
            ReadError::Building { .. } | ReadError::Cancelled => Self::unavailable("view-behind"),
            ReadError::Store(store) => store.into(),
            ReadError::Sqlite(_) | ReadError::Row(_) | ReadError::Log(_) => Self::internal(&error),
        }
    }
}

impl From<WaitError> for Problem {
    fn from(error: WaitError) -> Self {
        match error {
            WaitError::AboveHead => Self::invalid("position-above-head", "Bordereau-Position"),
            WaitError::TimedOut => Self::unavailable("view-behind"),
            WaitError::Stopped => Self { retry_after: Some(30), ..Self::unavailable("view-stopped") },
            WaitError::UnknownView(_) => Self::internal(&error),
            WaitError::Store(store) => store.into(),
        }
    }
}

/// 422 for an article number that is none.
pub fn bad_ean(error: EanError, field: &str) -> Problem {
    match error {
        EanError::Malformed => Problem::invalid("malformed-ean", field),
        EanError::WrongCheckDigit { expected } => Problem::invalid("wrong-check-digit", field)
            .arg("expected", expected)
            .member("expected", expected.to_string()),
    }
}

/// 422 for a personal text that cannot be kept.
pub fn bad_text(error: TextError, field: &str) -> Problem {
    match error {
        TextError::Empty => Problem::invalid("text-missing", field),
        TextError::TooLong { max } => Problem::invalid("text-too-long", field).arg("max", max),
        TextError::ControlCharacters => Problem::invalid("bad-text", field),
        TextError::Malformed => Problem::invalid("malformed-email", field),
    }
}
