//! The switches for faults, with their present state.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Said, back_to, layout};
use crate::faults::Switchboard;
use crate::problem::Problem;
use crate::server::Server;

/// A switch as it is shown: its name, its figure's name and first value, and what it does.
struct Shown {
    name: &'static str,
    figure: Option<(&'static str, &'static str)>,
    does: &'static str,
}

const fn plain(name: &'static str, does: &'static str) -> Shown {
    Shown { name, figure: None, does }
}

const fn with(name: &'static str, figure: (&'static str, &'static str), does: &'static str) -> Shown {
    Shown { name, figure: Some(figure), does }
}

const SHOWN: [Shown; 14] = [
    plain("offline", "Every connection is dropped without an answer."),
    with("latency_ms", ("ms", "800"), "Every request waits so many milliseconds first."),
    plain("unauthorized", "401, as for an expired token."),
    with("other_user", ("user", "ben"), "Every token answers as this user: ada, ben, clara, zoe or marta."),
    with("too_many_requests", ("retry_after", "30"), "429 with Retry-After in seconds."),
    plain("server_error", "500."),
    plain("html", "200 with a web page, as a captive portal answers."),
    plain("cut_before", "The connection is dropped before a write was applied."),
    plain("cut_after", "The connection is dropped after a write was applied."),
    with("late_apply", ("seconds", "5"), "A write gets no answer and is applied so many seconds later."),
    with("stale_reads", ("seconds", "5"), "Reads answer from the state of so many seconds ago."),
    with("upload_refused", ("reason", "size"), "Uploads are refused: size or type."),
    with("cut_body", ("bytes", "100000"), "The connection is dropped after so many bytes of what a read answers."),
    plain("ignore_idempotency", "Idempotency-Key is not looked at."),
];

/// `GET /switches`.
pub async fn show(State(server): State<Arc<Server>>) -> Result<Markup, Said> {
    let board = server.faults().clone();
    let on = board.how_many_on();
    let state = serde_json::to_value(board).map_err(|_| Problem::Failed)?;
    Ok(layout(
        "Faults",
        on,
        &html! {
            p { "What goes wrong between an app and this server. Only the API is concerned, never this page." }
            form method="post" action="/switches/off" { button disabled[on == 0] { "Turn everything off" } }
            ul.switches { @for shown in &SHOWN { (switch(shown, &state[shown.name])) } }
        },
    ))
}

fn switch(shown: &Shown, state: &Value) -> Markup {
    let on = !state.is_null();
    let value = |name: &str| match &state[name] {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    html! {
        li.on[on] {
            form method="post" action="/switches" {
                input type="hidden" name="name" value=(shown.name);
                div.about { strong { (shown.name) } " " span.badge.(if on { "open" } else { "closed" }) { @if on { "on" } @else { "off" } } p { (shown.does) } }
                div.row {
                    @if let Some((name, first)) = shown.figure {
                        label { (name) " " input.short name="figure" value=(value(name).unwrap_or_else(|| first.to_owned())); }
                    }
                    label { "times " input.short name="times" inputmode="numeric" placeholder="always" value=(value("times").unwrap_or_default()); }
                    label { "only " input name="only" placeholder="POST /api/v2/requests" value=(value("only").unwrap_or_default()); }
                    button name="state" value="on" { @if on { "Change" } @else { "Turn on" } }
                    @if on { button.quiet name="state" value="off" { "Turn off" } }
                }
            }
        }
    }
}

/// The form of one switch.
#[derive(Debug, Deserialize)]
pub struct Setting {
    name: String,
    state: String,
    #[serde(default)]
    figure: String,
    #[serde(default)]
    times: String,
    #[serde(default)]
    only: String,
}

impl Setting {
    /// The same in the words of `POST /sandbox/faults`.
    fn to_update(&self) -> Value {
        let setting = if self.state == "off" {
            Value::Null
        } else {
            let mut setting = Map::new();
            let figure = SHOWN.iter().find(|shown| shown.name == self.name).and_then(|shown| shown.figure);
            if let Some((name, _)) = figure {
                setting.insert(name.to_owned(), number_or_text(&self.figure));
            }
            if !self.times.trim().is_empty() {
                setting.insert("times".to_owned(), number_or_text(&self.times));
            }
            if !self.only.trim().is_empty() {
                setting.insert("only".to_owned(), self.only.trim().into());
            }
            Value::Object(setting)
        };
        Value::Object(Map::from_iter([(self.name.clone(), setting)]))
    }
}

fn number_or_text(text: &str) -> Value {
    let text = text.trim();
    serde_json::from_str::<serde_json::Number>(text).map_or_else(|_| text.into(), Value::Number)
}

/// `POST /switches`.
pub async fn set(State(server): State<Arc<Server>>, Form(setting): Form<Setting>) -> Result<Response, Said> {
    let update = serde_json::from_value(setting.to_update()).map_err(|why| Problem::Form(why.to_string()))?;
    server.change_faults(|faults| faults.update(update))?;
    Ok(back_to("/switches"))
}

/// `POST /switches/off`.
pub async fn all_off(State(server): State<Arc<Server>>) -> Result<Response, Said> {
    server.change_faults(|faults| *faults = Switchboard::default())?;
    Ok(back_to("/switches"))
}
