//! The page on which the people of the server work: tickets, answers, sight, and the switches for faults. Plain HTML and forms, no script.

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

/// A problem, said on a page.
#[derive(Debug)]
struct Said(Problem);

impl<E: Into<Problem>> From<E> for Said {
    fn from(problem: E) -> Self {
        Self(problem.into())
    }
}

impl IntoResponse for Said {
    fn into_response(self) -> Response {
        let (status, text) = self.0.said();
        let page =
            layout("That did not work", 0, &html! { p.notice { (text) } p { a href="/" { "Back to the tickets" } } });
        (status, page).into_response()
    }
}

/// The frame of every page. `faults` is how many switches are on.
fn layout(title: &str, faults: usize, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Sandbox desk" }
                link rel="stylesheet" href="/page.css";
            }
            body {
                header.bar {
                    a.name href="/" { "Sandbox desk" }
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

/// Back to a page after a form was followed, so that reloading does not follow it again.
fn back_to(address: &str) -> Response {
    Redirect::to(address).into_response()
}

/// A status with its colour.
fn badge(status: &str) -> Markup {
    html! { span class={ "badge " (status) } { (status) } }
}

/// A time as people read it; the exact one is in the attribute.
fn time(seconds: i64) -> Markup {
    let exact = crate::clock::timestamp(seconds);
    let short = exact.get(..16).unwrap_or_default().replace('T', " ");
    html! { time datetime=(exact) { (short) } }
}
