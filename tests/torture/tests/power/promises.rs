//! Checks that the client keeps what the user was promised.

use std::sync::Arc;

use pocketdesk::Client;
use pocketdesk::model::TicketDraft;
use pocketdesk::store::file_of;
use rusqlite::Connection;

use crate::session::{Call, Reply, SEEDED, Session};

impl Session {
    /// Checks a reopened client against everything that the user was promised. With `to_the_end`, also sends everything
    /// and checks the server.
    pub fn check_promises(&mut self, to_the_end: bool) {
        let client = self.open().unwrap();
        self.check_file();
        self.drafts_are_kept(&client);
        for (draft, ticket) in &self.tickets {
            assert_eq!(client.ticket(*ticket).unwrap().row.subject, draft.subject);
            assert_eq!(client.thread(*ticket, None, 1).unwrap().messages[0].body, draft.description);
            assert_eq!(client.submit(draft).unwrap(), *ticket, "the same draft must give the same ticket");
        }
        for reply in &self.replies {
            let thread = client.thread(reply.draft.ticket, None, 200).unwrap().messages;
            let there = thread.iter().find(|message| message.id == reply.message);
            let taken_back = matches!(self.unanswered, Some(Call::Discard(message)) if message == reply.message);
            match there {
                Some(there) => assert_eq!(there.body, reply.draft.body),
                None => assert!(taken_back, "an accepted reply is missing"),
            }
            if there.is_some() {
                assert_eq!(
                    client.reply(&reply.draft).unwrap(),
                    reply.message,
                    "the same draft must give the same message"
                );
            }
        }
        self.repeat_unanswered(&client);
        self.check_file();
        if !to_the_end {
            return;
        }
        self.sync(&client, 12);
        self.check_file();
        self.server_has_everything_once(&client);
    }

    /// Checks that the database is sound and its tables agree with each other.
    pub fn check_file(&self) {
        let db = Connection::open(file_of(&self.config.directory, &self.config.account)).unwrap();
        let text = |sql: &str| db.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(text("PRAGMA integrity_check"), "ok");
        assert_eq!(count("SELECT count(*) FROM pragma_foreign_key_check"), 0);
        assert_eq!(
            count("SELECT count(*) FROM drafts d JOIN submissions s ON s.draft = d.id"),
            0,
            "a draft that became a message must not be a draft any more"
        );
        assert_eq!(
            count(
                "SELECT count(*) FROM tickets t WHERE number IS NULL
                 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.ticket = t.id AND o.kind = 'create')"
            ),
            0,
            "a ticket without a number must be in the outbox"
        );
        assert_eq!(
            count(
                "SELECT count(*) FROM messages m JOIN tickets t ON t.id = m.ticket
                 WHERE m.comment IS NULL AND NOT (m.description AND t.number IS NOT NULL)
                 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = m.id)"
            ),
            0,
            "a message that the server does not show must be in the outbox"
        );
        assert_eq!(
            count(
                "SELECT count(*) FROM tickets t WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.ticket = t.id) AND number IS NULL"
            ),
            0
        );
    }

    fn drafts_are_kept(&self, client: &Client) {
        let kept = client.ticket_draft().unwrap();
        let is = |draft: &TicketDraft| kept == *draft;
        let empty = kept.subject.is_empty() && kept.description.is_empty();
        let before = self.ticket_draft.as_ref().map_or(empty, is);
        assert!(
            match &self.unanswered {
                Some(Call::KeepTicket(draft)) => before || is(draft),
                Some(Call::Submit(draft)) => before || empty || is(draft),
                _ => before,
            },
            "{kept:?} is not {:?}; unanswered is {:?}",
            self.ticket_draft,
            self.unanswered
        );
        let unanswered = match &self.unanswered {
            Some(Call::KeepReply(draft) | Call::Reply(draft)) => Some(draft),
            _ => None,
        };
        if let Some(ticket) = self.reply_draft.as_ref().or(unanswered).map(|draft| draft.ticket) {
            let kept = client.reply_draft(ticket).unwrap();
            let before = self.reply_draft.as_ref().map_or(kept.body.is_empty(), |draft| kept == *draft);
            assert!(
                before || unanswered.is_some_and(|draft| kept == *draft || kept.body.is_empty()),
                "{kept:?} is not {:?}",
                self.reply_draft
            );
        }
        if let Some(discarded) = &self.discarded {
            let thread = client.thread(discarded.draft.ticket, None, 200).unwrap().messages;
            assert!(thread.iter().all(|message| message.id != discarded.message));
            assert_eq!(client.reply_draft(discarded.draft.ticket).unwrap().body, discarded.draft.body);
        }
    }

    /// Repeats, as the user would, the call that was not answered.
    fn repeat_unanswered(&mut self, client: &Arc<Client>) {
        let before = client.history(None, 1).unwrap().total;
        match self.unanswered.clone() {
            Some(Call::Submit(draft)) => {
                let there = count_subject(client, &draft.subject);
                self.submit(client, &draft).unwrap();
                assert!(there <= 1);
                assert_eq!(count_subject(client, &draft.subject), 1, "submitted twice, there must be one");
                assert_eq!(client.history(None, 1).unwrap().total, before + 1 - there as u64);
            }
            Some(Call::Reply(draft)) => {
                let message = client.reply(&draft).unwrap();
                self.replies.push(Reply { draft, message });
                self.answered();
            }
            Some(Call::Discard(message)) => {
                let last = self.replies.last().cloned().unwrap();
                let thread = client.thread(last.draft.ticket, None, 200).unwrap().messages;
                let draft = client.reply_draft(last.draft.ticket).unwrap();
                let there = thread.iter().any(|there| there.id == message);
                assert_ne!(
                    there,
                    draft.body == last.draft.body,
                    "the message must be either sent or back in the draft"
                );
                if there {
                    self.discard(client).unwrap();
                } else {
                    self.answered();
                }
            }
            _ => {}
        }
    }

    /// Checks that everything that was accepted is on the server, once, in the order of writing, and on the screen as
    /// well.
    fn server_has_everything_once(&self, client: &Client) {
        assert_eq!(client.state().unwrap().waiting, 0, "everything must be sent");
        let server = self.server.texts();
        assert_eq!(server.len(), usize::from(SEEDED) + self.tickets.len());
        for (draft, ticket) in &self.tickets {
            let mut expected = vec![draft.description.trim().to_owned()];
            let replies = self.replies.iter().filter(|reply| reply.draft.ticket == *ticket);
            expected.extend(replies.map(|reply| reply.draft.body.clone()));
            let found: Vec<_> = server.iter().filter(|(subject, _)| *subject == draft.subject).collect();
            assert_eq!(found.len(), 1, "{}", draft.subject);
            assert_eq!(found[0].1, expected);
            let shown = client.thread(*ticket, None, 200).unwrap().messages;
            assert_eq!(shown.into_iter().map(|message| message.body).collect::<Vec<_>>(), expected);
        }
    }
}

fn count_subject(client: &Client, subject: &str) -> usize {
    client.history(None, 200).unwrap().tickets.iter().filter(|row| row.subject == subject).count()
}
