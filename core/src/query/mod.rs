//! What is asked of the history and of a thread: pure, without SQL.

mod cursor;

pub(crate) use self::cursor::{cursor, place};
