//! Kind 8: time.

use serde_json::json;

use crate::fault::{Effect, NEWEST, Part, edits, edits_ticket, lists, on};
use crate::mode::{Act, Mode};
use crate::right::{all_rows, arrived, delivery, news_arrive, no_problem, others_are_read};

pub(super) fn modes() -> Vec<Mode> {
    vec![
        updated("8.1-updated-9999", "A ticket was updated in the year 9999.", "9999-12-31T23:59:59Z"),
        Mode::new("8.2-exchanged", "Two tickets exchange their subjects between pages.")
            .fault(on(lists).times(3).does(exchanged_subjects()))
            .act(300, Act::Refresh)
            .right(all_rows())
            .right(others_are_read())
            .right(news_arrive())
            .right(arrived()),
        // Cases that we have added to the known ones.
        updated("8.a-updated-next-year", "A ticket was updated in a year's time.", "2027-12-01T00:00:00Z"),
        updated(
            "8.b-updated-with-offset",
            "A ticket's update is in the future, with an odd offset.",
            "2031-06-01T12:00:00+14:00",
        ),
        Mode::new("8.c-all-updated-2100", "Every ticket was updated in the year 2100.")
            // Each is read once, because it may have changed, and once more when the server is well again.
            .tickets(1)
            .fault(on(lists).does(edits(|value, _| {
                for row in value["requests"].as_array_mut().into_iter().flatten() {
                    row["updated_at"] = json!("2100-01-01T00:00:00Z");
                }
            })))
            .right(all_rows())
            .right(delivery("sent"))
            .right(no_problem()),
    ]
}

/// The update of one ticket has an odd time. News in other tickets must arrive, during the fault and after it.
fn updated(name: &'static str, story: &'static str, moment: &'static str) -> Mode {
    Mode::new(name, story)
        .fault(on(lists).does(edits_ticket(Part::Due(2), move |row| row["updated_at"] = json!(moment))))
        .act(300, Act::Refresh)
        .right(all_rows())
        .right(others_are_read())
        .right(news_arrive())
        .right(no_problem())
        .right(arrived())
}

fn exchanged_subjects() -> Effect {
    edits(|value, cast| {
        let (one, other) = (cast.number(NEWEST), cast.number(Part::Due(1)));
        let Some(rows) = value["requests"].as_array_mut() else { return };
        let place = |number: i64| rows.iter().position(|row| row["id"] == number);
        if let (Some(one), Some(other)) = (place(one), place(other)) {
            let subject = rows[one]["subject"].take();
            rows[one]["subject"] = rows[other]["subject"].take();
            rows[other]["subject"] = subject;
        }
    })
}
