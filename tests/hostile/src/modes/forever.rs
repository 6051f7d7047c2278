//! Kind 4: nothing repeats without a pause and a bound.

use serde_json::{Value, json};

use crate::exchange::{Answer, Asked, Reply};
use crate::fault::{
    Cast, Effect, NEWEST, Part, after, comments_of, cursor_lists, edits, edits_comments, error, everything, exchanged,
    on, uploads,
};
use crate::made;
use crate::mode::{Act, Mode};
use crate::right::{
    Right, all_rows, arrived, delivery, news_arrive, no_problem, nothing_removed, others_are_read, reads, right,
};

pub(super) fn modes() -> Vec<Mode> {
    vec![
        Mode::new("4.1-upload-expired", "Every upload has expired when it is answered.")
            .fault(on(uploads).does(edits(|value, _| value["upload"]["expires_at"] = json!("2024-02-29T08:00:00Z"))))
            .file(20_000)
            .act(30, Act::ReplyTo(Part::Other))
            .right(others_are_sent())
            .right(others_are_read())
            .right(news_arrive()),
        Mode::new("4.1-date-in-future", "A proxy's clock is a week in the future.")
            .fault(on(everything).does(dated("Mon, 31 Dec 2029 12:00:00 GMT")))
            .file(20_000)
            .act(30, Act::ReplyTo(Part::Other))
            .right(others_are_sent())
            .right(others_are_read())
            .right(news_arrive()),
        list("4.2-cursors-in-a-circle", "The cursors of a list lead from A to B and back.", circle(2)),
        list("4.2-pages-for-ever", "A list has always one more page.", one_more_page()),
        list("4.3-place-500", "Every page but the first answers 500.", not_the_first(error(500, "InternalError"))),
        Mode::new("4.4-comments-without-end", "A thread has always one more page of a hundred old comments.")
            .fault(on(comments_of(NEWEST)).does(more_comments(None)))
            .right(reads(NEWEST))
            .right(others_are_read())
            .right(news_arrive()),
        Mode::new("4.4-200000-comments", "A thread has 200,000 comments.")
            .fault(on(comments_of(NEWEST)).does(more_comments(Some(2_000))))
            .right(reads(NEWEST))
            .right(others_are_read())
            .right(news_arrive()),
        size("4.5-size-off-by-3", "The announced size of a file is wrong by three bytes.", |size| {
            json!(size.as_i64().unwrap_or_default() + 3)
        }),
        size("4.5-size-null", "The announced size is null.", |_| Value::Null),
        size("4.5-size-0", "The announced size is 0.", |_| json!(0)),
        list("4.6-offset-pages", "A request for a page by cursor is answered with a page by number.", by_number()),
        // Cases that we have added to the known ones.
        list("4.a-circle-of-three", "The cursors lead in a circle of three.", circle(3)),
        list("4.b-empty-pages", "Every page but the first is empty and has one more.", empty_pages()),
        list(
            "4.c-has-more-without-cursor",
            "There is always more, and never a cursor.",
            edits(|value, _| {
                value["meta"] = json!({ "has_more": true, "after_cursor": null });
            }),
        ),
        size("4.d-size-huge", "The announced size is an exabyte.", |_| json!(1_i64 << 60)),
    ]
}

/// A list that cannot be read to its end by cursor. Pages are small, so that there are several.
fn list(name: &'static str, story: &'static str, effect: Effect) -> Mode {
    Mode::new(name, story)
        .product(json!({ "sync": { "page_size": 10 } }))
        .fault(on(cursor_lists).does(effect))
        .minutes(60)
        .act(1_200, Act::Refresh)
        .act(2_400, Act::Refresh)
        .right(all_rows())
        .right(nothing_removed())
        .right(news_arrive())
        .right(others_are_read())
        .right(delivery("sent"))
}

/// A file whose announced size is wrong, which the user downloads.
fn size(name: &'static str, story: &'static str, change: impl Fn(&Value) -> Value + Send + Sync + 'static) -> Mode {
    Mode::new(name, story)
        .fault(on(comments_of(NEWEST)).does(edits_comments(move |comment| {
            for file in comment["attachments"].as_array_mut().into_iter().flatten() {
                file["size"] = change(&file["size"]);
            }
        })))
        .act(60, Act::Download(NEWEST))
        .right(downloaded())
        .right(reads(NEWEST))
        .right(no_problem())
        .right(arrived())
}

fn downloaded() -> Right {
    right("the file is on the device", |seen| {
        let files =
            seen.messages(seen.cast.number(NEWEST)).iter().filter_map(|message| message["attachments"].as_array());
        files.flatten().any(|file| file["bytes"]["state"] == "on_device")
    })
}

/// A reply without a file, in another ticket, is sent although the one with the file is not.
fn others_are_sent() -> Right {
    right("what has no file is sent", |seen| {
        let mut others = seen.written.iter().filter(|message| message["attachments"] == json!([]));
        others.all(|message| message["delivery"]["state"] == "sent")
    })
}

fn dated(date: &'static str) -> Effect {
    after(move |_, _, answer, _| answer.with("date", date).into())
}

/// The first page is always the answer, and the cursors count in a circle.
fn circle(length: u32) -> Effect {
    exchanged(first_page, move |asked, _, answer, _| {
        let place: u32 = asked.parameter("page[after]").and_then(|cursor| cursor.parse().ok()).unwrap_or_default();
        let next = place % length + 1;
        answer.edited(|value| value["meta"] = json!({ "has_more": true, "after_cursor": next.to_string() })).into()
    })
}

fn one_more_page() -> Effect {
    exchanged(first_page, |_, _, answer, applied| {
        let next = format!("page {applied}");
        answer.edited(|value| value["meta"] = json!({ "has_more": true, "after_cursor": next })).into()
    })
}

fn empty_pages() -> Effect {
    exchanged(first_page, |asked, _, answer, applied| {
        let next = format!("page {applied}");
        let first = asked.parameter("page[after]").is_none();
        let edit = |value: &mut Value| {
            value["meta"] = json!({ "has_more": true, "after_cursor": next });
            if !first {
                value["requests"] = json!([]);
            }
        };
        answer.edited(edit).into()
    })
}

fn first_page(asked: &mut Asked, _: &Cast) {
    asked.set("page[after]", None);
}

fn not_the_first(effect: Effect) -> Effect {
    after(move |asked, cast, answer, applied| match &effect {
        Effect::Instead(reply) if asked.parameter("page[after]").is_some() => reply(asked, cast, applied),
        _ => answer.into(),
    })
}

/// Answers by number, with links to the next number.
fn by_number() -> Effect {
    exchanged(
        |asked, _| {
            let size = asked.parameter("page[size]");
            asked.set("page[size]", None);
            asked.set("page[after]", None);
            asked.set("per_page", size.as_deref());
            if asked.parameter("page").is_none() {
                asked.set("page", Some("1"));
            }
        },
        |_, _, answer, _| answer.into(),
    )
}

/// The first page is the sandbox's; a hundred invented comments follow on every other.
fn more_comments(pages: Option<u32>) -> Effect {
    exchanged(first_page, move |asked, _, answer: Answer, _| {
        let place: u32 = asked.parameter("page[after]").and_then(|cursor| cursor.parse().ok()).unwrap_or_default();
        let next = pages.is_none_or(|pages| place + 1 < pages).then(|| (place + 1).to_string());
        if place == 0 {
            let meta = json!({ "has_more": next.is_some(), "after_cursor": next });
            return answer.edited(|value| value["meta"] = meta).into();
        }
        let newest = 10_000_000 - i64::from(place) * 100;
        let comments = (0..100).map(move |index| made::comment(newest - index, "Wir bitten noch um etwas Geduld."));
        Reply::Long(made::page(comments, next.as_deref()))
    })
}
