//! Feedback and toggles, which are written beside a ticket.

use pocketdesk::model::{Failure, Feedback, FeedbackState, Reached, StatusKind, TicketNumber, Toggle, Write};

use crate::fixture::Fixture;
use crate::harness::{Answer, TOGGLE, Who};
use crate::network::When;
use crate::trouble::{Broken, ensure, same};
use crate::user_connector::UserConnector;

/// The most requests for one write.
const MAX_REQUESTS: usize = 6;

fn feedback(text: &str) -> Write {
    Write::Feedback(Feedback { answers: 2, chosen: 1, text: Some(text.to_owned()) })
}

fn toggle(on: bool) -> Write {
    Write::Toggle(Toggle { field: TOGGLE.to_owned(), on })
}

/// Whether a write that failed so may have been applied.
fn may_be_applied(failure: &Failure) -> bool {
    matches!(failure, Failure::TryAgain { reached: Reached::Maybe, .. } | Failure::Unexplained { .. })
}

/// A new ticket that an agent has answered.
async fn answered(fixture: &Fixture, ada: &UserConnector) -> Result<TicketNumber, Broken> {
    let write = fixture.write_shared("Auszahlung für Zürich fehlt 🧾", "Seit März – שלום")?;
    let ticket = ada.create(&write).await?.number;
    let answer = Answer { text: "Bitte prüfen.", status: Some(StatusKind::AwaitingUser), ..Answer::default() };
    fixture.server.answer(ticket, &answer).await?;
    Ok(ticket)
}

async fn solved(fixture: &Fixture, ada: &UserConnector) -> Result<TicketNumber, Broken> {
    let ticket = answered(fixture, ada).await?;
    fixture.server.set_status(ticket, StatusKind::Solved).await?;
    Ok(ticket)
}

pub async fn given_once(fixture: &Fixture) -> Result<(), Broken> {
    let (ada, ben) = (fixture.user(Who::Ada).await?, fixture.user(Who::Ben).await?);
    for system in fixture.server.feedback_systems() {
        fixture.server.activate_feedback(system).await?;
        let ticket = answered(fixture, &ada).await?;
        same!(ada.extras(ticket).await?.feedback, Some(FeedbackState::NotOffered), "{system}: of an open ticket");
        let early = ada.deliver_extra(ticket, &feedback("Zu früh")).await;
        ensure!(matches!(early, Err(Failure::NeedsUser(_) | Failure::NotAllowed)), "{system}: too early: {early:?}");

        fixture.server.set_status(ticket, StatusKind::Solved).await?;
        same!(ada.extras(ticket).await?.feedback, Some(FeedbackState::Offered), "{system}: of a closed ticket");
        let others = ben.deliver_extra(ticket, &feedback("Nicht meines")).await;
        ensure!(matches!(others, Err(Failure::NeedsUser(_) | Failure::NotAllowed)), "{system}: another's: {others:?}");
        same!(fixture.server.feedback(ticket).await?, None, "{system}: before it was given");

        ada.deliver_extra(ticket, &feedback("Schnell & freundlich 🙏")).await?;
        let given = Some("Schnell & freundlich 🙏".to_owned());
        same!(fixture.server.feedback(ticket).await?, given, "{system}: on the server");
        same!(ada.extras(ticket).await?.feedback, Some(FeedbackState::Given), "{system}: afterwards");
        let again = ada.deliver_extra(ticket, &feedback("Noch einmal")).await;
        ensure!(matches!(again, Err(Failure::NeedsUser(_) | Failure::NotAllowed)), "{system}: again: {again:?}");
        same!(fixture.server.feedback(ticket).await?, given, "{system}: after the second time");
        ensure!(ada.texts(ticket).await?.len() == 2, "{system}: feedback is no comment");
    }
    Ok(())
}

pub async fn feedback_cut(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    for system in fixture.server.feedback_systems() {
        fixture.server.activate_feedback(system).await?;
        let mut recognised = 0;
        for when in [When::Before, When::After] {
            for skip in 0..MAX_REQUESTS {
                let ticket = solved(fixture, &ada).await?;
                let before = ada.network.traffic();
                ada.network.cut(skip, when);
                let outcome = ada.deliver_extra(ticket, &feedback("Danke")).await;
                ada.network.stop_cutting();
                let is_there = fixture.server.feedback(ticket).await?.is_some();
                let may_be_there = outcome.as_ref().err().is_none_or(may_be_applied);
                ensure!(may_be_there || !is_there, "{system} {when:?} {skip}: {outcome:?} although it was applied");
                let state = if is_there { FeedbackState::Given } else { FeedbackState::Offered };
                same!(ada.extras(ticket).await?.feedback, Some(state), "{system} {when:?} {skip}");
                recognised += usize::from(is_there && outcome.is_err());
                if ada.network.traffic().since(before).requests <= skip {
                    break;
                }
            }
        }
        ensure!(recognised > 0, "{system}: no answer was lost");
    }
    Ok(())
}

async fn shown(user: &UserConnector, ticket: TicketNumber) -> Result<Option<Option<bool>>, Broken> {
    Ok(user.extras(ticket).await?.toggles.get(TOGGLE).copied())
}

pub async fn toggled(fixture: &Fixture) -> Result<(), Broken> {
    let (ada, ben) = (fixture.user(Who::Ada).await?, fixture.user(Who::Ben).await?);
    let (ticket, other) = (answered(fixture, &ada).await?, answered(fixture, &ada).await?);
    same!(shown(&ada, ticket).await?, Some(None), "before it was set");
    // It is made, changed, and written again with the same value, as after a lost answer.
    for on in [true, false, true, true] {
        ada.deliver_extra(ticket, &toggle(on)).await?;
        same!(fixture.server.toggle(ticket, Who::Ada).await?, Some(on), "on the server");
        same!(shown(&ada, ticket).await?, Some(Some(on)), "afterwards");
    }
    same!(shown(&ada, other).await?, Some(None), "of another ticket");
    same!(shown(&ben, ticket).await?, Some(None), "of a colleague");
    ben.deliver_extra(ticket, &toggle(false)).await?;
    same!(shown(&ada, ticket).await?, Some(Some(true)), "after the colleague set it");
    same!(shown(&ben, ticket).await?, Some(Some(false)), "the colleague's own");
    Ok(())
}

pub async fn toggle_cut(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = answered(fixture, &ada).await?;
    let mut recognised = 0;
    for when in [When::Before, When::After] {
        for skip in 0..MAX_REQUESTS {
            ada.deliver_extra(ticket, &toggle(false)).await?;
            let before = ada.network.traffic();
            ada.network.cut(skip, when);
            let outcome = ada.deliver_extra(ticket, &toggle(true)).await;
            ada.network.stop_cutting();
            let is_on = fixture.server.toggle(ticket, Who::Ada).await? == Some(true);
            let may_be_there = outcome.as_ref().err().is_none_or(may_be_applied);
            ensure!(may_be_there || !is_on, "{when:?} {skip}: {outcome:?} although it was applied");
            same!(shown(&ada, ticket).await?, Some(Some(is_on)), "{when:?} {skip}");
            recognised += usize::from(is_on && outcome.is_err());
            if ada.network.traffic().since(before).requests <= skip {
                break;
            }
        }
    }
    ensure!(recognised > 0, "no answer was lost");
    Ok(())
}

pub async fn toggle_refused(fixture: &Fixture) -> Result<(), Broken> {
    let ada = fixture.user(Who::Ada).await?;
    let ticket = answered(fixture, &ada).await?;
    ada.deliver_extra(ticket, &toggle(true)).await?;
    fixture.server.allow_toggles(false).await?;
    let refused = ada.deliver_extra(ticket, &toggle(false)).await;
    same!(refused, Err(Failure::NotAllowed), "the second value");
    same!(fixture.server.toggle(ticket, Who::Ada).await?, Some(true), "on the server");
    same!(shown(&ada, ticket).await?, None, "what is shown");
    ensure!(ada.texts(ticket).await?.len() == 2, "the ticket itself can still be read");
    Ok(())
}
