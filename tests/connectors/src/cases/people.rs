//! The token, and whom it speaks for.

use pocketdesk::model::Failure;
use pocketdesk::model::ReasonKind;
use pocketdesk::net::TokenFailure;

use crate::harness::Who;
use crate::scene::Scene;
use crate::trouble::{Broken, ensure, same};

pub async fn known(scene: &Scene) -> Result<(), Broken> {
    let (ada, ben) = (scene.client(Who::Ada).await?, scene.client(Who::Ben).await?);
    for (client, who) in [(&ada, Who::Ada), (&ben, Who::Ben)] {
        let person = scene.place.person(who);
        same!(client.me.name, person.name, "the name");
        if let Some(email) = &client.me.email {
            same!(email.to_lowercase(), person.email.to_lowercase(), "the address");
        }
    }
    ensure!(ada.me.id != ben.me.id, "two users have one id");
    same!(ada.remote.begin(Some(ada.me.id)).await?.id, ada.me.id, "the id in the next run");
    let writes = ada.network.traffic().writes;
    same!(writes, 0, "what a run changes by beginning");
    Ok(())
}

pub async fn somebody_else(scene: &Scene) -> Result<(), Broken> {
    let (ada, ben) = (scene.client(Who::Ada).await?, scene.client(Who::Ben).await?);
    let refused = Failure::needs(ReasonKind::WrongUser);
    same!(ada.remote.begin(Some(ben.me.id)).await.err(), Some(refused), "Ada's token in Ben's file");
    let subject = "Gehört Ada, nicht Ben";
    ensure!(ada.create(&scene.write(subject, "…")?).await.is_err(), "a run that ended sends all the same");
    same!(scene.place.tickets(subject).await?, Vec::new(), "tickets at the server");
    Ok(())
}

pub async fn replaced(scene: &Scene) -> Result<(), Broken> {
    let ada = scene.client(Who::Ada).await?;
    scene.place.revoke_tokens(Who::Ada).await?;
    ada.wallet.when_refused(Ok(scene.place.token(Who::Ada).await?));
    let subject = "Während der Sitzung abgemeldet";
    let made = ada.create(&scene.write(subject, "Wird mit dem neuen Token gesendet.")?).await?;
    same!(scene.place.tickets(subject).await?, vec![made.number], "tickets at the server");
    scene.place.revoke_tokens(Who::Ada).await?;
    ada.wallet.when_refused(Ok(scene.place.token(Who::Ada).await?));
    same!(ada.texts(made.number).await?.len(), 1, "comments, read with a third token");
    Ok(())
}

pub async fn signed_out(scene: &Scene) -> Result<(), Broken> {
    for answer in [None, Some(Err(TokenFailure::SignedOut))] {
        let ada = scene.client(Who::Ada).await?;
        let subject = "Abgemeldet";
        let made = ada.create(&scene.write(subject, "Vorher.")?).await?;
        scene.place.revoke_tokens(Who::Ada).await?;
        if let Some(answer) = answer {
            ada.wallet.when_refused(answer);
        }
        let signed_out = Some(Failure::needs(ReasonKind::SignedOut));
        same!(ada.reply(made.number, "Nachher.").await.err(), signed_out, "a reply");
        same!(ada.remote.ticket(made.number).await.err(), signed_out, "a read");
        same!(scene.place.texts(made.number).await?.len(), 1, "comments at the server");
    }
    Ok(())
}

pub async fn switched(scene: &Scene) -> Result<(), Broken> {
    let ada = scene.client(Who::Ada).await?;
    scene.place.revoke_tokens(Who::Ada).await?;
    ada.wallet.when_refused(Ok(scene.place.token(Who::Ben).await?));
    let subject = "Von Ada geschrieben, als Ben sich anmeldete";
    let outcome = ada.create(&scene.write(subject, "…")?).await.err();
    same!(outcome, Some(Failure::needs(ReasonKind::WrongUser)), "Ben's token in Ada's run");
    same!(scene.place.tickets(subject).await?, Vec::new(), "tickets at the server");
    Ok(())
}
