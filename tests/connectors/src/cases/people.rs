//! Tokens, and the users they speak for.

use pocketdesk::model::Failure;
use pocketdesk::model::{ReasonKind, undated};
use pocketdesk::net::TokenFailure;

use crate::fixture::Fixture;
use crate::harness::Who;
use crate::trouble::{Broken, ensure, same};

pub async fn known(fixture: &Fixture) -> Result<(), Broken> {
    let (ada, ben) = (fixture.user(Who::Ada).await?, fixture.user(Who::Ben).await?);
    for (client, who) in [(&ada, Who::Ada), (&ben, Who::Ben)] {
        let person = fixture.server.person(who);
        same!(client.me.name, person.name, "the name");
        if let Some(email) = &client.me.email {
            same!(email.to_lowercase(), person.email.to_lowercase(), "the address");
        }
    }
    ensure!(ada.me.id != ben.me.id, "two users have the same id");
    same!(ada.remote.begin(Some(ada.me.id)).await?.id, ada.me.id, "the id in the next run");
    let writes = ada.network.traffic().writes;
    same!(writes, 0, "writes at the beginning of a run");
    Ok(())
}

pub async fn wrong_user(fixture: &Fixture) -> Result<(), Broken> {
    let (ada, ben) = (fixture.user(Who::Ada).await?, fixture.user(Who::Ben).await?);
    let refused = Failure::needs(ReasonKind::WrongUser);
    same!(ada.remote.begin(Some(ben.me.id)).await.err(), Some(refused), "Ada's token in Ben's file");
    let subject = "Gehört Ada, nicht Ben";
    ensure!(ada.create(&fixture.write(subject, "…")?).await.is_err(), "a run that ended must not send");
    same!(fixture.server.tickets(subject).await?, Vec::new(), "tickets on the server");
    Ok(())
}

pub async fn replaced(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    fixture.server.revoke_tokens(Who::Ada).await?;
    ada.tokens.when_refused(Ok(fixture.server.token(Who::Ada).await?));
    let subject = "Während der Sitzung abgemeldet";
    let made = ada.create(&fixture.write(subject, "Wird mit dem neuen Token gesendet.")?).await?;
    same!(fixture.server.tickets(subject).await?, vec![made.number], "tickets on the server");
    fixture.server.revoke_tokens(Who::Ada).await?;
    ada.tokens.when_refused(Ok(fixture.server.token(Who::Ada).await?));
    same!(ada.texts(made.number).await?.len(), 1, "comments, read with a third token");
    Ok(())
}

pub async fn signed_out(fixture: &Fixture) -> Result<(), Broken> {
    for answer in [None, Some(Err(TokenFailure::SignedOut))] {
        let ada = fixture.user(Who::Ada).await?;
        let subject = "Abgemeldet";
        let made = ada.create(&fixture.write(subject, "Vorher.")?).await?;
        fixture.server.revoke_tokens(Who::Ada).await?;
        if let Some(answer) = answer {
            ada.tokens.when_refused(answer);
        }
        let signed_out = Some(Failure::needs(ReasonKind::SignedOut));
        same!(ada.reply(made.number, "Nachher.").await.err(), signed_out, "a reply");
        same!(undated(ada.remote.ticket(made.number).await).err(), signed_out, "a read");
        same!(fixture.server.texts(made.number).await?.len(), 1, "comments on the server");
    }
    Ok(())
}

pub async fn switched(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    fixture.server.revoke_tokens(Who::Ada).await?;
    ada.tokens.when_refused(Ok(fixture.server.token(Who::Ben).await?));
    let subject = "Von Ada geschrieben, als Ben sich anmeldete";
    let outcome = ada.create(&fixture.write(subject, "…")?).await.err();
    same!(outcome, Some(Failure::needs(ReasonKind::WrongUser)), "Ben's token in Ada's run");
    same!(fixture.server.tickets(subject).await?, Vec::new(), "tickets on the server");
    Ok(())
}
