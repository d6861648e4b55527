//! The layout of sealed bytes. Frozen: their SHA-256 stands in the log.
//!
//! ```text
//! offset  length  what
//!      0       1  codec: 0x01 = XChaCha20-Poly1305, keys by HKDF-SHA256
//!      1      16  id of the key
//!     17      32  commitment to the key
//!     49      24  nonce
//!     73    n+16  ciphertext of the UTF-8 text (n bytes), then the tag
//! ```
//! The digest of the whole binds text, key and nonce: another key cannot open the same digest to another text.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::AppendError;
use crate::log::{Append, Beside};

/// Codec of everything sealed so far.
const XCHACHA20_POLY1305: u8 = 0x01;
/// Bytes before the ciphertext.
const HEADER: usize = 1 + 16 + 32 + 24;
const TAG_LENGTH: usize = 16;

/// Sealed bytes, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedBytes<'a> {
    /// Key that sealed them.
    pub key_id: Uuid,
    /// Commitment to that key.
    pub commitment: [u8; 32],
    /// Nonce of the cipher.
    pub nonce: [u8; 24],
    /// Ciphertext and tag.
    pub ciphertext: &'a [u8],
}

/// Why bytes are not sealed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedSeal {
    /// Shorter than an empty text sealed.
    #[error("too short")]
    TooShort,
    /// Made by a cipher that this program does not know.
    #[error("unknown codec {0}")]
    UnknownCodec(u8),
}

impl<'a> SealedBytes<'a> {
    /// Takes sealed bytes apart; never panics, whatever they are.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, MalformedSeal> {
        let (codec, rest) = bytes.split_first().ok_or(MalformedSeal::TooShort)?;
        if *codec != XCHACHA20_POLY1305 {
            return Err(MalformedSeal::UnknownCodec(*codec));
        }
        let (key_id, rest) = rest.split_first_chunk::<16>().ok_or(MalformedSeal::TooShort)?;
        let (commitment, rest) = rest.split_first_chunk::<32>().ok_or(MalformedSeal::TooShort)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<24>().ok_or(MalformedSeal::TooShort)?;
        if ciphertext.len() < TAG_LENGTH {
            return Err(MalformedSeal::TooShort);
        }
        Ok(Self { key_id: Uuid::from_bytes(*key_id), commitment: *commitment, nonce: *nonce, ciphertext })
    }

    /// Puts the parts together.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + self.ciphertext.len());
        bytes.push(XCHACHA20_POLY1305);
        bytes.extend_from_slice(self.key_id.as_bytes());
        bytes.extend_from_slice(&self.commitment);
        bytes.extend_from_slice(&self.nonce);
        bytes.extend_from_slice(self.ciphertext);
        bytes
    }
}

/// Sealed bytes must be the ledger's own and fit their digest, which the events of the command name.
pub(crate) fn check_sealed(append: &Append) -> Result<(), AppendError> {
    for beside in &append.beside {
        if let Beside::Sealed(sealed) = beside {
            if sealed.ledger != append.ledger {
                return Err(AppendError::Refused("data sealed for another ledger".to_owned()));
            }
            if <[u8; 32]>::from(Sha256::digest(&sealed.bytes)) != sealed.digest {
                return Err(AppendError::Refused("sealed data that does not fit its digest".to_owned()));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_layout_is_the_documented_one() {
        let ciphertext = [4; 17];
        let sealed = SealedBytes {
            key_id: Uuid::from_bytes([1; 16]),
            commitment: [2; 32],
            nonce: [3; 24],
            ciphertext: &ciphertext,
        };
        let bytes = sealed.to_vec();
        let by_hand = [&[1_u8][..], &[1; 16], &[2; 32], &[3; 24], &[4; 17]].concat();
        assert_eq!(bytes, by_hand);
        assert_eq!(SealedBytes::parse(&bytes), Ok(sealed));
        assert_eq!(SealedBytes::parse(&bytes[..88]), Err(MalformedSeal::TooShort));
        assert_eq!(SealedBytes::parse(&[2; 100]), Err(MalformedSeal::UnknownCodec(2)));
    }

    proptest! {
        #[test]
        fn any_bytes_are_parsed_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), codec in 0_u8..3) {
            let mut tagged = vec![codec];
            tagged.extend(&bytes);
            for bytes in [bytes, tagged] {
                if let Ok(sealed) = SealedBytes::parse(&bytes) {
                    prop_assert_eq!(sealed.to_vec(), bytes);
                }
            }
        }
    }
}
