//! Times of a server that make no sense.

use super::*;

const DAY: Duration = Duration::from_hours(24);

#[test]
fn a_time_that_makes_no_sense_costs_a_read_only_when_it_or_the_ticket_changes() {
    let fixture = fixture();
    let ticket = fixture.known();
    let shown = |minutes: i64, nonsense_time: Option<i64>, status: ServerStatus| {
        let nonsense_time = nonsense_time.map(Timestamp);
        let at = NOW.plus(Duration::from_mins(minutes.unsigned_abs()));
        let seen = Observation { at, server: Some(at), ..SEEN };
        fixture.store.apply_ticket(&RemoteTicket { status, nonsense_time, ..remote(500, minutes) }, seen).unwrap();
        let due = fixture.store.threads_due(fixture.store.product.thread_policy, at.plus(DAY), 10).unwrap();
        let due = due.first().filter(|due| due.of == at).copied();
        if let Some(due) = due {
            let late = Observation { at: at.plus(DAY), server: Some(at.plus(DAY)), ..SEEN };
            let read =
                ReadThread { ticket, of: due.of, comments: &[comment(1, ME, "Guten Tag")], people: &[], seen: late };
            fixture.store.apply_thread(&read).unwrap();
        }
        due.is_some()
    };
    let far = Some(4_102_444_800_000);
    assert!(shown(20, far, ServerStatus::Open), "it is new");
    for minutes in 21..30 {
        assert!(!shown(minutes, far, ServerStatus::Open), "it is the same");
    }
    assert!(shown(30, far, ServerStatus::Pending), "its status is news");
    assert!(shown(31, Some(4_102_444_801_000), ServerStatus::Pending), "it was updated again");
    assert!(shown(32, Some(0), ServerStatus::Pending));
    assert!(!shown(33, Some(0), ServerStatus::Pending));
    // Whoever opens it does not rely on the time.
    assert!(fixture.store.may_have_more(ticket).unwrap());
    assert!(shown(34, None, ServerStatus::Pending), "the server is well again");
    assert!(!fixture.store.may_have_more(ticket).unwrap());
}
