//! Kind 1: one bad thing costs that thing and nothing else.

use serde_json::{Value, json};

use crate::exchange::{Answer, Reply};
use crate::fault::{
    Effect, NEWEST, Part, about, after, all_comments, answers, changes_of, comments_of, cut, edits,
    edits_first_comment, edits_last_comment, edits_ticket, error, html, instead, lists, on, silent, status,
};
use crate::made;
use crate::mode::Account::{Fresh, Synced};
use crate::mode::{Act, Mode};
use crate::right::{
    all_rows, all_rows_but_one, arrived, delivery, left_out, needs_user, news_arrive, no_problem, not_refreshed,
    nothing_removed, others_are_read, reads,
};

pub(super) fn modes() -> Vec<Mode> {
    let mut modes = threads();
    modes.extend(rows());
    modes.extend(own());
    modes
}

fn threads() -> Vec<Mode> {
    vec![
        thread("1.1-comments-500", "The newest due ticket's comments answer 500.", error(500, "InternalError")),
        thread("1.2-comments-404-html", "They answer 404 with a web page.", html(404)),
        thread("1.2-comments-406", "They answer 406.", error(406, "NotAcceptable")),
        thread("1.2-comments-not-json", "They are cut in the middle of the JSON.", half()),
        thread("1.2-comments-too-large", "They are larger than any answer may be.", endless_comments()),
        readable("1.2-comments-bom", "A byte order mark stands before the JSON.", with_bom()),
        readable(
            "1.2-author-null",
            "A comment's author is null.",
            edits_last_comment(|comment| comment["author_id"] = Value::Null),
        ),
        readable("1.2-comment-9999", "A comment is dated 9999-12-31.", dated("9999-12-31T23:59:59Z")),
        readable(
            "1.2-file-size-negative",
            "An attachment's size is -1.",
            edits_last_comment(|comment| {
                comment["attachments"][0]["size"] = json!(-1);
            }),
        ),
        readable("1.2-lone-surrogate", "A text has half of an emoji.", lone_surrogate()),
    ]
}

/// Odd rows of lists, and odd values of a ticket.
fn rows() -> Vec<Mode> {
    vec![
        row("1.3-requester-null", "A row's requester is null.", |row| row["requester_id"] = Value::Null),
        row("1.3-year-0", "A row was updated in the year 0.", |row| row["updated_at"] = json!("0000-01-01T00:00:00Z")),
        row("1.3-year-10000", "A row was created in the year 10000.", |row| {
            row["created_at"] = json!("10000-01-01T00:00:00Z");
        }),
        row("1.3-subject-number", "A row's subject is a number.", |row| row["subject"] = json!(4711)),
        row("1.3-custom-fields-odd", "A row's custom fields are an object.", |row| {
            row["custom_fields"] = json!({ "a": [1, null] });
        }),
        row("1.3-id-string", "A row's id is a text.", |row| row["id"] = json!(row["id"].to_string())),
        // A row that was left out of a page does not count as missing: neither a full reconciliation nor a later read
        // removes its ticket.
        row("1.4-left-out-stays", "A row cannot be read, and every run looks for what disappeared.", |row| {
            row["id"] = json!("?");
        })
        .product(json!({ "sync": { "reconciliation_seconds": 60 } }))
        .minutes(20)
        .act(400, Act::Refresh)
        .act(800, Act::Refresh)
        .right(nothing_removed().on(Synced)),
        Mode::new("1.4-comment-left-out", "A comment's id is an object; the others can be read.")
            .fault(on(comments_of(NEWEST)).does(edits_first_comment(|comment| comment["id"] = json!({ "value": 7 }))))
            .right(reads(NEWEST))
            .right(left_out(NEWEST))
            .right(others_are_read())
            .right(news_arrive())
            .right(nothing_removed()),
        Mode::new("1.5-reconciliation-500", "A ticket is in no list, and alone it answers 500.")
            .product(json!({ "sync": { "reconciliation_seconds": 60 } }))
            .fault(on(lists).does(edits(|value, cast| {
                let newest = cast.number(NEWEST);
                if let Some(rows) = value["requests"].as_array_mut() {
                    rows.retain(|row| row["id"] != newest);
                }
            })))
            .fault(on(about(NEWEST)).does(error(500, "InternalError")))
            .right(nothing_removed().on(Synced))
            .right(others_are_read())
            .right(news_arrive())
            .right(arrived()),
        Mode::new("1.6-comments-406-open", "The thread on screen answers 406; that is no problem of the account.")
            .fault(on(comments_of(NEWEST)).does(error(406, "NotAcceptable")))
            .act(30, Act::Open(NEWEST))
            .right(no_problem())
            .right(news_arrive())
            .right(others_are_read())
            .right(not_refreshed(NEWEST)),
        Mode::new("1.7-put-401", "The reply is answered with 401; everything else works.")
            .fault(on(changes_of(Part::Waiting)).does(error(401, "Couldn't authenticate you")))
            .right(needs_user("not_allowed", None).on(Synced))
            .right(no_problem())
            .right(others_are_read())
            .right(news_arrive()),
    ]
}

/// Cases that we have added to the known ones.
fn own() -> Vec<Mode> {
    vec![
        thread("1.a-comments-302", "The newest due ticket's comments lead to a sign-in page.", moved()),
        thread(
            "1.b-comments-204",
            "They answer 204 without a body.",
            answers(Answer::new(204, "text/plain", Vec::new())),
        ),
        thread("1.c-comments-silent", "They never answer.", silent()),
        thread("1.d-comments-cut", "Their connection breaks.", cut()),
        thread("1.e-comments-array", "They are a list in place of an object.", status(200, json!([]))),
        readable(
            "1.f-comment-without-date",
            "The oldest comment's date is null.",
            edits_first_comment(|comment| comment["created_at"] = Value::Null),
        ),
        row("1.g-status-object", "A row's status is an object.", |row| row["status"] = json!({ "name": "open" })),
        row("1.h-row-null", "A row is null.", |row| *row = Value::Null),
        Mode::new(
            "1.j-answer-left-out",
            "The agent's answer itself cannot be read; the user has the thread on screen.",
        )
        .fault(on(comments_of(NEWEST)).does(edits_last_comment(|comment| comment["id"] = json!([7]))))
        .act(30, Act::Open(NEWEST))
        .right(left_out(NEWEST))
        .right(others_are_read())
        .right(news_arrive())
        .right(nothing_removed())
        .right(arrived()),
        Mode::new("1.i-two-threads", "Two threads fail in different ways, and every other one is slow.")
            .fault(on(comments_of(NEWEST)).does(html(200)))
            .fault(on(comments_of(Part::Due(3))).does(error(503, "Unavailable")))
            .fault(on(all_comments).does(crate::fault::late(2)))
            .right(reads(Part::Due(1)))
            .right(reads(Part::Due(2)))
            .right(reads(Part::Due(4)))
            .right(not_refreshed(NEWEST))
            .right(not_refreshed(Part::Due(3)))
            .right(news_arrive()),
    ]
}

/// A thread that cannot be read at all.
fn thread(name: &'static str, story: &'static str, effect: Effect) -> Mode {
    Mode::new(name, story)
        .fault(on(comments_of(NEWEST)).does(effect))
        .right(others_are_read())
        .right(news_arrive())
        .right(not_refreshed(NEWEST))
        .right(nothing_removed())
        .right(no_problem())
        .right(arrived())
        .right(delivery("sent"))
}

/// A thread with something odd in it, which is shown all the same.
fn readable(name: &'static str, story: &'static str, effect: Effect) -> Mode {
    Mode::new(name, story)
        .fault(on(comments_of(NEWEST)).does(effect))
        .right(reads(NEWEST))
        .right(others_are_read())
        .right(news_arrive())
        .right(no_problem())
        .right(arrived())
}

/// A list with one odd row.
fn row(name: &'static str, story: &'static str, edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Mode {
    Mode::new(name, story)
        .fault(on(lists).does(edits_ticket(NEWEST, edit)))
        .right(all_rows().on(Synced))
        .right(all_rows_but_one().on(Fresh))
        .right(others_are_read())
        .right(news_arrive())
        .right(no_problem())
        .right(delivery("sent"))
}

fn half() -> Effect {
    after(|_, _, mut answer, _| {
        answer.body.truncate(answer.body.len() / 2);
        answer.into()
    })
}

fn with_bom() -> Effect {
    after(|_, _, mut answer, _| {
        answer.body.splice(..0, *b"\xef\xbb\xbf");
        answer.into()
    })
}

fn dated(moment: &'static str) -> Effect {
    edits_last_comment(move |comment| comment["created_at"] = json!(moment))
}

/// A lone surrogate cannot be a text of this program, so it is put into the bytes.
fn lone_surrogate() -> Effect {
    after(|_, _, mut answer, _| {
        let text = String::from_utf8_lossy(&answer.body).replace("melden uns morgen.", "melden uns morgen. \\ud83d");
        answer.body = text.into_bytes();
        answer.into()
    })
}

/// 40 MB of old comments, however few were asked for.
fn endless_comments() -> Effect {
    instead(|_, _, _| {
        let text = "Wir bitten noch um etwas Geduld. ".repeat(2_000);
        Reply::Long(made::page((0..600).map(move |index| made::comment(1_000 - index, &text)), None))
    })
}

fn moved() -> Effect {
    answers(Answer::html(302).with("location", "https://login.example/saml"))
}
