//! The page with the list of tickets, and the page with the mails to CC addresses.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::{PageProblem, badge, layout, time};
use crate::server::Server;
use crate::status;
use crate::store::people;
use crate::store::tickets::{self, Filter, SortBy};

const ROWS: i64 = 25;
const SHOWN_MAILS: usize = 200;

/// The query of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Search {
    q: String,
    status: String,
    page: i64,
}

impl Search {
    fn address(&self, page: i64) -> String {
        let pairs = [("q", self.q.as_str()), ("status", &self.status), ("page", &page.to_string())];
        let pairs: Vec<String> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", crate::api::escape(value)))
            .collect();
        format!("/?{}", pairs.join("&"))
    }
}

/// The matching tickets, newest activity first.
pub async fn list(State(server): State<Arc<Server>>, Query(search): Query<Search>) -> Result<Markup, PageProblem> {
    let text = search.q.trim().trim_start_matches('#').to_lowercase();
    let filter = Filter {
        text: (!text.is_empty()).then_some(text),
        statuses: status::find(&search.status).map(str::to_owned).into_iter().collect(),
        ..Filter::default()
    };
    let page = search.page.max(1);
    let (count, rows) = server.read(Duration::ZERO, |db| {
        let rows = tickets::page(db, &filter, (SortBy::Updated, true), (page - 1) * ROWS, ROWS)?;
        let rows = rows.into_iter().map(|row| Ok((people::by_id(db, row.requester_id)?, row)));
        Ok((tickets::count(db, &filter)?, rows.collect::<Result<Vec<_>, rusqlite::Error>>()?))
    })?;
    let pages = (count + ROWS - 1) / ROWS;
    let on = server.faults().how_many_on();
    Ok(layout(
        "Tickets",
        on,
        &html! {
            form.search method="get" action="/" {
                input type="search" name="q" value=(search.q) placeholder="Number, subject or text" aria-label="Search";
                select name="status" aria-label="Status" {
                    option value="" { "Any status" }
                    @for status in status::ALL { option value=(status) selected[status == search.status] { (status) } }
                }
                button { "Search" }
            }
            @if rows.is_empty() { p.notice { "No ticket matches." } }
            ul.tickets {
                @for (requester, ticket) in &rows {
                    li { a href={ "/tickets/" (ticket.id) } {
                        span.subject dir="auto" { (ticket.subject) }
                        span.meta {
                            (badge(&ticket.status)) " #" (ticket.id) " · "
                            @if let Some(requester) = requester { bdi { (requester.name) } " · " }
                            (time(ticket.updated_at))
                            @if ticket.access == Some(true) { " · shared" }
                            @if !ticket.cc_ids.is_empty() { " · " (ticket.cc_ids.len()) " CC" }
                        }
                    } }
                }
            }
            nav.pages aria-label="Pages" {
                @if page > 1 { a href=(search.address(page - 1)) { "← Newer" } }
                span { (count) " tickets" @if pages > 1 { ", page " (page) " of " (pages) } }
                @if page < pages { a href=(search.address(page + 1)) { "Older →" } }
            }
        },
    ))
}

/// All mails, newest first.
pub async fn mails(State(server): State<Arc<Server>>) -> Result<Markup, PageProblem> {
    let mut mails = server.read(Duration::ZERO, |db| people::mails(db, None))?;
    let count = mails.len();
    mails.truncate(SHOWN_MAILS);
    let on = server.faults().how_many_on();
    Ok(layout(
        "Mails to CC addresses",
        on,
        &html! {
            p { (count) " mails. An address gets one mail per ticket." @if count > SHOWN_MAILS { " The newest " (SHOWN_MAILS) ":" } }
            ul.tickets {
                @for mail in &mails {
                    li { a href={ "/tickets/" (mail.ticket_id) } {
                        span.subject { (mail.address) }
                        span.meta { (time(mail.sent_at)) " · #" (mail.ticket_id) " " bdi { (mail.subject) } }
                    } }
                }
            }
        },
    ))
}
