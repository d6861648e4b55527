//! How long a stretch of time is drawn. A week of waiting and five minutes of work stand in one picture: lengths grow
//! with the logarithm of the time, so that longer is always longer and nothing vanishes. The time itself is written.

use chrono::TimeDelta;

/// Time that adds nothing yet, in seconds.
const UNIT: i64 = 300;
/// Parts of a doubling.
const PARTS: i64 = 16;

/// Length of a stretch of time, in px: `least` for none, and `step` more with each doubling beyond five minutes.
pub fn length(time: TimeDelta, least: i64, step: i64) -> i64 {
    least + doublings(time.num_seconds()) * step / PARTS
}

/// Logarithm to base two of one plus the time in units, in parts, straight between powers of two.
fn doublings(seconds: i64) -> i64 {
    let total = seconds.clamp(0, i64::MAX / PARTS - UNIT) + UNIT;
    let whole = i64::from((total / UNIT).ilog2());
    let rest = total * PARTS / (UNIT << whole) - PARTS;
    whole * PARTS + rest
}

/// Width of a text of 12 px, in px: rather too much than too little, for any sans-serif.
pub fn text_width(text: &str) -> i64 {
    let width = |letter: char| match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '’' | '|' | ' ' | '\u{a0}' | '!' => 4,
        'm' | 'w' | 'M' | 'W' | '…' | '—' | '@' | 'œ' | 'Œ' | 'æ' | 'Æ' => 12,
        'f' | 'r' | 't' | '(' | ')' | '-' | '/' => 6,
        other if other.is_ascii_lowercase() || other.is_ascii_digit() => 8,
        other if other.is_alphabetic() && (other as u32) < 0x250 => 9,
        _ => 14,
    };
    text.chars().map(width).sum()
}

/// A text cut to a width in px, with an ellipsis where something is missing.
pub fn fitted(text: &str, most: i64) -> String {
    if text_width(text) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        kept.push(letter);
        if text_width(&kept) + text_width("…") > most {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn five_minutes_and_a_week_both_read_well() {
        let px = |time| length(time, 96, 12);
        assert_eq!(px(TimeDelta::zero()), 96);
        assert_eq!(px(TimeDelta::minutes(5)), 108);
        let (hour, day, week) = (px(TimeDelta::hours(1)), px(TimeDelta::days(1)), px(TimeDelta::weeks(1)));
        assert!(hour > 130 && day > hour + 40 && week > day + 25 && week < 250, "{hour} {day} {week}");
        assert!(px(TimeDelta::MAX) < 1_000 && px(TimeDelta::MIN) == 96);
    }

    proptest! {
        #[test]
        fn longer_is_never_drawn_shorter(one in 0i64..400_000_000, more in 0i64..400_000_000) {
            let px = |seconds| length(TimeDelta::seconds(seconds), 96, 12);
            prop_assert!(px(one) <= px(one + more));
        }

        #[test]
        fn a_fitted_text_fits(text in "\\PC{0,60}", most in 30i64..200) {
            let fitted = fitted(&text, most);
            prop_assert!(text_width(&fitted) <= most, "{fitted}");
        }
    }
}
