//! A desk's life as a shell leads it: suspended and resumed, woken in the background, signed out.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::path::Path;
use std::sync::Arc;

use pocketdesk_bindings::{
    Desk, DeskConfig, DeskError, OpenError, ReplyError, SignOut, SubmitError, TicketDraft, TokenError, TokenProvider,
    TokenRequest, Unsent,
};

struct SignedIn;

impl TokenProvider for SignedIn {
    fn token(&self, _request: TokenRequest) -> Result<String, TokenError> {
        Ok("ada-token".to_owned())
    }
}

/// A desk that nobody can reach.
fn open(folder: &Path) -> Result<Arc<Desk>, OpenError> {
    let config = DeskConfig {
        directory: folder.display().to_string(),
        account: "ada".to_owned(),
        desk_url: "http://127.0.0.1:9".to_owned(),
        profile: None,
        key: None,
        installation: None,
        send_delay_seconds: 0,
        connector: None,
    };
    Desk::open(config, Arc::new(SignedIn))
}

fn draft(desk: &Desk) -> TicketDraft {
    TicketDraft {
        subject: "Überweisung fehlt – الرجاء المساعدة 🙏".to_owned(),
        description: "Seit Montag.".to_owned(),
        ..desk.ticket_draft().unwrap()
    }
}

#[test]
fn a_suspended_desk_says_so_at_once_and_goes_on_when_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path()).unwrap();
    let (draft, reply) = (draft(&desk), desk.reply_draft(1).unwrap());
    desk.suspend();
    desk.suspend();
    assert_eq!(desk.history(None, 10), Err(DeskError::Suspended));
    assert_eq!(desk.status(), Err(DeskError::Suspended));
    assert_eq!(desk.submit(draft.clone()), Err(SubmitError::Suspended));
    assert_eq!(desk.save_ticket_draft(draft.clone()), Err(DeskError::Suspended));
    assert_eq!(
        desk.reply(pocketdesk_bindings::ReplyDraft { body: "Hallo".to_owned(), ..reply }),
        Err(ReplyError::Suspended)
    );
    // Whoever typed keeps the text, and it is the same draft afterwards.
    desk.resume().unwrap();
    let ticket = desk.submit(draft.clone()).unwrap();
    assert_eq!(desk.submit(draft), Ok(ticket));
    desk.close();
}

#[test]
fn an_account_is_open_once_and_suspending_lets_go_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path()).unwrap();
    assert_eq!(open(folder.path()).err(), Some(OpenError::InUse));
    desk.suspend();
    let extension = open(folder.path()).unwrap();
    assert_eq!(desk.resume(), Err(DeskError::InUse));
    extension.close();
    assert_eq!(desk.resume(), Ok(()));
}

#[test]
fn background_work_ends_in_time_and_says_what_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path()).unwrap();
    desk.submit(draft(&desk)).unwrap();
    let outcome = desk.sync_until(3).unwrap();
    assert_eq!((outcome.more, outcome.waiting), (true, 1));
    assert!(outcome.retry_in.is_some());
}

#[test]
fn whoever_signs_out_is_asked_about_what_is_unsent_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path()).unwrap();
    desk.submit(draft(&desk)).unwrap();
    assert_eq!(desk.unsent(), Ok(Unsent { messages: 1, drafts: 0 }));
    desk.sign_out(SignOut::Keep).unwrap();
    assert_eq!(desk.status(), Err(DeskError::Closed));
    let again = open(folder.path()).unwrap();
    assert_eq!(again.unsent(), Ok(Unsent { messages: 1, drafts: 0 }));
    again.sign_out(SignOut::Discard).unwrap();
    assert_eq!(again.sign_out(SignOut::Discard), Err(DeskError::Closed));
    assert_eq!(std::fs::read_dir(folder.path().join("accounts")).unwrap().count(), 0);
}
