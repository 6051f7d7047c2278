//! The days, and how a list writes a time.

use pocketdesk::{model, query};

use crate::types::{LocalDays, WrittenTime};

impl From<LocalDays> for query::LocalDays {
    fn from(days: LocalDays) -> Self {
        let [now, today, yesterday] = [days.now, days.today, days.yesterday].map(model::Timestamp);
        Self { now, today, yesterday }
    }
}

impl From<query::WrittenTime> for WrittenTime {
    fn from(written: query::WrittenTime) -> Self {
        match written {
            query::WrittenTime::Now => Self::Now,
            query::WrittenTime::Minutes(count) => Self::Minutes { count },
            query::WrittenTime::TimeOfDay => Self::TimeOfDay,
            query::WrittenTime::Yesterday => Self::Yesterday,
            query::WrittenTime::Date => Self::Date,
        }
    }
}
