//! The way to the server: what goes wrong on it, and what its sender can know.

use std::sync::Arc;

use async_trait::async_trait;
use pocketdesk::net::{Http, HttpFailure, HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::{ADA, Asked, EVE, Fault, ModelServer, Place, Write, wire};

/// One installation's way to the server.
pub struct Line {
    pub(super) server: Arc<ModelServer>,
    pub(super) installation: u32,
}

/// A request on its way. If its sender goes away, so does this, and nobody ever learns what became of it.
struct Flight<'a> {
    line: &'a Line,
    write: Option<Write>,
    applied: bool,
    uploads: bool,
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        let server = &self.line.server;
        if self.uploads {
            server.state().log.disturbed_uploads += 1;
        }
        let Some(write) = self.write.take() else { return };
        {
            let mut state = server.state();
            state.log.disturbed += 1;
            *state.log.doubts.entry(write.named()).or_default() += 1;
        }
        if !self.applied && server.world.below(2) == 0 {
            server.postpone(write);
        }
    }
}

#[async_trait]
impl Http for Line {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let (server, world) = (&self.server, &self.server.world);
        let asked = wire::asked(&request);
        let (write, uploads) = (Write::of(&request, self.installation), asked == Asked::Upload);
        let mut flight = Flight { line: self, write, applied: false, uploads };
        {
            let mut state = server.state();
            state.log.requests += 1;
            state.log.writes += u64::from(asked.is_write());
            state.log.uploads += u64::from(uploads);
            if let Some(write) = &flight.write {
                state.log.attempted(write);
            }
        }
        world.pause(10 + world.below(90)).await;
        let fault = server.state().switchboard.plan(asked);
        if fault == Some(Fault::Slow) {
            world.pause(5_000 + world.below(20_000)).await;
        }
        let answer = self.answer(&request, asked, fault, &mut flight);
        world.note(|| {
            let outcome =
                answer.as_ref().map_or_else(|failure| format!("{failure:?}"), |(status, _)| status.to_string());
            let fault = fault.map(|fault| format!("  ({fault:?})")).unwrap_or_default();
            format!("{} {} → {outcome}{fault}", request.method.name(), &request.url[url::Position::BeforePath..])
        });
        if answer.is_ok() {
            world.pause(10 + world.below(90)).await;
        }
        // It is here: from now on its sender knows.
        (flight.write, flight.uploads) = (None, false);
        let (status, body) = answer?;
        let (content, bytes) = match body {
            Answer::Json(value) => ("application/json; charset=utf-8", value.to_string().into_bytes()),
            Answer::Html => ("text/html", "<!DOCTYPE html><title>Anmelden im WLAN „Bahnhof“</title>".into()),
        };
        let mut headers = vec![("content-type".to_owned(), content.to_owned())];
        if server.tells_time() {
            headers.push(("date".to_owned(), wire::http_date(world.time())));
        }
        if status == 429 {
            headers.push(("retry-after".to_owned(), (1 + world.below(90)).to_string()));
        }
        if status == 302 {
            headers.push(("location".to_owned(), "https://portal.example/".to_owned()));
        }
        Ok(HttpResponse { status, headers, body: bytes })
    }
}

enum Answer {
    Json(Value),
    Html,
}

impl Line {
    fn answer(
        &self,
        request: &HttpRequest,
        asked: Asked,
        fault: Option<Fault>,
        flight: &mut Flight<'_>,
    ) -> Result<(u16, Answer), HttpFailure> {
        let error = |status, error: &str, server_message: &str| {
            Ok((status, Answer::Json(json!({ "error": error, "description": server_message }))))
        };
        self.remember(request, fault, flight);
        if asked == Asked::List && matches!(fault, Some(Fault::Forbidden | Fault::NotFound)) {
            self.server.state().log.lists_refused = true;
        }
        match fault {
            Some(Fault::NotSent) => Err(HttpFailure::NotSent),
            Some(Fault::CutBefore) => Err(HttpFailure::Broken),
            Some(Fault::Late) => {
                flight.write.take().into_iter().for_each(|write| self.server.postpone(write));
                Err(HttpFailure::Broken)
            }
            Some(Fault::CutAfter) => {
                let _ = self.serve(request, asked, fault, flight);
                Err(HttpFailure::Broken)
            }
            Some(Fault::TooLarge) => {
                let _ = self.serve(request, asked, fault, flight);
                Err(HttpFailure::TooLarge)
            }
            Some(Fault::FailingAfter) => {
                let _ = self.serve(request, asked, fault, flight);
                Ok((502, Answer::Html))
            }
            Some(Fault::HtmlAfter) => {
                let _ = self.serve(request, asked, fault, flight);
                Ok((200, Answer::Html))
            }
            Some(Fault::Unauthorized) => {
                self.server.state().refused.extend(wire::token(request).map(str::to_owned));
                error(401, "invalid_token", "The access token provided is expired.")
            }
            Some(Fault::Forbidden) => error(403, "Forbidden", "You do not have access to this page."),
            Some(Fault::NotFound) => error(404, "RecordNotFound", "Not found"),
            Some(Fault::Conflict) => error(409, "Conflict", "Could not be saved"),
            Some(Fault::Invalid) => Ok((422, Answer::Json(wire::invalid("base", "Heute nicht, bitte.")))),
            Some(Fault::TooMany) => error(429, "TooManyRequests", "You have exceeded the rate limit."),
            Some(Fault::Failing) => error(500, "InternalError", "The server encountered an internal error."),
            Some(Fault::Html) => Ok((200, Answer::Html)),
            Some(Fault::Redirect) => Ok((302, Answer::Html)),
            Some(Fault::WrongShape) => Ok((200, Answer::Json(json!({ "status": "ok" })))),
            Some(Fault::Slow | Fault::ForeignLink | Fault::Stale | Fault::KeyIgnored) | None => {
                let (status, value) = self.serve(request, asked, fault, flight);
                Ok((status, Answer::Json(value)))
            }
        }
    }

    /// Writes down what this fault means for a write or an upload.
    fn remember(&self, request: &HttpRequest, fault: Option<Fault>, flight: &Flight<'_>) {
        let Some(fault) = fault else { return };
        let mut state = self.server.state();
        if flight.uploads {
            state.log.disturbed_uploads += 1;
            if matches!(fault, Fault::Invalid | Fault::Forbidden) {
                state.log.unwanted.extend(request.body.read());
            }
        }
        let Some(write) = &flight.write else { return };
        state.log.disturbed += 1;
        if fault.leaves_doubt() {
            *state.log.doubts.entry(write.named()).or_default() += 1;
        }
        if matches!(fault, Fault::Invalid | Fault::Forbidden) {
            state.log.server_message.insert(write.named());
        }
    }

    fn serve(
        &self,
        request: &HttpRequest,
        asked: Asked,
        fault: Option<Fault>,
        flight: &mut Flight<'_>,
    ) -> (u16, Value) {
        let now = self.server.world.time();
        let mut state = self.server.state();
        let token = wire::token(request).unwrap_or_default();
        if state.refused.contains(token) {
            state.log.disturbed += u64::from(flight.write.is_some());
            state.log.disturbed_uploads += u64::from(flight.uploads);
            return (401, json!({ "error": "invalid_token", "description": "The access token provided is expired." }));
        }
        let user = if token.starts_with("eve") { EVE } else { ADA };
        state.log.greeted |= asked == Asked::List;
        if user == EVE && asked != Asked::Me {
            state.log.trespasses += 1;
        }
        if flight.uploads {
            // What is not there is not sent to its end.
            let Ok(bytes) = request.body.read() else { return (400, json!({ "error": "InvalidValue" })) };
            return state.upload(request, bytes, now);
        }
        if let Some(write) = &flight.write {
            flight.applied = true;
            let (status, answer) = state.apply(write, now, fault != Some(Fault::KeyIgnored));
            if (status == 404 || status == 422)
                && let Place::Ticket(id) = write.place
            {
                state.log.refusals.insert(id);
            }
            return (status, answer);
        }
        let age = if fault == Some(Fault::Stale) { self.server.choose_late(state.nature.stale) } else { 0 };
        let (status, mut answer) = wire::read(&mut state, request, user, now - age);
        if fault == Some(Fault::ForeignLink) {
            answer["next_page"] = json!("https://evil.example/api/v2/requests?page=2");
            answer["links"] = json!({ "next": "https://evil.example/api/v2/requests?page=2" });
        }
        (status, answer)
    }
}
