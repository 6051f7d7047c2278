//! The page of one ticket: its thread with private notes, what the server knows about it, and the forms of an agent.

use std::sync::Arc;
use std::time::Duration;

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;
use serde::Deserialize;

use super::{PageProblem, back_to, badge, layout, time};
use crate::account::{CustomStatus, ISSUE_TYPE};
use crate::problem::Problem;
use crate::rules;
use crate::server::Server;
use crate::status;
use crate::store::Result as Stored;
use crate::store::account;
use crate::store::comments::{self, Comment};
use crate::store::files::{self, Attachment};
use crate::store::people::{self, Mail, User};
use crate::store::tickets::{self, Ticket};
use crate::users::{self, PEOPLE, Person, Role};

/// Before the id of a custom status in the form.
const CUSTOM: &str = "custom:";

/// Everything on the page, from one read.
struct TicketPage {
    ticket: Ticket,
    requester: Option<User>,
    assignee: Option<User>,
    thread: Vec<(Comment, Option<User>, Vec<Attachment>)>,
    ccs: Vec<User>,
    mails: Vec<Mail>,
    revoked: Vec<i64>,
    /// The users of the ticket's account, and whether each of them sees it unless it was revoked.
    people: Vec<(Person, bool)>,
    /// The issue type as agents read it.
    issue_type: Option<String>,
    /// The custom statuses that agents can choose.
    statuses: Vec<CustomStatus>,
}

impl TicketPage {
    fn read(db: &Connection, id: i64) -> Stored<Option<Self>> {
        let Some(ticket) = tickets::find(db, id, None)? else { return Ok(None) };
        let thread = comments::thread(db, id)?
            .into_iter()
            .map(|comment| Ok((people::by_id(db, comment.author_id)?, files::of_comment(db, comment.id)?, comment)))
            .map(|row| row.map(|(author, files, comment)| (comment, author, files)))
            .collect::<Stored<Vec<_>>>()?;
        let account = account::read(db)?;
        let field = account.ticket_fields.iter().find(|field| field.id == ISSUE_TYPE);
        let option = field.and_then(|field| field.option(ticket.issue_type.as_deref()?));
        let mut people = Vec::new();
        for person in PEOPLE.iter().filter(|person| person.role != Role::Agent) {
            if person.organization.is_some() && person.organization == ticket.organization_id {
                people.push((*person, tickets::is_entitled(db, id, person.id)?));
            }
        }
        Ok(Some(Self {
            people,
            statuses: account.custom_statuses.into_iter().filter(|status| status.active && !status.default).collect(),
            issue_type: option.map(|option| option.names.in_locale("en").to_owned()),
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
pub async fn show(State(server): State<Arc<Server>>, Path(id): Path<i64>) -> Result<Markup, PageProblem> {
    let content = server.read(Duration::ZERO, |db| TicketPage::read(db, id))?.ok_or(Problem::Missing)?;
    let on = server.faults().how_many_on();
    Ok(layout(
        &content.ticket.subject,
        on,
        &html! {
            p.meta { (badge(&content.ticket.status)) " #" (id) " · created " (time(content.ticket.created_at)) " · updated " (time(content.ticket.updated_at)) }
            div.columns {
                section.thread aria-label="Thread" {
                    @for (comment, author, files) in &content.thread { (message(comment, author.as_ref(), files)) }
                    (answer_form(&content.ticket))
                }
                aside { (details(&content)) (sight(&content)) }
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
                        option value="" { "default" }
                        @for status in ["open", "pending", "hold", "solved"] { option value=(status) { (status) } }
                    }
                }
                button { "Send" }
            }
        }
    }
}

fn details(content: &TicketPage) -> Markup {
    let ticket = &content.ticket;
    let name = |user: Option<&User>| user.map_or("nobody", |user| user.name.as_str()).to_owned();
    html! {
        section.card {
            h2 { "Ticket" }
            dl {
                dt { "Requester" } dd { bdi { (name(content.requester.as_ref())) } }
                dt { "Agent" } dd { (name(content.assignee.as_ref())) }
                dt { "Issue type" } dd { (content.issue_type.as_deref().unwrap_or("not given")) }
                dt { "Access" } dd { (match ticket.access { Some(true) => "all users of the account", Some(false) => "requester only", None => "never set" }) }
                dt { "CC" } dd { @if content.ccs.is_empty() { "none" } @for user in &content.ccs { div.address { (user.email) } } }
                dt { "Mails" } dd { @if content.mails.is_empty() { "none" } @for mail in &content.mails { div { span.address { (mail.address) } " " (time(mail.sent_at)) } } }
            }
            @if !ticket.is_closed() {
                form.row method="post" action={ "/tickets/" (ticket.id) "/status" } {
                    select name="status" aria-label="New status" {
                        @for status in status::ALL {
                            option value=(status) selected[status == ticket.status && ticket.custom_status_id.is_none()] { (status) }
                        }
                        @for custom in &content.statuses {
                            option value={ (CUSTOM) (custom.id) } selected[ticket.custom_status_id == Some(custom.id)] {
                                (custom.agent_label) " (" (custom.category) ")"
                            }
                        }
                    }
                    button { "Set status" }
                }
            }
        }
    }
}

/// The users who could see this ticket, with a switch for each.
fn sight(content: &TicketPage) -> Markup {
    html! {
        section.card {
            h2 { "Who sees it" }
            ul.sight {
                @for (person, entitled) in &content.people {
                    @let revoked = content.revoked.contains(&person.id);
                    li {
                        span { (person.name) br; span.meta { @if revoked { "revoked" } @else if *entitled { "sees it" } @else { "does not see it" } } }
                        @if revoked || *entitled {
                            form method="post" action={ "/tickets/" (content.ticket.id) "/sight" } {
                                input type="hidden" name="user" value=(person.key);
                                button.quiet name="sight" value=(if revoked { "restore" } else { "revoke" }) { @if revoked { "Restore" } @else { "Revoke" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The form for an answer or a note.
#[derive(Debug, Deserialize)]
pub struct MessageForm {
    body: String,
    kind: String,
    status: String,
}

/// `POST /tickets/{id}/write`.
pub async fn write(
    State(server): State<Arc<Server>>,
    Path(id): Path<i64>,
    Form(form): Form<MessageForm>,
) -> Result<Response, PageProblem> {
    let public = form.kind != "note";
    // By default, an answer sets the status to pending, and a note does not change it.
    let status = match form.status.as_str() {
        "" => public.then_some("pending"),
        chosen => Some(known(chosen)?),
    };
    change(&server, id, |db, ticket, now| {
        let body = form.body.replace("\r\n", "\n");
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
) -> Result<Response, PageProblem> {
    change(&server, id, |db, ticket, now| match new.status.strip_prefix(CUSTOM) {
        None => Ok(rules::set_status(db, ticket, known(&new.status)?, now)?),
        Some(custom) => {
            let statuses = account::read(db)?.custom_statuses;
            let status = statuses.iter().find(|status| status.id.to_string() == custom).ok_or(Problem::Missing)?;
            Ok(rules::set_custom_status(db, ticket, status, now)?)
        }
    })
}

/// The form that hides the ticket from a user or shows it again.
#[derive(Debug, Deserialize)]
pub struct VisibilityForm {
    user: String,
    sight: String,
}

/// `POST /tickets/{id}/sight`.
pub async fn set_sight(
    State(server): State<Arc<Server>>,
    Path(id): Path<i64>,
    Form(form): Form<VisibilityForm>,
) -> Result<Response, PageProblem> {
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
) -> Result<Response, PageProblem> {
    server.write_for_agent(id, |db, now| -> Result<(), Problem> {
        let ticket = tickets::find(db, id, None)?.ok_or(Problem::Missing)?;
        change(db, &ticket, now)
    })?;
    Ok(back_to(&format!("/tickets/{id}")))
}
