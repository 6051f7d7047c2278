//! What a user does in a session, and what the app told them: the measure of every test here.
//!
//! A [`Session`] goes through one script and writes down every answer. A call that returned `Ok` is a promise; the one call
//! that failed may have happened or not, but not in part. [`Session::kept`] holds the reopened desk to it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pocketdesk::desk::{OpenError, ReplyError, SubmitError};
use pocketdesk::environment::Environment;
use pocketdesk::model::{MessageId, ReplyDraft, TicketDraft, TicketId};
use pocketdesk::remote::{Http, HttpFailure, HttpRequest, HttpResponse, TokenFailure, Tokens};
use pocketdesk::store::{StoreError, file_of};
use pocketdesk::sync::Scope;
use pocketdesk::{Desk, DeskConfig};
use pocketdesk_simulation::{Executor, Fault, ModelDesk, World};
use rusqlite::Connection;

/// Why a session ended early: a call failed, always with the file.
#[derive(Debug, PartialEq, Eq)]
pub struct Ended(pub StoreError);

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}

/// The calls have errors of their own, of which only the file's may come up here.
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

/// Tickets that the desk has before the session.
const SEEDED: usize = 4;

struct SignedIn;

#[async_trait]
impl Tokens for SignedIn {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok("a-token".to_owned())
    }
}

/// The way to the model desk, which hides one ticket from us once it is told to.
struct Way {
    desk: Arc<ModelDesk>,
    hidden: std::sync::Mutex<Option<String>>,
}

#[async_trait]
impl Http for Way {
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
        self.desk.send(request).await
    }
}

/// The last thing that was asked for, until it is answered.
#[derive(Debug, Clone)]
enum Asked {
    KeepTicket(TicketDraft),
    Submit(TicketDraft),
    KeepReply(ReplyDraft),
    Reply(ReplyDraft),
    Discard(MessageId),
}

#[derive(Debug, Clone)]
struct Reply {
    draft: ReplyDraft,
    message: MessageId,
}

/// One user, one device, one desk.
pub struct Session {
    world: World,
    theirs: Arc<ModelDesk>,
    way: Arc<Way>,
    config: DeskConfig,
    desk: Option<Arc<Desk>>,
    tickets: Vec<(TicketDraft, TicketId)>,
    replies: Vec<Reply>,
    ticket_draft: Option<TicketDraft>,
    reply_draft: Option<ReplyDraft>,
    discarded: Option<Reply>,
    asked: Option<Asked>,
}

impl Session {
    pub fn new(folder: &Path) -> Self {
        let world = World::new(7);
        let theirs = Arc::new(ModelDesk::new(world.clone(), 7));
        theirs.fill(SEEDED);
        let way = Arc::new(Way { desk: Arc::clone(&theirs), hidden: std::sync::Mutex::default() });
        Self {
            world,
            theirs,
            way,
            config: DeskConfig::new(folder, "ada", "https://desk.example"),
            desk: None,
            tickets: Vec::new(),
            replies: Vec::new(),
            ticket_draft: None,
            reply_draft: None,
            discarded: None,
            asked: None,
        }
    }

    /// The open desk; opens one if there is none.
    pub fn open(&mut self) -> Result<Arc<Desk>, Ended> {
        if let Some(desk) = &self.desk {
            return Ok(Arc::clone(desk));
        }
        let http: Arc<dyn Http> = Arc::clone(&self.way) as Arc<dyn Http>;
        let world: Arc<dyn Environment> = Arc::new(self.world.clone());
        let desk = Arc::new(Desk::open(&self.config, http, Arc::new(SignedIn), world)?);
        self.desk = Some(Arc::clone(&desk));
        Ok(desk)
    }

    /// The process is gone.
    pub fn drop_desk(&mut self) {
        self.desk = None;
    }

    /// The script. Ends at the first call that fails.
    pub fn run(&mut self) -> Result<(), Ended> {
        let desk = self.open()?;
        let draft = desk.ticket_draft()?;
        let draft = TicketDraft { subject: "Überweisung an".to_owned(), ..draft };
        self.keep_ticket(&desk, &draft)?;
        let draft = TicketDraft {
            subject: "Überweisung an Affiliate fehlt – الرجاء المساعدة 🙏".to_owned(),
            description: "Guten Tag,\n\nseit Montag fehlt sie.".to_owned(),
            cc: vec!["jürgen@reisen.example".to_owned()],
            access: true,
            ..draft
        };
        self.keep_ticket(&desk, &draft)?;
        let first = self.submit(&desk, &draft)?;
        self.reply(&desk, first, "Nachtrag: es sind 1.200 €.")?;
        // The answer to the creation is lost, and so the first page comes while nobody knows.
        self.theirs.expect(&[Fault::CutAfter]);
        self.sync(&desk, 1);
        self.reply(&desk, first, "ok")?;
        self.reply(&desk, first, "ok")?;
        self.theirs.expect(&[Fault::CutBefore, Fault::CutAfter]);
        self.sync(&desk, 8);
        // The app is closed and opened, which empties the log into the file.
        desk.close();
        drop(desk);
        self.drop_desk();
        let desk = self.open()?;
        let long = "Sehr ausführlich, über mehrere Seiten.\n".repeat(300);
        let other = desk.ticket_draft()?;
        let other =
            TicketDraft { subject: "Zweites Anliegen".to_owned(), description: long.trim().to_owned(), ..other };
        let second = self.submit(&desk, &other)?;
        self.reply(&desk, first, "Doch nicht, vergessen Sie es.")?;
        self.discard(&desk)?;
        self.sync(&desk, 8);
        // A ticket that was on screen is no longer ours to see.
        let shown = desk.history(None, 50)?.tickets;
        if let Some(row) = shown.iter().find(|row| row.subject.contains("Vorgang 3")) {
            *self.way.hidden.lock().unwrap() = row.number.map(|number| number.to_string());
            desk.opened(row.id)?;
            self.sync(&desk, 1);
        }
        self.reply(&desk, second, "Noch etwas dazu.")?;
        let typed = ReplyDraft { body: "Und was ich noch".to_owned(), ..desk.reply_draft(second)? };
        self.keep_reply(&desk, &typed)?;
        let last = TicketDraft { subject: "Halb getippt".to_owned(), ..desk.ticket_draft()? };
        self.keep_ticket(&desk, &last)
    }

    fn keep_ticket(&mut self, desk: &Desk, draft: &TicketDraft) -> Result<(), Ended> {
        self.asked = Some(Asked::KeepTicket(draft.clone()));
        desk.save_ticket_draft(draft)?;
        self.answered();
        Ok(())
    }

    pub fn submit(&mut self, desk: &Desk, draft: &TicketDraft) -> Result<TicketId, Ended> {
        self.asked = Some(Asked::Submit(draft.clone()));
        let ticket = desk.submit(draft)?;
        self.tickets.push((draft.clone(), ticket));
        self.answered();
        Ok(ticket)
    }

    fn keep_reply(&mut self, desk: &Desk, draft: &ReplyDraft) -> Result<(), Ended> {
        self.asked = Some(Asked::KeepReply(draft.clone()));
        desk.save_reply_draft(draft)?;
        self.answered();
        Ok(())
    }

    fn reply(&mut self, desk: &Desk, ticket: TicketId, body: &str) -> Result<(), Ended> {
        let draft = ReplyDraft { body: body.to_owned(), ..desk.reply_draft(ticket)? };
        self.keep_reply(desk, &draft)?;
        self.asked = Some(Asked::Reply(draft.clone()));
        let message = desk.reply(&draft)?;
        self.replies.push(Reply { draft, message });
        self.answered();
        Ok(())
    }

    /// Takes the last reply back.
    fn discard(&mut self, desk: &Desk) -> Result<(), Ended> {
        let Some(last) = self.replies.last().cloned() else { return Ok(()) };
        self.asked = Some(Asked::Discard(last.message));
        let text = desk.discard(last.message)?;
        assert_eq!(text, last.draft.body);
        self.answered();
        Ok(())
    }

    /// The call returned `Ok`: what it says holds from now on.
    fn answered(&mut self) {
        match self.asked.take() {
            Some(Asked::KeepTicket(draft)) => self.ticket_draft = Some(draft),
            Some(Asked::Submit(_)) => self.ticket_draft = None,
            Some(Asked::KeepReply(draft)) => self.reply_draft = Some(draft),
            Some(Asked::Reply(_)) => self.reply_draft = None,
            Some(Asked::Discard(_)) => {
                self.discarded = self.replies.pop();
                self.reply_draft = None;
            }
            None => {}
        }
    }

    /// Syncs until nothing waits any more, for at most so many runs. What goes wrong shows at the next call.
    pub fn sync(&self, desk: &Arc<Desk>, runs: usize) {
        let mut executor = Executor::new(self.world.clone());
        let (desk, world) = (Arc::clone(desk), self.world.clone());
        executor.spawn(async move {
            for _ in 0..runs {
                let report = desk.sync(Scope::Everything).await;
                if desk.state().map_or(0, |state| state.waiting) == 0 {
                    break;
                }
                world.sleep(report.next.unwrap_or(Duration::from_secs(30))).await;
            }
        });
        while executor.run(1_000) {}
    }

    /// Holds a reopened desk to everything the user was told; and, if `to_the_end`, sends everything and looks at the other
    /// desk as well.
    pub fn kept(&mut self, to_the_end: bool) {
        let desk = self.open().unwrap();
        self.whole();
        self.drafts_are_kept(&desk);
        for (draft, ticket) in &self.tickets {
            assert_eq!(desk.ticket(*ticket).unwrap().row.subject, draft.subject);
            assert_eq!(desk.thread(*ticket, None, 1).unwrap().messages[0].body, draft.description);
            assert_eq!(desk.submit(draft).unwrap(), *ticket, "the same draft gives the same ticket");
        }
        for reply in &self.replies {
            let thread = desk.thread(reply.draft.ticket, None, 200).unwrap().messages;
            let there = thread.iter().find(|message| message.id == reply.message);
            let taken_back = matches!(self.asked, Some(Asked::Discard(message)) if message == reply.message);
            match there {
                Some(there) => assert_eq!(there.body, reply.draft.body),
                None => assert!(taken_back, "an accepted reply is not there"),
            }
            if there.is_some() {
                assert_eq!(desk.reply(&reply.draft).unwrap(), reply.message, "the same draft gives the same message");
            }
        }
        self.ask_again(&desk);
        self.whole();
        if !to_the_end {
            return;
        }
        self.sync(&desk, 12);
        self.whole();
        self.desk_has_everything_once(&desk);
    }

    /// The file is a whole database, and its tables agree with each other.
    pub fn whole(&self) {
        let db = Connection::open(file_of(&self.config.directory, &self.config.account)).unwrap();
        let word = |sql: &str| db.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(word("PRAGMA integrity_check"), "ok");
        assert_eq!(count("SELECT count(*) FROM pragma_foreign_key_check"), 0);
        assert_eq!(
            count("SELECT count(*) FROM drafts d JOIN submissions s ON s.draft = d.id"),
            0,
            "a draft that became a message is no draft any more"
        );
        assert_eq!(
            count(
                "SELECT count(*) FROM tickets t WHERE number IS NULL
                 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id AND o.kind = 'create')"
            ),
            0,
            "a ticket without a number is on its way"
        );
        assert_eq!(
            count(
                "SELECT count(*) FROM messages m JOIN tickets t ON t.id = m.ticket
                 WHERE m.comment IS NULL AND NOT (m.description AND t.number IS NOT NULL)
                 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = m.id)"
            ),
            0,
            "a message that the desk does not show is on its way"
        );
        assert_eq!(
            count(
                "SELECT count(*) FROM tickets t WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.ticket = t.id) AND number IS NULL"
            ),
            0
        );
    }

    fn drafts_are_kept(&self, desk: &Desk) {
        let kept = desk.ticket_draft().unwrap();
        let is = |draft: &TicketDraft| kept == *draft;
        let empty = kept.subject.is_empty() && kept.description.is_empty();
        let before = self.ticket_draft.as_ref().map_or(empty, is);
        assert!(
            match &self.asked {
                Some(Asked::KeepTicket(draft)) => before || is(draft),
                Some(Asked::Submit(draft)) => before || empty || is(draft),
                _ => before,
            },
            "{kept:?} is not {:?}, asked {:?}",
            self.ticket_draft,
            self.asked
        );
        let asked = match &self.asked {
            Some(Asked::KeepReply(draft) | Asked::Reply(draft)) => Some(draft),
            _ => None,
        };
        if let Some(ticket) = self.reply_draft.as_ref().or(asked).map(|draft| draft.ticket) {
            let kept = desk.reply_draft(ticket).unwrap();
            let before = self.reply_draft.as_ref().map_or(kept.body.is_empty(), |draft| kept == *draft);
            assert!(
                before || asked.is_some_and(|draft| kept == *draft || kept.body.is_empty()),
                "{kept:?} is not {:?}",
                self.reply_draft
            );
        }
        if let Some(discarded) = &self.discarded {
            let thread = desk.thread(discarded.draft.ticket, None, 200).unwrap().messages;
            assert!(thread.iter().all(|message| message.id != discarded.message));
            assert_eq!(desk.reply_draft(discarded.draft.ticket).unwrap().body, discarded.draft.body);
        }
    }

    /// The user does again what was not answered.
    fn ask_again(&mut self, desk: &Arc<Desk>) {
        let before = desk.history(None, 1).unwrap().total;
        match self.asked.clone() {
            Some(Asked::Submit(draft)) => {
                let there = count_subject(desk, &draft.subject);
                self.submit(desk, &draft).unwrap();
                assert!(there <= 1);
                assert_eq!(count_subject(desk, &draft.subject), 1, "asked twice, there once");
                assert_eq!(desk.history(None, 1).unwrap().total, before + 1 - there as u64);
            }
            Some(Asked::Reply(draft)) => {
                let message = desk.reply(&draft).unwrap();
                self.replies.push(Reply { draft, message });
                self.answered();
            }
            Some(Asked::Discard(message)) => {
                let last = self.replies.last().cloned().unwrap();
                let thread = desk.thread(last.draft.ticket, None, 200).unwrap().messages;
                let draft = desk.reply_draft(last.draft.ticket).unwrap();
                let there = thread.iter().any(|there| there.id == message);
                assert_ne!(there, draft.body == last.draft.body, "either sent or back in the draft");
                if there {
                    self.discard(desk).unwrap();
                } else {
                    self.answered();
                }
            }
            _ => {}
        }
    }

    /// Everything that was accepted is at the desk, once, and in the order of writing; and on the screen as well.
    fn desk_has_everything_once(&self, desk: &Desk) {
        assert_eq!(desk.state().unwrap().waiting, 0, "everything was sent");
        let theirs = self.theirs.tickets();
        assert_eq!(theirs.len(), SEEDED + self.tickets.len());
        for (draft, ticket) in &self.tickets {
            let mut expected = vec![draft.description.trim().to_owned()];
            let replies = self.replies.iter().filter(|reply| reply.draft.ticket == *ticket);
            expected.extend(replies.map(|reply| reply.draft.body.clone()));
            let found: Vec<_> = theirs.iter().filter(|(subject, _)| *subject == draft.subject).collect();
            assert_eq!(found.len(), 1, "{}", draft.subject);
            assert_eq!(found[0].1, expected);
            let shown = desk.thread(*ticket, None, 200).unwrap().messages;
            assert_eq!(shown.into_iter().map(|message| message.body).collect::<Vec<_>>(), expected);
        }
    }
}

fn count_subject(desk: &Desk, subject: &str) -> usize {
    desk.history(None, 200).unwrap().tickets.iter().filter(|row| row.subject == subject).count()
}
