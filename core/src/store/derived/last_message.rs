//! The last message of a ticket, of which a row of the history shows the beginning.

use rusqlite::Row;

use crate::model::{Attachment, Snippet, clean_snippet};
use crate::store::StoreError;
use crate::store::db::unreadable::{json, optional_text};

/// SQL: the last message `n` of the ticket `t`: what waits, then the newest one.
pub(in crate::store) const LAST_MESSAGE: &str = "LEFT JOIN messages n
    ON n.id = (SELECT m.id FROM messages m WHERE m.ticket = t.id
               ORDER BY m.unsent DESC, m.created_at DESC, m.sort_comment DESC, m.id DESC LIMIT 1)";

/// SQL: what [`snippet`] reads of it: the beginning of its text in code points, whether it is this user's, and its files if it has no
/// text. A character as people count them rarely has more than ten code points.
pub(in crate::store) const SNIPPET_COLUMNS: &str = "substr(n.body, 1, 2000), n.mine,
    CASE WHEN n.attachments <> '[]' AND trim(n.body, char(32, 10, 13, 9)) = '' THEN n.attachments END";

/// Reads [`SNIPPET_COLUMNS`], of which `first` is the first. A message without text gives the name of its first file.
/// `None` if there is no message, or nothing of it to show.
pub(in crate::store) fn snippet(row: &Row<'_>, first: usize) -> Result<Option<Snippet>, StoreError> {
    let Some(body) = optional_text(row, first)? else { return Ok(None) };
    let mut text = clean_snippet(&body);
    if text.is_empty() {
        let files: Vec<Attachment> = optional_text(row, first + 2)?.map(|files| json(&files)).unwrap_or_default();
        text = files.first().map(|file| clean_snippet(&file.name)).unwrap_or_default();
    }
    Ok((!text.is_empty()).then_some(Snippet { text, mine: row.get(first + 1)? }))
}
