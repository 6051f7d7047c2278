//! Maps the service's JSON to types of the model.

use serde_json::Value;

use super::fields::FieldIds;
use super::wire;
use crate::connectors::html;
use crate::model::{
    Attachment, CommentId, FileState, PersonId, RemoteComment, RemotePerson, RemoteTicket, RemoteUser, ServerStatus,
    TicketNumber,
};
use crate::net::answer::moment;

/// The user; `None` if it is the anonymous one.
pub(super) fn user(me: wire::Me) -> Option<RemoteUser> {
    let wire::MeUser { id, name, email, organization_id } = me.user;
    Some(RemoteUser { id: PersonId(id?), name, email, organization: organization_id })
}

/// The ticket; `None` if one of its times cannot be parsed.
pub(super) fn ticket(request: wire::Request, fields: FieldIds) -> Option<RemoteTicket> {
    let value = |id: Option<i64>| request.custom_fields.iter().find(|f| Some(f.id) == id).map(|f| &f.value);
    let text = |id| value(id).and_then(Value::as_str).map(str::to_owned);
    Some(RemoteTicket {
        number: TicketNumber(request.id),
        issue_type: text(fields.issue_type),
        access: value(fields.access).and_then(Value::as_bool),
        client_reference: text(fields.client_reference),
        read_through: request.read_through.map(CommentId),
        status: request.status.unwrap_or(ServerStatus::Unknown),
        created_at: moment(&request.created_at)?,
        updated_at: moment(&request.updated_at)?,
        requester: Some(PersonId(request.requester_id)),
        can_solve: None,
        cc: Vec::new(),
        subject: request.subject,
        description: request.description,
    })
}

/// The comment; `None` if its time cannot be parsed.
pub(super) fn comment(comment: wire::Comment) -> Option<RemoteComment> {
    // The service may leave the plain text empty although the body has text.
    let html = comment.html_body.map(|body| html::text(&body));
    let mut forms: Vec<String> =
        [comment.plain_body, comment.body, html].into_iter().flatten().filter(|text| !text.is_empty()).collect();
    forms.dedup();
    let body = if forms.is_empty() { String::new() } else { forms.remove(0) };
    let attachments = comment
        .attachments
        .into_iter()
        .map(|file| Attachment {
            name: file.file_name,
            content_type: file.content_type,
            size: file.size,
            id: file.id,
            address: file.content_url,
            bytes: FileState::OnServer,
        })
        .collect();
    Some(RemoteComment {
        id: CommentId(comment.id),
        author: Some(PersonId(comment.author_id)),
        body,
        forms,
        created_at: moment(&comment.created_at)?,
        attachments,
        shortened: false,
    })
}

pub(super) fn person(user: wire::User) -> RemotePerson {
    RemotePerson { id: PersonId(user.id), name: user.name, agent: user.agent }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{FieldIds, comment, ticket, user};
    use crate::connectors::zendesk::wire;
    use crate::model::Timestamp;
    use crate::model::{Attachment, PersonId, ServerStatus, TicketNumber};
    use crate::model::{RemoteUser, Write};

    const FIELDS: FieldIds =
        FieldIds { issue_type: Some(360_001), access: Some(360_002), client_reference: Some(360_003) };

    #[test]
    fn a_ticket_with_everything() {
        let request: wire::Request = serde_json::from_value(json!({
            "id": 4711, "subject": "Auszahlung für März fehlt – bitte prüfen 🙏", "description": "Guten Tag,\n…",
            "status": "hold", "created_at": "2026-03-03T09:15:00Z", "updated_at": "2026-03-04T10:00:00+02:00",
            "requester_id": 360_000_000_017_i64, "priority": "galactic", "via": { "channel": "carrier_pigeon" },
            "custom_fields": [
                { "id": 1, "value": ["a", "b"] }, { "id": 360_001, "value": "payments_finance" },
                { "id": 360_002, "value": true }, { "id": 360_003, "value": "7d0c…" }, { "id": 2 }
            ]
        }))
        .unwrap();
        let ticket = ticket(request, FIELDS).unwrap();
        assert_eq!((ticket.number, ticket.requester), (TicketNumber(4711), Some(PersonId(360_000_000_017))));
        assert_eq!(ticket.subject, "Auszahlung für März fehlt – bitte prüfen 🙏");
        assert_eq!(ticket.description.as_deref(), Some("Guten Tag,\n…"));
        assert_eq!(ticket.status, ServerStatus::Hold);
        assert_eq!(ticket.created_at, Timestamp(1_772_529_300_000));
        assert_eq!(ticket.updated_at, Timestamp(1_772_611_200_000));
        assert_eq!(ticket.issue_type.as_deref(), Some("payments_finance"));
        assert_eq!(ticket.access, Some(true));
        assert_eq!(ticket.client_reference.as_deref(), Some("7d0c…"));
    }

    #[test]
    fn nulls_and_unknown_values_are_read() {
        let mut request = json!({
            "id": 5, "subject": null, "description": null, "status": "escalated", "created_at": "2026-03-03T09:15:00Z",
            "updated_at": "2026-03-03T09:15:00Z", "requester_id": 6, "custom_fields": null
        });
        let read =
            |request: &serde_json::Value| ticket(serde_json::from_value(request.clone()).unwrap(), FIELDS).unwrap();
        let bare = read(&request);
        assert_eq!((bare.subject.as_str(), bare.description, bare.status), ("", None, ServerStatus::Unknown));
        assert_eq!((bare.issue_type, bare.access, bare.client_reference), (None, None, None));
        request["status"] = json!(null);
        assert_eq!(read(&request).status, ServerStatus::Unknown);
        // Fields whose values are not of the type that the product expects.
        request["custom_fields"] = json!([{ "id": 360_001, "value": 7 }, { "id": 360_002, "value": "yes" }]);
        assert_eq!((read(&request).issue_type, read(&request).access), (None, None));
    }

    #[test]
    fn a_ticket_without_an_essential_field_is_rejected() {
        let whole = json!({
            "id": 5, "status": "new", "created_at": "2026-03-03T09:15:00Z", "updated_at": "2026-03-03T09:15:00Z",
            "requester_id": 6
        });
        assert!(ticket(serde_json::from_value(whole.clone()).unwrap(), FIELDS).is_some());
        for key in ["id", "status", "created_at", "updated_at", "requester_id"] {
            let mut request = whole.clone();
            request.as_object_mut().unwrap().remove(key);
            assert!(serde_json::from_value::<wire::Request>(request).is_err(), "without {key}");
        }
        for key in ["created_at", "updated_at"] {
            let mut request = whole.clone();
            request[key] = json!("gestern");
            assert!(ticket(serde_json::from_value(request).unwrap(), FIELDS).is_none(), "{key} is not a time");
        }
    }

    #[test]
    fn an_answer_without_the_state_of_paging_is_rejected() {
        let by_cursor = json!({ "requests": [], "meta": { "has_more": false, "after_cursor": null }, "links": null });
        assert!(serde_json::from_value::<wire::CursorPage>(by_cursor).is_ok());
        for broken in [
            json!({}),
            json!({ "requests": [] }),
            json!({ "requests": [], "meta": {} }),
            json!({ "requests": [], "meta": { "has_more": true } }),
            json!({ "requests": [], "meta": { "after_cursor": "x" } }),
            json!({ "meta": { "has_more": false, "after_cursor": null } }),
        ] {
            assert!(serde_json::from_value::<wire::CursorPage>(broken.clone()).is_err(), "{broken}");
        }
        assert!(serde_json::from_value::<wire::SortedPage>(json!({ "requests": [], "next_page": null })).is_ok());
        assert!(serde_json::from_value::<wire::SortedPage>(json!({ "requests": [] })).is_err());
    }

    #[test]
    fn a_comment_is_its_plain_text_with_the_names_of_its_files() {
        let read = |value| comment(serde_json::from_value(value).unwrap());
        let full = read(json!({
            "id": 9, "author_id": -1, "plain_body": "שלום\u{a0}רב", "body": "**שלום**", "html_body": "<b>שלום</b>",
            "public": true, "created_at": "2026-03-03T09:15:00Z", "type": "Comment",
            "attachments": [{ "id": 1, "file_name": "Beleg März.pdf", "content_type": "application/pdf", "size": 48_211,
                              "content_url": "https://help.example.com/attachments/token/x/?name=Beleg" },
                            { "id": 2, "file_name": null, "content_type": null, "size": null }]
        }))
        .unwrap();
        assert_eq!((full.author, full.body.as_str()), (Some(PersonId(-1)), "שלום\u{a0}רב"));
        let address = "https://help.example.com/attachments/token/x/?name=Beleg".to_owned();
        let receipt = Attachment {
            name: "Beleg März.pdf".into(),
            content_type: "application/pdf".into(),
            size: 48_211,
            id: Some(1),
            address: Some(address),
            ..Attachment::default()
        };
        assert_eq!(full.attachments, [receipt, Attachment { id: Some(2), ..Attachment::default() }]);

        for (plain, body, expected) in [
            (json!(null), json!("Hello"), "Hello"),
            (json!(""), json!("Hello"), "Hello"),
            (json!(null), json!(null), ""),
        ] {
            let text = read(json!({ "id": 9, "author_id": 1, "plain_body": plain, "body": body, "attachments": null,
                                    "created_at": "2026-03-03T09:15:00Z" }));
            assert_eq!(text.unwrap().body, expected);
        }
    }

    #[test]
    fn the_anonymous_user_is_nobody() {
        let read = |value| user(serde_json::from_value(value).unwrap());
        assert_eq!(
            read(json!({ "user": { "id": null, "name": "Anonymous user", "email": "invalid@example.com" } })),
            None
        );
        assert_eq!(
            read(
                json!({ "user": { "id": 17, "name": "Ada Lindqvist", "email": null, "organization_id": 3, "role": "?" } })
            ),
            Some(RemoteUser { id: PersonId(17), name: "Ada Lindqvist".into(), email: None, organization: Some(3) })
        );
        assert!(serde_json::from_value::<wire::Me>(json!({ "user": {} })).is_err());
    }

    #[test]
    fn a_new_ticket_sends_only_values_for_which_the_server_has_fields() {
        let create = |cc: &[&str]| Write::Create {
            subject: "Tracking pixel fires twice".into(),
            description: "Since Monday …".into(),
            issue_type: "technical_setup".into(),
            cc: cc.iter().map(|&address| address.to_owned()).collect(),
            access: false,
            reference: "f3a1".into(),
            uploads: Vec::new(),
        };
        assert_eq!(
            wire::body(&create(&["jürgen@example.de"]), FIELDS),
            json!({ "request": {
                "subject": "Tracking pixel fires twice", "comment": { "body": "Since Monday …" },
                "custom_fields": [{ "id": 360_001, "value": "technical_setup" }, { "id": 360_002, "value": false },
                                  { "id": 360_003, "value": "f3a1" }],
                "collaborators": ["jürgen@example.de"]
            } })
        );
        let none = FieldIds { issue_type: None, access: None, client_reference: None };
        assert_eq!(
            wire::body(&create(&[]), none),
            json!({ "request": { "subject": "Tracking pixel fires twice", "comment": { "body": "Since Monday …" } } })
        );
        assert_eq!(
            wire::body(&Write::Reply { body: "Danke! 🎉\n\nAda".into(), uploads: Vec::new() }, FIELDS),
            json!({ "request": { "comment": { "body": "Danke! 🎉\n\nAda" } } })
        );
        let with_file = wire::body(&Write::Reply { body: "Siehe Bild".into(), uploads: vec!["x1".into()] }, FIELDS);
        assert_eq!(with_file, json!({ "request": { "comment": { "body": "Siehe Bild", "uploads": ["x1"] } } }));
    }
}
