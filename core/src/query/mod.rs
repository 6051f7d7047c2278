//! What is asked of the file, without SQL: views of the history, cursors, questions of a search, and titles that are
//! like a text.

mod cursor;
mod days;
mod history;
mod similar;
mod text;

pub(crate) use self::cursor::{cursor, place};
pub use self::days::{HistorySection, LocalDays, WrittenTime};
pub(crate) use self::history::{
    Bucket, EntryCounts, EntryFilter, Group, NO_VALUE, Plan, Walk, WalkStart, counted, plan, sort_name,
};
pub use self::history::{
    CreatorFilter, HistoryCounts, HistoryFilter, HistorySort, HistoryView, HistoryWindow, MOST_ROWS_HELD, Relation,
    Relations, SortKey,
};
pub(crate) use self::similar::{closest, telling_words};
pub use self::text::{FOLD_VERSION, Question, Term, Token, TokenKind, tokens};
