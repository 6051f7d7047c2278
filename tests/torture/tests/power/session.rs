//! A user's session, and what the client promised during it. Every test here is measured by it.
//!
//! A [`Session`] runs one script and records every result. A call that returned `Ok` is a promise. The one call that
//! failed may have happened or not, but not in part. [`Session::check_promises`](crate::promises) checks the client
//! against that.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::client::{OpenError, ReplyError, SubmitError};
use pocketdesk::environment::Environment;
use pocketdesk::model::{MessageId, ReplyDraft, TicketDraft, TicketId};
use pocketdesk::net::{Http, HttpFailure, HttpRequest, HttpResponse, TokenFailure, Tokens};
use pocketdesk::store::StoreError;
use pocketdesk::sync::Scope;
use pocketdesk::{Client, ClientConfig};
use pocketdesk_simulation::{Connection, Executor, Fault, FaultScope, InjectedFault, ModelServer, ServerTraits, World};

/// Why a session ended early: a call failed because of the file.
#[derive(Debug, PartialEq, Eq)]
pub struct Ended(pub StoreError);

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}

/// Converts the errors of calls. Only errors of the file may occur here.
macro_rules! ended_by {
    ($($error:ident),*) => {
        $(impl From<$error> for Ended {
            fn from(error: $error) -> Self {
                match error {
                    $error::Store(error) => Self(error),
                    other => panic!("{other:?}"),
                }
            }
        })*
    };
}

ended_by!(OpenError, ReplyError, SubmitError);

/// How many tickets the server has before the session.
pub const SEEDED: u8 = 4;

struct SignedIn;

#[async_trait]
impl Tokens for SignedIn {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok("a-token".to_owned())
    }
}

/// The connection to the model server, which can hide one ticket.
pub struct Network {
    connection: Connection,
    hidden: std::sync::Mutex<Option<String>>,
}

#[async_trait]
impl Http for Network {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let hidden = self.hidden.lock().unwrap().clone();
        if hidden
            .is_some_and(|number| request.url.path().split('/').any(|part| part.trim_end_matches(".json") == number))
        {
            let body = br#"{"error":"RecordNotFound","description":"Not found"}"#.to_vec();
            return Ok(HttpResponse {
                status: 404,
                headers: vec![("content-type".into(), "application/json".into())],
                body,
            });
        }
        self.connection.send(request).await
    }
}

/// The last call, until it is answered.
#[derive(Debug, Clone)]
pub enum Call {
    KeepTicket(TicketDraft),
    Submit(TicketDraft),
    KeepReply(ReplyDraft),
    Reply(ReplyDraft),
    Discard(MessageId),
}

#[derive(Debug, Clone)]
pub struct Reply {
    pub draft: ReplyDraft,
    pub message: MessageId,
}

/// One user with one device and one server.
pub struct Session {
    pub world: World,
    pub server: Arc<ModelServer>,
    pub network: Arc<Network>,
    pub config: ClientConfig,
    pub client: Option<Arc<Client>>,
    pub tickets: Vec<(TicketDraft, TicketId)>,
    pub replies: Vec<Reply>,
    pub ticket_draft: Option<TicketDraft>,
    pub reply_draft: Option<ReplyDraft>,
    pub discarded: Option<Reply>,
    pub unanswered: Option<Call>,
}

impl Session {
    pub fn new(folder: &Path) -> Self {
        let world = World::new(7);
        let server = Arc::new(ModelServer::new(world.clone(), ServerTraits::plain(7)));
        server.fill(SEEDED);
        let network = Arc::new(Network { connection: server.connect(1), hidden: std::sync::Mutex::default() });
        Self {
            world,
            server,
            network,
            config: ClientConfig::new(folder, "ada", "https://desk.example"),
            client: None,
            tickets: Vec::new(),
            replies: Vec::new(),
            ticket_draft: None,
            reply_draft: None,
            discarded: None,
            unanswered: None,
        }
    }

    /// The open client; opens one if there is none.
    pub fn open(&mut self) -> Result<Arc<Client>, Ended> {
        if let Some(client) = &self.client {
            return Ok(Arc::clone(client));
        }
        let http: Arc<dyn Http> = Arc::clone(&self.network) as Arc<dyn Http>;
        let world: Arc<dyn Environment> = Arc::new(self.world.clone());
        let client = Arc::new(Client::open(&self.config, http, Arc::new(SignedIn), world)?);
        self.client = Some(Arc::clone(&client));
        Ok(client)
    }

    /// Drops the client, as the end of the process would.
    pub fn drop_client(&mut self) {
        self.client = None;
    }

    /// Runs the script. Ends at the first call that fails.
    pub fn run(&mut self) -> Result<(), Ended> {
        let client = self.open()?;
        let draft = client.ticket_draft()?;
        let draft = TicketDraft { subject: "Überweisung an".to_owned(), ..draft };
        self.keep_ticket(&client, &draft)?;
        let draft = TicketDraft {
            subject: "Überweisung an Affiliate fehlt – الرجاء المساعدة 🙏".to_owned(),
            description: "Guten Tag,\n\nseit Montag fehlt sie.".to_owned(),
            cc: vec!["jürgen@reisen.example".to_owned()],
            access: true,
            ..draft
        };
        self.keep_ticket(&client, &draft)?;
        let first = self.submit(&client, &draft)?;
        self.reply(&client, first, "Nachtrag: es sind 1.200 €.")?;
        // The answer to the creation is lost, so the first page is read while the outcome is ambiguous.
        self.lose(Fault::CutAfter);
        self.sync(&client, 1);
        self.reply(&client, first, "ok")?;
        self.reply(&client, first, "ok")?;
        self.lose(Fault::CutBefore);
        self.lose(Fault::CutAfter);
        self.sync(&client, 8);
        // The app is closed and opened, which checkpoints the log into the database.
        client.close();
        drop(client);
        self.drop_client();
        let client = self.open()?;
        let long = "Sehr ausführlich, über mehrere Seiten.\n".repeat(300);
        let other = client.ticket_draft()?;
        let other =
            TicketDraft { subject: "Zweites Anliegen".to_owned(), description: long.trim().to_owned(), ..other };
        let second = self.submit(&client, &other)?;
        self.reply(&client, first, "Doch nicht, vergessen Sie es.")?;
        self.discard(&client)?;
        self.sync(&client, 8);
        // A ticket on screen becomes invisible to the user.
        let shown = client.history(None, 50)?.tickets;
        if let Some(row) = shown.iter().find(|row| row.subject.contains("Vorgang 3")) {
            *self.network.hidden.lock().unwrap() = row.number.map(|number| number.to_string());
            client.thread_opened(row.id)?;
            self.sync(&client, 1);
        }
        self.reply(&client, second, "Noch etwas dazu.")?;
        let typed = ReplyDraft { body: "Und was ich noch".to_owned(), ..client.reply_draft(second)? };
        self.keep_reply(&client, &typed)?;
        let last = TicketDraft { subject: "Halb getippt".to_owned(), ..client.ticket_draft()? };
        self.keep_ticket(&client, &last)
    }

    /// The next write has this fault.
    fn lose(&self, fault: Fault) {
        self.server.inject(InjectedFault { fault, on: FaultScope::Writes, times: 1 });
    }

    fn keep_ticket(&mut self, client: &Client, draft: &TicketDraft) -> Result<(), Ended> {
        self.unanswered = Some(Call::KeepTicket(draft.clone()));
        client.save_ticket_draft(draft)?;
        self.answered();
        Ok(())
    }

    pub fn submit(&mut self, client: &Client, draft: &TicketDraft) -> Result<TicketId, Ended> {
        self.unanswered = Some(Call::Submit(draft.clone()));
        let ticket = client.submit(draft)?;
        self.tickets.push((draft.clone(), ticket));
        self.answered();
        Ok(ticket)
    }

    fn keep_reply(&mut self, client: &Client, draft: &ReplyDraft) -> Result<(), Ended> {
        self.unanswered = Some(Call::KeepReply(draft.clone()));
        client.save_reply_draft(draft)?;
        self.answered();
        Ok(())
    }

    fn reply(&mut self, client: &Client, ticket: TicketId, body: &str) -> Result<(), Ended> {
        let draft = ReplyDraft { body: body.to_owned(), ..client.reply_draft(ticket)? };
        self.keep_reply(client, &draft)?;
        self.unanswered = Some(Call::Reply(draft.clone()));
        let message = client.reply(&draft)?;
        self.replies.push(Reply { draft, message });
        self.answered();
        Ok(())
    }

    /// Takes the last reply back.
    pub fn discard(&mut self, client: &Client) -> Result<(), Ended> {
        let Some(last) = self.replies.last().cloned() else { return Ok(()) };
        self.unanswered = Some(Call::Discard(last.message));
        let text = client.discard(last.message)?;
        assert_eq!(text, last.draft.body);
        self.answered();
        Ok(())
    }

    /// Records that the last call returned `Ok`: its effect is promised from now on.
    pub fn answered(&mut self) {
        match self.unanswered.take() {
            Some(Call::KeepTicket(draft)) => self.ticket_draft = Some(draft),
            Some(Call::Submit(_)) => self.ticket_draft = None,
            Some(Call::KeepReply(draft)) => self.reply_draft = Some(draft),
            Some(Call::Reply(_)) => self.reply_draft = None,
            Some(Call::Discard(_)) => {
                self.discarded = self.replies.pop();
                self.reply_draft = None;
            }
            None => {}
        }
    }

    /// Syncs until nothing waits any more, in at most this many runs. Errors show at the next call.
    pub fn sync(&self, client: &Arc<Client>, runs: usize) {
        let mut executor = Executor::new(self.world.clone());
        let (client, world) = (Arc::clone(client), self.world.clone());
        executor.spawn(async move {
            for _ in 0..runs {
                let report = client.sync(Scope::Everything).await;
                if client.state().map_or(0, |state| state.waiting) == 0 {
                    break;
                }
                world.sleep(report.next.unwrap_or(Duration::from_secs(30))).await;
            }
        });
        // Longer than all pauses of these runs together, and more polls than they need.
        executor.run(86_400_000, &mut 100_000);
    }
}
