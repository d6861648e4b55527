//! Days as a shop counts them: they begin at midnight in its time zone. And moments that people give as a day or a time.

use bordereau_domain::shop::{OpenedShop, Shop};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, de::Error};

use crate::{app::App, problem::Problem};

/// A day as it is written, `2026-11-22`: no sign, no year of five digits.
pub fn parse(text: &str) -> Option<NaiveDate> {
    let is_digit =
        |(place, byte): (usize, u8)| if matches!(place, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    let written = text.len() == 10 && text.bytes().enumerate().all(is_digit);
    if written { text.parse().ok() } else { None }
}

/// Reads a day in a body.
///
/// # Errors
/// For what is none.
pub fn read<'de, D: Deserializer<'de>>(reader: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(reader)?;
    parse(&text).ok_or_else(|| D::Error::custom("a day is written like 2026-11-22"))
}

/// Reads a day in a body that may be absent.
///
/// # Errors
/// For what is none.
pub fn read_optional<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = Option::<String>::deserialize(reader)?;
    let read = |text: String| parse(&text).ok_or_else(|| D::Error::custom("a day is written like 2026-11-22"));
    text.map(read).transpose()
}

/// The instant at which a day begins in the shop's time zone; nothing for no day. The shop is asked only for a day.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn begin(app: &App, shop: &str, day: Option<NaiveDate>) -> Result<Option<DateTime<Utc>>, Problem> {
    let Some(day) = day else { return Ok(None) };
    let ask = |shop: &Shop| shop.opened().map(OpenedShop::zone);
    let zone = app.commands.peek(shop, shop, ask).await?.value.unwrap_or(chrono_tz::UTC);
    // Where a clock is put on at midnight, the day begins at one.
    let begins = (0..24).find_map(|hour| day.and_hms_opt(hour, 0, 0)?.and_local_timezone(zone).earliest());
    Ok(begins.map(|begins| begins.with_timezone(&Utc)))
}

/// A moment as people give it.
enum Moment {
    Day(NaiveDate),
    Time(DateTime<Utc>),
}

fn moment(field: &str, text: &str) -> Result<Moment, Problem> {
    let text = text.trim();
    if let Some(day) = parse(text) {
        return Ok(Moment::Day(day));
    }
    let time = DateTime::parse_from_rfc3339(text).map_err(|_| Problem::invalid("invalid-field", field))?;
    Ok(Moment::Time(time.to_utc()))
}

/// Where a period begins: at a time, or with a day.
///
/// # Errors
/// 422 for what is neither; 503 when the store is not to be reached.
pub async fn from(app: &App, shop: &str, field: &str, text: Option<&str>) -> Result<Option<DateTime<Utc>>, Problem> {
    match text.map(|text| moment(field, text)).transpose()? {
        None => Ok(None),
        Some(Moment::Day(day)) => begin(app, shop, Some(day)).await,
        Some(Moment::Time(time)) => Ok(Some(time)),
    }
}

/// The first instant after a period that ends with a time or a day: both still belong to it.
///
/// # Errors
/// As [`from`].
pub async fn until(app: &App, shop: &str, field: &str, text: Option<&str>) -> Result<Option<DateTime<Utc>>, Problem> {
    match text.map(|text| moment(field, text)).transpose()? {
        None => Ok(None),
        Some(Moment::Day(day)) => begin(app, shop, day.succ_opt()).await,
        // A microsecond is the finest that is kept.
        Some(Moment::Time(time)) => Ok(time.checked_add_signed(TimeDelta::microseconds(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_a_year_of_four_digits() {
        assert_eq!(parse("2026-11-22"), NaiveDate::from_ymd_opt(2026, 11, 22));
        for text in ["+10000-01-01", "10000-01-01", "-2026-01-01", "-0001-01-01", "26-01-01", "2026-1-1", "2026-02-30"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
