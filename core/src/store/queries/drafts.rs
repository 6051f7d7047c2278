//! Drafts: what is being typed. A draft is saved at every pause in typing (`docs/product.md`, O5).

use rusqlite::{Connection, OptionalExtension, params};

use crate::model::{DraftId, ReplyDraft, TicketDraft, TicketId, TicketNumber};
use crate::store::blobs::staged;
use crate::store::db::statements::Cached;
use crate::store::db::unreadable::{json, optional_text, text};
use crate::store::db::writer_lock::Priority;
use crate::store::{Edit, Store, StoreError};

impl Store {
    /// The draft of a new ticket, if there is one. An account has at most one.
    pub fn ticket_draft(&self) -> Result<Option<TicketDraft>, StoreError> {
        self.read(|db| {
            let sql =
                "SELECT id, subject, issue_type, cc, cc_entry, body, access, follows, name, email FROM drafts WHERE ticket IS NULL";
            let draft = db.query_row_cached(sql, [], |row| {
                let cc = text(row, 3)?;
                let draft = TicketDraft {
                    id: DraftId(row.get(0)?),
                    subject: text(row, 1)?,
                    issue_type: text(row, 2)?,
                    cc: Vec::new(),
                    cc_entry: text(row, 4)?,
                    description: text(row, 5)?,
                    access: row.get(6)?,
                    follows: row.get::<_, Option<i64>>(7)?.map(TicketNumber),
                    name: text(row, 8)?,
                    email: text(row, 9)?,
                };
                Ok((draft, cc))
            });
            let Some((draft, cc)) = draft.optional()? else { return Ok(None) };
            Ok(Some(TicketDraft { cc: json(&cc), ..draft }))
        })
    }

    /// Saves `draft` in place of the former draft of a new ticket. Does nothing if it was already submitted.
    pub fn save_ticket_draft(&self, draft: &TicketDraft) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            if submitted(&edit.tx, &draft.id)?.is_some() {
                return Ok(());
            }
            edit.tx.execute_cached("DELETE FROM drafts WHERE ticket IS NULL", [])?;
            edit.tx.execute_cached(
                "INSERT INTO drafts (id, subject, issue_type, cc, cc_entry, body, access, follows, name, email)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                params![
                    draft.id.0,
                    draft.subject,
                    draft.issue_type,
                    serde_json::to_string(&draft.cc)?,
                    draft.cc_entry,
                    draft.description,
                    draft.access,
                    draft.follows.map(|number| number.0),
                    draft.name,
                    draft.email
                ],
            )?;
            Ok(())
        })
    }

    /// The draft of a reply in `ticket`, if there is one. A ticket has at most one.
    pub fn reply_draft(&self, ticket: TicketId) -> Result<Option<ReplyDraft>, StoreError> {
        self.read(|db| read_reply_draft(db, ticket))
    }

    /// Saves `draft` in place of the former draft of a reply in its ticket. Does nothing if it was already submitted.
    pub fn save_reply_draft(&self, draft: &ReplyDraft) -> Result<(), StoreError> {
        self.write(Priority::User, |edit| {
            if submitted(&edit.tx, &draft.id)?.is_some() {
                return Ok(());
            }
            put_reply_draft(edit, draft)
        })
    }

    /// Deletes a draft and its files. A draft that does not exist is no error. In nobody's file its bytes are overwritten at
    /// once, because another person may use the device next.
    pub fn discard_draft(&self, draft: &DraftId) -> Result<(), StoreError> {
        let is_nobodys = self.home.is_nobodys();
        self.write(Priority::User, |edit| {
            edit.tx.execute_cached("DELETE FROM drafts WHERE id = ?1", [&draft.0])?;
            if is_nobodys {
                edit.tx.execute_cached("UPDATE account SET secure_delete_from = 1", [])?;
            }
            staged::delete_orphaned_rows(edit)
        })?;
        if is_nobodys { self.overwrite_removed() } else { Ok(()) }
    }
}

pub(in crate::store) fn read_reply_draft(db: &Connection, ticket: TicketId) -> Result<Option<ReplyDraft>, StoreError> {
    let sql = "SELECT id, body, formats FROM drafts WHERE ticket = ?1";
    let draft = db.query_row_cached(sql, [ticket.0], |row| {
        let formats = optional_text(row, 2)?.map(|formats| json(&formats)).unwrap_or_default();
        Ok(ReplyDraft { id: DraftId(row.get(0)?), ticket, body: text(row, 1)?, formats })
    });
    Ok(draft.optional()?)
}

/// Saves `draft` in place of the former one of its ticket. Fails with [`StoreError::NoSuchTicket`] if there is no such
/// ticket.
pub(in crate::store) fn put_reply_draft(edit: &Edit<'_>, draft: &ReplyDraft) -> Result<(), StoreError> {
    let known: bool =
        edit.tx.query_row_cached("SELECT EXISTS (SELECT 1 FROM tickets WHERE id = ?1)", [draft.ticket.0], |row| {
            row.get(0)
        })?;
    if !known {
        return Err(StoreError::NoSuchTicket);
    }
    edit.tx.execute_cached("DELETE FROM drafts WHERE ticket = ?1", [draft.ticket.0])?;
    let formats = if draft.formats.is_empty() { None } else { Some(serde_json::to_string(&draft.formats)?) };
    let sql = "INSERT INTO drafts (id, ticket, body, formats) VALUES (?1, ?2, ?3, ?4)";
    edit.tx.execute_cached(sql, params![draft.id.0, draft.ticket.0, draft.body, formats])?;
    Ok(())
}

/// The ids of the ticket and the message that `draft` became, if it was submitted.
pub(in crate::store) fn submitted(db: &Connection, draft: &DraftId) -> Result<Option<(i64, i64)>, StoreError> {
    let sql = "SELECT ticket, message FROM submissions WHERE draft = ?1";
    Ok(db.query_row_cached(sql, [&draft.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}
