//! The connection to the server: what goes wrong on it, and what its sender can know.

use std::sync::Arc;

use async_trait::async_trait;
use pocketdesk::net::{Http, HttpFailure, HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::moods::Refusal;
use super::{ADA, EVE, Fault, ModelServer, Mood, Place, RequestKind, Write, wire};

/// One installation's connection to the server.
pub struct Connection {
    pub(super) server: Arc<ModelServer>,
    pub(super) installation: u32,
}

/// A request that is under way. If its sender drops it, the outcome is ambiguous: with even chances it is applied later
/// or never.
struct InFlight<'a> {
    connection: &'a Connection,
    write: Option<Write>,
    applied: bool,
    uploads: bool,
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        let server = &self.connection.server;
        if self.uploads {
            server.state().log.disturbed_uploads += 1;
        }
        let Some(write) = self.write.take() else { return };
        {
            let mut state = server.state();
            state.log.disturbed += 1;
            *state.log.ambiguous.entry(write.named()).or_default() += 1;
        }
        if !self.applied && server.world.below(2) == 0 {
            server.postpone(write);
        }
    }
}

#[async_trait]
impl Http for Connection {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let (server, world) = (&self.server, &self.server.world);
        let kind = wire::kind_of(&request);
        let (write, uploads) = (Write::of(&request, self.installation), kind == RequestKind::Upload);
        let mut in_flight = InFlight { connection: self, write, applied: false, uploads };
        {
            let mut state = server.state();
            state.log.requests += 1;
            state.log.writes += u64::from(kind.is_write());
            state.log.uploads += u64::from(uploads);
            if let Some(write) = &in_flight.write {
                state.log.attempted(write);
            }
        }
        world.pause(10 + world.below(90)).await;
        let fault = server.state().fault_queue.plan(kind);
        let fault = fault.or_else(|| self.fault_before_a_mail(&in_flight));
        if kind == RequestKind::List && server.state().moods.is_on(Mood::SlowLists) {
            world.pause(3_000 + world.below(5_000)).await;
        }
        if fault == Some(Fault::Slow) {
            world.pause(5_000 + world.below(20_000)).await;
        }
        let refusal = self.refusal(&request, kind, &in_flight);
        let fault = fault.filter(|_| refusal.is_none());
        let answer = refusal.unwrap_or_else(|| self.answer(&request, kind, fault, &mut in_flight));
        self.mail_follows(fault, &request);
        world.note(|| {
            let outcome =
                answer.as_ref().map_or_else(|failure| format!("{failure:?}"), |(status, _)| status.to_string());
            let fault = fault.map(|fault| format!("  ({fault:?})")).unwrap_or_default();
            format!("{} {} → {outcome}{fault}", request.method.name(), &request.url[url::Position::BeforePath..])
        });
        if answer.is_ok() {
            world.pause(10 + world.below(90)).await;
        }
        // The answer has arrived, so the outcome is known.
        (in_flight.write, in_flight.uploads) = (None, false);
        let (status, body) = answer?;
        let (content, bytes) = match body {
            Answer::Json(value) => ("application/json; charset=utf-8", self.written(&value)),
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

impl Connection {
    fn answer(
        &self,
        request: &HttpRequest,
        kind: RequestKind,
        fault: Option<Fault>,
        in_flight: &mut InFlight<'_>,
    ) -> Result<(u16, Answer), HttpFailure> {
        let error = |status, error: &str, server_message: &str| {
            Ok((status, Answer::Json(json!({ "error": error, "description": server_message }))))
        };
        self.remember(request, fault, in_flight);
        if kind == RequestKind::List && matches!(fault, Some(Fault::Forbidden | Fault::NotFound)) {
            self.server.state().log.lists_refused = true;
        }
        match fault {
            Some(Fault::NotSent) => Err(HttpFailure::NotSent),
            Some(Fault::CutBefore) => Err(HttpFailure::Broken),
            Some(Fault::Late) => {
                in_flight.write.take().into_iter().for_each(|write| self.server.postpone(write));
                Err(HttpFailure::Broken)
            }
            Some(Fault::CutAfter) => {
                let _ = self.serve(request, kind, fault, in_flight);
                Err(HttpFailure::Broken)
            }
            Some(Fault::TooLarge) => {
                let _ = self.serve(request, kind, fault, in_flight);
                Err(HttpFailure::TooLarge)
            }
            Some(Fault::FailingAfter) => {
                let _ = self.serve(request, kind, fault, in_flight);
                Ok((502, Answer::Html))
            }
            Some(Fault::HtmlAfter) => {
                let _ = self.serve(request, kind, fault, in_flight);
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
                let (status, value) = self.serve(request, kind, fault, in_flight);
                Ok((status, Answer::Json(value)))
            }
        }
    }

    /// The answer of a server in a mood that refuses requests. Records what it means for a write or an upload.
    fn refusal(
        &self,
        request: &HttpRequest,
        kind: RequestKind,
        in_flight: &InFlight<'_>,
    ) -> Option<Result<(u16, Answer), HttpFailure>> {
        let mut state = self.server.state();
        let refusal = state.refusal(kind, wire::ticket_of(request))?;
        let is_ambiguous = !matches!(refusal, Refusal::Json(400.., _));
        let (status, words) = match &refusal {
            Refusal::Json(status, body) => (*status, body.to_string().contains(super::WORDS)),
            Refusal::Page(status) => (*status, false),
            Refusal::TooLarge => (200, false),
        };
        if kind == RequestKind::List && status == 403 && !is_ambiguous {
            state.log.lists_refused = true;
        }
        if in_flight.uploads {
            state.log.disturbed_uploads += 1;
            if !is_ambiguous || matches!(status, 413 | 415) {
                let bytes = request.body.read().unwrap_or_default();
                // A server that refuses everything says nothing about the file.
                if !state.moods.is_on(Mood::AllRefused) {
                    *state.log.files_refused.entry(bytes.clone()).or_default() += 1;
                }
                state.log.refused_files.insert(bytes);
            } else {
                *state.log.files_not_understood.entry(request.body.read().unwrap_or_default()).or_default() += 1;
            }
        }
        if let Some(write) = &in_flight.write {
            state.log.disturbed += 1;
            let by = (write.installation, write.text());
            if is_ambiguous {
                *state.log.ambiguous.entry(write.named()).or_default() += 1;
                // An error of the server, and a page in place of every answer, say nothing of the message.
                if status < 500 && !state.moods.is_on(Mood::WebPages) {
                    *state.log.refused_alone.entry(by.clone()).or_default() += 1;
                }
                *state.log.not_understood.entry(by).or_default() += 1;
            } else {
                state.log.server_message.insert(write.named());
                if words {
                    *state.log.refused_with_words.entry(by).or_default() += 1;
                } else {
                    state.log.refused_otherwise.insert(write.text());
                }
            }
        }
        Some(match refusal {
            Refusal::Json(status, body) => Ok((status, Answer::Json(body))),
            Refusal::Page(status) => Ok((status, Answer::Html)),
            Refusal::TooLarge => Err(HttpFailure::TooLarge),
        })
    }

    /// In the mood in which the user answers by mail while an attempt fails: a fault for every second reply.
    fn fault_before_a_mail(&self, in_flight: &InFlight<'_>) -> Option<Fault> {
        use Fault::{CutAfter, CutBefore, Failing, FailingAfter, Late};
        let is_reply =
            in_flight.write.as_ref().is_some_and(|write| write.place != Place::New && !write.text().is_empty());
        let (server, world) = (&self.server, &self.server.world);
        if !is_reply || !server.state().moods.is_on(Mood::MailAnswers) || world.below(2) == 0 {
            return None;
        }
        let faults = [CutBefore, CutBefore, CutAfter, Late, Failing, FailingAfter];
        usize::try_from(world.below(6)).ok().and_then(|place| faults.get(place)).copied()
    }

    /// In the same mood: the mail, after every reply whose outcome is ambiguous.
    fn mail_follows(&self, fault: Option<Fault>, request: &HttpRequest) {
        let is_change = wire::kind_of(request) == RequestKind::Change;
        let mut state = self.server.state();
        if is_change
            && fault.is_some_and(Fault::is_ambiguous)
            && state.moods.is_on(Mood::MailAnswers)
            && let Some(id) = wire::ticket_of(request)
        {
            state.receive_mail(id, self.server.world.time());
        }
    }

    /// The bytes of an answer in JSON.
    fn written(&self, value: &Value) -> Vec<u8> {
        let odd = self.server.state().moods.is_on(Mood::OddRows);
        // Some servers begin with a mark of the byte order.
        let mark: &[u8] = if odd && self.server.world.below(4) == 0 { "\u{feff}".as_bytes() } else { b"" };
        [mark, value.to_string().as_bytes()].concat()
    }

    /// Records what this fault means for a write or an upload.
    fn remember(&self, request: &HttpRequest, fault: Option<Fault>, in_flight: &InFlight<'_>) {
        let Some(fault) = fault else { return };
        let mut state = self.server.state();
        let is_proof = request.url.query().is_some_and(|query| query.contains("sort_by=created_at"));
        state.log.disturbed_proofs += u64::from(is_proof);
        if in_flight.uploads {
            state.log.disturbed_uploads += 1;
            // An upload whose answer has no token is made again only a few times.
            if is_refusal(fault) || fault == Fault::WrongShape {
                state.log.refused_files.extend(request.body.read());
            }
            if matches!(fault, Fault::Html | Fault::HtmlAfter | Fault::Redirect) {
                *state.log.files_not_understood.entry(request.body.read().unwrap_or_default()).or_default() += 1;
            }
        }
        let Some(write) = &in_flight.write else { return };
        state.log.disturbed += 1;
        if let Place::ReadMark(id) = write.place
            && !is_passing(fault)
        {
            state.log.unwanted_read_marks.insert(id);
        }
        if fault.is_ambiguous() {
            *state.log.ambiguous.entry(write.named()).or_default() += 1;
        }
        if is_refusal(fault) {
            state.log.server_message.insert(write.named());
            state.log.refused_otherwise.insert(write.text());
        }
    }

    fn serve(
        &self,
        request: &HttpRequest,
        kind: RequestKind,
        fault: Option<Fault>,
        in_flight: &mut InFlight<'_>,
    ) -> (u16, Value) {
        let now = self.server.world.time();
        let mut state = self.server.state();
        let token = wire::token(request).unwrap_or_default();
        if state.refused.contains(token) {
            state.log.disturbed += u64::from(in_flight.write.is_some());
            state.log.disturbed_uploads += u64::from(in_flight.uploads);
            return (401, json!({ "error": "invalid_token", "description": "The access token provided is expired." }));
        }
        let user = if token.starts_with("eve") { EVE } else { ADA };
        state.log.account_known |= kind == RequestKind::List;
        if user == EVE && kind != RequestKind::Me {
            state.log.wrong_user_requests += 1;
        }
        if in_flight.uploads {
            // A file that cannot be read is not sent completely.
            let Ok(bytes) = request.body.read() else { return (400, json!({ "error": "InvalidValue" })) };
            return state.upload(request, bytes, now);
        }
        if let Some(write) = &in_flight.write {
            in_flight.applied = true;
            let (status, answer) = state.apply(write, now, fault != Some(Fault::KeyIgnored));
            match write.place {
                Place::Ticket(id) if matches!(status, 404 | 422) => {
                    state.log.refusals.insert(id);
                    state.log.absent_writes += u64::from(status == 404);
                    if status == 422 && write.only_solves() {
                        state.log.solved_before.insert(id);
                    }
                }
                Place::ReadMark(id) if status == 404 => {
                    state.log.unwanted_read_marks.insert(id);
                    state.log.absent_writes += 1;
                }
                _ => {}
            }
            return (status, answer);
        }
        let age = if fault == Some(Fault::Stale) { self.server.choose_late(state.traits.stale) } else { 0 };
        let (status, mut answer) = wire::read(&mut state, request, user, now - age);
        if kind == RequestKind::Ticket && wire::ticket_of(request).is_some_and(|id| state.log.solved_before.remove(&id))
        {
            let shown = answer["request"]["status"].as_str();
            state.log.open_after_refusal +=
                u64::from(shown.is_some_and(|shown| !["solved", "closed"].contains(&shown)));
        }
        if fault == Some(Fault::ForeignLink) {
            answer["next_page"] = json!("https://evil.example/api/v2/requests?page=2");
            answer["links"] = json!({ "next": "https://evil.example/api/v2/requests?page=2" });
        }
        (status, answer)
    }
}

/// Whether the same write is answered well when it is sent again.
fn is_passing(fault: Fault) -> bool {
    use Fault::{CutAfter, CutBefore, Failing, FailingAfter, Late, NotSent, Slow, TooMany};
    matches!(fault, CutAfter | CutBefore | Failing | FailingAfter | Late | NotSent | Slow | TooMany)
}

/// Whether the server refuses the write itself. It refuses the token as well, but accepts the next one: if it then refuses the
/// write again, the write is not allowed.
fn is_refusal(fault: Fault) -> bool {
    matches!(fault, Fault::Invalid | Fault::Forbidden | Fault::Unauthorized)
}
