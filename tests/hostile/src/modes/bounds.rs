//! Kind 7: bounded memory, and patience with slow networks.

use bytes::Bytes;
use serde_json::json;

use crate::exchange::{Answer, Reply};
use crate::fault::{
    Effect, NEWEST, after, all_comments, comments_of, edits_comments, everything, exchanged, late, lists, on, slow,
};
use crate::made;
use crate::mode::Account::Synced;
use crate::mode::Mode;
use crate::right::{all_rows, arrived, delivery, news_arrive, no_problem, others_are_read, reads, right};

pub(super) fn modes() -> Vec<Mode> {
    vec![
        Mode::new("7.1-pages-of-15-mb", "A thread has 99 pages of 15 MB.")
            .fault(on(comments_of(NEWEST)).does(large_pages()))
            .minutes(4)
            .right(others_are_read())
            .right(news_arrive())
            .right(reads(NEWEST)),
        Mode::new("7.2-unknown-values", "A list has 15 MB of small values under an unknown key.")
            .fault(on(lists).times(2).does(unknown_values()))
            .right(all_rows())
            .right(news_arrive())
            .right(delivery("sent")),
        Mode::new("7.3-comments-of-64-kb", "A thread has 100 comments of 64 KB, each in three forms.")
            .fault(on(comments_of(NEWEST)).does(hundred_large_comments()))
            .right(reads(NEWEST))
            .right(right("every comment is shown", |seen| seen.messages(seen.cast.number(NEWEST)).len() >= 100))
            .right(others_are_read())
            .right(no_problem()),
        Mode::new("7.3-comment-of-50-mb", "The oldest comment of a thread has 50 MB.")
            .fault(on(comments_of(NEWEST)).does(huge_comment()))
            .right(reads(NEWEST))
            .right(others_are_read())
            .right(news_arrive())
            .right(right("it is shown cut, and says so", |seen| {
                seen.messages(seen.cast.number(NEWEST)).iter().any(|message| message["shortened"] == true)
            })),
        Mode::new("7.4-3000-bytes-a-second", "Every answer comes at 3,000 bytes a second.")
            .tickets(100)
            .minutes(60)
            .fault(on(everything).does(slow(3_000)))
            .right(all_rows())
            .right(others_are_read())
            .right(news_arrive())
            .right(delivery("sent")),
        Mode::new("7.5-gzip", "Whatever may be compressed is compressed.")
            .fault(on(everything).does(compressed()))
            .right(right("compressed answers are asked for", |seen| {
                seen.log.iter().filter(|entry| entry.what.starts_with("GET /api")).all(|entry| entry.gzip)
            }))
            .right(all_rows())
            .right(news_arrive())
            .right(others_are_read())
            .right(delivery("sent")),
        Mode::new("7.5-gzip-bomb", "A thread of a few megabytes unpacks to half a gigabyte.")
            .fault(on(comments_of(NEWEST)).does(bomb()))
            .right(others_are_read())
            .right(news_arrive())
            .right(arrived()),
        // Cases that we have added to the known ones.
        Mode::new("7.a-deep-json", "An unknown value is a hundred thousand arrays in each other.")
            .fault(on(all_comments).does(deep()))
            .right(news_arrive())
            .right(arrived()),
        Mode::new("7.b-bytes-and-silence", "Threads come at 200 bytes a second after twenty seconds of silence.")
            .fault(on(comments_of(NEWEST)).does(late(20)))
            .fault(on(comments_of(NEWEST)).does(slow(200)))
            .right(reads(NEWEST))
            .right(others_are_read())
            .right(no_problem()),
        Mode::new("7.c-ten-thousand-files", "A comment has ten thousand attachments.")
            .fault(on(comments_of(NEWEST)).does(edits_comments(|comment| {
                let file =
                    json!({ "id": 7, "file_name": "Rechnung.pdf", "content_type": "application/pdf", "size": 1 });
                comment["attachments"] = json!(vec![file; 10_000]);
            })))
            .right(reads(NEWEST))
            .right(others_are_read())
            .right(arrived().on(Synced)),
    ]
}

/// 240 comments of 64 KB on a page, and the sandbox's own on the first.
fn large_pages() -> Effect {
    exchanged(
        |asked, _| asked.set("page[after]", None),
        |asked, _, answer, _| {
            let place: i64 = asked.parameter("page[after]").and_then(|cursor| cursor.parse().ok()).unwrap_or_default();
            let own = answer.value().and_then(|value| value["comments"].as_array().cloned()).filter(|_| place == 0);
            let newest = 10_000_000 - place * 240;
            let text = "Protokoll der Überweisung 4711. ".repeat(1_900);
            let comments = (0..240).map(move |index| {
                let mut comment = made::comment(newest - index, "");
                comment["plain_body"] = json!(text);
                comment
            });
            let next = (place < 98).then(|| (place + 1).to_string());
            Reply::Long(made::page(own.unwrap_or_default().into_iter().chain(comments), next.as_deref()))
        },
    )
}

fn unknown_values() -> Effect {
    after(|_, _, answer, _| {
        let Some(value) = answer.value() else { return answer.into() };
        let text = value.to_string();
        let start = Bytes::from_static(b"{\"statistics\":[");
        let values = std::iter::repeat_n(Bytes::from("{\"a\":1},[2],".repeat(1_000)), 1_250);
        let end = Bytes::from(format!("0],{}", &text[1..]));
        Reply::Long(Box::new(std::iter::once(start).chain(values).chain([end])))
    })
}

/// Pages of the size that was asked for, oldest last, in the order in which the sandbox has its own.
fn hundred_large_comments() -> Effect {
    exchanged(
        |asked, _| asked.set("page[after]", None),
        |asked, _, answer, _| {
            let size: i64 = asked.parameter("page[size]").and_then(|size| size.parse().ok()).unwrap_or(100);
            let place: i64 = asked.parameter("page[after]").and_then(|cursor| cursor.parse().ok()).unwrap_or_default();
            let own = answer.value().and_then(|value| value["comments"].as_array().cloned()).filter(|_| place == 0);
            let text = "Überweisung nicht gefunden, bitte prüfen. ".repeat(1_500);
            let end = (place + size).min(100);
            let comments = (place..end).map(move |index| made::comment(10_000_000 - index, &text));
            let next = (end < 100).then(|| end.to_string());
            Reply::Long(made::page(own.unwrap_or_default().into_iter().chain(comments), next.as_deref()))
        },
    )
}

/// Its text is made while it is sent.
fn huge_comment() -> Effect {
    after(|_, _, answer, _| {
        let Some(value) = answer.value() else { return answer.into() };
        let text = value.to_string();
        let Some(rest) = text.find("\"comments\":[").map(|at| at + "\"comments\":[".len()) else {
            return answer.into();
        };
        let comment = made::comment(7, "@").to_string();
        let Some((head, tail)) = comment.split_once("\"plain_body\":\"@\"") else { return answer.into() };
        let start = Bytes::from(format!("{}{head}\"plain_body\":\"", &text[..rest]));
        let body = std::iter::repeat_n(Bytes::from("Lange Geschichte. ".repeat(4_000)), 700);
        let end = Bytes::from(format!("\"{tail},{}", &text[rest..]));
        Reply::Long(Box::new(std::iter::once(start).chain(body).chain([end])))
    })
}

fn compressed() -> Effect {
    after(|asked, _, mut answer, _| {
        if asked.header("accept-encoding").is_some_and(|accepted| accepted.contains("gzip")) && !answer.body.is_empty()
        {
            answer.body = made::gzip(&answer.body);
            answer = answer.with("content-encoding", "gzip");
        }
        answer.into()
    })
}

/// Sent compressed even to a client that does not ask for it: its answer is then no JSON.
fn bomb() -> Effect {
    // Made at the first request, because it takes a while.
    let bomb = std::sync::LazyLock::new(made::gzip_bomb);
    crate::fault::instead(move |_, _, _| {
        let answer = Answer::new(200, "application/json", bomb.clone());
        answer.with("content-encoding", "gzip").into()
    })
}

fn deep() -> Effect {
    after(|_, _, answer, _| {
        let Some(value) = answer.value() else { return answer.into() };
        let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
        let body = format!("{{\"extra\":{open}{close},{}", &value.to_string()[1..]);
        Answer::new(200, "application/json", body.into_bytes()).into()
    })
}
