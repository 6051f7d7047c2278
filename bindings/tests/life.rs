//! The life of a client as a shell drives it: opened, suspended and resumed, woken in the background, signed out.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::Path;
use std::sync::Arc;

use pocketdesk_bindings::{
    Client, ClientConfig, ClientError, OpenError, ReplyError, SignOut, SubmitError, TicketDraft, TokenError,
    TokenProvider, TokenRequest, Unsent,
};

struct SignedIn;

impl TokenProvider for SignedIn {
    fn token(&self, _request: TokenRequest) -> Result<String, TokenError> {
        Ok("ada-token".to_owned())
    }
}

/// Opens a client whose server cannot be reached.
fn open(folder: &Path) -> Result<Arc<Client>, OpenError> {
    let config = ClientConfig {
        directory: folder.display().to_string(),
        account: "ada".to_owned(),
        server_url: "http://127.0.0.1:9".to_owned(),
        product: None,
        definitions: Vec::new(),
        key: None,
        installation: None,
        send_delay_seconds: 0,
        language: "de".to_owned(),
        connector: None,
        definition_url: None,
        claims: Vec::new(),
        anonymous: false,
    };
    Client::open(config, Arc::new(SignedIn))
}

fn draft(client: &Client) -> TicketDraft {
    TicketDraft {
        subject: "Überweisung fehlt – الرجاء المساعدة 🙏".to_owned(),
        description: "Seit Montag.".to_owned(),
        ..client.ticket_draft().unwrap()
    }
}

#[test]
fn a_suspended_client_answers_suspended_at_once_and_works_again_when_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let client = open(folder.path()).unwrap();
    let (draft, reply) = (draft(&client), client.reply_draft(1).unwrap());
    client.suspend();
    client.suspend();
    assert_eq!(client.history(None, 10, None, None, None, None), Err(ClientError::Suspended));
    assert_eq!(client.status(), Err(ClientError::Suspended));
    assert_eq!(client.submit(draft.clone()), Err(SubmitError::Suspended));
    assert_eq!(client.save_ticket_draft(draft.clone()), Err(ClientError::Suspended));
    assert_eq!(
        client.reply(pocketdesk_bindings::ReplyDraft { body: "Hallo".to_owned(), ..reply }),
        Err(ReplyError::Suspended)
    );
    // The app kept the typed text. Afterwards it is still the same draft.
    client.resume().unwrap();
    let ticket = client.submit(draft.clone()).unwrap();
    assert_eq!(client.submit(draft), Ok(ticket));
    client.close();
}

#[test]
fn an_account_is_open_once_and_suspending_lets_go_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let client = open(folder.path()).unwrap();
    assert_eq!(open(folder.path()).err(), Some(OpenError::InUse));
    client.suspend();
    let extension = open(folder.path()).unwrap();
    assert_eq!(client.resume(), Err(ClientError::InUse));
    extension.close();
    assert_eq!(client.resume(), Ok(()));
}

#[test]
fn background_work_ends_in_time_and_reports_what_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let client = open(folder.path()).unwrap();
    client.submit(draft(&client)).unwrap();
    let outcome = client.sync_until(3).unwrap();
    assert_eq!((outcome.more, outcome.waiting), (true, 1));
    assert!(outcome.retry_in.is_some());
}

#[test]
fn signing_out_reports_what_is_unsent_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let client = open(folder.path()).unwrap();
    client.submit(draft(&client)).unwrap();
    assert_eq!(client.unsent(), Ok(Unsent { messages: 1, drafts: 0 }));
    client.sign_out(SignOut::Keep).unwrap();
    assert_eq!(client.status(), Err(ClientError::Closed));
    let again = open(folder.path()).unwrap();
    assert_eq!(again.unsent(), Ok(Unsent { messages: 1, drafts: 0 }));
    again.sign_out(SignOut::Discard).unwrap();
    assert_eq!(again.sign_out(SignOut::Discard), Err(ClientError::Closed));
    assert_eq!(std::fs::read_dir(folder.path().join("accounts")).unwrap().count(), 0);
}
