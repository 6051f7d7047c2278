//! The product: what an app offers its users, as data.
//!
//! A product is a definition, a JSON text (`docs/product-definition.md`): statuses, issue types, the form, the history's
//! columns, sections of the detail screen, actions, entries, strings, and what on the server feeds each of them. It is
//! read and checked in [`definition`], with errors that name line and place. [`Product`] is a definition together with the
//! kind of server that it works with; [`Product::within`] narrows it to what that server can do.
//!
//! Both platforms ask core what to show, so no rule is written twice, once in Kotlin and once in Swift: which status a
//! ticket has ([`Product::status`]), which actions are offered ([`Product::actions`]), what is wrong with a draft
//! ([`Product::check`]), and every text ([`Product::strings`]).

mod address;
mod address_list;
pub mod condition;
pub mod definition;
mod details;
mod fields;
mod form_messages;
mod history;
mod offer;
mod policy;
mod problem;
mod servers;
mod status;
mod strings;
mod text;
mod validation;

use std::collections::BTreeMap;
use std::time::Duration;

use self::definition::parts::actions::ActionKind;
use self::definition::parts::entries::ReadMarks;
use self::definition::parts::form::AttachmentPlace;
pub use self::definition::parts::strings::StringKey;
pub use self::definition::{Definition, DefinitionError, LARGEST_TEXT as LARGEST_DEFINITION, Layers};
use crate::model::{AttachmentLimits, Capabilities, FileType};
pub(crate) use crate::product::address::names_beside_addresses;
pub use crate::product::address_list::{SplitAddresses, all_addresses, split_addresses};
pub use crate::product::details::DetailFacts;
pub use crate::product::details::extras::{ExtraFacts, FeedbackAnswer, FeedbackForm, ToggleFacts, ToggleOffer};
pub use crate::product::details::places::{Places, ReplyPlace};
pub(crate) use crate::product::details::texts_of;
pub use crate::product::fields::FieldReader;
pub use crate::product::form_messages::{FieldMessage, FormProgress};
pub(crate) use crate::product::history::entries::EntryFacts;
pub use crate::product::history::entries::HistoryOptions;
pub use crate::product::history::scopes::{HistoryRules, OfferedScope};
pub use crate::product::offer::{ActionOffer, Offer, OfferKind, TicketFacts};
pub use crate::product::policy::{Consistency, SyncPolicy, ThreadPolicy};
pub use crate::product::problem::{DraftCheck, DraftNote, Field, FieldProblem, Problem};
pub use crate::product::servers::{IssueType, ServerKind};
pub use crate::product::status::StatusFacts;
pub use crate::product::status::palette::Tone;
pub(crate) use crate::product::strings::keys::percent;
pub use crate::product::strings::{LANGUAGES, Strings, plural_form};
pub use crate::product::text::{followed_by, prefilled};
pub use crate::product::validation::AcceptedTicket;

/// The longest subject, in grapheme clusters, where the definition says nothing.
const LONGEST_SUBJECT: u32 = 255;
/// The files that one message may have, where the definition says nothing.
const DEFAULT_FILES: u32 = 10;
/// The largest file that a product allows where the definition says nothing, in bytes; the server's limit holds as well.
const DEFAULT_FILE_BYTES: u64 = 50_000_000;

/// The longest name of whoever writes without an account, in grapheme clusters.
const LONGEST_REQUESTER: u32 = 100;

/// A field of the form of a new ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormField {
    /// The name of whoever writes without an account (`docs/product.md`, W11).
    Name,
    /// The address to which the answer is mailed (`docs/product.md`, W11).
    Email,
    /// The subject.
    Subject,
    /// The issue type.
    IssueType,
    /// The CC addresses.
    Cc,
    /// The description.
    Description,
    /// The toggle that makes the ticket accessible to all users of the account.
    Access,
    /// The files.
    Attachments,
}

/// A product: a definition for one kind of server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The product's id.
    pub name: String,
    /// The kind of server that it works with.
    pub server: ServerKind,
    /// The definition that it was made from.
    pub definition: Definition,
    /// How many grapheme clusters a subject may have after trimming (`docs/product.md`, C1).
    pub subject_limit: u32,
    /// Which files can be attached (`docs/product.md`, S12); `None` if there are no attachments.
    pub attachments: Option<AttachmentLimits>,
    /// How many bytes the cache of downloaded files may hold.
    pub cache_bytes: u64,
    /// Whether the access toggle is offered (`docs/product.md`, C5). The product must ask for it, and the server must
    /// enforce it. Otherwise the toggle would promise something that does not happen.
    pub access_toggle: bool,
    /// Whether CC addresses can be added to a ticket that was sent (`docs/product.md`, W12).
    pub add_cc: bool,
    /// Whether users can mark their own tickets as solved (`docs/product.md`, S15).
    pub solve: bool,
    /// Whether help articles are read and shown (`docs/product.md`, W9).
    pub articles: bool,
    /// Whether users are asked if an article was helpful (`docs/product.md`, W9).
    pub article_votes: bool,
    /// Whether tickets are sent without an account (`docs/product.md`, W11), because nobody is signed in. Then the form asks
    /// for a name and an address, and nothing is offered that needs to know the user.
    pub anonymous: bool,
    /// Whether the server shares read marks between the users of an account (`docs/product.md`, W8). Most
    /// servers do not.
    pub shared_read_marks: bool,
    /// The issue types, in the order in which they are offered (`docs/product.md`, C2). Empty if the form has none.
    pub issue_types: Vec<IssueType>,
    /// The names by which the status rules know the server's custom statuses, by how the server identifies them.
    pub custom_statuses: BTreeMap<String, String>,
    /// A text that changes whenever the values of tickets' fields have to be read from the server again. `None` if
    /// nothing on this kind of server feeds any.
    pub field_sources: Option<String>,
    /// How far the server's answers can lag behind.
    pub consistency: Consistency,
    /// Which threads are read without being opened.
    pub thread_policy: ThreadPolicy,
    /// The limits on requests to the server.
    pub sync: SyncPolicy,
}

/// The definition that comes with the library: impact-mobile (`docs/product.md`, P1).
pub const BUILT_IN: &str = include_str!("../../products/impact-mobile.json");

impl Product {
    /// The product that comes with the library, for the default kind of server.
    pub fn built_in() -> Result<Self, DefinitionError> {
        Self::from_json(BUILT_IN, ServerKind::default())
    }

    /// Reads a definition that extends at most what comes with the library.
    pub fn from_json(json: &str, server: ServerKind) -> Result<Self, DefinitionError> {
        Self::from_layers(&Layers::of(json, &[])?, server)
    }

    /// Reads a definition of several layers. Fails if it has no settings for the kind of server.
    pub fn from_layers(layers: &Layers<'_>, server: ServerKind) -> Result<Self, DefinitionError> {
        let definition = Definition::load(layers)?;
        if let Some((place, what)) = servers::missing_place(&definition, server) {
            return Err(layers.fault_at(&place, &what));
        }
        let Some(missing) = servers::missing_settings(&definition, server) else {
            return Ok(Self::of(definition, server));
        };
        let place = definition::Place::default().key("connectors");
        Err(layers.fault(&place, &format!("`{missing}` is missing: the definition does not work with this server")))
    }

    fn of(definition: Definition, server: ServerKind) -> Self {
        let seconds = Duration::from_secs;
        let has = |field: &str| definition.create.order.iter().any(|name| name == field);
        let offers = |kind| definition.actions.iter().any(|action| action.kind == kind);
        let (sync, threads) = (&definition.sync, &definition.sync.threads);
        Self {
            name: definition.id.clone(),
            server,
            subject_limit: definition.create.subject.max.unwrap_or(LONGEST_SUBJECT),
            attachments: attachment_limits(&definition),
            cache_bytes: sync.cache_bytes,
            access_toggle: has("access"),
            add_cc: offers(ActionKind::AddCc),
            solve: offers(ActionKind::Solve),
            articles: definition.articles.is_some(),
            article_votes: definition.articles.as_ref().is_some_and(|articles| articles.votes),
            anonymous: false,
            shared_read_marks: definition.read_marks == ReadMarks::SharedIfPossible,
            issue_types: servers::issue_types(&definition, server),
            custom_statuses: servers::custom_statuses(&definition, server),
            field_sources: servers::field_sources(&definition, server),
            consistency: Consistency {
                stale_read: seconds(sync.stale_read_seconds),
                late_apply: seconds(sync.late_apply_seconds),
            },
            thread_policy: ThreadPolicy {
                active_days: threads.active_days,
                open: threads.open,
                unread: threads.unread,
                requests_per_hour: threads.requests_per_hour,
                bytes_per_hour: threads.bytes_per_hour,
            },
            sync: SyncPolicy {
                overlap: seconds(sync.overlap_seconds),
                page_size: sync.page_size,
                reconcile_every: seconds(sync.reconciliation_seconds),
                reconciliation_requests: sync.reconciliation_requests,
                front_thread: seconds(sync.front_thread_seconds),
                front_history: seconds(sync.front_history_seconds),
            },
            definition,
        }
    }

    /// Narrows this product to the capabilities of a server: removes every feature that the server lacks.
    #[must_use]
    pub fn within(self, can: &Capabilities) -> Self {
        let attachments = self
            .attachments
            .map(|limits| AttachmentLimits { max_bytes: limits.max_bytes.min(can.largest_file), ..limits });
        Self {
            attachments,
            access_toggle: self.access_toggle && can.access,
            add_cc: self.add_cc && can.add_cc,
            solve: self.solve && can.solve,
            articles: self.articles && can.articles,
            article_votes: self.article_votes && can.article_votes,
            shared_read_marks: self.shared_read_marks && can.shared_read_marks,
            ..self
        }
    }

    /// What is left of this product for somebody who is not signed in (`docs/product.md`, W11): tickets without an account.
    /// Nothing of them can be read or changed once they are sent.
    #[must_use]
    pub fn signed_out(self) -> Self {
        Self {
            anonymous: true,
            attachments: None,
            access_toggle: false,
            add_cc: false,
            solve: false,
            // Nothing is read without an account.
            articles: false,
            article_votes: false,
            shared_read_marks: false,
            ..self
        }
    }

    /// The texts of every screen in a language (a BCP 47 tag). Read them once for each language, not for each text.
    #[must_use]
    pub fn strings(&self, language: &str) -> Strings {
        Strings::of(&self.definition, language)
    }

    /// The issue type that a new form starts with; empty if the user has to choose.
    #[must_use]
    pub fn preselected_issue_type(&self) -> &str {
        let known = self.definition.issue_types.iter().find(|known| known.fallback);
        known.map(|known| known.id.as_str()).unwrap_or_default()
    }

    /// The issue type that the server stores as `value`.
    #[must_use]
    pub fn issue_type_by_value(&self, value: &str) -> Option<&IssueType> {
        self.issue_types.iter().find(|known| known.value == value)
    }
}

/// The texts of the built-in product, for a screen that is shown before an account is open.
#[must_use]
pub fn built_in_strings(language: &str) -> BTreeMap<String, String> {
    // The built-in product is compiled in, and a test reads it, so the fallback is never used.
    Product::built_in().map(|product| product.strings(language).all().clone()).unwrap_or_default()
}

fn attachment_limits(definition: &Definition) -> Option<AttachmentLimits> {
    let files = definition.attachments.as_ref()?;
    let endings = files.types.iter().flatten();
    let mut types: Vec<FileType> = endings.filter_map(|ending| FileType::of_ending(ending)).collect();
    if types.is_empty() {
        types = FileType::all().collect();
    }
    Some(AttachmentLimits {
        max_files: files.max_files.unwrap_or(DEFAULT_FILES),
        max_bytes: files.max_bytes.unwrap_or(DEFAULT_FILE_BYTES),
        types,
        shrinks_photos: files.shrink_photos,
    })
}

impl Product {
    /// The fields of the form of a new ticket, in the definition's order (`docs/product.md`, C0). What this server cannot do,
    /// and what this version cannot fill in, is left out. Without an account, name and address come first.
    #[must_use]
    pub fn form(&self) -> Vec<FormField> {
        let form = &self.definition.create;
        let offered = |name: &String| match name.as_str() {
            "subject" => Some(FormField::Subject),
            "issue_type" => (!self.issue_types.is_empty()).then_some(FormField::IssueType),
            "cc" => self.takes_addresses().then_some(FormField::Cc),
            "description" => Some(FormField::Description),
            "access" => self.access_toggle.then_some(FormField::Access),
            "attachments" => self.attaches_in(AttachmentPlace::Create).then_some(FormField::Attachments),
            _ => None,
        };
        let requester = [FormField::Name, FormField::Email].into_iter().filter(|_| self.anonymous);
        requester.chain(form.order.iter().filter_map(offered)).collect()
    }

    /// Whether files can be attached in this form.
    #[must_use]
    pub fn attaches_in(&self, place: AttachmentPlace) -> bool {
        self.attachments.is_some()
            && self.definition.attachments.as_ref().is_some_and(|files| files.places.contains(&place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FileDelivery;

    #[test]
    fn features_that_the_server_lacks_are_not_offered() {
        let attachments =
            AttachmentLimits { max_files: 5, max_bytes: 50_000_000, types: Vec::new(), shrinks_photos: false };
        let wanted = Product {
            attachments: Some(attachments.clone()),
            access_toggle: true,
            add_cc: true,
            solve: true,
            shared_read_marks: true,
            ..Product::built_in().unwrap()
        };
        let all = Capabilities {
            idempotent_create: true,
            client_reference: true,
            access: true,
            add_cc: true,
            solve: true,
            shared_read_marks: true,
            files: FileDelivery::BeforeMessage,
            largest_file: 50_000_000,
            resumed_downloads: true,
            search: true,
            follow_up: true,
            anonymous: true,
            organization_view: true,
            articles: true,
            article_votes: true,
            feedback: true,
            toggles: true,
        };
        assert_eq!(wanted.clone().within(&all), wanted);
        let nothing = Capabilities {
            access: false,
            add_cc: false,
            solve: false,
            shared_read_marks: false,
            largest_file: 1_000,
            ..all
        };
        let narrowed = wanted.within(&nothing);
        assert!(!narrowed.access_toggle && !narrowed.add_cc && !narrowed.solve && !narrowed.shared_read_marks);
        assert_eq!(narrowed.attachments, Some(AttachmentLimits { max_bytes: 1_000, ..attachments }));
        // A capability does not add anything that the product did not ask for.
        let plain = Product { access_toggle: false, ..Product::built_in().unwrap() };
        assert_eq!(plain.clone().within(&all), plain);
    }

    #[test]
    fn the_form_has_the_definitions_order_without_what_the_server_cannot_do() {
        use FormField::{Access, Cc, Description, IssueType, Subject};
        let product = Product::built_in().unwrap();
        assert_eq!(product.form(), [Subject, IssueType, Cc, Description, Access]);
        let without = Product { access_toggle: false, ..product };
        assert_eq!(without.form(), [Subject, IssueType, Cc, Description]);
        // Addresses that need access could never be sent.
        let web = Product::from_json(include_str!("../../products/impact-web.json"), ServerKind::Zendesk).unwrap();
        let web = Product { access_toggle: false, attachments: None, ..web };
        assert_eq!(web.form(), [Subject, IssueType, Description]);
    }

    #[test]
    fn without_an_account_the_form_asks_who_it_is_and_for_nothing_that_needs_one() {
        use FormField::{Description, Email, IssueType, Name, Subject};
        let web = include_str!("../../products/impact-web.json");
        let product = Product::from_json(web, ServerKind::Zendesk).unwrap().signed_out();
        assert_eq!(product.form(), [Name, Email, Subject, IssueType, Description]);
        assert!(product.attachments.is_none() && !product.add_cc && !product.solve && !product.shared_read_marks);
        let new = product.status(&StatusFacts::of(crate::model::ServerStatus::New));
        assert!(!product.reply_allowed(&new), "nobody would see the answer here");
    }

    #[test]
    fn an_issue_type_is_written_in_the_servers_words() {
        let tracker = Product::from_json(BUILT_IN, ServerKind::RequestTracker).unwrap();
        let data = tracker.issue_type_by_value("Data & Reporting").unwrap();
        assert_eq!((data.id.as_str(), tracker.preselected_issue_type()), ("data_reports", "support_ui_general"));
        let zendesk = Product::built_in().unwrap();
        assert_eq!(zendesk.issue_type_by_value("data_reports").unwrap().id, "data_reports");
    }
}
