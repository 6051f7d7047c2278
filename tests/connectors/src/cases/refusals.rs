//! Refusals and odd answers, from the server or from something in between.

use std::time::Duration;

use pocketdesk::model::{Failure, Reached, Reason, ReasonKind, Trouble, undated};

use crate::fixture::Fixture;
use crate::harness::Who;
use crate::network::{Concerned, Instead};
use crate::trouble::{Broken, ensure, same};

const PAGE: &str = "<!DOCTYPE html><html><title>Zugriff verweigert</title><body>Ereignis 20000051</body></html>";

fn instead(to: Concerned, status: u16, body: &'static str) -> Instead {
    let kind = if body.starts_with('<') { "text/html" } else { "application/json" };
    Instead { to, status, header: None, kind, body }
}

/// Every shape in which a server is known to refuse, with the words that the user should see.
const SHAPES: [(&str, &str); 8] = [
    (r#"{"error":"RecordInvalid","description":"Der Text ist zu lang."}"#, "Der Text ist zu lang."),
    (r#"{"error":{"title":"Nein","message":"Der Text ist zu lang."}}"#, "Der Text ist zu lang."),
    (r#"{"error":"x","details":{"base":[{"description":"Der Text ist zu lang."}]}}"#, "Der Text ist zu lang."),
    (r#"{"errors":[{"title":"x"}]}"#, "x"),
    (r#"{"errors":[{"title":"x","detail":"Der Text ist zu lang."}]}"#, "Der Text ist zu lang."),
    (r#"{"errors":{"body":["ist zu lang"]}}"#, "ist zu lang"),
    (r#"{"message":"Der Text\u0007 ist zu lang."}"#, "Der Text ist zu lang."),
    (r#"{"description":"Der Text ist zu lang."}"#, "Der Text ist zu lang."),
];

pub async fn understood(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Wird abgelehnt", "Erster Text.")?).await?.number;
    for status in [400, 422] {
        for (body, words) in SHAPES {
            ada.network.answer_instead(Some(instead(Concerned::Writes, status, body)));
            let server_message = Some(words.to_owned());
            let refused = Some(Failure::NeedsUser(Reason { kind: ReasonKind::Refused, server_message }));
            same!(ada.reply(ticket, "Zweiter Text.").await.err(), refused, "{status} {body}");
        }
    }
    ada.network.answer_instead(None);
    same!(ada.texts(ticket).await?.len(), 1, "comments");
    Ok(())
}

pub async fn not_understood(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Von der Firewall abgelehnt", "Erster Text.")?).await?.number;
    for status in [400, 403, 404, 410, 413, 422, 451] {
        for body in [PAGE, "", "{}", r#"{"blocked":true}"#, "[]"] {
            ada.network.answer_instead(Some(instead(Concerned::Writes, status, body)));
            let outcome = ada.reply(ticket, "<script>").await;
            ensure!(matches!(outcome, Err(Failure::Unexplained { .. })), "{status} {body} to a write: {outcome:?}");
            ada.network.answer_instead(Some(instead(Concerned::All, status, body)));
            for outcome in [undated(ada.remote.ticket(ticket).await).err(), ada.thread(ticket).await.err()] {
                ensure!(matches!(outcome, Some(Failure::TryAgain { .. })), "{status} {body} to a read: {outcome:?}");
            }
        }
    }
    let words =
        Instead { kind: "text/plain", body: "Text contains a forbidden word.", ..instead(Concerned::Writes, 403, "") };
    ada.network.answer_instead(Some(words));
    let server_message = Some("Text contains a forbidden word.".to_owned());
    same!(ada.reply(ticket, "…").await.err(), Some(Failure::Unexplained { server_message }), "plain words");
    ada.network.answer_instead(None);
    same!(ada.texts(ticket).await?.len(), 1, "comments");
    Ok(())
}

pub async fn one_without_access(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Nur dieser Schritt nicht", "Erster Text.")?).await?.number;
    ada.network.answer_instead(Some(instead(
        Concerned::Writes,
        401,
        r#"{"message":"Unauthorized","error":"invalid_token"}"#,
    )));
    same!(ada.reply(ticket, "…").await.err(), Some(Failure::NotAllowed), "a reply that is refused alone");
    same!(undated(ada.remote.ticket(ticket).await)?.number, ticket, "the ticket, read with the same token");
    ada.network.answer_instead(None);
    ada.reply(ticket, "Zweiter Text.").await?;
    Ok(())
}

pub async fn busy(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = ada.create(&fixture.write("Gerade viel los", "Erster Text.")?).await?.number;
    for (status, reached) in [(429, Reached::No), (503, Reached::Maybe)] {
        let header = Some(("retry-after", "17"));
        ada.network.answer_instead(Some(Instead { to: Concerned::All, status, header, kind: "text/html", body: PAGE }));
        let after = Some(Duration::from_secs(17));
        let busy = Some(Failure::TryAgain { trouble: Trouble::Busy, after, reached });
        same!(undated(ada.remote.ticket(ticket).await).err(), busy, "{status} to a read");
        let outcome = ada.reply(ticket, "…").await;
        let is_busy =
            matches!(&outcome, Err(Failure::TryAgain { trouble: Trouble::Busy, after: wait, .. }) if *wait == after);
        ensure!(is_busy, "{status} to a write: {outcome:?}");
    }
    Ok(())
}

pub async fn byte_order_mark(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    ada.network.mark_byte_order();
    let ticket = ada.create(&fixture.write("Mit Marke", "Grüße – שלום")?).await?.number;
    ada.reply(ticket, "Zweiter Text.").await?;
    same!(ada.texts(ticket).await?, vec!["Grüße – שלום".to_owned(), "Zweiter Text.".to_owned()], "the thread");
    ensure!(ada.history().await?.contains(&ticket), "the history does not have the ticket");
    Ok(())
}
