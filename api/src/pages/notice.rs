//! What the next page says first: a code in a cookie, never a text, so that nobody can put words into our mouth.

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Signed out.
    SignedOut,
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
    /// The own account was erased.
    AccountErased,
}

impl Notice {
    const ALL: [Self; 7] = [
        Self::SignedOut,
        Self::LinkAsked,
        Self::PasswordSet,
        Self::PasswordChanged,
        Self::LoginConfirmed,
        Self::BasketOpened,
        Self::AccountErased,
    ];

    /// Its code, which is part of its text's key.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::PasswordSet => "password-set",
            Self::PasswordChanged => "password-changed",
            Self::LinkAsked => "link-asked",
            Self::LoginConfirmed => "login-confirmed",
            Self::BasketOpened => "basket-opened",
            Self::AccountErased => "account-erased",
        }
    }

    /// The notice of a code; others are passed over.
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.code() == code)
    }
}
