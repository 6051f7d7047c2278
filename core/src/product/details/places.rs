//! Where a ticket's screen offers its actions, and what stands at the place of the reply.

use crate::model::{Delivery, DetailItem, DetailPart, StatusKind, Ticket, TicketStatus};
use crate::product::definition::parts::actions::ActionPlace;
use crate::product::strings::Strings;
use crate::product::{ActionOffer, OfferKind, Product};

/// What stands at the place of the reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyPlace {
    /// Nothing: the messages are a transcript, or there are none.
    None,
    /// The field for a reply.
    Field,
    /// That the ticket takes no reply, and what is offered then.
    Notice,
}

/// Where the actions of a ticket are offered, beside the items and steps of its details.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Places {
    /// At the ticket's head.
    pub head: Vec<ActionOffer>,
    /// Below the details.
    pub menu: Vec<ActionOffer>,
    /// Beside the notice that the ticket takes no reply: what begins a new ticket, wherever the product has it otherwise.
    pub notice: Vec<ActionOffer>,
}

impl Places {
    /// The places of the actions that are offered on a ticket whose details have these parts.
    #[must_use]
    pub fn of(offered: &[ActionOffer], parts: &[DetailPart], can_reply: bool) -> Self {
        let in_notice = |offer: &ActionOffer| !can_reply && offer.kind == OfferKind::NewRequest;
        let placed = placed(parts);
        let at = |place, is_free: &dyn Fn(&ActionOffer) -> bool| {
            let here = |offer: &&ActionOffer| offer.place == place && !in_notice(offer) && is_free(offer);
            offered.iter().filter(here).cloned().collect()
        };
        Self {
            head: at(ActionPlace::Head, &|_| true),
            menu: at(ActionPlace::Menu, &|offer| !placed.contains(&offer.id.as_str())),
            notice: offered.iter().filter(|offer| in_notice(offer)).cloned().collect(),
        }
    }
}

/// The ids of the actions that have a place among the items and steps.
fn placed(parts: &[DetailPart]) -> Vec<&str> {
    let sections = parts.iter().filter_map(|part| match part {
        DetailPart::Section(section) => Some(section),
        DetailPart::Thread | DetailPart::Transcript | DetailPart::Note(_) => None,
    });
    let placed = sections.flat_map(|section| {
        let items = section.items.iter().filter_map(|item| match item {
            DetailItem::Action { id } => Some(id.as_str()),
            DetailItem::Value { .. } | DetailItem::Note { .. } => None,
        });
        let steps = section.timeline.iter().flat_map(|timeline| &timeline.steps);
        items.chain(steps.filter_map(|step| step.action.as_deref()))
    });
    placed.collect()
}

impl ReplyPlace {
    /// What stands at the place of the reply on a ticket whose details have these parts. The transcript of a chat takes no
    /// reply, and nothing is said about that.
    #[must_use]
    pub fn of(parts: &[DetailPart], can_reply: bool) -> Self {
        match () {
            () if !can_reply => Self::Notice,
            () if parts.contains(&DetailPart::Thread) => Self::Field,
            () => Self::None,
        }
    }
}

impl Product {
    /// What a status means; `None` if nobody has explained it, as one that is shown by the server's own name.
    #[must_use]
    pub fn explanation(&self, status: &TicketStatus, strings: &Strings) -> Option<String> {
        if status.label.is_some() {
            return None;
        }
        let key = match &status.id {
            Some(id) => format!("status.{}.explanation", id.0),
            None => "status.unknown.explanation".to_owned(),
        };
        strings.find(&key).map(str::to_owned)
    }

    /// What is said at the place of the reply: the status's own words, why no reply is possible, or that one reopens the
    /// ticket; of a ticket without an account, where the answer comes (`email`). `None` if there is nothing to say.
    #[must_use]
    pub fn reply_note_key(&self, ticket: &Ticket) -> Option<&str> {
        if ticket.answers_go_to.is_some() {
            return (ticket.delivery == Delivery::Sent).then_some("anonymous.sent");
        }
        let status = &ticket.row.status;
        // One that was closed before it disappeared takes no reply for that reason.
        if !ticket.row.visible && status.kind != StatusKind::Closed {
            return Some("reason.no_longer_visible");
        }
        let banner = self.defined(status).and_then(|known| known.banner.as_ref());
        match banner {
            Some(key) => Some(&key.0),
            None if !ticket.can_reply => Some("ticket.closed"),
            None => ticket.reopens.then_some("ticket.reopens"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DetailSection, Progress, Timeline, TimelineStep};

    fn offer(id: &str, kind: OfferKind, place: ActionPlace) -> ActionOffer {
        ActionOffer {
            id: id.to_owned(),
            kind,
            label: id.to_owned(),
            place,
            confirm: None,
            body: None,
            warn: None,
            feedback: None,
            toggle: None,
        }
    }

    fn offers() -> Vec<ActionOffer> {
        vec![
            offer("solve", OfferKind::Solve, ActionPlace::Head),
            offer("add_cc", OfferKind::AddCc, ActionPlace::Menu),
            offer("Frist verlängern", OfferKind::Reply, ActionPlace::Menu),
            offer("approve", OfferKind::Reply, ActionPlace::Menu),
            offer("follow_up", OfferKind::NewRequest, ActionPlace::Head),
            offer("again", OfferKind::NewRequest, ActionPlace::Menu),
        ]
    }

    fn parts() -> Vec<DetailPart> {
        let step = TimelineStep {
            id: "review".to_owned(),
            label: "Prüfung".to_owned(),
            explanation: None,
            at: None,
            progress: Progress::Current,
            action: Some("approve".to_owned()),
        };
        let section = DetailSection {
            id: "facts".to_owned(),
            title: None,
            collapsible: false,
            hint: None,
            items: vec![DetailItem::Action { id: "Frist verlängern".to_owned() }],
            timeline: Some(Timeline { steps: vec![step], estimate: None }),
        };
        vec![DetailPart::Section(section), DetailPart::Thread]
    }

    fn ids(offers: &[ActionOffer]) -> Vec<&str> {
        offers.iter().map(|offer| offer.id.as_str()).collect()
    }

    #[test]
    fn an_action_stands_at_one_place_and_not_again_below_the_details() {
        let places = Places::of(&offers(), &parts(), true);
        assert_eq!(ids(&places.head), ["solve", "follow_up"]);
        assert_eq!(ids(&places.menu), ["add_cc", "again"]);
        assert_eq!(places.notice, []);
    }

    #[test]
    fn where_no_reply_is_possible_a_new_ticket_is_offered_beside_the_notice_and_nowhere_else() {
        let places = Places::of(&offers(), &parts(), false);
        assert_eq!(ids(&places.notice), ["follow_up", "again"]);
        assert_eq!(ids(&places.head), ["solve"]);
        assert_eq!(ids(&places.menu), ["add_cc"]);
    }

    #[test]
    fn a_transcript_has_no_reply_and_says_nothing_but_that_the_ticket_is_closed() {
        assert_eq!(ReplyPlace::of(&parts(), true), ReplyPlace::Field);
        assert_eq!(ReplyPlace::of(&parts(), false), ReplyPlace::Notice);
        assert_eq!(ReplyPlace::of(&[DetailPart::Transcript], true), ReplyPlace::None);
        assert_eq!(ReplyPlace::of(&[DetailPart::Transcript], false), ReplyPlace::Notice);
    }
}
