//! Why a shop refuses: one case per refusal.

/// Why a shop refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShopError {
    /// This role never does this.
    #[error("this role may not do this with a shop")]
    RoleMayNot,
    /// There is no such shop.
    #[error("the shop is not open")]
    NotOpened,
    /// Its code is another shop's.
    #[error("the shop is open already")]
    AlreadyOpened,
    /// A name is missing, too long, or holds control characters.
    #[error("the name is missing, too long or holds control characters")]
    BadName,
    /// Not two capital letters.
    #[error("a country is two capital letters (ISO 3166)")]
    BadCountry,
    /// Not three capital letters.
    #[error("a currency is three capital letters (ISO 4217)")]
    BadCurrency,
    /// Not in the tz database.
    #[error("no such time zone (an IANA name, for example Europe/Paris)")]
    BadTimeZone,
    /// Another point of sale has this number.
    #[error("another establishment has this number")]
    NumberTaken,
    /// There is no such buyers' group.
    #[error("the shop has no such buyers' group")]
    UnknownBuyersGroup,
    /// Another buyers' group has this id.
    #[error("another buyers' group has this id")]
    BuyersGroupTaken,
}
