//! The JSON of a product, as a company writes it. What is accepted can be used; what is refused names a place and no value.

use std::sync::Arc;

use pocketdesk::connectors::Remote;
use pocketdesk::connectors::rt::Rt;
use pocketdesk::connectors::zendesk::Zendesk;
use pocketdesk::model::{DraftId, FileType, ServerStatus, TicketDraft};
use pocketdesk::product::definition::parts::entries::Target;
use pocketdesk::product::{Offer, Product, ServerKind, StatusFacts, TicketFacts};

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
    let product = match Product::from_json(&json, ServerKind::Zendesk) {
        Ok(product) => product,
        Err(error) => {
            assert!(error.what.chars().count() <= 300 && !error.what.chars().any(char::is_control), "{}", error.what);
            return;
        }
    };
    assert_eq!(Product::from_json(&json, ServerKind::Zendesk).as_ref(), Ok(&product));
    assert!((1..=255).contains(&product.subject_limit));
    assert!((1..=100).contains(&product.sync.page_size));
    for known in &product.issue_types {
        assert_eq!(product.issue_type_by_value(&known.value), Some(known), "a value means one type");
    }
    let facts = TicketFacts::default();
    for language in ["en", "de-AT", "zh"] {
        let strings = product.strings(language);
        for Offer { entry, target } in product.entries(language, &facts) {
            assert!(!strings.first(&[format!("entry.{}", entry.id), entry.id.clone()]).is_empty());
            if let Target::Link(link) = target {
                assert!(["https:", "mailto:", "tel:"].iter().any(|scheme| link.starts_with(scheme)), "{link}");
            }
        }
    }
    for (server, _) in ServerStatus::ALL {
        for user_spoke_last in [None, Some(false), Some(true)] {
            let status = product.status(&StatusFacts { user_spoke_last, ..StatusFacts::of(server) });
            assert!(status.id.is_some(), "every status of the server is known");
            let facts = TicketFacts { status: Some(status.clone()), ..TicketFacts::default() };
            let _ = (product.reply_allowed(&status), product.reopens(&status), product.actions(&facts));
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
        issue_type: product.issue_types.first().map(|known| known.id.clone()).unwrap_or_default(),
        cc: Vec::new(),
        cc_entry: String::new(),
        description: "ö".to_owned(),
        access: product.access_toggle,
        follows: None,
        name: String::new(),
        email: String::new(),
    };
    assert!(product.check(&draft, None).can_create());
    let server: url::Url = "https://desk.example".parse().expect("an address");
    let (http, tokens) = (Arc::new(NoNetwork), Arc::new(SignedIn("token")));
    let zendesk = Zendesk::new(server.clone(), http.clone(), tokens.clone(), &product);
    narrowed(&product, &zendesk);
    if let Some(rt) = Rt::new(server, http, tokens, &product) {
        narrowed(&product, &rt);
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
