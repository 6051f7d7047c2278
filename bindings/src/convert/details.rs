//! Conversions of the detail screen and its actions.

use pocketdesk::{client, model, product};

use crate::types::{
    Acted, ActionOffer, ActionPlace, DetailItem, DetailPart, DetailSection, Estimate, FeedbackAnswer, FeedbackForm,
    OfferKind, ReplyAlternative, ReplyPlace, ShownLink, ShownValue, StepProgress, TicketDetails, Timeline,
    TimelineStep, ToggleOffer,
};

super::same_variants! {
    model::Progress => StepProgress { Done, Current, NotReached }
    product::ReplyPlace => ReplyPlace { None, Field, Notice }
    product::OfferKind => OfferKind { Solve, AddCc, Reply, NewRequest, Feedback, Toggle }
    product::definition::parts::actions::ActionPlace => ActionPlace { Menu, Head }
}

impl From<client::TicketDetails> for TicketDetails {
    fn from(details: client::TicketDetails) -> Self {
        let offers = |offers: Vec<product::ActionOffer>| offers.into_iter().map(ActionOffer::from).collect();
        Self {
            shows_messages: details.shows_messages(),
            parts: details.parts.into_iter().map(DetailPart::from).collect(),
            actions: offers(details.actions),
            reply_place: details.reply_place.into(),
            reply_note: details.reply_note,
            explanation: details.explanation,
            head: offers(details.places.head),
            menu: offers(details.places.menu),
            notice: offers(details.places.notice),
            thanks: details.thanks,
            reply_alternatives: details.reply_alternatives.into_iter().map(ReplyAlternative::from).collect(),
        }
    }
}

impl From<model::ReplyAlternative> for ReplyAlternative {
    fn from(alternative: model::ReplyAlternative) -> Self {
        match alternative {
            model::ReplyAlternative::Copy { label, value } => Self::Copy { label, value },
            model::ReplyAlternative::AnswerMail { text } => Self::AnswerMail { text },
            model::ReplyAlternative::NewRequest { label } => Self::NewRequest { label },
        }
    }
}

impl From<model::DetailPart> for DetailPart {
    fn from(part: model::DetailPart) -> Self {
        match part {
            model::DetailPart::Section(section) => Self::Section { section: section.into() },
            model::DetailPart::Thread => Self::Thread,
            model::DetailPart::Transcript => Self::Transcript,
            model::DetailPart::Note(text) => Self::Note { text },
        }
    }
}

impl From<model::DetailSection> for DetailSection {
    fn from(section: model::DetailSection) -> Self {
        Self {
            id: section.id,
            title: section.title,
            collapsible: section.collapsible,
            hint: section.hint,
            items: section.items.into_iter().map(DetailItem::from).collect(),
            timeline: section.timeline.map(Timeline::from),
        }
    }
}

impl From<model::DetailItem> for DetailItem {
    fn from(item: model::DetailItem) -> Self {
        match item {
            model::DetailItem::Value { id, label, value, secret, copy } => {
                Self::Value { id, label, value: value.map(ShownValue::from), secret, copy }
            }
            model::DetailItem::Action { id } => Self::Action { id },
            model::DetailItem::Note { text } => Self::Note { text },
        }
    }
}

impl From<model::ShownValue> for ShownValue {
    fn from(value: model::ShownValue) -> Self {
        match value {
            model::ShownValue::Text(text) => Self::Text { text },
            model::ShownValue::Texts(texts) => Self::Texts { texts },
            model::ShownValue::Status(status) => Self::Status { status: status.into() },
            model::ShownValue::Instant(at) => Self::Instant { at: at.0 },
            model::ShownValue::Day(day) => Self::Day { day },
            model::ShownValue::Links(links) => {
                let link = |model::ShownLink { title, url }| ShownLink { title, url };
                Self::Links { links: links.into_iter().map(link).collect() }
            }
        }
    }
}

impl From<model::Timeline> for Timeline {
    fn from(timeline: model::Timeline) -> Self {
        let estimate = |model::Estimate { at, note }| Estimate { at: at.into(), note };
        Self {
            steps: timeline.steps.into_iter().map(TimelineStep::from).collect(),
            estimate: timeline.estimate.map(estimate),
        }
    }
}

impl From<model::TimelineStep> for TimelineStep {
    fn from(step: model::TimelineStep) -> Self {
        Self {
            id: step.id,
            label: step.label,
            explanation: step.explanation,
            at: step.at.map(|at| at.0),
            progress_key: step.progress.string_key().to_owned(),
            progress: step.progress.into(),
            action: step.action,
        }
    }
}

impl From<product::ActionOffer> for ActionOffer {
    fn from(offer: product::ActionOffer) -> Self {
        Self {
            asks_first: offer.asks_first(),
            question: offer.question().to_owned(),
            explanation: offer.explanation(),
            id: offer.id,
            kind: offer.kind.into(),
            label: offer.label,
            place: offer.place.into(),
            confirm: offer.confirm,
            body: offer.body,
            warn: offer.warn,
            feedback: offer.feedback.map(FeedbackForm::from),
            toggle: offer.toggle.map(ToggleOffer::from),
        }
    }
}

impl From<product::FeedbackForm> for FeedbackForm {
    fn from(form: product::FeedbackForm) -> Self {
        let answer = |product::FeedbackAnswer { id, label }| FeedbackAnswer { id, label };
        Self {
            answers: form.answers.into_iter().map(answer).collect(),
            text: form.text,
            is_text_required: form.is_text_required,
            send: form.send,
        }
    }
}

impl From<product::ToggleOffer> for ToggleOffer {
    fn from(toggle: product::ToggleOffer) -> Self {
        let product::ToggleOffer { on, is_waiting, note, on_label, off_label } = toggle;
        Self { on, is_waiting, note, on_label, off_label }
    }
}

impl From<client::Acted> for Acted {
    fn from(acted: client::Acted) -> Self {
        match acted {
            client::Acted::Written => Self::Written,
            client::Acted::ReplyDraft => Self::ReplyDraft,
            client::Acted::NewTicket { draft } => Self::NewTicket { draft: draft.into() },
        }
    }
}
