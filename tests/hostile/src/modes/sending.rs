//! Kind 6: sending never waits behind reading or a transfer.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::exchange::{Answer, Asked, Reply};
use crate::fault::{
    Cast, Effect, NEWEST, Part, after, cursor_lists, downloads, everything, late, lists, on, slow, uploads,
};
use crate::mode::Account::{Fresh, Synced};
use crate::mode::{Act, Mode};
use crate::right::{arrived, delivery, leaves_within, news_arrive, no_problem, taps_within};

pub(super) fn modes() -> Vec<Mode> {
    vec![
        // Every page takes five seconds, and a backfill has many.
        Mode::new("6.1-backfill", "A refresh during a backfill, and then two replies.")
            .product(json!({ "sync": { "page_size": 5 } }))
            .tickets(60)
            .fault(on(lists).does(late(5)))
            .act(12, Act::Refresh)
            .act(17, Act::ReplyTo(Part::Other))
            .act(18, Act::ReplyTo(NEWEST))
            .right(leaves_within(8))
            .right(delivery("sent")),
        Mode::new("6.1-opening", "A thread is opened during a backfill, and then a reply.")
            .product(json!({ "sync": { "page_size": 5 } }))
            .tickets(60)
            .fault(on(lists).does(late(5)))
            .act(12, Act::Open(NEWEST))
            .act(14, Act::ReplyTo(Part::Other))
            .right(leaves_within(8))
            .right(delivery("sent")),
        Mode::new("6.2-slow-download", "A file comes at one byte a second, and the user writes in another ticket.")
            .fault(on(downloads).does(slow(1)))
            .act(60, Act::Download(NEWEST))
            .act(65, Act::ReplyTo(Part::Other))
            .right(leaves_within(5))
            .right(delivery("sent")),
        Mode::new("6.2-slow-upload", "A file leaves at a kilobyte a second, and the user writes in another ticket.")
            .fault(on(uploads).does(Effect::SlowUpload(1_000)))
            .file(50_000)
            .act(5, Act::ReplyTo(Part::Other))
            .right(leaves_within(60).on(Synced))
            .right(only_the_other_within(5).on(Synced))
            .right(delivery("sent").on(Synced)),
        Mode::new("6.3-list-of-80000-rows", "A page has 80,000 rows, many more than were asked for.")
            .fault(on(cursor_lists).times(1).does(many_rows()))
            .fault(on(lists).times(1).does(many_rows()))
            .minutes(3)
            .taps()
            // A tap that waits for all rows takes most of the run. A busy machine may keep its thread waiting for a tenth.
            .right(taps_within(333))
            .right(news_arrive())
            .right(delivery("sent")),
        // Cases that we have added to the known ones.
        Mode::new("6.a-threads-late", "Every thread takes eight seconds; replies leave between two of them.")
            .fault(on(|asked, _| asked.is_comments()).does(late(8)))
            .act(20, Act::ReplyTo(Part::Other))
            .right(leaves_within(20).on(Synced))
            // Here two replies are written at once, into threads that were never read.
            .right(leaves_within(28).on(Fresh))
            .right(no_problem())
            .right(delivery("sent")),
        Mode::new("6.b-everything-late", "Every request takes four seconds.")
            .fault(on(everything).does(late(4)))
            .act(30, Act::ReplyTo(Part::Other))
            .right(leaves_within(20))
            .right(arrived())
            .right(delivery("sent").on(Fresh)),
    ]
}

/// The reply without the file does not wait for the file.
fn only_the_other_within(seconds: u64) -> crate::right::Right {
    crate::right::right(format!("the reply in the other ticket leaves within {seconds} s"), move |seen| {
        let Some(written) = seen.written_at.get(1) else { return false };
        let put = format!("PUT /api/v2/requests/{}", seen.cast.other);
        seen.log.iter().any(|entry| entry.what == put && entry.at <= *written + Duration::from_secs(seconds))
    })
}

/// Repeats the rows of the answer, each with the essential values only.
fn many_rows() -> Effect {
    after(|_: &Asked, _: &Cast, answer: Answer, _| {
        let Some(value) = answer.value() else { return answer.into() };
        let bare = |row: &Value| {
            let keys = ["id", "subject", "status", "created_at", "updated_at", "requester_id"];
            let fields: serde_json::Map<_, _> = keys.iter().map(|key| ((*key).to_owned(), row[*key].clone())).collect();
            Value::Object(fields).to_string()
        };
        let rows: Vec<String> = value["requests"].as_array().into_iter().flatten().map(bare).collect();
        if rows.is_empty() {
            return answer.into();
        }
        let mut end = value.clone();
        end.as_object_mut().map(|fields| fields.remove("requests"));
        let end = end.to_string();
        let start = Bytes::from_static(b"{\"requests\":[");
        let many = (0..80_000).map(move |index| {
            let comma = if index == 0 { "" } else { "," };
            Bytes::from(format!("{comma}{}", rows[index % rows.len()]))
        });
        Reply::Long(Box::new(std::iter::once(start).chain(many).chain([Bytes::from(format!("],{}", &end[1..]))])))
    })
}
