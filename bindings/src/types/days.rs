//! When something happened, as a list says it, and the sections of the history.

/// The present moment, and the days around it in the device's time zone. In milliseconds since 1970 by the device's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct LocalDays {
    /// The present moment.
    pub now: i64,
    /// When today began.
    pub today: i64,
    /// When yesterday began. It need not be 24 hours before today.
    pub yesterday: i64,
}

/// What of a row of the history decides where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct RowTime {
    /// `TicketRow.last_activity_at`.
    pub at: i64,
    /// `TicketRow.unsent`.
    pub unsent: bool,
}

/// Where a row of the history stands, and how its last activity is written.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RowPlace {
    /// The section.
    pub section: HistorySection,
    /// How its time is written.
    pub written: WrittenTime,
    /// The key of the section's name.
    pub section_key: String,
    /// The key of the time in words, which is counted where `written` has a count; none if it is a time of day or a date.
    pub time_key: Option<String>,
}

/// The sections of the history, from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
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

/// How a list writes a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum WrittenTime {
    /// Less than a minute ago: the text `time.now`.
    Now,
    /// The counted text `time.minutes`.
    Minutes {
        /// How many, 1 to 59.
        count: u32,
    },
    /// Earlier today: the time of day, as the device writes it.
    TimeOfDay,
    /// The text `time.yesterday`.
    Yesterday,
    /// The date, as the device writes it.
    Date,
}
