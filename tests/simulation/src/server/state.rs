//! The server's tickets, with every earlier version for stale reads.

use std::collections::BTreeMap;
use std::sync::Arc;

use pocketdesk::model::normalise;

use super::Text;
use super::files::{Content, File};

/// The user of the app's tokens.
pub(crate) const ADA: i64 = 9_001;
/// A colleague in Ada's organisation.
pub(crate) const BEN: i64 = 9_002;
/// A user of another organisation.
pub(crate) const EVE: i64 = 9_666;
/// The agent who answers.
pub(crate) const MARTA: i64 = 77;
/// Ada's and Ben's organisation.
pub(crate) const ORGANIZATION: i64 = 31;

/// Where something was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// In the app under test, by this installation.
    App(u32),
    /// On another device of the same user, or by another person.
    Elsewhere,
}

/// Why Ada sees a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Via {
    /// She is the requester.
    Own,
    /// It belongs to her organisation.
    Organization,
    /// She is in CC, and the server shows it to her for that.
    Copied,
}

#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    pub id: i64,
    pub via: Via,
    pub origin: Origin,
    pub subject: String,
    pub status: &'static str,
    /// Milliseconds since the start; negative for what existed before.
    pub created_at: i64,
    pub updated_at: i64,
    pub visible: bool,
    /// Whether Ada has lost the role with which she could close it, rate it and set its toggle. She still sees it and may
    /// write in it.
    pub demoted: bool,
    /// The access checkbox as it was sent.
    pub access: Option<bool>,
    pub issue_type: Option<String>,
    pub reference: Option<String>,
    pub cc: Vec<String>,
    pub comments: Vec<Comment>,
}

#[derive(Debug, Clone)]
pub(crate) struct Comment {
    pub id: i64,
    pub author: i64,
    pub origin: Origin,
    pub text: Text,
    pub at: i64,
    pub public: bool,
    pub files: Vec<File>,
}

impl Comment {
    /// The normalised text and the files, as they were written.
    pub fn content(&self) -> Content {
        (normalise(&self.text.written), self.files.iter().map(File::read).collect())
    }
}

impl Ticket {
    pub fn requester(&self) -> i64 {
        if self.via == Via::Own { ADA } else { BEN }
    }

    pub fn public(&self) -> impl Iterator<Item = &Comment> {
        self.comments.iter().filter(|comment| comment.public)
    }
}

/// Every version of every ticket.
#[derive(Debug, Default)]
pub(crate) struct Tickets(BTreeMap<i64, Vec<(i64, Arc<Ticket>)>>);

impl Tickets {
    /// The current version.
    pub fn get(&self, id: i64) -> Option<&Arc<Ticket>> {
        self.0.get(&id).and_then(|versions| versions.last()).map(|(_, ticket)| ticket)
    }

    /// The version at `time`.
    pub fn get_at(&self, id: i64, time: i64) -> Option<&Arc<Ticket>> {
        self.0.get(&id).and_then(|versions| as_of(versions, time))
    }

    /// The current version of all tickets.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Ticket>> {
        self.0.values().filter_map(|versions| versions.last()).map(|(_, ticket)| ticket)
    }

    /// The version at `time` of all tickets.
    pub fn all_at(&self, time: i64) -> impl Iterator<Item = &Arc<Ticket>> {
        self.0.values().filter_map(move |versions| as_of(versions, time))
    }

    /// All versions of a ticket.
    pub fn versions(&self, id: i64) -> impl Iterator<Item = &Arc<Ticket>> {
        self.0.get(&id).into_iter().flatten().map(|(_, ticket)| ticket)
    }

    /// Adds a new version of a ticket, or a new ticket.
    pub fn put(&mut self, now: i64, ticket: Ticket) {
        self.0.entry(ticket.id).or_default().push((now, Arc::new(ticket)));
    }
}

fn as_of(versions: &[(i64, Arc<Ticket>)], time: i64) -> Option<&Arc<Ticket>> {
    versions.iter().rev().find(|(at, _)| *at <= time).map(|(_, ticket)| ticket)
}
