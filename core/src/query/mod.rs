//! Queries of the history and of a thread: the pure part, without SQL.

mod cursor;

pub(crate) use self::cursor::{cursor, place};
