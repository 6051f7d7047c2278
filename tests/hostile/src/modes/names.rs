//! Kind 11: names and subjects are shown clean.

use serde_json::{Value, json};

use crate::fault::{NEWEST, comments_of, edits, edits_comments, edits_ticket, on};
use crate::mode::Mode;
use crate::right::{Right, all_rows, arrived, news_arrive, no_problem, reads, right};

pub(super) fn modes() -> Vec<Mode> {
    vec![
        named("11.1-name-rtl", "A file's name turns the direction of writing.", "Rechnung\u{202e}fdp.exe"),
        named("11.1-name-path", "A file's name is a path.", "../../../../etc/passwd"),
        named("11.1-name-nul", "A file's name has a NUL and a line end.", "Beleg\u{0}März\n.pdf"),
        named("11.1-name-long", "A file's name has 5,000 characters.", "ä".repeat(5_000)),
        Mode::new("11.1-subject", "A subject has line ends, a bell and a change of direction.")
            .fault(on(|asked, _| !asked.is_write()).does(edits_ticket(NEWEST, |ticket| {
                ticket["subject"] = json!("Zahlung\r\nfehlt\u{7}\u{202e} wieder");
            })))
            .right(right("the subject is one clean line", |seen| {
                let shown = seen.ticket(seen.cast.number(NEWEST)).map(|ticket| ticket["row"]["subject"].clone());
                shown.is_some_and(|subject| {
                    subject.as_str().is_some_and(|subject| subject.starts_with("Zahlung") && is_clean(subject))
                })
            }))
            .right(all_rows())
            .right(news_arrive())
            .right(arrived()),
        // Cases that we have added to the known ones.
        named("11.a-name-dots", "A file is called like the folder above.", ".."),
        named(
            "11.b-name-isolates",
            "A file's name opens isolates and closes none.",
            "Beleg\u{2066}\u{2067}\u{2068}.pdf",
        ),
        Mode::new("11.c-author", "An agent's name has a line end, a tab and a change of direction.")
            .fault(on(comments_of(NEWEST)).does(edits(|value, _| {
                for user in value["users"].as_array_mut().into_iter().flatten() {
                    user["name"] = json!("Marta\n\tFeld\u{202e}");
                }
            })))
            .right(right("authors are clean", |seen| {
                let authors =
                    seen.messages(seen.cast.number(NEWEST)).iter().filter_map(|message| message["author"].as_str());
                authors.into_iter().all(is_clean)
            }))
            .right(reads(NEWEST)),
    ]
}

fn named(name: &'static str, story: &'static str, file: impl Into<String>) -> Mode {
    let file: String = file.into();
    Mode::new(name, story)
        .fault(on(comments_of(NEWEST)).does(edits_comments(move |comment| {
            for attachment in comment["attachments"].as_array_mut().into_iter().flatten() {
                attachment["file_name"] = json!(file);
            }
        })))
        .right(clean_names())
        .right(reads(NEWEST))
        .right(news_arrive())
        .right(no_problem())
        .right(arrived())
}

fn clean_names() -> Right {
    right("the file's name is shown clean", |seen| {
        let messages = seen.messages(seen.cast.number(NEWEST)).iter();
        let files: Vec<&Value> = messages.filter_map(|message| message["attachments"].as_array()).flatten().collect();
        let clean = |file: &&Value| {
            file["name"].as_str().is_some_and(|name| {
                is_clean(name) && !name.contains('/') && !name.is_empty() && name != ".." && name.chars().count() <= 255
            })
        };
        !files.is_empty() && files.iter().all(clean)
    })
}

/// Neither control characters nor marks that change the direction of what follows.
fn is_clean(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}
