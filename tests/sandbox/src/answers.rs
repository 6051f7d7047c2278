//! The agent who answers automatically (`--answers SECONDS`): each time one public answer in the ticket's language,
//! after which the ticket is `pending`.

use std::sync::Arc;

use rusqlite::Connection;

use crate::rules::{self, Refusal};
use crate::server::Server;
use crate::store::{comments, tickets};
use crate::users;

/// Schedules the answer to what a user just wrote. Does nothing unless the server was started with `answers`.
pub fn plan(server: &Arc<Server>, ticket: i64) {
    let Some(delay) = server.options.answers else { return };
    let (server, generation) = (Arc::clone(server), server.generation());
    tokio::spawn(async move {
        tokio::time::sleep(delay).await;
        if server.generation() == generation {
            // A ticket that was closed in the meantime stays unanswered.
            let _ = server.write_for_agent(ticket, |db, now| answer(db, ticket, now));
        }
    });
}

fn answer(db: &Connection, id: i64, now: i64) -> Result<(), Refusal> {
    let Some(ticket) = tickets::find(db, id, None)? else { return Ok(()) };
    let thread = comments::thread(db, id)?;
    let answered = thread.iter().filter(|comment| users::is_agent(comment.author_id)).count();
    let written: String = thread.iter().map(|comment| comment.body.to_lowercase() + " ").collect();
    let texts = match language(&format!("{} {written}", ticket.subject.to_lowercase())) {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
        Language::Spanish => &SPANISH,
    };
    let agent = rules::answering_agent(&ticket, users::MARTA.id);
    let body = texts[answered.min(texts.len() - 1)];
    rules::agent_writes(db, agent, &ticket, (body, true), Some("pending"), now).map(drop)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    English,
    German,
    Spanish,
}

/// The language whose most common words occur most often; English if none do.
fn language(text: &str) -> Language {
    let words: Vec<&str> = text.split(|letter: char| !letter.is_alphabetic()).collect();
    let hits = |common: &[&str]| words.iter().filter(|word| common.contains(word)).count();
    let english = hits(&["the", "and", "is", "for", "we", "to", "of", "our", "not", "please"]);
    let german = hits(&["der", "die", "das", "und", "ist", "wir", "nicht", "für", "bitte", "ein", "eine"]);
    let spanish = hits(&["el", "los", "las", "que", "y", "para", "por", "una", "nuestro", "nuestra", "hola"]);
    match () {
        () if german > english && german >= spanish => Language::German,
        () if spanish > english => Language::Spanish,
        () => Language::English,
    }
}

const ENGLISH: [&str; 2] = [
    "Thank you for getting in touch. I have looked at your account and need one more detail to continue: since when do you see this, \
     and does it concern all partners or only some of them?",
    "Thanks, that helps. I have passed it to the team that looks after this part. Could you check once more from your side and tell me \
     whether anything has changed?",
];
const GERMAN: [&str; 2] = [
    "Vielen Dank für Ihre Nachricht. Ich habe mir Ihr Konto angesehen und brauche noch eine Angabe: Seit wann tritt das auf, und betrifft \
     es alle Partner oder nur einzelne?",
    "Danke, das hilft mir weiter. Ich habe es an das zuständige Team gegeben. Könnten Sie bitte noch einmal prüfen, ob sich auf Ihrer Seite \
     etwas geändert hat?",
];
const SPANISH: [&str; 2] = [
    "Gracias por escribirnos. He revisado tu cuenta y necesito un dato más: ¿desde cuándo ocurre y afecta a todos los partners o solo a \
     algunos?",
    "Gracias, eso ayuda. Lo he pasado al equipo responsable. ¿Podrías comprobar una vez más si ha cambiado algo por tu parte?",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_in_the_language_of_the_ticket() {
        assert_eq!(language("die auszahlung für märz ist nicht angekommen"), Language::German);
        assert_eq!(language("hola, no vemos las comisiones que faltan"), Language::Spanish);
        assert_eq!(language("the payout for march is missing"), Language::English);
        assert_eq!(language("👋"), Language::English);
    }
}
