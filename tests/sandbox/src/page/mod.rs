//! The pages for people who act as agents. A list shows every ticket. The page of a ticket has forms for an answer or a
//! private note, for the ticket's status, and for which users see the ticket. Other pages show the mails to CC
//! addresses and switch faults on and off. All of them are plain HTML with forms, without scripts.

mod switches;
mod ticket;
mod tickets;

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{DOCTYPE, Markup, html};

use crate::problem::Problem;
use crate::server::Server;

/// The page's routes.
pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/", get(tickets::list))
        .route("/mails", get(tickets::mails))
        .route("/tickets/{id}", get(ticket::show))
        .route("/tickets/{id}/write", post(ticket::write))
        .route("/tickets/{id}/status", post(ticket::set_status))
        .route("/tickets/{id}/sight", post(ticket::set_sight))
        .route("/switches", get(switches::show).post(switches::set))
        .route("/switches/off", post(switches::all_off))
        .route("/page.css", get(style))
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("page.css"))
}

/// A problem, answered as a page.
#[derive(Debug)]
struct PageProblem(Problem);

impl<E: Into<Problem>> From<E> for PageProblem {
    fn from(problem: E) -> Self {
        Self(problem.into())
    }
}

impl IntoResponse for PageProblem {
    fn into_response(self) -> Response {
        let (status, text) = self.0.status_and_text();
        let page =
            layout("That did not work", 0, &html! { p.notice { (text) } p { a href="/" { "Back to the tickets" } } });
        (status, page).into_response()
    }
}

/// The layout of every page. `faults` is the number of faults that are on.
fn layout(title: &str, faults: usize, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Sandbox help desk" }
                link rel="stylesheet" href="/page.css";
            }
            body {
                header.bar {
                    a.name href="/" { "Sandbox help desk" }
                    nav {
                        a href="/" { "Tickets" }
                        a href="/mails" { "Mails" }
                        a href="/switches" { "Faults" @if faults > 0 { " " span.count { (faults) " on" } } }
                    }
                }
                main { h1 dir="auto" { (title) } (content) }
            }
        }
    }
}

/// Redirects to a page after a form was processed, so that reloading does not submit the form again.
fn back_to(address: &str) -> Response {
    Redirect::to(address).into_response()
}

/// A status with its colour.
fn badge(status: &str) -> Markup {
    html! { span class={ "badge " (status) } { (status) } }
}

/// A time in a readable form; the exact time is in the attribute.
fn time(seconds: i64) -> Markup {
    let exact = crate::clock::timestamp(seconds);
    let short = exact.get(..16).unwrap_or_default().replace('T', " ");
    html! { time datetime=(exact) { (short) } }
}
