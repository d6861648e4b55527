//! Codes that follow from a shared secret and the time (RFC 6238): SHA-1, six digits, steps of thirty seconds, as every
//! authenticator knows them.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// Seconds of a time step.
const STEP: i64 = 30;
/// Bytes of a secret: as long as what SHA-1 gives.
const SECRET_BYTES: usize = 20;
/// Recovery codes that are told at once.
const RECOVERY_CODES: usize = 10;
/// Bytes of a recovery code: it is no password of anybody's choice, so that one plain hash keeps it.
const RECOVERY_BYTES: usize = 10;

/// A new secret in Base32.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new_secret() -> Result<String, rand::rngs::SysError> {
    let mut bytes = [0; SECRET_BYTES];
    SysRng.try_fill_bytes(&mut bytes)?;
    Ok(BASE32_NOPAD.encode(&bytes))
}

/// New recovery codes, for example `ABCD-EFGH-IJKL-MNOP`.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new_recovery_codes() -> Result<Vec<String>, rand::rngs::SysError> {
    let one = || {
        let mut bytes = [0; RECOVERY_BYTES];
        SysRng.try_fill_bytes(&mut bytes)?;
        let text = BASE32_NOPAD.encode(&bytes);
        let groups: Vec<_> = text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
        Ok(groups.join("-"))
    };
    (0..RECOVERY_CODES).map(|_| one()).collect()
}

/// What a person types, without the blanks and dashes that make it readable.
pub fn plain(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_ascii_uppercase()
}

/// What the authenticator's application is told, as text or as a picture.
pub fn url(shop: &str, email: &str, secret: &str) -> String {
    let (shop, email) = (percent(shop), percent(email));
    format!(
        "otpauth://totp/Bordereau%20{shop}:{email}?secret={secret}&issuer=Bordereau%20{shop}&algorithm=SHA1&digits=6\
         &period={STEP}"
    )
}

fn percent(text: &str) -> String {
    let one = |byte: u8| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(one).collect()
}

/// The time step whose code this is: the present one, the one before or the one after. `now` in seconds since the epoch.
pub fn step_of(secret: &str, code: &str, now: i64) -> Option<i64> {
    let key = BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
    let present = now.div_euclid(STEP);
    // All three are computed and compared, so that the time tells nothing.
    let mut found = None;
    for step in [present - 1, present, present + 1] {
        if bool::from(code_at(&key, step)?.as_bytes().ct_eq(code.as_bytes())) {
            found = Some(step);
        }
    }
    found
}

/// The code of a secret at a time: what an authenticator shows. `now` in seconds since the epoch.
pub fn code_now(secret: &str, now: i64) -> Option<String> {
    code_at(&BASE32_NOPAD.decode(secret.as_bytes()).ok()?, now.div_euclid(STEP))
}

fn code_at(key: &[u8], step: i64) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).ok()?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    // RFC 4226, 5.3: the last four bits say where the 31 bits are that make the code.
    let offset = usize::from(hash.last()? & 0x0f);
    let bits = u32::from_be_bytes(hash.get(offset..offset + 4)?.try_into().ok()?) & 0x7fff_ffff;
    Some(format!("{:06}", bits % 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    fn secret() -> String {
        BASE32_NOPAD.encode(b"12345678901234567890")
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for (now, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_now(&secret(), now).unwrap(), code, "{now}");
            assert_eq!(step_of(&secret(), code, now), Some(now / 30));
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_or_late_and_no_longer() {
        let code = code_now(&secret(), 1_000_000_020).unwrap();
        let step = 1_000_000_020 / 30;
        for (now, found) in [(-61, None), (-30, Some(step)), (0, Some(step)), (59, Some(step)), (60, None)] {
            assert_eq!(step_of(&secret(), &code, step * 30 + now), found, "{now}");
        }
        for wrong in ["", "1", "1234567", "ABCDEF", "１２３４５６"] {
            assert_eq!(step_of(&secret(), wrong, 1_000_000_020), None);
        }
    }

    #[test]
    fn recovery_codes_differ_and_are_read_as_people_type_them() {
        let codes = new_recovery_codes().unwrap();
        assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), 10);
        assert_eq!(plain(&codes[0].to_lowercase().replace('-', " ")), plain(&codes[0]));
        assert_eq!(plain("123 456"), "123456");
    }

    #[test]
    fn an_address_stands_escaped_in_the_url() {
        let url = url("DLIVRE", "a+b@x.example", "ABC");
        assert!(url.starts_with("otpauth://totp/Bordereau%20DLIVRE:a%2Bb%40x.example?secret=ABC&issuer="));
    }
}
