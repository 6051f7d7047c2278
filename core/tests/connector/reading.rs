//! Reading lists by sorted pages and by cursor, a single ticket, and a thread.

use std::collections::BTreeSet;
use std::time::Duration;

use pocketdesk::connectors::Remote;
use pocketdesk::model::{Failure, Reached, RemoteTicket, TicketList, TicketPage, Trouble, same_text};
use pocketdesk::model::{ServerStatus, TicketNumber, undated};
use pocketdesk_sandbox::users::{ADA, MARTA, NORDLICHT, ZOE};
use serde_json::{Value, json};

use crate::harness::{Bench, PAGE, TICKETS, again, person};

/// The whole list by sorted pages.
async fn by_page(bench: &Bench, list: &TicketList) -> Vec<RemoteTicket> {
    let mut tickets = Vec::new();
    for page in 1.. {
        let TicketPage { tickets: rows, next, .. } =
            undated(bench.zendesk.sorted_page(list, page, PAGE).await).unwrap();
        assert!(rows.len() <= PAGE as usize);
        tickets.extend(rows);
        if next.is_none() {
            break;
        }
    }
    tickets
}

/// The whole list by cursor.
async fn by_cursor(bench: &Bench, list: &TicketList) -> Vec<RemoteTicket> {
    let (mut tickets, mut cursor) = (Vec::new(), None);
    loop {
        let page = undated(bench.zendesk.list_page(list, cursor.as_deref(), PAGE).await).unwrap();
        tickets.extend(page.tickets);
        cursor = page.next;
        if cursor.is_none() {
            return tickets;
        }
    }
}

fn numbers(tickets: &[RemoteTicket]) -> BTreeSet<TicketNumber> {
    tickets.iter().map(|ticket| ticket.number).collect()
}

#[tokio::test]
async fn the_history_is_the_same_by_sorted_pages_and_by_cursor() {
    let (bench, me) = Bench::signed_in().await;
    assert_eq!((me.id, &*me.name, me.organization), (person(ADA), ADA.name, Some(NORDLICHT.id)));
    assert_eq!(me.email.as_deref(), Some(ADA.email));

    let lists = bench.zendesk.lists(&me);
    assert_eq!(lists.len(), 3, "own, organization and copied");
    let mut history = BTreeSet::new();
    for list in &lists {
        let sorted = by_page(&bench, list).await;
        assert!(sorted.is_sorted_by(|a, b| a.updated_at >= b.updated_at), "{list:?} is newest first");
        let unsorted = by_cursor(&bench, list).await;
        assert_eq!(unsorted.len(), sorted.len(), "{list:?}: no ticket twice");
        assert_eq!(numbers(&unsorted), numbers(&sorted), "{list:?}");
        history.extend(numbers(&sorted));
    }
    assert_eq!(history.len(), TICKETS as usize);

    let own = by_page(&bench, &lists[0]).await;
    assert!(own.len() > PAGE as usize);
    assert!(own.iter().all(|ticket| ticket.requester == Some(me.id)));
}

#[tokio::test]
async fn a_ticket_says_what_the_server_knows_of_it() {
    let (bench, me) = Bench::signed_in().await;
    let on_the_server = bench.tickets_of_the_server().await;
    let mut with_issue_type = 0;
    for ticket in by_cursor(&bench, &bench.zendesk.lists(&me)[0]).await {
        let known = on_the_server.iter().find(|known| known["id"] == json!(ticket.number)).unwrap();
        assert_eq!(json!(ticket.subject), known["subject"]);
        assert_eq!(json!(ticket.status), known["status"]);
        assert_eq!(json!(ticket.issue_type), known["issue_type"]);
        assert_eq!(json!(ticket.access), known["access"]);
        assert_eq!(json!(ticket.client_reference), known["client_reference"]);
        with_issue_type += u32::from(ticket.issue_type.is_some());
    }
    assert!(with_issue_type > 0, "some ticket has an issue type");
}

#[tokio::test]
async fn a_user_without_an_account_has_no_list_of_it() {
    let (bench, mut me) = Bench::signed_in().await;
    me.organization = None;
    assert_eq!(bench.zendesk.lists(&me).len(), 2);
}

#[tokio::test]
async fn what_was_created_last_comes_first() {
    let (bench, _) = Bench::signed_in().await;
    let page = undated(bench.zendesk.latest_created(1).await).unwrap();
    assert_eq!(page.tickets.len(), PAGE as usize);
    assert!(page.tickets.is_sorted_by(|a, b| a.created_at >= b.created_at));
    assert!(page.next.is_some());
    let later = undated(bench.zendesk.latest_created(2).await).unwrap();
    assert!(numbers(&later.tickets).is_disjoint(&numbers(&page.tickets)));
}

#[tokio::test]
async fn a_ticket_alone_is_the_ticket_of_the_list() {
    let (bench, me) = Bench::signed_in().await;
    let list = &bench.zendesk.lists(&me)[0];
    for listed in undated(bench.zendesk.sorted_page(list, 1, PAGE).await).unwrap().tickets {
        assert_eq!(undated(bench.zendesk.ticket(listed.number).await).unwrap(), listed);
    }
}

#[tokio::test]
async fn a_thread_is_read_to_its_end() {
    let (bench, me) = Bench::signed_in().await;
    let list = &bench.zendesk.lists(&me)[0];
    let (mut longest, mut from_an_agent) = (0, false);
    for ticket in by_page(&bench, list).await {
        let thread = bench.thread(ticket.number).await.unwrap();
        assert!(thread.comments.is_sorted_by(|a, b| a.id < b.id && a.created_at <= b.created_at));
        assert_eq!(Some(&thread.comments[0].body), ticket.description.as_ref(), "the description is the first comment");
        for comment in &thread.comments {
            let author = thread.people.iter().find(|person| Some(person.id) == comment.author).unwrap();
            assert!(!author.name.is_empty());
            assert!(!(author.agent && author.id == me.id));
            from_an_agent |= author.agent;
        }
        longest = longest.max(thread.comments.len());
    }
    assert!(longest > PAGE as usize, "some thread has more than one page");
    assert!(from_an_agent, "{} and others wrote", MARTA.name);
}

#[tokio::test]
async fn a_thread_comes_newest_first() {
    let (bench, me) = Bench::signed_in().await;
    for ticket in by_page(&bench, &bench.zendesk.lists(&me)[0]).await {
        let (mut cursor, mut last) = (None, i64::MAX);
        loop {
            let page = undated(bench.zendesk.comments(ticket.number, cursor.as_deref(), PAGE).await).unwrap();
            for comment in page.comments {
                assert!(comment.id.0 < last, "{} after {last}", comment.id.0);
                last = comment.id.0;
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_page_may_have_any_size_from_one_to_the_next() {
    let (bench, me) = Bench::signed_in().await;
    let list = &bench.zendesk.lists(&me)[0];
    let whole = by_cursor(&bench, list).await;
    let (mut tickets, mut cursor) = (Vec::new(), None);
    for rows in [8, 4, 2, 1].into_iter().chain(std::iter::repeat(100)) {
        let page = undated(bench.zendesk.list_page(list, cursor.as_deref(), rows).await).unwrap();
        assert!(page.tickets.len() <= rows as usize);
        tickets.extend(page.tickets);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(tickets, whole);
}

#[tokio::test]
async fn a_ticket_says_who_is_copied_and_whether_this_user_may_solve_it() {
    let (bench, me) = Bench::signed_in().await;
    let (mut copied, mut solvable) = (0, 0);
    for list in bench.zendesk.lists(&me) {
        let page = undated(bench.zendesk.list_page(&list, None, 100).await).unwrap();
        for ticket in &page.tickets {
            for person in ticket.cc.iter().chain(&ticket.requester) {
                let known = page.people.iter().find(|known| known.id == *person).unwrap();
                assert!(!known.name.is_empty());
            }
            let own = ticket.requester == Some(me.id);
            let is_over = matches!(ticket.status, ServerStatus::Solved | ServerStatus::Closed);
            assert_eq!(ticket.can_solve.is_none(), is_over, "a solved ticket says nothing of the time after it");
            assert!(own || ticket.can_solve != Some(true));
            copied += ticket.cc.len();
            solvable += usize::from(ticket.can_solve == Some(true));
        }
    }
    assert!(copied > 0 && solvable > 0, "{copied} people are copied, {solvable} tickets can be solved");
}

#[tokio::test]
async fn the_rate_limit_is_that_of_the_last_answer() {
    let (bench, _) = Bench::signed_in().await;
    let first = bench.zendesk.rate_limit().unwrap();
    undated(bench.zendesk.latest_created(1).await).unwrap();
    let second = bench.zendesk.rate_limit().unwrap();
    assert_eq!((first.limit, second.limit), (2_500, 2_500));
    assert!(second.remaining < 2_500 && second.resets_in <= Duration::from_mins(1), "{second:?}");
    for (headers, expected) in [
        (vec![("x-rate-limit", "700"), ("x-rate-limit-remaining", "12"), ("ratelimit-reset", "41")], (700, 12, 41)),
        (vec![("ratelimit-limit", "400, 400;w=60"), ("ratelimit-remaining", "0")], (400, 0, 60)),
        (vec![("x-rate-limit", "many"), ("x-rate-limit-remaining", "few")], (400, 0, 60)),
        (vec![], (400, 0, 60)),
    ] {
        let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        bench.wire.meddle(move |_, answer| {
            answer.headers.retain(|(name, _)| !name.contains("rate"));
            answer.headers.extend(headers.clone());
        });
        undated(bench.zendesk.latest_created(1).await).unwrap();
        let known = bench.zendesk.rate_limit().unwrap();
        assert_eq!((known.limit, known.remaining, known.resets_in.as_secs()), expected);
    }
}

#[tokio::test]
async fn a_thread_is_what_the_server_has_without_its_private_notes() {
    let (bench, me) = Bench::signed_in().await;
    let (mut private, mut files) = (0, 0);
    for ticket in bench.tickets_of_the_server().await {
        if ticket["requester_id"] != json!(me.id.0) {
            continue;
        }
        let number = TicketNumber(ticket["id"].as_i64().unwrap());
        let comments = ticket["comments"].as_array().unwrap();
        let public: Vec<&Value> = comments.iter().filter(|comment| comment["public"] == json!(true)).collect();
        let thread = bench.thread(number).await.unwrap();
        assert_eq!(thread.comments.len(), public.len());
        for (read, written) in thread.comments.iter().zip(&public) {
            assert_eq!(
                (read.id.0, read.author.map(|author| author.0)),
                (written["id"].as_i64().unwrap(), written["author_id"].as_i64())
            );
            assert!(same_text(&read.body, written["body"].as_str().unwrap()), "{:?}", read.body);
            let names: Vec<&str> = read.attachments.iter().map(|file| file.name.as_str()).collect();
            let expected =
                written["attachments"].as_array().unwrap().iter().map(|file| file["file_name"].as_str().unwrap());
            assert_eq!(names, expected.collect::<Vec<_>>());
            assert!(read.attachments.iter().all(|file| file.size > 0 && file.content_type.contains('/')));
            files += names.len();
        }
        private += comments.len() - public.len();
    }
    assert!(private > 0 && files > 0, "the server has {private} private notes and {files} files");
}

#[tokio::test]
async fn what_is_not_visible_is_gone() {
    let (bench, _) = Bench::signed_in().await;
    let tickets = bench.tickets_of_the_server().await;
    let hers = tickets.iter().find(|ticket| ticket["requester_id"] == json!(ZOE.id)).unwrap();
    for number in [TicketNumber(hers["id"].as_i64().unwrap()), TicketNumber(4)] {
        assert_eq!(undated(bench.zendesk.ticket(number).await), Err(Failure::Gone));
        assert_eq!(bench.thread(number).await, Err(Failure::Gone));
    }
}

#[tokio::test]
async fn the_list_of_another_account_is_not_allowed() {
    let (bench, mut me) = Bench::signed_in().await;
    me.organization = ZOE.organization;
    let list = &bench.zendesk.lists(&me)[1];
    assert_eq!(undated(bench.zendesk.sorted_page(list, 1, PAGE).await), Err(Failure::NotAllowed));
    assert_eq!(undated(bench.zendesk.list_page(list, None, PAGE).await), Err(Failure::NotAllowed));
}

#[tokio::test]
async fn a_list_that_this_version_does_not_know_asks_nothing() {
    let (bench, _) = Bench::signed_in().await;
    for name in ["", "followed", "organization:", "organization:7/../../users"] {
        let list = TicketList(name.to_owned());
        assert_eq!(
            undated(bench.zendesk.sorted_page(&list, 1, PAGE).await),
            Err(again(Trouble::Misbehaves, Reached::Maybe))
        );
    }
    assert_eq!(bench.wire.sent(), Vec::<String>::new());
}
