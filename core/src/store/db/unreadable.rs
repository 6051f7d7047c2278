//! Rows that cannot be read, and what becomes of them.
//!
//! # The story
//!
//! A row may hold something that this version cannot read: a name or a JSON text of a later version, or the result of a
//! mistake. The other rows stay usable. A query of many rows leaves such a row out, or shows what can be read of it. A
//! call that needs this very row fails with [`StoreError::Unreadable`]. The row does not prove that the file is
//! corrupt. Only SQLite's own verdict proves that: a result code, or its integrity check.
//!
//! But damage to a file often shows first in such a row, because SQLite does not look at the content of texts. So code
//! that leaves something out notes it here. When the call ends, `renew.rs` lets SQLite check the file, at most once
//! until the store is resumed.
//!
//! A call of the store runs on one thread from its beginning to its end, so the note belongs to the thread. It is in memory
//! only; after a crash the next call that reads the row makes it again.

use std::cell::Cell;

use rusqlite::Row;
use rusqlite::types::ValueRef;
use serde::de::DeserializeOwned;

use crate::store::{RowFault, StoreError};

thread_local! {
    static NOTED: Cell<bool> = const { Cell::new(false) };
}

/// Notes that a row, or a part of it, is left out.
pub(in crate::store) fn note(fault: RowFault) {
    tracing::debug!(%fault, "a row cannot be read");
    NOTED.set(true);
}

/// Whether something was noted on this thread since `take` was last called on it.
pub(in crate::store) fn take() -> bool {
    NOTED.replace(false)
}

/// Leaves out a row that cannot be read, and notes that. Any other error stays an error.
pub(in crate::store) fn or_left_out<T>(read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Err(StoreError::Unreadable(fault)) => {
            note(fault);
            Ok(None)
        }
        read => read.map(Some),
    }
}

/// The JSON of a column, or the default of its type if it cannot be parsed.
pub(in crate::store) fn json<T: DeserializeOwned + Default>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_else(|_| {
        note(RowFault::Json);
        T::default()
    })
}

/// The text of a column. Bytes that are not UTF-8 are replaced by U+FFFD.
pub(in crate::store) fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    let ValueRef::Text(bytes) = row.get_ref(column)? else { return row.get(column) };
    let text = String::from_utf8_lossy(bytes);
    if matches!(text, std::borrow::Cow::Owned(_)) {
        note(RowFault::Text);
    }
    Ok(text.into_owned())
}

/// The text of a column that may be NULL, like [`text`].
pub(in crate::store) fn optional_text(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<String>> {
    if matches!(row.get_ref(column)?, ValueRef::Null) { Ok(None) } else { text(row, column).map(Some) }
}
