//! Kind 3: every refusal has an end that the user sees.

use serde_json::{Value, json};

use crate::exchange::Answer;
use crate::fault::{
    Effect, Part, all_comments, answers, edits, edits_ticket, everything, html, lists, on, status, uploads, writes,
};
use crate::mode::Account::Synced;
use crate::mode::{Act, Mode};
use crate::right::{Right, arrived, busy, delivery, needs_user, news_arrive, no_problem, others_are_read, right};

pub(super) fn modes() -> Vec<Mode> {
    vec![
        refused(
            "3.1-errors-422",
            "A write is refused with a list of errors.",
            status(422, json!({ "errors": [{ "title": "x" }] })),
            Some("x"),
        ),
        refused(
            "3.1-message-413",
            "A write is refused with a message.",
            status(413, json!({ "message": "Request entity too large" })),
            Some("Request entity too large"),
        ),
        refused("3.1-firewall-403", "A firewall does not like the text.", html(403), None),
        upload("3.2-upload-413-html", "A proxy finds the file too large.", html(413), "attachment_too_large"),
        upload("3.2-upload-415-html", "A proxy does not take the type.", html(415), "attachment_type"),
        upload("3.3-token-empty", "Every upload token is empty.", token(json!("")), "refused").minutes(90),
        upload("3.3-token-null", "Every upload token is null.", token(Value::Null), "refused").minutes(90),
        Mode::new("3.4-busy", "429 for ever.")
            .fault(
                on(everything)
                    .does(answers(Answer::json(429, &json!({ "error": "TooManyRequests" })).with("retry-after", "60"))),
            )
            .right(busy())
            .right(no_problem()),
        Mode::new("3.4-back-tomorrow", "503 with a Retry-After of a day; the user refreshes now and then.")
            .fault(on(everything).does(answers(Answer::html(503).with("retry-after", "86400"))))
            .minutes(30)
            .act(400, Act::Refresh)
            .act(700, Act::Refresh)
            .right(busy())
            .right(right("a refresh asks again", |seen| {
                let minutes = |entry: &crate::proxy::Logged| entry.at.as_secs() / 60;
                let mut asked: Vec<u64> = seen.log.iter().map(minutes).collect();
                asked.dedup();
                asked.len() >= 4
            })),
        Mode::new("3.5-never-shown", "The reply is confirmed, and no reading ever shows it.")
            .fault(on(all_comments).does(edits(|value, _| {
                if let Some(comments) = value["comments"].as_array_mut() {
                    comments.retain(|comment| comment["body"] != crate::mode::TEXT);
                }
            })))
            .minutes(60)
            .act(900, Act::Refresh)
            .right(delivery("not_shown").on(Synced))
            .right(text_stays())
            .right(news_arrive()),
        Mode::new("3.6-solve", "The ticket cannot be solved by this user, who tries it before the reply.")
            .fault(
                on(|asked, _| !asked.is_write())
                    .does(edits_ticket(Part::Waiting, |ticket| ticket["can_be_solved_by_me"] = json!(false))),
            )
            .fault(on(|asked, _| asked.method == "PUT" && is_solving(&asked.body)).does(refused_solving()))
            .act(60, Act::Refresh)
            .act(70, Act::Solve(Part::Waiting))
            .act(75, Act::ReplyTo(Part::Other))
            .right(right("solving is not offered", |seen| {
                seen.ticket(seen.cast.waiting)
                    .is_some_and(|ticket| ticket["can_solve"] == false && ticket["changes"] == json!([]))
            }))
            .right(delivery("sent"))
            .right(others_are_read()),
        Mode::new("3.6-solve-refused", "Solving is offered and refused; a reply that is written after it arrives.")
            .fault(on(lists).does(edits_ticket(Part::Other, |ticket| ticket["can_be_solved_by_me"] = json!(true))))
            .fault(on(|asked, _| asked.method == "PUT" && is_solving(&asked.body)).does(refused_solving()))
            .act(70, Act::Solve(Part::Other))
            .act(75, Act::ReplyTo(Part::Other))
            .right(delivery("sent"))
            .right(arrived()),
        // Cases that we have added to the known ones.
        refused(
            "3.a-plain-400",
            "A write is refused with 400 and a plain text.",
            plain(400, "Bad Request"),
            Some("Bad Request"),
        ),
        refused("3.b-empty-422", "A write is refused with 422 and nothing.", plain(422, ""), None),
        refused(
            "3.c-errors-texts-400",
            "A write is refused with 400 and a list of texts.",
            status(400, json!({ "errors": ["Comment is invalid"] })),
            Some("Comment is invalid"),
        ),
        refused("3.d-firewall-451", "A firewall answers a write with 451.", html(451), None),
        upload("3.e-upload-403-html", "A firewall does not like the file.", html(403), "refused").minutes(90),
        upload("3.f-upload-201-html", "An upload is answered with a web page.", html(201), "refused").minutes(90),
        write_404(),
        Mode::new("3.g-busy-at", "429 with a Retry-After that is a date in the past.")
            .fault(
                on(everything).does(answers(
                    Answer::json(429, &json!({ "error": "TooManyRequests" }))
                        .with("retry-after", "Tue, 03 Mar 2026 12:00:00 GMT"),
                )),
            )
            .right(busy()),
    ]
}

fn write_404() -> Mode {
    Mode::new("3.h-write-404", "Replies are answered with 404 for a minute, although the ticket is there.")
        .fault(
            on(|asked, _| asked.method == "PUT")
                .does(answers(Answer::json(404, &json!({ "error": "RecordNotFound", "description": "Not found" })))),
        )
        .minutes(1)
        .right(no_problem())
}

/// Every reply and every new ticket is refused in this way.
fn refused(name: &'static str, story: &'static str, effect: Effect, words: Option<&'static str>) -> Mode {
    Mode::new(name, story)
        .fault(on(writes).does(effect))
        .minutes(20)
        .right(needs_user("refused", words))
        .right(others_are_read())
        .right(news_arrive())
        .right(no_problem())
}

/// The reply has a file, whose upload fails in this way.
fn upload(name: &'static str, story: &'static str, effect: Effect, kind: &'static str) -> Mode {
    Mode::new(name, story)
        .fault(on(uploads).does(effect))
        .file(20_000)
        .minutes(20)
        .right(needs_user_kind(kind))
        .right(others_are_read())
        .right(news_arrive())
        .right(no_problem())
}

fn needs_user_kind(kind: &'static str) -> Right {
    right(format!("the reply needs the user: {kind}"), move |seen| {
        let needs = |message: &Value| {
            message["delivery"]["state"] == "needs_user" && message["delivery"]["detail"]["kind"] == kind
        };
        let mut with_file = seen.written.iter().filter(|message| message["attachments"] != json!([])).peekable();
        with_file.peek().is_some() && with_file.all(needs)
    })
}

/// The only copy of the text is still on the device.
fn text_stays() -> Right {
    right("the text stays on the device", |seen| {
        let ours = |message: &Value| message["body"].as_str().is_some_and(|body| body.trim() == crate::mode::TEXT);
        seen.messages(seen.cast.waiting).iter().any(ours)
    })
}

fn token(token: Value) -> Effect {
    edits(move |value, _| value["upload"]["token"] = token.clone())
}

fn plain(status: u16, text: &str) -> Effect {
    answers(Answer::new(status, "text/plain; charset=utf-8", text.as_bytes().to_vec()))
}

fn is_solving(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|body| body["request"]["solved"] == true)
}

/// The sandbox is asked nothing, so the ticket is not solved.
fn refused_solving() -> Effect {
    let body = json!({ "error": "RecordInvalid", "description": "Record validation errors",
                       "details": { "base": [{ "description": "Cannot be solved by you" }] } });
    status(422, body)
}
