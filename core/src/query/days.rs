//! When something happened, as a list says it: "5 min", "14:32", "Yesterday", or a date; and the day under which it stands.
//!
//! Both platforms say it in the same way, so it is decided here. What depends on the time zone comes from outside: when
//! today and yesterday began. A screen asks again when a minute is over.

use crate::model::Timestamp;

/// The present moment, and the days around it in the device's time zone. All by the device's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalDays {
    /// The present moment.
    pub now: Timestamp,
    /// When today began.
    pub today: Timestamp,
    /// When yesterday began. It need not be 24 hours before today.
    pub yesterday: Timestamp,
}

/// How a list writes a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenTime {
    /// Less than a minute ago, or a little ahead of the device's clock.
    Now,
    /// This many whole minutes ago, 1 to 59.
    Minutes(u32),
    /// Today: the time of day.
    TimeOfDay,
    /// Yesterday.
    Yesterday,
    /// The date.
    Date,
}

/// The sections of the history, from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HistorySection {
    /// Something in the ticket was not sent.
    Unsent,
    /// The last activity was today.
    Today,
    /// The last activity was before today.
    Earlier,
    /// Every other ticket, in an order that is not that of the last activity.
    Others,
}

/// How far the server's clock may be ahead of the device's so that its present moment is still "now", in milliseconds.
const CLOCK_SKEW: i64 = 5 * MINUTE;
const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

impl LocalDays {
    /// How a list writes `at`. A time ahead of the device's clock is the server's: "now" if it is close, otherwise what it is.
    #[must_use]
    pub fn written(&self, at: Timestamp) -> WrittenTime {
        let ago = self.now.0.saturating_sub(at.0);
        match ago / MINUTE {
            _ if ago < -CLOCK_SKEW && at.0 >= self.today.0.saturating_add(DAY) => WrittenTime::Date,
            _ if ago < -CLOCK_SKEW => WrittenTime::TimeOfDay,
            ..=0 => WrittenTime::Now,
            minutes @ 1..60 => WrittenTime::Minutes(u32::try_from(minutes).unwrap_or_default()),
            _ if at >= self.today => WrittenTime::TimeOfDay,
            _ if at >= self.yesterday => WrittenTime::Yesterday,
            _ => WrittenTime::Date,
        }
    }

    /// The section of a ticket with this last activity. `unsent`: something in it was not sent. `by_day`: the newest activity
    /// comes first, so the days are sections.
    #[must_use]
    pub fn section(&self, unsent: bool, last_activity: Timestamp, by_day: bool) -> HistorySection {
        if unsent {
            HistorySection::Unsent
        } else if !by_day {
            HistorySection::Others
        } else if last_activity >= self.today {
            HistorySection::Today
        } else {
            HistorySection::Earlier
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 60 * MINUTE;

    /// Ten past midnight on the day after the clocks went back: yesterday had 25 hours.
    fn early() -> LocalDays {
        let today = 1_761_519_600_000;
        LocalDays {
            now: Timestamp(today + 10 * MINUTE),
            today: Timestamp(today),
            yesterday: Timestamp(today - 25 * HOUR),
        }
    }

    #[test]
    fn a_time_is_written_as_it_is_read_fastest() {
        let days = early();
        let ago = |millis: i64| days.written(Timestamp(days.now.0 - millis));
        assert_eq!([0, 59_999].map(ago), [WrittenTime::Now; 2]);
        assert_eq!([60_000, 59 * MINUTE + 59_999].map(ago), [WrittenTime::Minutes(1), WrittenTime::Minutes(59)]);
        assert_eq!(ago(HOUR), WrittenTime::Yesterday, "ten past eleven of the evening before");
        assert_eq!(ago(25 * HOUR + 10 * MINUTE), WrittenTime::Yesterday, "its first moment");
        assert_eq!(ago(25 * HOUR + 10 * MINUTE + 1), WrittenTime::Date);
        let noon = LocalDays { now: Timestamp(days.today.0 + 12 * HOUR), ..days };
        assert_eq!(noon.written(days.today), WrittenTime::TimeOfDay);
    }

    #[test]
    fn a_server_whose_clock_is_fast_is_not_in_the_future() {
        let days = early();
        let later = |millis: i64| days.written(Timestamp(days.now.0 + millis));
        assert_eq!([1, CLOCK_SKEW].map(later), [WrittenTime::Now; 2]);
        assert_eq!(later(CLOCK_SKEW + 1), WrittenTime::TimeOfDay);
        assert_eq!([DAY, i64::MAX / 2].map(later), [WrittenTime::Date; 2]);
        assert_eq!(days.written(Timestamp(i64::MIN)), WrittenTime::Date);
    }

    #[test]
    fn a_day_ends_at_midnight_and_what_is_unsent_is_on_top_of_every_day() {
        let days = early();
        assert_eq!(days.section(false, days.today, true), HistorySection::Today);
        assert_eq!(days.section(false, Timestamp(days.today.0 - 1), true), HistorySection::Earlier);
        assert_eq!(days.section(true, Timestamp(0), false), HistorySection::Unsent);
        assert_eq!(
            days.section(false, days.today, false),
            HistorySection::Others,
            "in another order a day is no section"
        );
        assert!(HistorySection::Unsent < HistorySection::Today && HistorySection::Today < HistorySection::Earlier);
    }
}
