//! The kinds of mail, and what a row of the queue says beside them.

use bordereau_commands::stable_id;
use bordereau_domain::{AccountId, Digest};
use bordereau_store::{Micros, NewMail};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::texts::MailLanguage;

macro_rules! kinds {
    ($($(#[$doc:meta])+ $name:ident = $word:literal;)+) => {
        /// A kind of mail.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum MailKind { $($(#[$doc])+ $name,)+ }

        impl MailKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word in the queue and in the texts.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }
        }
    };
}

kinds! {
    /// A new account, with a link for its first password (B05).
    FirstPassword = "first-password";
    /// *Mot de passe oublié* (L23).
    ResetPassword = "reset-password";
    /// A new address for signing in is confirmed by a link.
    ConfirmAddress = "confirm-address";
    /// Whoever has asked for an account shows by a link that the address is his.
    ProveLogin = "prove-login";
    /// Somebody wants an account with an address that has one: told to whose it is.
    LoginKnown = "login-known";
    /// Another address for signing in is asked for: told to the present one.
    AddressChangeAsked = "address-change-asked";
    /// The address for signing in is another one from now on: told to the one before.
    AddressChanged = "address-changed";
    /// Somebody asks for an account: told to the bookshop (B09).
    RegistrationReceived = "registration-received";
    /// The account that was asked for is granted (B12).
    AccountApproved = "account-approved";
    /// The account that was asked for is refused.
    AccountDeclined = "account-declined";
    /// The bookshop writes about an account (B11).
    AccountMessage = "account-message";
    /// Nobody has signed in for long: the account will be erased.
    InactiveAccount = "inactive-account";
    /// The order is complete and waits in the shop (L32).
    OrderAvailable = "order-available";
    /// The order is on its way (L32).
    OrderShipped = "order-shipped";
    /// The bookshop writes about an order (L33).
    OrderMessage = "order-message";
}

impl MailKind {
    /// The kind that a word names.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }
}

/// What a letter needs beside its kind: ids, numbers and digests, never personal data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailArgs {
    /// The language to write in as long as nothing is known of the reader's own; else that of the shop's country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<MailLanguage>,
    /// The order that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<Uuid>,
    /// That order's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_number: Option<u64>,
    /// The carrier's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking: Option<String>,
    /// The sealed address that the letter goes to, where it is not the account's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// In how many days something happens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// A sealed text to be quoted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted: Option<Digest>,
}

/// A mail to be queued. `because` tells two mails of one kind to one account apart: an event's id, or a new id for what
/// somebody asked for; queued again for the same reason it is the same mail.
pub fn new_mail(
    shop: &str,
    kind: MailKind,
    account: AccountId,
    because: Uuid,
    args: &MailArgs,
    at: Micros,
) -> Result<NewMail, serde_json::Error> {
    Ok(NewMail {
        ledger: shop.to_owned(),
        id: stable_id(&["mail", shop, kind.as_str(), &account.to_string(), &because.to_string()]),
        kind: kind.as_str().to_owned(),
        account: account.0,
        args: serde_json::to_string(args)?,
        queued_at: at,
    })
}
