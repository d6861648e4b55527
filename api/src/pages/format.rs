//! Amounts, dates and times as people read them. All gaps are no-break spaces: nothing is torn at a line's end.

use bordereau_domain::{Money, Rate};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::texts::{Language, group};

/// An amount in euros: `1 778,54 €`, `€ 1.778,54`, `€1,778.54`.
pub fn amount(language: Language, amount: Money) -> String {
    let text = amount.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("\u{2212}", digits));
    let (whole, cents) = digits.split_once('.').unwrap_or((digits, "00"));
    let number = format!("{sign}{}{}{cents}", group(language, whole), language.separators().1);
    match language {
        Language::French => format!("{number}\u{a0}€"),
        Language::Dutch => format!("€\u{a0}{number}"),
        Language::English => format!("{sign}€{}", number.trim_start_matches('\u{2212}')),
    }
}

/// A rate in percent: `5,5 %`, `5,5%`, `5.5%`.
pub fn rate(language: Language, rate: Rate) -> String {
    percent(language, &rate.to_string())
}

/// A rate with two decimals, as a discount is written: `9,00 %`, `9,00%`, `9.00%`.
pub fn discount(language: Language, rate: Rate) -> String {
    percent(language, &format!("{:.2}", rate.percent()))
}

fn percent(language: Language, digits: &str) -> String {
    let number = digits.replace('.', &language.separators().1.to_string());
    match language {
        Language::French => format!("{number}\u{a0}%"),
        Language::Dutch | Language::English => format!("{number}%"),
    }
}

/// A day of the calendar: `06/04/2022`.
pub fn date(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// A day: `06/04/2022`, in the zone of the shop, in every language (decision T2).
pub fn day(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%d/%m/%Y").to_string()
}

/// A moment: `06/04/2022 (15:06:32)`.
pub fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    format!("{}\u{a0}({})", day(at, zone), at.with_timezone(&zone).format("%H:%M:%S"))
}

/// Whole days from one moment to another, as a calendar in the shop counts them: 0 is today.
pub fn days_between(from: DateTime<Utc>, to: DateTime<Utc>, zone: Tz) -> u64 {
    let date = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    u64::try_from((date(to) - date(from)).num_days()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn amounts_read_as_each_language_writes_them() {
        let cases = [
            (177_854, "1\u{a0}778,54\u{a0}€", "€\u{a0}1.778,54", "€1,778.54"),
            (0, "0,00\u{a0}€", "€\u{a0}0,00", "€0.00"),
            (-5, "\u{2212}0,05\u{a0}€", "€\u{a0}\u{2212}0,05", "\u{2212}€0.05"),
            (100_000, "1\u{a0}000,00\u{a0}€", "€\u{a0}1.000,00", "€1,000.00"),
            (12_345_678_900, "123\u{a0}456\u{a0}789,00\u{a0}€", "€\u{a0}123.456.789,00", "€123,456,789.00"),
        ];
        for (cents, french, dutch, english) in cases {
            let amounts = Language::ALL.map(|language| amount(language, Money::from_cents(cents)));
            assert_eq!(amounts, [french, dutch, english]);
        }
    }

    #[test]
    fn rates_read_as_each_language_writes_them() {
        let rates = Language::ALL.map(|language| rate(language, "5.50".parse().unwrap()));
        assert_eq!(rates, ["5,5\u{a0}%", "5,5%", "5.5%"]);
    }

    #[test]
    fn moments_are_those_of_the_shop() {
        let at = Utc.with_ymd_and_hms(2022, 4, 6, 13, 6, 32).unwrap();
        assert_eq!(moment(at, Tz::Europe__Paris), "06/04/2022\u{a0}(15:06:32)");
        let late = Utc.with_ymd_and_hms(2026, 10, 24, 22, 30, 0).unwrap();
        assert_eq!(day(late, Tz::Europe__Brussels), "25/10/2026");
        assert_eq!(day(late, Tz::UTC), "24/10/2026");
    }

    #[test]
    fn days_are_counted_over_the_change_of_the_clock() {
        let zone = Tz::Europe__Paris;
        let evening = Utc.with_ymd_and_hms(2026, 10, 24, 21, 59, 0).unwrap();
        let after_midnight = Utc.with_ymd_and_hms(2026, 10, 24, 22, 1, 0).unwrap();
        assert_eq!(days_between(evening, evening, zone), 0);
        assert_eq!(days_between(evening, after_midnight, zone), 1);
        assert_eq!(days_between(after_midnight, evening, zone), 0);
        assert_eq!(days_between(evening, evening + chrono::TimeDelta::days(9), zone), 9);
    }
}
