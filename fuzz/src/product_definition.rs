//! The JSON of a product, as a company writes it. What is accepted can be used; what is refused names a place and no value.

use std::sync::Arc;

use pocketdesk::connectors::Remote;
use pocketdesk::connectors::rt::Rt;
use pocketdesk::connectors::zendesk::Zendesk;
use pocketdesk::model::{DraftId, FileType, ServerStatus, TicketDraft};
use pocketdesk::product::{EntryKind, Product};

use crate::device::SignedIn;

struct NoNetwork;

#[async_trait::async_trait]
impl pocketdesk::net::Http for NoNetwork {
    async fn send(
        &self,
        _: pocketdesk::net::HttpRequest,
    ) -> Result<pocketdesk::net::HttpResponse, pocketdesk::net::HttpFailure> {
        Err(pocketdesk::net::HttpFailure::NotSent)
    }
}

pub(crate) fn run(data: &[u8]) {
    let json = String::from_utf8_lossy(data);
    let product = match Product::from_json(&json) {
        Ok(product) => product,
        Err(error) => {
            let is_place = |c: char| c.is_ascii_alphanumeric() || "_.[], ".contains(c);
            assert!(error.what.len() <= 60 && error.what.chars().all(is_place), "{}", error.what);
            return;
        }
    };
    assert_eq!(Product::from_json(&json).as_ref(), Ok(&product));
    assert!((1..=255).contains(&product.subject_limit));
    assert!((1..=100).contains(&product.sync.page_size));
    assert!(product.issue_types.iter().any(|known| known.id == product.preselected_issue_type));
    for known in &product.issue_types {
        assert_eq!(product.issue_type_by_value(&known.value), Some(known), "a value means one type");
    }
    for entry in &product.entries {
        let scheme =
            entry.target.as_deref().and_then(|target| url::Url::parse(target).ok()).map(|url| url.scheme().to_owned());
        let expected = match entry.kind {
            EntryKind::NewTicket => None,
            EntryKind::HelpCentre | EntryKind::Courses => Some("https"),
            EntryKind::Email => Some("mailto"),
        };
        assert_eq!(scheme.as_deref(), expected, "an entry leads where it says");
    }
    let seen = product.statuses();
    for server in [
        ServerStatus::New,
        ServerStatus::Open,
        ServerStatus::Pending,
        ServerStatus::Hold,
        ServerStatus::Solved,
        ServerStatus::Closed,
    ] {
        for user_spoke_last in [None, Some(false), Some(true)] {
            let status = product.product_status(server, user_spoke_last);
            assert!(seen.contains(&status), "every status of the server has rules");
            let _ = (product.turn(status), product.reply_allowed(status), product.reopens(status));
        }
    }
    if let Some(limits) = &product.attachments {
        assert!(limits.max_files > 0 && limits.max_bytes > 0 && !limits.types.is_empty());
        assert!(limits.types.iter().all(|known| FileType::of_ending(known.ending()) == Some(*known)));
    }
    // A draft that was just begun has everything but a subject and a text.
    let draft = TicketDraft {
        id: DraftId("draft".to_owned()),
        subject: "ä".to_owned(),
        issue_type: product.preselected_issue_type.clone(),
        cc: Vec::new(),
        cc_entry: String::new(),
        description: "ö".to_owned(),
        access: product.access_toggle,
    };
    assert!(product.check(&draft, None).can_create());
    let server: url::Url = "https://desk.example".parse().expect("an address");
    let (http, tokens) = (Arc::new(NoNetwork), Arc::new(SignedIn("token")));
    let zendesk = Zendesk::new(server.clone(), http.clone(), tokens.clone(), &product);
    narrowed(&product, &zendesk);
    match Rt::new(server, http, tokens, &product) {
        Ok(rt) => narrowed(&product, &rt),
        Err(error) => assert!(error.what.starts_with("connector")),
    }
}

fn narrowed(product: &Product, remote: &dyn Remote) {
    let can = remote.capabilities();
    let offered = product.clone().within(&can);
    assert!(!offered.access_toggle || product.access_toggle && can.access);
    assert!(!offered.solve || product.solve && can.solve);
    assert!(!offered.add_cc || product.add_cc && can.add_cc);
    if let Some(limits) = &offered.attachments {
        assert!(limits.max_bytes <= can.largest_file);
    }
}
