//! Reading a thread, page by page.
//!
//! A ticket's history has a row for every event. Some of the rows are messages (`Create`, `Correspond`). A message's
//! texts and files are *parts*, which form a collection of their own. Parts are requested by the messages that they
//! belong to. The user may see all of those messages, so these pages have no holes. Texts are requested by the ids of
//! their parts, because a list with contents would include the files.
//!
//! # Pages with holes
//!
//! The service first cuts the history into pages and then removes the rows that this user may not see. So a page may be
//! short or empty while the next one is full, and there is no total. The end must be recognised by a row's id:
//!
//! * The **first page** has the oldest rows, because most threads are short. The ticket's `ETag` is the newest row that
//!   this user may see. If the page reaches it, the thread is complete.
//! * The **other pages** of a longer thread come newest first, so that the user soon sees what was written last. They end
//!   at the rows of the first page. Their cursor ([`Place`]) knows those rows. The first of these pages must have the
//!   newest row; otherwise the server has ignored the order, and the thread would be cut without a notice.
//!
//! Rows that are written meanwhile move the others to later pages. So a row may come twice, but no row is missed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use super::calls::{BASE, LARGEST_PAGE, ask, conditions, document, get, search};
use super::connection::Connection;
use super::map::{self, Role};
use super::parts::{self, Files, Shown};
use super::wire::{self, Message, PART_FIELDS, PERSON_FIELDS, Part};
use crate::connectors::json::{Row, Rows, add, usable_times};
use crate::connectors::refusal::Asked;
use crate::connectors::text::{Given, MessageText};
use crate::model::{CommentId, CommentPage, Failure, LARGEST_BODY, RemoteComment, TicketNumber, Unreadable};

/// After this many empty pages in a row, reading ends with a failure.
const MAX_EMPTY_PAGES: u32 = 10;
/// The largest number of pages of the parts of some messages. More than this means a loop.
const MAX_PAGES: u32 = 200;
/// The largest amount of text requested at a time, in bytes.
const TEXTS_AT_ONCE: u64 = 4 * 1024 * 1024;
/// The largest text that is read of a part, in bytes, before it is turned into plain text.
const LARGEST_TEXT: usize = 2 * LARGEST_BODY;

/// Where a later page of a thread begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// The newest row of the first page, at which reading ends.
    first_page: i64,
    /// The oldest row that was read since then; before any was, the id after the newest row.
    before: i64,
    /// How many rows, from the newest, come before the page.
    rows: u64,
}

impl Place {
    fn parse(cursor: &str) -> Option<Self> {
        let mut parts = cursor.split(':');
        let place = Self {
            first_page: parts.next()?.parse().ok()?,
            before: parts.next()?.parse().ok()?,
            rows: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(place)
    }

    fn cursor(self) -> String {
        format!("{}:{}:{}", self.first_page, self.before, self.rows)
    }
}

/// Some rows of a history.
#[derive(Default)]
struct History {
    messages: Vec<Message>,
    unreadable: Unreadable,
    /// The ids of the oldest and the newest row, messages or not; `None` if there is none.
    span: Option<(i64, i64)>,
}

impl Connection {
    /// Reads the page of a ticket's thread that `cursor` names, of about `rows` rows of the history.
    pub(super) async fn thread_page(
        &self,
        number: TicketNumber,
        cursor: Option<&str>,
        rows: u32,
    ) -> Result<CommentPage, Failure> {
        let rows = rows.clamp(1, LARGEST_PAGE);
        let (history, next) = match cursor {
            None => self.oldest_rows(number, rows).await?,
            Some(cursor) => {
                let place = Place::parse(cursor).ok_or_else(Failure::misbehaves)?;
                self.newer_rows(number, place, rows).await?
            }
        };
        let page = self.comments(history).await?;
        Ok(CommentPage { next: next.map(Place::cursor), ..page })
    }

    /// The first page: the oldest rows.
    async fn oldest_rows(&self, number: TicketNumber, rows: u32) -> Result<(History, Option<Place>), Failure> {
        let state = self.ticket_state(number).await?;
        let newest: i64 = state.etag.trim_matches('"').parse().map_err(|_| Failure::misbehaves())?;
        let mut history = History::default();
        for page in 1..=MAX_EMPTY_PAGES {
            self.history_page(number, page.into(), rows, "ASC", &mut history).await?;
            if let Some((_, first_page)) = history.span {
                let next = Place { first_page, before: newest.saturating_add(1), rows: 0 };
                return Ok((history, (first_page < newest).then_some(next)));
            }
        }
        Err(Failure::misbehaves())
    }

    /// A later page: the newest rows that were not read yet.
    async fn newer_rows(
        &self,
        number: TicketNumber,
        place: Place,
        rows: u32,
    ) -> Result<(History, Option<Place>), Failure> {
        let Place { first_page, before, rows: mut passed } = place;
        let mut history = History::default();
        for _ in 0..MAX_EMPTY_PAGES {
            // A page of another size may begin with rows that were read already.
            let page = (passed / u64::from(rows)).saturating_add(1);
            self.history_page(number, page, rows, "DESC", &mut history).await?;
            passed = page.saturating_mul(u64::from(rows));
            match history.span {
                None => {}
                // Only rows that were written meanwhile, or the same page again.
                Some((oldest, _)) if oldest >= before => {}
                Some((_, newest)) if place.rows == 0 && newest < before.saturating_sub(1) => break,
                Some((oldest, _)) => {
                    history.messages.retain(|message| message.id > first_page && message.id < before);
                    let next = Place { first_page, before: oldest, rows: passed };
                    return Ok((history, (oldest > first_page).then_some(next)));
                }
            }
        }
        Err(Failure::misbehaves())
    }

    /// Adds one page of a ticket's history to `history`.
    async fn history_page(
        &self,
        number: TicketNumber,
        page: u64,
        rows: u32,
        order: &str,
        history: &mut History,
    ) -> Result<(), Failure> {
        let (path, page, rows) = (format!("{BASE}/ticket/{number}/history"), page.to_string(), rows.to_string());
        let query = [
            ("page", &*page),
            ("per_page", &*rows),
            ("orderby", "id"),
            ("order", order),
            ("fields", "Type,Created,Creator"),
            ("fields[Creator]", PERSON_FIELDS),
        ];
        let answer = ask(&self.session, &get(&path, &query), Asked::Object).await?;
        let document = document(&answer)?;
        let Rows { read, unreadable } = wire::items(document.root(), |row| {
            let [id, kind, created, creator] = row.fields(["id", "Type", "Created", "Creator"]);
            let Some(id) = id.id() else { return Row::Unreadable(None) };
            history.span = Some(history.span.map_or((id, id), |(oldest, newest)| (oldest.min(id), newest.max(id))));
            let author = map::person(creator, &self.settings);
            match kind.string() {
                None => Row::Unreadable(Some(id)),
                Some(kind) if wire::is_message(&kind) => Row::Read(Message { id, author, created: created.time() }),
                Some(_) => Row::Hidden,
            }
        })?;
        history.messages.extend(read);
        history.unreadable.add(unreadable);
        Ok(())
    }

    /// The comments of a part of a history, with their texts and files.
    async fn comments(&self, history: History) -> Result<CommentPage, Failure> {
        let History { messages, mut unreadable, .. } = history;
        let ids: Vec<i64> = messages.iter().map(|message| message.id).collect();
        let mut parts: BTreeMap<i64, Vec<Part>> = BTreeMap::new();
        for part in self.parts(&ids, &mut unreadable).await? {
            parts.entry(part.message).or_default().push(part);
        }
        // Only this user's own messages have to be recognised, in whatever form.
        let me = *self.me.lock().unwrap_or_else(PoisonError::into_inner);
        let own: BTreeSet<i64> =
            messages.iter().filter(|message| message.is_by(me)).map(|message| message.id).collect();
        let shown: BTreeMap<i64, Shown<'_>> =
            parts.iter().map(|(message, parts)| (*message, Shown::of(parts))).collect();
        let mut asked: Vec<&Part> = Vec::new();
        for (message, shown) in &shown {
            asked.extend(&shown.pieces);
            if own.contains(message) {
                asked.extend(&shown.plain);
            }
        }
        asked.retain(|part| map::role(part) != Role::File);
        let texts = self.texts(&asked).await?;
        let (mut comments, mut people) = (Vec::new(), BTreeMap::new());
        for message in messages {
            let mut files = Files::of(parts.get(&message.id).map(Vec::as_slice).unwrap_or_default());
            let text = shown.get(&message.id).map(|shown| parts::message(shown, &mut files, &texts));
            let Some(text) = text.unwrap_or_else(|| Some(MessageText::default())) else {
                // A text was requested by its id and is missing.
                add(&mut unreadable, Some(message.id));
                continue;
            };
            let [created_at, _] = usable_times([message.created, None], self.session.time());
            comments.push(RemoteComment {
                id: CommentId(message.id),
                author: message.author.as_ref().map(|author| author.id),
                body: text.body,
                structure: text.structure,
                forms: text.forms,
                created_at,
                attachments: files.list,
                shortened: text.shortened,
                channel: None,
            });
            people.extend(message.author.map(|author| (author.id, author)));
        }
        Ok(CommentPage { comments, people: people.into_values().collect(), next: None, unreadable })
    }

    /// Reads the parts of these messages, in their order.
    async fn parts(&self, messages: &[i64], unreadable: &mut Unreadable) -> Result<Vec<Part>, Failure> {
        let path = format!("{BASE}/attachments");
        let mut parts: Vec<Part> = Vec::new();
        let mut seen = BTreeSet::new();
        for some in messages.chunks(LARGEST_PAGE as usize) {
            let requested = conditions("TransactionId", some.iter().copied());
            for page in 1..=MAX_PAGES {
                let page = page.to_string();
                let query = [("page", &*page), ("per_page", "100"), ("orderby", "id"), ("fields", PART_FIELDS)];
                let answer = ask(&self.session, &search(&path, &query, &requested), Asked::Search).await?;
                let document = document(&answer)?;
                let rows = wire::items(document.root(), Part::of)?;
                unreadable.unknown = unreadable.unknown.saturating_add(rows.unreadable.unknown);
                let received = rows.read.len() + rows.unreadable.unknown as usize;
                let before = parts.len();
                parts.extend(rows.read.into_iter().filter(|part| seen.insert(part.id)));
                // A page without a new part repeats another one.
                if received < LARGEST_PAGE as usize || parts.len() == before {
                    break;
                }
            }
        }
        Ok(parts)
    }

    /// Reads the texts of these parts, by their ids.
    async fn texts(&self, parts: &[&Part]) -> Result<BTreeMap<i64, Given>, Failure> {
        let path = format!("{BASE}/attachments");
        let query = [("per_page", "100"), ("orderby", "id"), ("fields", "Content")];
        let parts: BTreeMap<i64, &Part> = parts.iter().map(|part| (part.id, *part)).collect();
        let mut texts = BTreeMap::new();
        for ids in portions(parts.values().map(|part| (part.id, part.length))) {
            let requested = conditions("id", ids.into_iter());
            let answer = ask(&self.session, &search(&path, &query, &requested), Asked::Search).await?;
            let document = document(&answer)?;
            let rows = wire::items(document.root(), |row| {
                let [id, content] = row.fields(["id", "Content"]);
                let Some(part) = id.id().and_then(|id| parts.get(&id)) else { return Row::Hidden };
                Row::Read((part.id, content.string_within(LARGEST_TEXT).unwrap_or_default()))
            })?;
            texts.extend(rows.read);
        }
        Ok(texts)
    }
}

/// Splits the ids into portions that fit on a page and whose sizes stay within [`TEXTS_AT_ONCE`].
fn portions(parts: impl Iterator<Item = (i64, u64)>) -> Vec<Vec<i64>> {
    let mut portions: Vec<(Vec<i64>, u64)> = Vec::new();
    for (id, size) in parts {
        match portions.last_mut() {
            Some((ids, bytes)) if ids.len() < LARGEST_PAGE as usize && *bytes + size <= TEXTS_AT_ONCE => {
                ids.push(id);
                *bytes += size;
            }
            _ => portions.push((vec![id], size)),
        }
    }
    portions.into_iter().map(|(ids, _)| ids).collect()
}
