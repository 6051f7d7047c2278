//! One ticket: its thread with private notes, what the server knows of it, and the forms of an agent.

use std::sync::Arc;
use std::time::Duration;

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;
use serde::Deserialize;

use super::{Said, back_to, badge, layout, time};
use crate::fields;
use crate::problem::Problem;
use crate::rules;
use crate::server::Server;
use crate::status;
use crate::store::Result as Stored;
use crate::store::comments::{self, Comment};
use crate::store::files::{self, Attachment};
use crate::store::people::{self, Mail, User};
use crate::store::tickets::{self, Ticket};
use crate::users::{self, PEOPLE, Role};

/// Everything on the page, read at once.
struct Whole {
    ticket: Ticket,
    requester: Option<User>,
    assignee: Option<User>,
    thread: Vec<(Comment, Option<User>, Vec<Attachment>)>,
    ccs: Vec<User>,
    mails: Vec<Mail>,
    revoked: Vec<i64>,
}

impl Whole {
    fn read(db: &Connection, id: i64) -> Stored<Option<Self>> {
        let Some(ticket) = tickets::find(db, id, None)? else { return Ok(None) };
        let thread = comments::thread(db, id)?
            .into_iter()
            .map(|comment| Ok((people::by_id(db, comment.author_id)?, files::of_comment(db, comment.id)?, comment)))
            .map(|row| row.map(|(author, files, comment)| (comment, author, files)))
            .collect::<Stored<Vec<_>>>()?;
        Ok(Some(Self {
            requester: people::by_id(db, ticket.requester_id)?,
            assignee: ticket.assignee_id.map(|agent| people::by_id(db, agent)).transpose()?.flatten(),
            thread,
            ccs: people::ccs(db, id)?,
            mails: people::mails(db, Some(id))?,
            revoked: people::revoked(db, id)?,
            ticket,
        }))
    }
}

/// `GET /tickets/{id}`.
pub async fn show(State(server): State<Arc<Server>>, Path(id): Path<i64>) -> Result<Markup, Said> {
    let whole = server.read(Duration::ZERO, |db| Whole::read(db, id))?.ok_or(Problem::Missing)?;
    let on = server.faults().how_many_on();
    Ok(layout(
        &whole.ticket.subject,
        on,
        &html! {
            p.meta { (badge(&whole.ticket.status)) " #" (id) " · created " (time(whole.ticket.created_at)) " · updated " (time(whole.ticket.updated_at)) }
            div.columns {
                section.thread aria-label="Thread" {
                    @for (comment, author, files) in &whole.thread { (message(comment, author.as_ref(), files)) }
                    (answer_form(&whole.ticket))
                }
                aside { (facts(&whole)) (sight(&whole)) }
            }
        },
    ))
}

fn message(comment: &Comment, author: Option<&User>, files: &[Attachment]) -> Markup {
    let agent = author.is_some_and(User::is_agent);
    let kind = match (comment.public, agent) {
        (false, _) => "note",
        (true, true) => "agent",
        (true, false) => "user",
    };
    html! {
        article class={ "message " (kind) } {
            p.meta {
                strong { bdi { (author.map_or("Somebody", |author| author.name.as_str())) } }
                @if agent && comment.public { " · agent" }
                @if !comment.public { " · private note" }
                " · " (time(comment.created_at))
            }
            div.body dir="auto" { (comment.body) }
            @for file in files {
                p.file { a href={ "/files/" (file.secret) } { (file.file_name) } " " span.meta { (file.size) " bytes" } }
            }
        }
    }
}

fn answer_form(ticket: &Ticket) -> Markup {
    if ticket.is_closed() {
        return html! { p.notice { "This ticket is closed. Nothing can change in it any more." } };
    }
    html! {
        form.answer method="post" action={ "/tickets/" (ticket.id) "/write" } {
            label for="body" { "Write as " (users::MARTA.name) }
            textarea id="body" name="body" rows="5" required dir="auto" {}
            div.row {
                label { input type="radio" name="kind" value="public" checked; " Public answer" }
                label { input type="radio" name="kind" value="note"; " Private note" }
                label { "Status afterwards "
                    select name="status" {
                        option value="" { "as usual" }
                        @for status in ["open", "pending", "hold", "solved"] { option value=(status) { (status) } }
                    }
                }
                button { "Send" }
            }
        }
    }
}

fn facts(whole: &Whole) -> Markup {
    let ticket = &whole.ticket;
    let name = |user: Option<&User>| user.map_or("nobody", |user| user.name.as_str()).to_owned();
    let issue_type = fields::ISSUE_TYPES
        .iter()
        .find(|(tag, _)| ticket.issue_type.as_deref() == Some(tag))
        .map_or("not given", |(_, name)| name);
    html! {
        section.card {
            h2 { "Ticket" }
            dl {
                dt { "Requester" } dd { bdi { (name(whole.requester.as_ref())) } }
                dt { "Agent" } dd { (name(whole.assignee.as_ref())) }
                dt { "Issue type" } dd { (issue_type) }
                dt { "Access" } dd { (match ticket.access { Some(true) => "all users of the account", Some(false) => "requester only", None => "never set" }) }
                dt { "CC" } dd { @if whole.ccs.is_empty() { "none" } @for user in &whole.ccs { div.address { (user.email) } } }
                dt { "Mails" } dd { @if whole.mails.is_empty() { "none" } @for mail in &whole.mails { div { span.address { (mail.address) } " " (time(mail.sent_at)) } } }
            }
            @if !ticket.is_closed() {
                form.row method="post" action={ "/tickets/" (ticket.id) "/status" } {
                    select name="status" aria-label="New status" {
                        @for status in status::ALL { option value=(status) selected[status == ticket.status] { (status) } }
                    }
                    button { "Set status" }
                }
            }
        }
    }
}

/// Who could see this ticket, with a switch for each.
fn sight(whole: &Whole) -> Markup {
    let account = whole.ticket.organization_id;
    let people = PEOPLE.iter().filter(|person| person.role != Role::Agent && person.organization == account);
    html! {
        section.card {
            h2 { "Who sees it" }
            ul.sight {
                @for person in people {
                    @let taken = whole.revoked.contains(&person.id);
                    @let entitled = person.id == whole.ticket.requester_id || person.role == Role::Administrator || whole.ticket.access == Some(true);
                    li {
                        span { (person.name) br; span.meta { @if taken { "taken away" } @else if entitled { "sees it" } @else { "does not see it" } } }
                        @if taken || entitled {
                            form method="post" action={ "/tickets/" (whole.ticket.id) "/sight" } {
                                input type="hidden" name="user" value=(person.key);
                                button.quiet name="sight" value=(if taken { "restore" } else { "revoke" }) { @if taken { "Give back" } @else { "Take away" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The answer form.
#[derive(Debug, Deserialize)]
pub struct Written {
    body: String,
    kind: String,
    status: String,
}

/// `POST /tickets/{id}/write`.
pub async fn write(
    State(server): State<Arc<Server>>,
    Path(id): Path<i64>,
    Form(written): Form<Written>,
) -> Result<Response, Said> {
    let public = written.kind != "note";
    // As usual: an answer makes the ticket wait for its user, a note changes nothing.
    let status = match written.status.as_str() {
        "" => public.then_some("pending"),
        chosen => Some(known(chosen)?),
    };
    change(&server, id, |db, ticket, now| {
        let body = written.body.replace("\r\n", "\n");
        Ok(rules::agent_writes(db, users::MARTA.id, ticket, (&body, public), status, now).map(drop)?)
    })
}

/// The status form.
#[derive(Debug, Deserialize)]
pub struct NewStatus {
    status: String,
}

/// `POST /tickets/{id}/status`.
pub async fn set_status(
    State(server): State<Arc<Server>>,
    Path(id): Path<i64>,
    Form(new): Form<NewStatus>,
) -> Result<Response, Said> {
    let status = known(&new.status)?;
    change(&server, id, |db, ticket, now| Ok(rules::set_status(db, ticket, status, now)?))
}

/// The form that takes sight away or gives it back.
#[derive(Debug, Deserialize)]
pub struct Sight {
    user: String,
    sight: String,
}

/// `POST /tickets/{id}/sight`.
pub async fn set_sight(
    State(server): State<Arc<Server>>,
    Path(id): Path<i64>,
    Form(form): Form<Sight>,
) -> Result<Response, Said> {
    let user = users::find(&form.user).ok_or(Problem::Missing)?.id;
    change(&server, id, |db, ticket, _| {
        let outcome = if form.sight == "restore" {
            people::restore(db, ticket.id, user)
        } else {
            people::revoke(db, ticket.id, user)
        };
        Ok(outcome?)
    })
}

fn known(name: &str) -> Result<&'static str, Problem> {
    status::find(name).ok_or_else(|| Problem::Form("There is no such status.".to_owned()))
}

fn change(
    server: &Server,
    id: i64,
    change: impl FnOnce(&Connection, &Ticket, i64) -> Result<(), Problem>,
) -> Result<Response, Said> {
    server.write(|db, now| -> Result<(), Problem> {
        let ticket = tickets::find(db, id, None)?.ok_or(Problem::Missing)?;
        change(db, &ticket, now)
    })?;
    Ok(back_to(&format!("/tickets/{id}")))
}
