//! Amounts and rates as exact decimals. Strings in JSON, never floating point.

use std::{
    fmt,
    iter::Sum,
    ops::{Add, Sub},
    str::FromStr,
};

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An amount with two decimals, in the currency of the establishment. `"22.75"` in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(Decimal);

/// A text that is no amount or rate of the allowed form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not a plain decimal number.
    #[error("not a decimal number")]
    Malformed,
    /// More decimals than the kind has.
    #[error("too many decimals")]
    TooPrecise,
    /// Outside of the allowed range.
    #[error("out of range")]
    OutOfRange,
}

fn parse_plain(text: &str) -> Result<Decimal, AmountError> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.len() <= 12 && part.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) {
        return Err(AmountError::Malformed);
    }
    Decimal::from_str_exact(text).map_err(|_| AmountError::Malformed)
}

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// The largest public price of one copy that is accepted.
    pub const MAX_UNIT_PRICE: Self = Self(Decimal::from_parts(10_000_000, 0, 0, false, 2));

    /// An amount of so many cents.
    pub fn from_cents(cents: i64) -> Self {
        Self(Decimal::new(cents, 2))
    }

    /// Rounds half away from zero (half-up for prices) to the cent.
    pub fn round(amount: Decimal) -> Self {
        Self(amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
    }

    /// The exact amount.
    pub const fn amount(self) -> Decimal {
        self.0
    }

    /// The amount in cents, as read models keep it.
    pub fn cents(self) -> i64 {
        let mut scaled = self.0;
        scaled.rescale(2);
        i64::try_from(scaled.mantissa()).unwrap_or(i64::MAX)
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.0)
    }
}

impl FromStr for Money {
    type Err = AmountError;

    /// Reads `"25"`, `"25.0"` or `"25.00"`; a third decimal is refused rather than rounded.
    fn from_str(text: &str) -> Result<Self, AmountError> {
        let amount = parse_plain(text)?.normalize();
        if amount.scale() > 2 {
            return Err(AmountError::TooPrecise);
        }
        Ok(Self(amount))
    }
}

/// A rate in percent, at most two decimals, `0..=100`. `"5.5"` in JSON, without trailing zeros.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(Decimal);

impl Rate {
    /// No discount, no tax.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// The rate as a factor: 5.5 % is 0.055.
    pub fn factor(self) -> Decimal {
        self.0 / Decimal::ONE_HUNDRED
    }

    /// The rate in percent.
    pub const fn percent(self) -> Decimal {
        self.0
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.normalize().fmt(f)
    }
}

impl FromStr for Rate {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let percent = parse_plain(text)?.normalize();
        if percent.scale() > 2 {
            return Err(AmountError::TooPrecise);
        }
        if percent < Decimal::ZERO || percent > Decimal::ONE_HUNDRED {
            return Err(AmountError::OutOfRange);
        }
        Ok(Self(percent))
    }
}

macro_rules! as_text {
    ($($name:ident),+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )+};
}
as_text!(Money, Rate);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reads_up_to_two_decimals_and_always_writes_two() {
        for (text, shown) in [("25", "25.00"), ("25.0", "25.00"), ("25.000", "25.00"), ("-0.5", "-0.50"), ("0", "0.00")]
        {
            assert_eq!(text.parse::<Money>().map(|m| m.to_string()), Ok(shown.to_owned()), "{text}");
        }
        for text in ["", ".", "1e3", "1,5", " 1", "1.", ".5", "+1", "0x1", "1_000", "NaN", "1.005"] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
    }

    #[test]
    fn money_counts_its_cents() {
        assert_eq!("1876.30".parse::<Money>().map(Money::cents), Ok(187_630));
        assert_eq!(Money::from_cents(187_630).to_string(), "1876.30");
        assert_eq!(Money::MAX_UNIT_PRICE.to_string(), "100000.00");
    }

    #[test]
    fn a_rate_is_a_percentage_without_trailing_zeros() {
        assert_eq!("9.00".parse::<Rate>().map(|r| r.to_string()), Ok("9".to_owned()));
        assert_eq!("2.1".parse::<Rate>().map(|r| r.to_string()), Ok("2.1".to_owned()));
        assert_eq!("100.01".parse::<Rate>(), Err(AmountError::OutOfRange));
        assert_eq!("-1".parse::<Rate>(), Err(AmountError::OutOfRange));
        assert_eq!("5.555".parse::<Rate>(), Err(AmountError::TooPrecise));
    }
}
