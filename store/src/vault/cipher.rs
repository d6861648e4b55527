//! The cipher of the vault. Every text is sealed with XChaCha20-Poly1305 under a key of its subject and purpose.
//!
//! From a random 256-bit data key, HKDF-SHA256 (no salt) derives the key of the cipher and a commitment to it: an AEAD
//! alone does not bind the key, the commitment inside the digested bytes does. The associated data ties the text to its
//! place, so that sealed bytes moved to another person or field do not open:
//!
//! ```text
//! aad      = frame(ledger) || frame(subject, 16 bytes) || frame(purpose) || frame(field) || frame(key id, 16 bytes)
//! frame(x) = length of x in bytes as u32, big-endian || x
//! ```
//! Data keys are kept wrapped: `0x01 || nonce (24) || ciphertext and tag (48)`, under a key derived from the master key,
//! with what they belong to as associated data.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{Purpose, SealedBytes};

const ENCRYPTION: &[u8] = b"bordereau/vault/encryption/1";
const COMMITMENT: &[u8] = b"bordereau/vault/commitment/1";
const WRAPPING: &[u8] = b"bordereau/master/wrapping/1";
const WRAPPED_BY_XCHACHA20_POLY1305: u8 = 0x01;

/// 32 bytes that are wiped when they are no longer needed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Secret([u8; 32]);

impl Secret {
    /// Fresh random bytes.
    pub(crate) fn random() -> Self {
        Self(rand::random())
    }

    pub(crate) const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key that wraps data keys, from the master key.
    pub(crate) fn wrapping(&self) -> Option<Self> {
        self.derive(WRAPPING)
    }

    /// HKDF-SHA256; 32 bytes are always within its limit, `None` would mean a broken library.
    fn derive(&self, info: &[u8]) -> Option<Self> {
        let mut derived = Self([0; 32]);
        Hkdf::<Sha256>::new(None, &self.0).expand(info, &mut derived.0).ok()?;
        Some(derived)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(<&Key>::from(&self.0))
    }
}

/// The key of one subject and purpose, ready for use.
pub(crate) struct DataKey {
    key_id: Uuid,
    encryption: Secret,
    commitment: [u8; 32],
}

impl DataKey {
    /// Derives cipher key and commitment from a data key.
    pub(crate) fn derive(key_id: Uuid, data_key: &Secret) -> Option<Self> {
        let encryption = data_key.derive(ENCRYPTION)?;
        let commitment = data_key.derive(COMMITMENT)?;
        Some(Self { key_id, encryption, commitment: *commitment.as_bytes() })
    }

    pub(crate) const fn key_id(&self) -> Uuid {
        self.key_id
    }
}

/// What a sealed text is tied to.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) ledger: &'a str,
    pub(crate) subject: Uuid,
    pub(crate) purpose: Purpose,
    pub(crate) field: &'a str,
}

impl Surroundings<'_> {
    fn associated_data(&self, key_id: Uuid) -> Vec<u8> {
        framed(&[
            self.ledger.as_bytes(),
            self.subject.as_bytes(),
            self.purpose.as_str().as_bytes(),
            self.field.as_bytes(),
            key_id.as_bytes(),
        ])
    }
}

/// Seals a text with a fresh nonce; `None` if it is longer than the cipher allows (256 GiB).
pub(crate) fn seal(key: &DataKey, around: Surroundings<'_>, text: &str) -> Option<Vec<u8>> {
    let nonce: [u8; 24] = rand::random();
    let aad = around.associated_data(key.key_id);
    let ciphertext = encrypt(&key.encryption, &nonce, &aad, text.as_bytes())?;
    let sealed = SealedBytes { key_id: key.key_id, commitment: key.commitment, nonce, ciphertext: &ciphertext };
    Some(sealed.to_vec())
}

/// Opens sealed bytes, or says what does not fit.
pub(crate) fn open(key: &DataKey, around: Surroundings<'_>, sealed: &SealedBytes<'_>) -> Result<String, &'static str> {
    if !bool::from(key.commitment.ct_eq(&sealed.commitment)) {
        return Err("the key is not the one that it was sealed with");
    }
    let aad = around.associated_data(sealed.key_id);
    let text = decrypt(&key.encryption, &sealed.nonce, &aad, sealed.ciphertext)
        .ok_or("it was changed, or moved from another place")?;
    String::from_utf8(text).map_err(|_| "it is not a text")
}

/// Wraps a secret for keeping; `owner` names what it belongs to.
pub(crate) fn wrap(wrapping: &Secret, owner: &[&[u8]], secret: &Secret) -> Option<Vec<u8>> {
    let nonce: [u8; 24] = rand::random();
    let ciphertext = encrypt(wrapping, &nonce, &framed(owner), secret.as_bytes())?;
    Some([&[WRAPPED_BY_XCHACHA20_POLY1305][..], &nonce, &ciphertext].concat())
}

/// Unwraps a secret; `None` if the wrapping key or the owner is another, or the bytes were changed.
pub(crate) fn unwrap(wrapping: &Secret, owner: &[&[u8]], wrapped: &[u8]) -> Option<Secret> {
    let (codec, rest) = wrapped.split_first()?;
    if *codec != WRAPPED_BY_XCHACHA20_POLY1305 {
        return None;
    }
    let (nonce, ciphertext) = rest.split_first_chunk::<24>()?;
    let secret = Zeroizing::new(decrypt(wrapping, nonce, &framed(owner), ciphertext)?);
    Some(Secret(secret.as_slice().try_into().ok()?))
}

/// HMAC-SHA-256 over `frame(ledger) || frame(kind) || frame(value)`.
pub(crate) fn blind_index(key: &Secret, ledger: &str, kind: &str, value: &str) -> [u8; 32] {
    // HMAC pads a short key with zeros to the block of its hash; done here, no length is left to be wrong.
    let mut block = Zeroizing::new([0_u8; 64]);
    block[..32].copy_from_slice(key.as_bytes());
    let mut mac = <Hmac<Sha256> as KeyInit>::new((&*block).into());
    mac.update(&framed(&[ledger.as_bytes(), kind.as_bytes(), value.as_bytes()]));
    mac.finalize().into_bytes().into()
}

fn encrypt(key: &Secret, nonce: &[u8; 24], aad: &[u8], msg: &[u8]) -> Option<Vec<u8>> {
    key.cipher().encrypt(<&XNonce>::from(nonce), Payload { msg, aad }).ok()
}

fn decrypt(key: &Secret, nonce: &[u8; 24], aad: &[u8], msg: &[u8]) -> Option<Vec<u8>> {
    key.cipher().decrypt(<&XNonce>::from(nonce), Payload { msg, aad }).ok()
}

fn framed(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.len() + 4).sum());
    for part in parts {
        bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEDGER: &str = "DLIVRE";

    fn around(field: &str) -> Surroundings<'_> {
        Surroundings { ledger: LEDGER, subject: Uuid::from_bytes([1; 16]), purpose: Purpose::Account, field }
    }

    fn key(byte: u8) -> DataKey {
        DataKey::derive(Uuid::from_bytes([9; 16]), &Secret::from_bytes([byte; 32])).unwrap()
    }

    #[test]
    fn a_sealed_text_opens_only_in_its_place() {
        let bytes = seal(&key(1), around("name"), "Amélie").unwrap();
        let sealed = SealedBytes::parse(&bytes).unwrap();
        assert_eq!(open(&key(1), around("name"), &sealed).as_deref(), Ok("Amélie"));
        for elsewhere in [
            around("nam"),
            Surroundings { ledger: "PARVIS", ..around("name") },
            Surroundings { subject: Uuid::from_bytes([2; 16]), ..around("name") },
            Surroundings { purpose: Purpose::Accounting, ..around("name") },
        ] {
            open(&key(1), elsewhere, &sealed).unwrap_err();
        }
    }

    #[test]
    fn a_replaced_key_fails_the_commitment() {
        let bytes = seal(&key(1), around("name"), "Amélie").unwrap();
        let sealed = SealedBytes::parse(&bytes).unwrap();
        let error = open(&key(2), around("name"), &sealed).unwrap_err();
        assert!(error.contains("key"), "{error}");
    }

    #[test]
    fn every_flipped_bit_is_detected() {
        let bytes = seal(&key(1), around("name"), "Amélie").unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if let Ok(sealed) = SealedBytes::parse(&flipped) {
                open(&key(1), around("name"), &sealed).unwrap_err();
            }
        }
    }

    #[test]
    fn a_wrapped_secret_opens_only_for_its_owner() {
        let (master, other) = (Secret::from_bytes([1; 32]), Secret::from_bytes([2; 32]));
        let (wrapping, secret) = (master.wrapping().unwrap(), Secret::random());
        let wrapped = wrap(&wrapping, &[b"a", b"bc"], &secret).unwrap();
        assert_eq!(unwrap(&wrapping, &[b"a", b"bc"], &wrapped).unwrap().as_bytes(), secret.as_bytes());
        assert!(unwrap(&wrapping, &[b"ab", b"c"], &wrapped).is_none());
        assert!(unwrap(&other.wrapping().unwrap(), &[b"a", b"bc"], &wrapped).is_none());
        for length in 0..wrapped.len() {
            assert!(unwrap(&wrapping, &[b"a", b"bc"], &wrapped[..length]).is_none());
        }
    }

    // Computed by another program in another language.
    #[test]
    fn the_blind_index_is_the_documented_hmac() {
        let index = blind_index(&Secret::from_bytes([7; 32]), LEDGER, "email", "a@b.example");
        assert_eq!(hex::encode(index), "95ca7833ea7c6b27f3974c76d7210f7e8be0d54dcac57a0e045fa3db52f07407");
    }

    // Computed by another program in another language.
    #[test]
    fn key_and_commitment_are_derived_by_hkdf() {
        let key = key(5);
        assert_eq!(
            hex::encode(key.encryption.as_bytes()),
            "a64ab908db12c27771633cf4dd9ca763bcfa871c4e3568ef58623d384aa3d1cb"
        );
        assert_eq!(hex::encode(key.commitment), "704b7a409fcfd595241ff477bf7452f5a8d820cb81f86432f4aea75308b937af");
    }
}
