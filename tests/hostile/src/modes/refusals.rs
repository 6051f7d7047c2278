//! Kind 2: a server that refuses everything says nothing about single tickets.

use serde_json::json;

use crate::fault::{Effect, NEWEST, Part, about, error, everything, html, lists, on, status};
use crate::mode::Account::Synced;
use crate::mode::{Act, Mode};
use crate::right::{Right, no_problem, nothing_removed, problem, right};

pub(super) fn modes() -> Vec<Mode> {
    vec![
        refused("2.1-everything-403", "Every request is answered with 403 for ten minutes.", forbidden()),
        judged(Mode::new("2.1-threads-403", "The same, from the first thread on: the lists were read before."))
            .fault(on(everything).from(|asked, _| asked.is_comments()).does(forbidden())),
        refused("2.2-open-three", "The same, and the user opens three tickets.", forbidden())
            .act(20, Act::Open(NEWEST))
            .act(40, Act::Open(Part::Due(1)))
            .act(60, Act::Open(Part::Due(2))),
        // Cases that we have added to the known ones.
        refused(
            "2.a-everything-404",
            "Every request is answered with the server's own 404.",
            error(404, "RecordNotFound"),
        )
        .act(20, Act::Open(NEWEST)),
        refused("2.b-everything-410", "Every request is answered with 410.", error(410, "Gone"))
            .act(20, Act::Open(NEWEST)),
        refused("2.c-everything-403-html", "A firewall answers every request with 403.", html(403)),
        Mode::new("2.d-tickets-403", "Every ticket and thread is answered with 403; lists and the user are well.")
            .fault(on(|asked, _| !asked.is_write() && asked.ticket().is_some()).does(forbidden()))
            .act(20, Act::Open(NEWEST))
            .right(nothing_removed()),
        Mode::new("2.e-lists-403", "Every list is answered with 403, and nothing else.")
            .fault(on(lists).does(forbidden()))
            .right(nothing_removed())
            .right(problem("not_allowed")),
        // The opposite: a ticket that is really gone is revoked.
        Mode::new("2.f-one-403", "One ticket alone is answered with 403 for as long as the fault lasts.")
            .fault(on(about(Part::Due(4))).does(forbidden()))
            .act(20, Act::Open(Part::Due(4)))
            .right(no_problem())
            .right(right("the other tickets stay", |seen| {
                let gone = seen.cast.number(Part::Due(4));
                seen.screen.rows.iter().all(|row| row["number"] == gone || row["visible"] == true)
            })),
    ]
}

fn forbidden() -> Effect {
    status(403, json!({ "error": { "title": "Forbidden", "message": "You do not have access to this page." } }))
}

fn refused(name: &'static str, story: &'static str, effect: Effect) -> Mode {
    judged(Mode::new(name, story)).fault(on(everything).does(effect))
}

fn judged(mode: Mode) -> Mode {
    mode.right(nothing_removed()).right(some_problem()).right(others_were_not_emptied())
}

fn some_problem() -> Right {
    right("the banner says that something is wrong", |seen| seen.screen.state["problem"].is_string())
}

/// An emptied thread has no messages. What had been read before the fault stays.
fn others_were_not_emptied() -> Right {
    right("no thread was emptied", |seen| {
        let empty = |number: &&i64| seen.messages(**number).is_empty();
        seen.cast.due.iter().filter(empty).count() == 0
    })
    .on(Synced)
}
