//! EAN-13 article numbers, and the ISBN-10 they grew out of.
//!
//! Check digits: EAN-13 weighs the digits 1, 3, 1, 3, ... (GS1 General Specifications); ISBN-10 weighs them 10 to 2
//! modulo 11, where 10 is written `X` (ISO 2108).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A valid EAN-13.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ean([u8; 13]);

/// A text that is no article number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EanError {
    /// Neither 13 digits, nor 10 (the last may be X), hyphens and spaces aside.
    #[error("an EAN has 13 digits, an ISBN-10 has 10")]
    Malformed,
    /// The check digit is wrong: the number was mistyped.
    #[error("the last digit should be {expected}")]
    WrongCheckDigit {
        /// The digit (or `X`) that the others call for.
        expected: char,
    },
}

fn ean_check(first_twelve: &[u8]) -> u8 {
    let sum: u32 = first_twelve.iter().zip([1, 3].into_iter().cycle()).map(|(d, w)| u32::from(*d) * w).sum();
    u8::try_from((10 - sum % 10) % 10).unwrap_or(0)
}

fn isbn10_check(first_nine: &[u8]) -> u8 {
    let sum: u32 = first_nine.iter().zip((2..=10u32).rev()).map(|(d, w)| u32::from(*d) * w).sum();
    u8::try_from((11 - sum % 11) % 11).unwrap_or(0)
}

fn shown(check: u8) -> char {
    if check == 10 { 'X' } else { char::from(b'0' + check) }
}

impl Ean {
    /// Reads an EAN-13 or an ISBN-10 (which becomes its 978 EAN); hyphens and spaces between digits are ignored.
    ///
    /// # Errors
    /// [`EanError`]; a wrong check digit names the one that was expected.
    pub fn parse(text: &str) -> Result<Self, EanError> {
        let mut values = [0u8; 13];
        let mut count = 0;
        for c in text.chars().filter(|c| !matches!(c, '-' | '\u{2010}' | '\u{2011}' | ' ' | '\u{a0}')) {
            let value = match c {
                '0'..='9' => c as u8 - b'0',
                'X' | 'x' if count == 9 => 10,
                _ => return Err(EanError::Malformed),
            };
            *values.get_mut(count).ok_or(EanError::Malformed)? = value;
            count += 1;
        }
        match count {
            13 if !values.contains(&10) => {
                let expected = ean_check(&values[..12]);
                if values[12] == expected {
                    Ok(Self(values))
                } else {
                    Err(EanError::WrongCheckDigit { expected: shown(expected) })
                }
            }
            10 => {
                let expected = isbn10_check(&values[..9]);
                if values[9] != expected {
                    return Err(EanError::WrongCheckDigit { expected: shown(expected) });
                }
                let mut ean = [9, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
                ean[3..12].copy_from_slice(&values[..9]);
                ean[12] = ean_check(&ean[..12]);
                Ok(Self(ean))
            }
            _ => Err(EanError::Malformed),
        }
    }

    /// The EAN whose first twelve digits are given: for catalogues made up in tests and demonstrations.
    pub fn from_prefix(first_twelve: [u8; 12]) -> Self {
        let mut digits = [0; 13];
        for (digit, given) in digits.iter_mut().zip(first_twelve) {
            *digit = given % 10;
        }
        digits[12] = ean_check(&digits[..12]);
        Self(digits)
    }

    /// The number as an integer below 10^13.
    pub fn to_u64(self) -> u64 {
        self.0.iter().fold(0, |number, digit| number * 10 + u64::from(*digit))
    }
}

impl fmt::Display for Ean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|digit| write!(f, "{digit}"))
    }
}

impl fmt::Debug for Ean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ean({self})")
    }
}

impl FromStr for Ean {
    type Err = EanError;
    fn from_str(text: &str) -> Result<Self, EanError> {
        Self::parse(text)
    }
}

impl Serialize for Ean {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Ean {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_numbers_of_the_field_are_valid() {
        for text in ["9782330150136", "9782362210419", "9791097284657", "3056021010006", "8010000696914"] {
            assert_eq!(Ean::parse(text).map(|e| e.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn hyphens_spaces_and_isbn_10_are_read() {
        assert_eq!(Ean::parse("978-2-330-15013-6"), Ean::parse("9782330150136"));
        assert_eq!(Ean::parse("978 2330150136"), Ean::parse("9782330150136"));
        assert_eq!(Ean::parse("2-330-15013-X").map(|e| e.to_string()), Ok("9782330150136".to_owned()));
        assert_eq!(Ean::parse("080442957X").map(|e| e.to_string()), Ok("9780804429573".to_owned()));
    }

    #[test]
    fn a_wrong_check_digit_is_refused_with_the_one_that_was_expected() {
        assert_eq!(Ean::parse("9782330150137"), Err(EanError::WrongCheckDigit { expected: '6' }));
        assert_eq!(Ean::parse("0804429571"), Err(EanError::WrongCheckDigit { expected: 'X' }));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "978",
            "97823301501361",
            "978233015013X",
            "X782330150",
            "9782330150136 OR 1=1",
            "９７８２３３０１５０１３６",
        ] {
            assert_eq!(Ean::parse(text), Err(EanError::Malformed), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_prefix_gets_a_valid_check_digit_and_any_other_last_digit_is_refused(prefix in prop::array::uniform12(0u8..10), last in 0u8..10) {
            let ean = Ean::from_prefix(prefix);
            let text = ean.to_string();
            prop_assert_eq!(Ean::parse(&text), Ok(ean));
            let other = format!("{}{last}", &text[..12]);
            prop_assert_eq!(Ean::parse(&other).is_ok(), other == text);
            prop_assert_eq!(ean.to_u64().to_string().parse::<u64>(), text.trim_start_matches('0').parse::<u64>().or(Ok(0)));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,40}") {
            let _ = Ean::parse(&text);
        }
    }
}
