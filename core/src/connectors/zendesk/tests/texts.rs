//! The texts of a comment, and the pictures and files that belong to them.

use serde_json::json;

use super::*;
use crate::model::{Attachment, Block, BlockKind, Body, Scan};

/// A comment with these texts and attachments.
fn written(plain: &Value, html: &Value, attachments: &Value) -> RemoteComment {
    read(comment(&json!({
        "id": 9, "author_id": 5, "plain_body": plain, "body": plain, "html_body": html, "public": true,
        "created_at": "2026-03-03T09:15:00Z", "attachments": attachments
    })))
}

fn blocks(comment: &RemoteComment) -> Vec<Block> {
    Body::of(&comment.body, comment.structure.as_ref()).blocks
}

fn kinds(comment: &RemoteComment) -> Vec<BlockKind> {
    blocks(comment).iter().map(|block| block.kind).collect()
}

#[test]
fn the_address_of_a_link_is_in_the_html_only() {
    let answer = written(
        &json!("Bitte hier nachsehen."),
        &json!(
            "<div class=\"zd-comment\" dir=\"auto\">Bitte <a href=\"https://docs.example.com/p\" rel=\"noreferrer\">hier</a> nachsehen.</div>"
        ),
        &json!([]),
    );
    let links: Vec<_> = blocks(&answer)[0].spans.iter().filter_map(|span| span.link.clone()).collect();
    assert_eq!(links.len(), 1);
    assert_eq!((links[0].address.as_str(), links[0].differs), ("https://docs.example.com/p", false));
    assert_eq!(answer.body, "Bitte hier nachsehen.");
}

#[test]
fn entities_in_a_plain_text_are_read_from_the_html() {
    let answer =
        written(&json!("Fish&nbsp;&amp; Chips"), &json!("<p>Fish&nbsp;&amp; Chips &amp Co &#146;</p>"), &json!([]));
    assert_eq!(answer.body, "Fish\u{a0}& Chips & Co ’");
    assert_eq!(answer.forms, ["Fish&nbsp;&amp; Chips"], "by which an own text is recognised");
}

#[test]
fn a_plain_text_keeps_its_spaces_where_the_html_says_no_more() {
    let plain = "R&D  bitte\n\n\n  A & B < 5";
    let answer = written(&json!(plain), &json!("<p>R&amp;D bitte<br><br><br>A &amp; B &lt; 5</p>"), &json!([]));
    assert_eq!((answer.body.as_str(), answer.structure), (plain, None));
}

#[test]
fn a_comment_with_html_only_has_its_text() {
    let answer = written(&json!(""), &json!("<ul><li>Öffnen<li>Warten</ul>"), &json!([]));
    assert_eq!(answer.body, "- Öffnen\n- Warten");
    assert_eq!(blocks(&answer).len(), 2);
}

#[test]
fn a_picture_in_the_text_and_nothing_else_is_an_attachment() {
    let picture = "https://help.example.com/attachments/token/x1/?name=Bild+M%C3%A4rz.png";
    let page = json!(format!("<p><img src=\"{picture}\"></p>"));
    let answer = written(&json!(format!("![]({picture})")), &page, &json!([]));
    assert_eq!((answer.body.as_str(), kinds(&answer)), ("", vec![BlockKind::Picture(0)]));
    let expected = Attachment {
        name: "Bild März.png".into(),
        content_type: "image/png".into(),
        address: Some(picture.into()),
        inline: true,
        ..Attachment::default()
    };
    let id = answer.attachments[0].id;
    assert!(id.is_some_and(|id| id < 0), "it can be downloaded, and has no id of the server");
    assert_eq!(answer.attachments, [Attachment { id, ..expected }]);
    assert_eq!(written(&json!(""), &page, &json!([])).attachments[0].id, id);
}

#[test]
fn a_picture_in_the_text_is_the_attachment_with_its_address() {
    let files = json!([
        { "id": 1, "file_name": "log.txt", "content_url": "https://help.example.com/attachments/token/a/?name=log.txt" },
        { "id": 2, "file_name": "bild.png", "inline": true,
          "content_url": "https://company.zendesk.example/attachments/token/b/?name=bild.png",
          "mapped_content_url": "https://help.example.com/attachments/token/b/?name=bild.png" },
    ]);
    // The page may use the other host of the same server.
    let page = json!("vorher<img src=\"https://company.zendesk.example/attachments/token/b/?name=bild.png\">nachher");
    let answer = written(&json!("vorher nachher"), &page, &files);
    assert_eq!(kinds(&answer), [BlockKind::Paragraph, BlockKind::Picture(1), BlockKind::Paragraph]);
    let address = answer.attachments[1].address.as_deref();
    assert_eq!(address, Some("https://help.example.com/attachments/token/b/?name=bild.png"), "where the token may go");
}

#[test]
fn a_picture_of_a_stranger_is_never_an_attachment() {
    for address in [
        "https://spy.example/attachments/token/x/?name=a.png",
        "//spy.example/attachments/token/x/",
        "https://help.example.com/api/v2/users/me",
        "https://help.example.com/attachments/../api/v2/users/me",
        "data:image/png;base64,AAAA",
        "cid:x",
        "",
    ] {
        let page = json!(format!("Hallo <img src=\"{address}\" alt=\"Logo\">"));
        let answer = written(&json!("Hallo"), &page, &json!([]));
        assert_eq!((answer.attachments.len(), kinds(&answer)), (0, vec![BlockKind::Paragraph]), "{address}");
    }
}

#[test]
fn a_picture_has_the_thumbnail_that_is_on_the_server_itself() {
    let here = |name: &str| format!("https://help.example.com/attachments/token/x/?name={name}");
    let there = "https://company.zendesk.example/attachments/token/x/?name=b_thumb.png";
    let list = json!([{ "content_url": there, "mapped_content_url": here("b_thumb.png") }]);
    let files = json!([
        { "id": 1, "file_name": "a.pdf", "thumbnails": [] },
        { "id": 2, "file_name": "b.png", "thumbnails": list },
        { "id": 3, "file_name": "c.png", "thumbnails": [{ "content_url": there }] },
        { "id": 4, "file_name": "d.png", "thumbnails": [null, { "content_url": 7 }, { "content_url": here("d.png") }] },
        { "id": 5, "file_name": "e.png", "thumbnails": list, "malware_scan_result": "malware_found" },
        { "id": 6, "file_name": "f.png", "thumbnails": list, "deleted": true },
        { "id": 7, "file_name": "g.png", "thumbnails": { "content_url": here("g.png") } },
    ]);
    let found = written(&json!("Anbei"), &json!(null), &files).attachments;
    let found: Vec<_> = found.into_iter().map(|file| file.thumbnail).collect();
    let expected = [None, Some(here("b_thumb.png")), None, Some(here("d.png")), None, None, None];
    assert_eq!(found, expected);
}

#[test]
fn a_file_says_what_the_server_found_in_it_and_whether_it_is_deleted() {
    let files = json!([
        { "id": 1, "file_name": "a.pdf", "malware_scan_result": "malware_not_found", "deleted": false, "inline": false },
        { "id": 2, "file_name": "b.docm", "malware_scan_result": "malware_found" },
        { "id": 3, "file_name": "c.zip", "malware_scan_result": "failed_to_scan" },
        { "id": 4, "file_name": "d.png", "malware_scan_result": "not_scanned", "deleted": true },
        { "id": 5, "file_name": "e.png", "malware_scan_result": 7, "deleted": "x", "inline": null },
    ]);
    let found = written(&json!("Anbei"), &json!(null), &files).attachments;
    let found: Vec<_> = found.iter().map(|file| (file.scan, file.deleted)).collect();
    let expected = [
        (Scan::Clean, false),
        (Scan::Malware, false),
        (Scan::Failed, false),
        (Scan::Clean, true),
        (Scan::Clean, false),
    ];
    assert_eq!(found, expected);
}
