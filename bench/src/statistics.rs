//! What is made of measured times. Whole numbers only: rates per second, times in µs, ratios in hundredths.

use std::{fmt, time::Duration};

/// What was measured in one turn.
#[derive(Debug)]
pub struct Sample {
    /// How long each answer took.
    pub waits: Vec<Duration>,
    /// From the first question to the last answer.
    pub elapsed: Duration,
}

/// One turn, or the middle one of several, in three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Answers per second.
    pub per_second: u64,
    /// Half of the answers took at most this long, in µs.
    pub p50_us: u64,
    /// 99 of a hundred took at most this long, in µs.
    pub p99_us: u64,
}

/// A ratio, in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ratio(u64);

impl Sample {
    /// Rate and percentiles.
    pub fn summarise(mut self) -> Summary {
        self.waits.sort_unstable();
        let micros = self.elapsed.as_micros().max(1);
        let per_second = self.waits.len() as u128 * 1_000_000 / micros;
        Summary {
            per_second: u64::try_from(per_second).unwrap_or(u64::MAX),
            p50_us: percentile(&self.waits, 50),
            p99_us: percentile(&self.waits, 99),
        }
    }
}

/// The nearest rank: the smallest time that at least `percent` of a hundred do not exceed. 0 without any.
fn percentile(sorted: &[Duration], percent: usize) -> u64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).map_or(0, |wait| u64::try_from(wait.as_micros()).unwrap_or(u64::MAX))
}

/// The middle value; of an even number of them the lower of the two in the middle. Nothing of nothing.
pub fn median<T: Ord + Copy>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

/// The median of each number by itself. Nothing without turns.
pub fn middle(turns: &[Summary]) -> Option<Summary> {
    Some(Summary {
        per_second: median(turns.iter().map(|turn| turn.per_second))?,
        p50_us: median(turns.iter().map(|turn| turn.p50_us))?,
        p99_us: median(turns.iter().map(|turn| turn.p99_us))?,
    })
}

impl Ratio {
    /// `figure` over `baseline`, rounded down.
    pub fn of(figure: u64, baseline: u64) -> Self {
        Self(figure.saturating_mul(100) / baseline.max(1))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(micros: impl IntoIterator<Item = u64>, elapsed: Duration) -> Sample {
        Sample { waits: micros.into_iter().map(Duration::from_micros).collect(), elapsed }
    }

    #[test]
    fn percentiles_are_nearest_ranks_whatever_the_order_of_measuring() {
        let summary = sample((1..=200).rev(), Duration::from_millis(500)).summarise();
        assert_eq!(summary, Summary { per_second: 400, p50_us: 100, p99_us: 198 });
    }

    #[test]
    fn one_answer_is_its_own_percentile_and_none_is_zero() {
        let one = sample([7], Duration::from_secs(1)).summarise();
        assert_eq!(one, Summary { per_second: 1, p50_us: 7, p99_us: 7 });
        let none = sample([], Duration::ZERO).summarise();
        assert_eq!(none, Summary { per_second: 0, p50_us: 0, p99_us: 0 });
    }

    #[test]
    fn one_slow_turn_does_not_move_the_median() {
        assert_eq!(median([900, 3, 1000]), Some(900));
        assert_eq!(median([4, 1, 3, 2]), Some(2));
        assert_eq!(median::<u64>([]), None);
        let turn = |per_second, p50_us, p99_us| Summary { per_second, p50_us, p99_us };
        let turns = [turn(10, 5, 90), turn(1, 50, 70), turn(11, 4, 80)];
        assert_eq!(middle(&turns), Some(turn(10, 5, 80)));
    }

    #[test]
    fn a_ratio_is_written_with_two_decimals() {
        assert_eq!(Ratio::of(1305, 1000).to_string(), "1.30");
        assert_eq!(Ratio::of(7, 100).to_string(), "0.07");
        assert_eq!(Ratio::of(5, 0).to_string(), "5.00");
    }
}
