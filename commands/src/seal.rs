//! Personal texts on their way into a command: checked, sealed under their person's key, replaced by a reference.

use bordereau_domain::{
    Digest, Personal, SubjectId,
    personal::{Field, Purpose},
};
use bordereau_store::{SealedField, Store, StoreError};

/// The kind of claim that keeps e-mail addresses unique in a shop.
pub const EMAIL_CLAIM: &str = "email";

/// An e-mail address as it is compared: without surrounding space, in lower case.
pub fn fold_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Why a text cannot be a personal field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// Longer than the field may be.
    #[error("the text is longer than {max} characters")]
    TooLong {
        /// Most characters.
        max: usize,
    },
    /// Not what the field must look like: an address that is none.
    #[error("the text is not of the field's shape")]
    Malformed,
    /// Control characters other than line breaks and tabs.
    #[error("the text holds control characters")]
    ControlCharacters,
}

/// A personal text that was checked and waits for its seal.
#[derive(Clone, PartialEq, Eq)]
pub struct SealText<T> {
    text: String,
    field: std::marker::PhantomData<fn() -> T>,
}

impl<T> std::fmt::Debug for SealText<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("•••")
    }
}

impl<T: Field> SealText<T> {
    /// Takes a text for a field of kind `T`, without surrounding white space.
    ///
    /// # Errors
    /// [`TextError`] when it is empty, too long for the field, holds control characters, or cannot be such a field.
    pub fn new(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.chars().count() > T::MAX_CHARS {
            return Err(TextError::TooLong { max: T::MAX_CHARS });
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(TextError::ControlCharacters);
        }
        if !T::accepts(text) {
            return Err(TextError::Malformed);
        }
        Ok(Self { text: text.to_owned(), field: std::marker::PhantomData })
    }

    /// The text in clear.
    pub fn clear(&self) -> &str {
        &self.text
    }

    pub(crate) async fn seal(
        &self,
        store: &Store,
        shop: &str,
        subject: SubjectId,
    ) -> Result<(Personal<T>, SealedField), StoreError> {
        let purpose = match T::PURPOSE {
            Purpose::Account => bordereau_store::Purpose::Account,
            Purpose::Campaign => bordereau_store::Purpose::Campaign,
            Purpose::Accounting => bordereau_store::Purpose::Accounting,
        };
        let sealed = store.seal(shop, subject.0, purpose, T::NAME, &self.text).await?;
        Ok((Personal::new(subject, Digest(sealed.digest)), sealed))
    }
}
