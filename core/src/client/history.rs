//! The history: which tickets of it this user is shown, and in which scopes (`docs/product.md`, S1, S16 to S18).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Client;
use crate::model::{RowColumn, TicketId};
use crate::product::condition::ConnectorTrait;
use crate::product::{HistoryOptions, OfferedScope, Product, TicketFacts};
use crate::query::{HistoryCounts, HistoryFilter, HistorySort, HistoryView, HistoryWindow};
use crate::store::{HistoryPage, HistoryQuery, HistoryRows, PageFrom, StoreError};
use crate::sync::Scope;

/// Which part of the history a screen shows, and in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryRequest {
    /// The id of a scope. If it is `None`, or this user is not offered it, the first one that is: the page says which.
    pub scope: Option<String>,
    /// By what the scope is narrowed. An id that the product does not have is held by no ticket.
    pub filter: HistoryFilter,
    /// The order; `None` for the product's own.
    pub sort: Option<HistorySort>,
}

impl Client {
    /// A page of the history, in the first scope that this user is offered: up to `limit` (1 to 200) rows after the cursor
    /// `after`, or from the top.
    pub fn history(&self, after: Option<&str>, limit: u32) -> Result<HistoryPage, StoreError> {
        self.history_in(None, after, limit)
    }

    /// The same, in the scope with this id.
    pub fn history_in(&self, scope: Option<&str>, after: Option<&str>, limit: u32) -> Result<HistoryPage, StoreError> {
        let request = HistoryRequest { scope: scope.map(str::to_owned), ..HistoryRequest::default() };
        self.history_page(&request, after.map_or(PageFrom::Top, PageFrom::After), limit)
    }

    /// A page of what is asked for: up to `limit` (1 to 200) rows. A cursor belongs to one request; with another one it may fail
    /// with [`StoreError::InvalidCursor`], or begin elsewhere. If there is no history for this user, the page says why, and has only
    /// what was not sent. Ask again when the history or the status has changed.
    pub fn history_page(
        &self,
        request: &HistoryRequest,
        from: PageFrom<'_>,
        limit: u32,
    ) -> Result<HistoryPage, StoreError> {
        self.shown(request, |query| self.store.history_page(query, from, limit), |page| page)
    }

    /// The rows of what is asked for that a screen holds, and the windows beside them. Ask for one of those when the user scrolls
    /// to an end. Ask for the window of the answer again when the history or the status has changed. A window belongs to one
    /// request; with another one it may begin elsewhere.
    pub fn history_rows(&self, request: &HistoryRequest, window: &HistoryWindow) -> Result<HistoryRows, StoreError> {
        self.shown(request, |query| self.store.history_rows(query, window), |rows| &mut rows.page)
    }

    /// What `read` finds of what is asked for, with what a screen shows beside it.
    fn shown<R>(
        &self,
        request: &HistoryRequest,
        read: impl FnOnce(&HistoryQuery) -> Result<R, StoreError>,
        page_of: fn(&mut R) -> &mut HistoryPage,
    ) -> Result<R, StoreError> {
        let mut user = self.user_facts();
        if let Some(unavailable) = self.product.history_unavailable(&user) {
            let mut rows = read(&HistoryQuery::of(HistoryView::UNSENT))?;
            page_of(&mut rows).unavailable = Some(unavailable.reason.0.clone());
            return Ok(rows);
        }
        let scopes = self.product.offered_scopes(&user);
        let chosen = chosen(&scopes, request.scope.as_deref());
        let mut rows = read(&self.query(self.view(chosen), request))?;
        let page = page_of(&mut rows);
        page.read_marks_key =
            (!self.product.shared_read_marks && !self.product.anonymous).then_some("history.read_marks.local");
        page.scope = chosen.map(|chosen| chosen.id.to_owned());
        if scopes.len() > 1 {
            page.scopes = scopes.iter().map(|offered| offered.id.to_owned()).collect();
        }
        user.scope.clone_from(&page.scope);
        self.fill_in_columns(&user, page)?;
        Ok(rows)
    }

    /// The number of tickets for each value of the filters, as it is shown beside that value. The order of `request` does not
    /// matter. Ask again when the history or the status has changed.
    pub fn history_counts(&self, request: &HistoryRequest) -> Result<HistoryCounts, StoreError> {
        self.store.history_counts(&self.query(self.view_of(request.scope.as_deref()), request))
    }

    /// By what the history can be narrowed and sorted. It does not change while the client is open.
    #[must_use]
    pub fn history_options(&self) -> HistoryOptions {
        let options = self.product.history_options();
        HistoryOptions { server_search: options.search && self.remote.capabilities().search, ..options }
    }

    pub(super) fn query(&self, view: HistoryView, request: &HistoryRequest) -> HistoryQuery {
        let sort = request.sort.unwrap_or(self.product.definition.history.default_sort.0);
        HistoryQuery { view, filter: request.filter.clone(), sort }
    }

    /// The tickets of a scope. A product whose every scope is for others shows this user what was not sent, and nothing else.
    fn view(&self, scope: Option<&OfferedScope<'_>>) -> HistoryView {
        match scope {
            Some(scope) => scope.view,
            None if self.product.definition.history.scopes.is_empty() => HistoryView::WHOLE,
            None => HistoryView::UNSENT,
        }
    }

    /// The tickets of the scope with this id, as [`history_in`](Self::history_in) chooses it.
    pub(super) fn view_of(&self, scope: Option<&str>) -> HistoryView {
        let user = self.user_facts();
        if self.product.history_unavailable(&user).is_some() {
            return HistoryView::UNSENT;
        }
        self.view(chosen(&self.product.offered_scopes(&user), scope))
    }

    /// How many tickets are unread, for a badge: those of the first scope that this user is offered, in which the
    /// history begins. Ask again when the history or the status has changed.
    pub fn unread_tickets(&self) -> Result<u32, StoreError> {
        self.store.unread_tickets(self.view_of(None))
    }

    /// Marks a ticket as unread, to be reminded of it on this device. It stays so until its thread is opened or it is marked
    /// as read, whatever other devices read. Nothing is sent.
    pub fn mark_unread(&self, ticket: TicketId) -> Result<(), StoreError> {
        self.store.mark_unread(ticket)
    }

    /// Marks a ticket as read without opening its thread.
    pub fn mark_read(&self, ticket: TicketId) -> Result<(), StoreError> {
        self.store.mark_read(ticket)?;
        self.share_marks();
        Ok(())
    }

    /// Marks every ticket of the scope with this id as read, as [`history_in`](Self::history_in) chooses it.
    pub fn mark_all_read(&self, scope: Option<&str>) -> Result<(), StoreError> {
        self.store.mark_all_read(self.view_of(scope))?;
        self.share_marks();
        Ok(())
    }

    fn share_marks(&self) {
        if self.product.shared_read_marks {
            self.ask(Scope::Due);
        }
    }

    /// Whether this user can write a new ticket in the app.
    #[must_use]
    pub fn can_create(&self) -> bool {
        self.product.can_create(&self.user_facts())
    }

    /// Fills in the columns of the product's history, and what they show beside what every row shows.
    fn fill_in_columns(&self, user: &TicketFacts, page: &mut HistoryPage) -> Result<(), StoreError> {
        let mut columns = self.product.columns(user);
        let strings = self.own_strings.get_or_init(|| Arc::new(self.product.strings(&self.language)));
        page.columns = Product::column_names(&columns, strings);
        columns.retain(|column| Product::is_beside_the_row(column));
        let has_fields = columns.iter().any(|column| self.product.definition.fields.contains_key(&column.id));
        for row in page.tickets.iter_mut().filter(|row| row.visible) {
            let values = if has_fields { self.store.field_values(row.id)? } else { BTreeMap::new() };
            for column in &columns {
                let id = &column.id;
                let shown = if id == "users" {
                    let texts = self.store.users_of(row.id)?;
                    Some(RowColumn { texts, ..Product::column(id, strings) })
                } else {
                    let of_field = || Product::column_of_field(id, values.get(id)?, strings);
                    Product::column_of_row(id, row, strings).or_else(of_field)
                };
                row.columns.extend(shown.filter(|shown| !shown.texts.is_empty() || shown.text_key.is_some()));
            }
        }
        Ok(())
    }

    /// What is known of this user where there is no ticket.
    pub(super) fn user_facts(&self) -> TicketFacts {
        TicketFacts {
            claims: self.claims(),
            can: self.can(None),
            connector: self.connector_traits(),
            signed_out: self.product.anonymous,
            ..TicketFacts::default()
        }
    }

    /// The properties of the connector.
    pub(super) fn connector_traits(&self) -> BTreeSet<ConnectorTrait> {
        let has_view = self.remote.capabilities().organization_view;
        has_view.then_some(ConnectorTrait::OrganisationView).into_iter().collect()
    }

    /// Whether there is no history for this user, and what was read of one is to be removed.
    pub(super) fn is_history_purged(&self) -> bool {
        self.product.history_unavailable(&self.user_facts()).is_some_and(|unavailable| unavailable.purge)
    }

    /// Removes what was read, if there is no history for this user any more. It needs no network, and no run.
    pub(super) fn purge_if_unavailable(&self) {
        // What fails is repeated by the next run, and reported there. Until then nothing of it is shown.
        if self.is_history_purged() && self.store.purge_history().is_err() {
            tracing::warn!("the history could not be removed");
        }
    }
}

/// The scope with this id; if this user is not offered it, the first one that is.
fn chosen<'a, 'b>(scopes: &'a [OfferedScope<'b>], id: Option<&str>) -> Option<&'a OfferedScope<'b>> {
    scopes.iter().find(|offered| Some(offered.id) == id).or(scopes.first())
}
