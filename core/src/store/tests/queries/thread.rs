//! The pages of a thread.

use super::*;
use crate::model::LARGEST_BODY;

#[test]
fn a_thread_of_large_messages_is_read_in_pages_that_fit_into_memory() {
    let fixture = fixture();
    let text = |id: i64| format!("{id} {}", "Protokoll „Zahlung“ 🧾\n".repeat(LARGEST_BODY / 32));
    let comments: Vec<_> = (1..=30).map(|id| comment(id, AGENT, &text(id))).collect();
    fixture.store.apply_ticket(&remote(500, 10), SEEN).unwrap();
    let ticket = fixture.store.ticket_by_number(TicketNumber(500)).unwrap().unwrap();
    fixture.read(ticket, &comments);
    let (mut read, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = fixture.store.thread(ticket, after.as_deref(), 200).unwrap();
        let bytes: usize = page.messages.iter().map(|message| message.body.len()).sum();
        assert!(bytes < 2 * 1024 * 1024 + LARGEST_BODY, "{bytes}");
        pages += 1;
        read.extend(page.messages.into_iter().map(|message| message.body));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert!(pages > 1);
    let sent = comments.into_iter().map(|comment| comment.body);
    assert_eq!(
        read.into_iter().filter(|body| body.contains("Protokoll")).collect::<Vec<_>>(),
        sent.collect::<Vec<_>>()
    );
}
