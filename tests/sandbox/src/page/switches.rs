//! The page with a switch for each fault and its current state.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{PageProblem, back_to, layout};
use crate::faults::Switchboard;
use crate::problem::Problem;
use crate::server::Server;

/// A fault as it is shown: its name, its parameter's name and default, and what it does.
struct ShownFault {
    name: &'static str,
    parameter: Option<(&'static str, &'static str)>,
    does: &'static str,
}

const fn plain(name: &'static str, does: &'static str) -> ShownFault {
    ShownFault { name, parameter: None, does }
}

const fn with(name: &'static str, parameter: (&'static str, &'static str), does: &'static str) -> ShownFault {
    ShownFault { name, parameter: Some(parameter), does }
}

const SHOWN_FAULTS: [ShownFault; 14] = [
    plain("offline", "Every connection is dropped without an answer."),
    with("latency_ms", ("ms", "800"), "Every request is delayed by this many milliseconds."),
    plain("unauthorized", "401, as for an expired token."),
    with("other_user", ("user", "ben"), "Every token is taken for this user's: ada, ben, clara, zoe or marta."),
    with("too_many_requests", ("retry_after", "30"), "429 with Retry-After in seconds."),
    plain("server_error", "500."),
    plain("html", "200 with a web page, as a captive portal answers."),
    plain("cut_before", "The connection is dropped before a write was applied."),
    plain("cut_after", "The connection is dropped after a write was applied."),
    with("late_apply", ("seconds", "5"), "A write gets no answer and is applied this many seconds later."),
    with("stale_reads", ("seconds", "5"), "Reads see the state of this many seconds ago."),
    with("upload_refused", ("reason", "size"), "Uploads are refused: size or type."),
    with("cut_body", ("bytes", "100000"), "The connection is dropped after this many bytes of a read's answer."),
    plain("ignore_idempotency", "Idempotency keys are ignored."),
];

/// `GET /switches`.
pub async fn show(State(server): State<Arc<Server>>) -> Result<Markup, PageProblem> {
    let board = server.faults().clone();
    let on = board.how_many_on();
    let state = serde_json::to_value(board).map_err(|_| Problem::Failed)?;
    Ok(layout(
        "Faults",
        on,
        &html! {
            p { "Faults between an app and this server. They affect only the API, never this page." }
            form method="post" action="/switches/off" { button disabled[on == 0] { "Turn everything off" } }
            ul.switches { @for shown in &SHOWN_FAULTS { (switch(shown, &state[shown.name])) } }
        },
    ))
}

fn switch(shown: &ShownFault, state: &Value) -> Markup {
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
                    @if let Some((name, first)) = shown.parameter {
                        label { (name) " " input.short name="parameter" value=(value(name).unwrap_or_else(|| first.to_owned())); }
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
    parameter: String,
    #[serde(default)]
    times: String,
    #[serde(default)]
    only: String,
}

impl Setting {
    /// The same as a body of `POST /sandbox/faults`.
    fn to_update(&self) -> Value {
        let setting = if self.state == "off" {
            Value::Null
        } else {
            let mut setting = Map::new();
            let parameter = SHOWN_FAULTS.iter().find(|shown| shown.name == self.name).and_then(|shown| shown.parameter);
            if let Some((name, _)) = parameter {
                setting.insert(name.to_owned(), number_or_text(&self.parameter));
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
pub async fn set(State(server): State<Arc<Server>>, Form(setting): Form<Setting>) -> Result<Response, PageProblem> {
    let update = serde_json::from_value(setting.to_update()).map_err(|why| Problem::Form(why.to_string()))?;
    server.change_faults(|faults| faults.update(update))?;
    Ok(back_to("/switches"))
}

/// `POST /switches/off`.
pub async fn all_off(State(server): State<Arc<Server>>) -> Result<Response, PageProblem> {
    server.change_faults(|faults| *faults = Switchboard::default())?;
    Ok(back_to("/switches"))
}
