//! What the next page says first: a code in a cookie, never a text, so that nobody can put words into our mouth.

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Signed out.
    SignedOut,
    /// The session is over: its time, or somebody, has ended it.
    SessionOver,
    /// A password was set by a link.
    PasswordSet,
    /// The own password was changed; other sessions have ended.
    PasswordChanged,
    /// A link was asked for.
    LinkAsked,
    /// Another address is the login now.
    LoginConfirmed,
    /// A basket was opened.
    BasketOpened,
    /// A basket was made of the lines of another or of an order.
    BasketCopied,
    /// The ticked lines of a list were added.
    ListAdded,
    /// What was changed on a basket is kept.
    BasketSaved,
    /// An article was put into a basket.
    LineAdded,
    /// A line was taken out of a basket.
    LineRemoved,
    /// A basket has another name.
    BasketRenamed,
    /// A basket was deleted.
    BasketDiscarded,
    /// A basket was sent to the approvers.
    BasketSent,
    /// A basket was passed on to the purchasers.
    BasketValidated,
    /// A basket was unlocked.
    BasketUnlocked,
    /// A basket was returned.
    BasketGivenBack,
    /// A basket was taken over.
    BasketTakenOver,
    /// A basket was brought to the prices of the day.
    BasketRepriced,
    /// A quote was requested.
    QuoteRequested,
    /// An order was placed.
    OrderPlaced,
    /// A quote was accepted, and became the order that is shown.
    QuoteAccepted,
    /// A quote was refused.
    QuoteRefused,
    /// Name and telephone number were changed.
    DetailsChanged,
    /// A link to confirm a new login was sent.
    LoginAsked,
    /// One session was ended.
    SessionEnded,
    /// All other sessions were ended.
    SessionsEnded,
    /// The second factor was given up.
    SecondFactorGivenUp,
    /// A colleague may act in one's place.
    DelegationGiven,
    /// A delegation was taken back.
    DelegationRevoked,
    /// The session is in another's place now.
    ActingForAnother,
    /// The session is in one's own name again.
    ActingForOneself,
    /// An account was opened.
    AccountOpened,
    /// An account was changed.
    AccountChanged,
    /// Somebody acts for one institution more.
    AccountJoined,
    /// An account was closed to its person.
    AccountClosed,
    /// An account was opened to its person again.
    AccountReopened,
    /// A link for a password was sent.
    LinkSent,
    /// A lock was lifted.
    AccountUnlocked,
    /// An account was asked for.
    RegistrationSent,
    /// Somebody was written down by the bookshop.
    NewcomerWrittenDown,
    /// An account was granted.
    AccountApproved,
    /// An account was refused.
    AccountDeclined,
    /// A message was sent.
    MessageSent,
    /// The own account was erased.
    AccountErased,
    /// The own B2B account was deleted.
    OrganisationDeleted,
    /// Somebody else's account was erased.
    PersonErased,
    /// An account may act for its colleagues.
    SubstitutionGranted,
    /// It may no longer.
    SubstitutionRevoked,
    /// Somebody's second factor was lifted.
    SecondFactorLifted,
    /// The shop is set up another way.
    ShopChanged,
    /// Two persons are demanded for an institution's baskets.
    TwoPersonsDemanded,
    /// Two persons are demanded no longer.
    TwoPersonsLifted,
    /// An institution may pay after delivery.
    PaymentAfterDeliveryAllowed,
    /// It may no longer.
    PaymentAfterDeliveryRefused,
}

impl Notice {
    const ALL: &[Self] = &[
        Self::SignedOut,
        Self::SessionOver,
        Self::LinkAsked,
        Self::PasswordSet,
        Self::PasswordChanged,
        Self::LoginConfirmed,
        Self::BasketOpened,
        Self::ListAdded,
        Self::BasketCopied,
        Self::BasketSaved,
        Self::LineAdded,
        Self::LineRemoved,
        Self::BasketRenamed,
        Self::BasketDiscarded,
        Self::BasketSent,
        Self::BasketValidated,
        Self::BasketUnlocked,
        Self::BasketGivenBack,
        Self::BasketTakenOver,
        Self::BasketRepriced,
        Self::QuoteRequested,
        Self::OrderPlaced,
        Self::QuoteAccepted,
        Self::QuoteRefused,
        Self::DetailsChanged,
        Self::LoginAsked,
        Self::SessionEnded,
        Self::SessionsEnded,
        Self::SecondFactorGivenUp,
        Self::DelegationGiven,
        Self::DelegationRevoked,
        Self::ActingForAnother,
        Self::ActingForOneself,
        Self::AccountOpened,
        Self::AccountChanged,
        Self::AccountJoined,
        Self::AccountClosed,
        Self::AccountReopened,
        Self::LinkSent,
        Self::AccountUnlocked,
        Self::RegistrationSent,
        Self::NewcomerWrittenDown,
        Self::AccountApproved,
        Self::AccountDeclined,
        Self::MessageSent,
        Self::AccountErased,
        Self::OrganisationDeleted,
        Self::PersonErased,
        Self::TwoPersonsDemanded,
        Self::TwoPersonsLifted,
        Self::SubstitutionGranted,
        Self::SubstitutionRevoked,
        Self::SecondFactorLifted,
        Self::ShopChanged,
        Self::PaymentAfterDeliveryAllowed,
        Self::PaymentAfterDeliveryRefused,
    ];

    /// Its code, which is part of its text's key.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SessionOver => "session-over",
            Self::SignedOut => "signed-out",
            Self::PasswordSet => "password-set",
            Self::PasswordChanged => "password-changed",
            Self::LinkAsked => "link-asked",
            Self::LoginConfirmed => "login-confirmed",
            Self::BasketOpened => "basket-opened",
            Self::BasketCopied => "basket-copied",
            Self::ListAdded => "list-added",
            Self::BasketSaved => "basket-saved",
            Self::LineAdded => "line-added",
            Self::LineRemoved => "line-removed",
            Self::BasketRenamed => "basket-renamed",
            Self::BasketDiscarded => "basket-discarded",
            Self::BasketSent => "basket-sent",
            Self::BasketValidated => "basket-validated",
            Self::BasketUnlocked => "basket-unlocked",
            Self::BasketGivenBack => "basket-given-back",
            Self::BasketTakenOver => "basket-taken-over",
            Self::BasketRepriced => "basket-repriced",
            Self::QuoteRequested => "quote-requested",
            Self::OrderPlaced => "order-placed",
            Self::QuoteAccepted => "quote-accepted",
            Self::QuoteRefused => "quote-refused",
            Self::DetailsChanged => "details-changed",
            Self::LoginAsked => "login-asked",
            Self::SessionEnded => "session-ended",
            Self::SessionsEnded => "sessions-ended",
            Self::SecondFactorGivenUp => "factor-given-up",
            Self::DelegationGiven => "delegation-given",
            Self::DelegationRevoked => "delegation-revoked",
            Self::ActingForAnother => "acting-for-another",
            Self::ActingForOneself => "acting-for-oneself",
            Self::AccountOpened => "account-opened",
            Self::AccountChanged => "account-changed",
            Self::AccountJoined => "account-joined",
            Self::AccountClosed => "account-closed",
            Self::AccountReopened => "account-reopened",
            Self::LinkSent => "link-sent",
            Self::AccountUnlocked => "account-unlocked",
            Self::RegistrationSent => "registration-sent",
            Self::NewcomerWrittenDown => "newcomer-written-down",
            Self::AccountApproved => "account-approved",
            Self::AccountDeclined => "account-declined",
            Self::MessageSent => "message-sent",
            Self::AccountErased => "account-erased",
            Self::OrganisationDeleted => "organisation-deleted",
            Self::PersonErased => "person-erased",
            Self::SubstitutionGranted => "substitution-granted",
            Self::SubstitutionRevoked => "substitution-revoked",
            Self::SecondFactorLifted => "second-factor-lifted",
            Self::ShopChanged => "shop-changed",
            Self::TwoPersonsDemanded => "two-persons-demanded",
            Self::TwoPersonsLifted => "two-persons-lifted",
            Self::PaymentAfterDeliveryAllowed => "payment-after-delivery-allowed",
            Self::PaymentAfterDeliveryRefused => "payment-after-delivery-refused",
        }
    }

    /// The notice of a code; others are passed over.
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|notice| notice.code() == code)
    }
}
