//! What holds for everything that a connector returns, whatever the server sent: ids are above zero, what is shown in one
//! line is one harmless line, and nothing is larger than what is kept.

use pocketdesk::model::{
    Attachment, CommentPage, Failure, LARGEST_BODY, LONGEST_NAME, PersonId, RateLimit, Reason, RemotePerson,
    RemoteTicket, RemoteUser, TicketPage, Timestamp, Trouble, clean_line, clean_name, clean_subject,
};

/// The beginning of 2100.
const LATEST: Timestamp = Timestamp(4_102_444_800_000);
/// The longest of the values that are no text: types, addresses, values of fields.
const LONGEST_VALUE: usize = 32_000 + '…'.len_utf8();
/// The longest message of a server that a user sees, in characters.
const LONGEST_MESSAGE: usize = 500;

pub(crate) fn user(id: PersonId) -> RemoteUser {
    RemoteUser { id, name: String::new(), email: None, organization: Some(3) }
}

/// A line that people read.
pub(crate) fn one_line(text: &str) {
    assert_eq!(clean_subject(text), text, "a line is clean");
}

/// A short value: one line, and bounded.
pub(crate) fn short(text: &str) {
    assert!(text.len() <= LONGEST_VALUE, "{} bytes", text.len());
    assert_eq!(clean_line(text), text.trim(), "a value is one line");
}

pub(crate) fn ticket(ticket: &RemoteTicket) {
    assert!(ticket.number.0 > 0);
    one_line(&ticket.subject);
    assert!(ticket.description.as_ref().is_none_or(|text| text.len() <= LARGEST_BODY));
    for time in [ticket.created_at, ticket.updated_at] {
        assert!((Timestamp(0)..=LATEST).contains(&time), "{time:?}");
    }
    ticket.issue_type.iter().chain(&ticket.client_reference).for_each(|value| short(value));
    assert!(ticket.cc.len() <= 100);
    let mut cc = ticket.cc.clone();
    cc.sort_unstable();
    cc.dedup();
    assert_eq!(cc.len(), ticket.cc.len(), "a person is in copy once");
}

pub(crate) fn ticket_page(page: &TicketPage) {
    page.tickets.iter().for_each(ticket);
    page.people.iter().for_each(person);
    assert!(page.next.as_ref().is_none_or(|next| !next.is_empty()));
    page.unreadable.ids.iter().for_each(|id| assert!(*id > 0));
}

pub(crate) fn comment_page(page: &CommentPage) {
    for comment in &page.comments {
        assert!(comment.id.0 > 0);
        assert!(comment.body.len() <= LARGEST_BODY);
        assert!((Timestamp(0)..=LATEST).contains(&comment.created_at));
        comment.attachments.iter().for_each(attachment);
    }
    page.people.iter().for_each(person);
    assert!(page.next.as_ref().is_none_or(|next| !next.is_empty()));
}

fn person(person: &RemotePerson) {
    one_line(&person.name);
}

fn attachment(file: &Attachment) {
    assert_eq!(clean_name(&file.name), file.name, "a name is clean");
    assert!(!file.name.is_empty() && file.name.len() <= LONGEST_NAME);
    short(&file.content_type);
    file.address.iter().for_each(|address| short(address));
    assert!(i64::try_from(file.size).is_ok());
}

pub(crate) fn failure(failure: &Failure) {
    let message = match failure {
        Failure::TryAgain { trouble, after, .. } => {
            assert!(after.is_none_or(|after| after.as_secs() <= 86_400), "nobody waits for days");
            assert!(after.is_none() || matches!(trouble, Trouble::Busy | Trouble::Faulty));
            return;
        }
        Failure::NeedsUser(Reason { server_message, .. })
        | Failure::Unexplained { server_message }
        | Failure::UploadsRefused { server_message } => server_message,
        Failure::NotAllowed | Failure::Gone => return,
    };
    let Some(message) = message else { return };
    assert!(!message.trim().is_empty() && message.chars().count() <= LONGEST_MESSAGE);
    let is_harmless =
        |c: char| c == '\n' || !(c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
    assert!(message.chars().all(is_harmless), "{message:?}");
}

pub(crate) fn rate_limit(limit: Option<RateLimit>) {
    assert!(limit.is_none_or(|limit| limit.resets_in.as_secs() <= 60));
}
