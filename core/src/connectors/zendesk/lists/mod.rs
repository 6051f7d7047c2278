//! The service's lists: which of them a definition asks for, and which this user has.
//!
//! The lists of organizations come in two forms. `organization` is that of the user's own organization, whatever it shows: a
//! company can have it show single tickets to every member. `organizations:view_tickets` are those of every organization of
//! which the user may view the tickets. Who may is said by the user's memberships. An administrator of the company can change
//! that at any time, so they are read again before the lists are.

pub(super) mod paging;
pub(super) mod search;

use std::sync::{Mutex, PoisonError};

use self::paging::{Order, Place};
use super::calls::{Call, ask_if_offered, document};
use crate::connectors::json::{Json, Row, Rows};
use crate::model::{Failure, RemoteUser, TicketList};
use crate::net::session::Session;
use crate::product::Product;

/// The most pages of memberships that are read. The service allows 300 memberships.
const MAX_PAGES: u32 = 10;
/// The rows of a page.
const ROWS: u32 = 100;
/// The most organizations whose lists are read: each costs requests.
const MAX_ORGANIZATIONS: usize = 20;

/// The service's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// The user's own tickets.
    Own,
    /// Tickets that the user is copied on, as far as the server shows them.
    Copied,
    /// The tickets of the organization that the server shows.
    Organization(i64),
}

impl List {
    fn name(self) -> TicketList {
        TicketList(match self {
            Self::Own => "own".to_owned(),
            Self::Copied => "copied".to_owned(),
            Self::Organization(id) => format!("organization:{id}"),
        })
    }

    fn parse(list: &TicketList) -> Option<Self> {
        match &*list.0 {
            "own" => Some(Self::Own),
            "copied" => Some(Self::Copied),
            name => name.strip_prefix("organization:")?.parse().ok().map(Self::Organization),
        }
    }

    pub(super) fn path(self) -> String {
        match self {
            Self::Own => "/api/v2/requests".to_owned(),
            Self::Copied => "/api/v2/requests/ccd".to_owned(),
            Self::Organization(id) => format!("/api/v2/organizations/{id}/requests"),
        }
    }
}

/// The path of a list.
pub(super) fn path_of(list: &TicketList) -> Result<String, Failure> {
    // An unknown name was stored by another version, and tells nothing about the list.
    List::parse(list).map(List::path).ok_or_else(Failure::misbehaves)
}

/// The lists that a definition asks for, and what is known of this user's.
pub(super) struct Lists {
    copied: bool,
    own_organization: bool,
    by_membership: bool,
    /// The organizations of which the user may view the tickets; `None` while they were never read.
    viewed: Mutex<Option<Vec<i64>>>,
}

impl Lists {
    pub(super) fn of(product: &Product) -> Self {
        let asked = product.definition.zendesk().map(|settings| settings.lists.as_slice()).unwrap_or_default();
        let asks = |name: &str| asked.iter().any(|list| list == name);
        Self {
            copied: asked.is_empty() || asks("ccd"),
            own_organization: asked.is_empty() || asks("organization"),
            by_membership: asks("organizations:view_tickets"),
            viewed: Mutex::default(),
        }
    }

    /// Whether the definition asks for tickets of organizations.
    pub(super) fn has_organizations(&self) -> bool {
        self.own_organization || self.by_membership
    }

    /// The user's own list is always one of them: it shows whether the account works.
    pub(super) fn names(&self, me: &RemoteUser) -> Vec<TicketList> {
        let viewed = self.viewed.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default();
        let own = me.organization.filter(|id| self.own_organization && !viewed.contains(id));
        let organizations = own.into_iter().chain(viewed).map(List::Organization);
        let copied = self.copied.then_some(List::Copied);
        [List::Own].into_iter().chain(organizations).chain(copied).map(List::name).collect()
    }

    /// Reads of which organizations the user may view the tickets. A server that does not tell is asked for the list of the
    /// user's own organization, and says itself whether it may be read.
    pub(super) async fn find(&self, session: &Session, me: &RemoteUser) -> Result<(), Failure> {
        if !self.by_membership {
            return Ok(());
        }
        let viewed = match viewed_organizations(session, me).await? {
            Some(viewed) => viewed,
            None => me.organization.into_iter().collect(),
        };
        *self.viewed.lock().unwrap_or_else(PoisonError::into_inner) = Some(viewed);
        Ok(())
    }
}

/// The organizations of which the user may view the tickets; `None` if the server does not tell.
async fn viewed_organizations(session: &Session, me: &RemoteUser) -> Result<Option<Vec<i64>>, Failure> {
    let path = format!("/api/v2/users/{}/organization_memberships", me.id.0);
    let (mut viewed, mut cursor): (Vec<i64>, Option<String>) = (Vec::new(), None);
    // More pages than this lead in a circle.
    for _ in 0..MAX_PAGES {
        let place = Place::of(cursor.as_deref());
        let query = place.query(ROWS, Order::OldestFirst);
        // The service does not sort this list.
        let query: Vec<_> = query
            .iter()
            .filter(|(name, _)| !name.starts_with("sort_"))
            .map(|(name, value)| (*name, &**value))
            .collect();
        let Some(answer) = ask_if_offered(session, Call::list(&path, &query)).await? else { return Ok(None) };
        let document = document(&answer)?;
        let [list, paging @ ..] = document.root().fields(["organization_memberships", "meta", "next_page"]);
        let Rows { read, unreadable } = list.rows(membership).ok_or_else(Failure::misbehaves)?;
        // A membership that cannot be read may be one of those that count.
        if !unreadable.is_empty() {
            return Err(Failure::misbehaves());
        }
        let next = place.next(paging, ROWS, read.is_empty())?;
        if matches!(next.as_deref().map(|next| Place::of(Some(next))), Some(Place::Row(0))) {
            viewed.clear();
        } else {
            let more = read.into_iter().flatten().filter(|id| !viewed.contains(id)).collect::<Vec<_>>();
            viewed.extend(more);
        }
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    viewed.truncate(MAX_ORGANIZATIONS);
    Ok(Some(viewed))
}

/// The organization of a membership, if its tickets may be viewed.
fn membership(row: Json<'_>) -> Row<Option<i64>> {
    let [organization, view] = row.fields(["organization_id", "view_tickets"]);
    let Some(id) = organization.id() else { return Row::Unreadable(None) };
    Row::Read(view.boolean().unwrap_or_default().then_some(id))
}
