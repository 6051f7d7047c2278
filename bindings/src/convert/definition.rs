//! Conversions of the product, its server, and what both offer.

use pocketdesk::{blob, client, factory, model, product};

use crate::types::{
    AttachmentLimits, Capabilities, Connector, DeliveredDefinition, Entry, EntryTarget, FormField, IssueType,
    PhotoAttempt, Product, SmallerPhoto, StatusInfo, TicketStatus, Tone, Tones,
};

impl From<Connector> for factory::Connector {
    fn from(connector: Connector) -> Self {
        match connector {
            Connector::Zendesk => Self::Zendesk,
            Connector::RequestTracker => Self::RequestTracker,
        }
    }
}

impl From<model::Capabilities> for Capabilities {
    fn from(can: model::Capabilities) -> Self {
        Self {
            idempotent_create: can.idempotent_create,
            client_reference: can.client_reference,
            access: can.access,
            feedback: can.feedback,
            toggles: can.toggles,
            add_cc: can.add_cc,
            solve: can.solve,
            follow_up: can.follow_up,
            shared_read_marks: can.shared_read_marks,
            files_with_message: can.files == model::FileDelivery::WithMessage,
            largest_file: can.largest_file,
            resumed_downloads: can.resumed_downloads,
            search: can.search,
            anonymous: can.anonymous,
            organization_view: can.organization_view,
            articles: can.articles,
            article_votes: can.article_votes,
        }
    }
}

impl From<client::DeliveredDefinition> for DeliveredDefinition {
    fn from(found: client::DeliveredDefinition) -> Self {
        Self {
            version: found.version,
            next_version: found.next_version,
            checked_at: found.checked_at.map(|at| at.0),
            refused: found.refused.map(|refusal| refusal.to_string()),
        }
    }
}

impl From<&product::Product> for Product {
    fn from(product: &product::Product) -> Self {
        // All languages have the same keys.
        let strings = product.strings("");
        let explanation = |key: String| strings.find(&key).is_some().then_some(key);
        let issue_type = |known: &product::IssueType| IssueType {
            label_key: format!("issue_type.{}", known.id),
            explanation_key: explanation(format!("issue_type.{}.explanation", known.id)),
            id: known.id.clone(),
        };
        let status = |status: &product::definition::parts::statuses::StatusDefinition| StatusInfo {
            kind: status.kind.into(),
            label_key: format!("status.{}", status.id.0),
            explanation_key: explanation(format!("status.{}.explanation", status.id.0)),
            turn: status.turn.into(),
            id: status.id.0.clone(),
        };
        let form = &product.definition.create;
        Self {
            name: product.name.clone(),
            subject_limit: product.subject_limit,
            issue_types: product.issue_types.iter().map(issue_type).collect(),
            preselected_issue_type: product.preselected_issue_type().to_owned(),
            statuses: product.definition.statuses.iter().map(status).collect(),
            form: product.form().into_iter().map(FormField::from).collect(),
            cc_kept_aside_key: form.cc.as_ref().and_then(|cc| cc.otherwise.as_ref()).map(|aside| aside.note.0.clone()),
            attachments_hint_key: product
                .definition
                .attachments
                .as_ref()
                .and_then(|files| files.hint.as_ref())
                .map(|key| key.0.clone()),
            attachments: product.attachments.as_ref().map(AttachmentLimits::from),
            files_in_replies: product.attaches_in(product::definition::parts::form::AttachmentPlace::Reply),
            add_cc: product.add_cc,
            solve: product.solve,
            anonymous: product.anonymous,
        }
    }
}

impl From<product::Offer<'_>> for Entry {
    fn from(offer: product::Offer<'_>) -> Self {
        use product::definition::parts::entries::Target;
        let entry = offer.entry;
        Self {
            id: entry.id.clone(),
            label_key: format!("entry.{}", entry.id),
            note_key: entry.note.as_ref().map(|key| key.0.clone()),
            target: match offer.target {
                Target::History => EntryTarget::History,
                Target::Create(prefill) => {
                    EntryTarget::Create { prefill_key: prefill.as_ref().map(|key| key.0.clone()) }
                }
                Target::Articles => EntryTarget::Articles,
                Target::Anonymous => EntryTarget::Anonymous,
                Target::Host(name) => EntryTarget::Host { name: name.clone() },
                Target::Link(url) => EntryTarget::Link { url: url.clone() },
            },
        }
    }
}

impl From<model::TicketStatus> for TicketStatus {
    fn from(status: model::TicketStatus) -> Self {
        Self {
            name_key: status.name_key(),
            id: status.id.map(|id| id.0),
            kind: status.kind.into(),
            turn: status.turn.into(),
            label: status.label,
        }
    }
}

impl Tones {
    pub(crate) fn on(dark: bool) -> Self {
        let of = |kind| Tone::from(product::Tone::of(kind, dark));
        Self {
            open: of(model::StatusKind::Open),
            working: of(model::StatusKind::Working),
            awaiting_user: of(model::StatusKind::AwaitingUser),
            solved: of(model::StatusKind::Solved),
            closed: of(model::StatusKind::Closed),
            problem: product::Tone::of_problem(dark).into(),
        }
    }
}

impl From<product::Tone> for Tone {
    fn from(tone: product::Tone) -> Self {
        Self { background: tone.background, text: tone.text }
    }
}

impl From<blob::SmallerPhoto> for SmallerPhoto {
    fn from(photo: blob::SmallerPhoto) -> Self {
        let attempt = |&blob::PhotoAttempt { longest_edge, quality }| PhotoAttempt { longest_edge, quality };
        let attempts = photo.attempts.iter().map(attempt).collect();
        Self { name: photo.name, max_bytes: photo.max_bytes, attempts }
    }
}

impl From<&model::AttachmentLimits> for AttachmentLimits {
    fn from(limits: &model::AttachmentLimits) -> Self {
        Self {
            max_files: limits.max_files,
            max_bytes: limits.max_bytes,
            endings: limits.types.iter().map(|known| known.ending().to_owned()).collect(),
            content_types: limits.types.iter().map(|known| known.content_type().to_owned()).collect(),
        }
    }
}
