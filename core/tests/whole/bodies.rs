//! What agents write arrives with its structure, and stays readable offline.

use pocketdesk::connectors::pasted;
use pocketdesk::model::{BlockKind, Body, FileState, Look, Marker};
use pocketdesk::net::Method;
use serde_json::json;

use crate::bench::{Bench, config, open};

/// An answer as an agent's editor has it: a list, a link, a picture, and the mail that is answered.
const PAGE: &str = "<p>Hallo Ada, <b>bitte</b> <a href=\"https://docs.example.com/pixel\">hier</a> nachsehen 🙏</p>\
    <ol><li>Öffnen</li><li>Warten</li></ol><img src=\"cid:0\"><script>steal()</script>\
    <div class=\"gmail_quote\"><div>Am 5. März schrieb Ada:</div><blockquote>Seit Montag.</blockquote></div>";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_formatted_answer_is_read_with_its_structure_offline() {
    let bench = Bench::start().await;
    let ticket = bench.create();
    bench.settle_one().await;
    let number = bench.client.ticket(ticket).unwrap().row.number.unwrap();
    let file = json!({ "name": "Bild März.png", "content_type": "image/png", "content": "iVBORw0KGgo=" });
    let answer = json!({ "body": "Hallo Ada, bitte hier nachsehen", "html": PAGE, "files": [file] });
    bench.sandbox(Method::Post, &format!("/sandbox/tickets/{number}/answer"), answer).await;
    bench.settle_one().await;
    let check = |client: &pocketdesk::Client| {
        let message = client.thread(ticket, None, 200).unwrap().messages.pop().unwrap();
        let Body { blocks, history_from } = &message.content;
        let texts: Vec<String> = blocks.iter().map(pocketdesk::model::Block::text).collect();
        assert_eq!(
            texts,
            ["Hallo Ada, bitte hier nachsehen 🙏", "Öffnen", "Warten", "", "Am 5. März schrieb Ada:", "Seit Montag."]
        );
        let links: Vec<&str> =
            blocks[0].spans.iter().filter_map(|span| span.link.as_ref()).map(|link| link.address.as_str()).collect();
        assert_eq!(links, ["https://docs.example.com/pixel"]);
        assert!(blocks[0].spans.iter().any(|span| span.bold && span.text == "bitte"));
        assert_eq!((blocks[2].marker, blocks[3].kind), (Some(Marker::Number(2)), BlockKind::Picture(0)));
        assert_eq!((*history_from, blocks[5].quotes), (Some(4), 1));
        message
    };
    let message = check(&bench.client);
    assert!(
        message.attachments[0].inline && message.attachments[0].bytes == FileState::OnServer,
        "nothing is fetched unasked"
    );
    assert!(!message.body.contains("steal") && message.body.contains("1. Öffnen\n2. Warten"), "{}", message.body);

    // The process ends, and there is no network.
    let Bench { client, folder, sandbox } = bench;
    drop(client);
    let again = open(&config(folder.path(), &sandbox.base_url), "ada-token");
    again.set_online(false).unwrap();
    check(&again);
}

/// Where something of a text is bold, and where it leads.
fn marked(body: &Body) -> Vec<(String, bool, Option<String>)> {
    let spans = body.blocks.iter().flat_map(|block| &block.spans);
    let marked = spans.filter(|span| span.bold || span.link.is_some());
    marked.map(|span| (span.text.clone(), span.bold, span.link.as_ref().map(|link| link.address.clone()))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_formatted_reply_is_written_offline_and_arrives_once_with_its_formats_through_every_fault() {
    for fault in [json!({}), json!({ "cut_after": { "times": 2 } }), json!({ "cut_before": { "times": 2 } })] {
        let bench = Bench::start().await;
        let ticket = bench.create();
        bench.settle_one().await;
        bench.client.set_online(false).unwrap();
        let page = "<p>Es fehlen <b>zwei</b>, <a href='https://desk.example/a'>siehe hier</a>:</p><ul><li>März<li>April 🧾</ul>";
        let draft = bench.client.reply_draft(ticket).unwrap().with(&pasted(page));
        bench.client.save_reply_draft(&draft).unwrap();

        // The process ends, and the draft keeps its formats.
        let Bench { client, folder, sandbox } = bench;
        drop(client);
        let client = open(&config(folder.path(), &sandbox.base_url), "ada-token");
        let bench = Bench { folder, sandbox, client };
        bench.client.set_online(false).unwrap();
        let kept = bench.client.reply_draft(ticket).unwrap();
        assert_eq!(kept, draft);
        let message = bench.client.reply(&kept).unwrap();
        let shown = || bench.client.thread(ticket, None, 200).unwrap().messages;
        let expected = [("zwei", true, None), ("siehe hier", false, Some("https://desk.example/a"))]
            .map(|(text, bold, link)| (text.to_owned(), bold, link.map(str::to_owned)));
        assert_eq!(marked(&shown().last().unwrap().content), expected);
        // What is not touched keeps its format when the reply is edited.
        let edited = format!("Hallo, {}", shown().last().unwrap().body);
        bench.client.edit_reply(message, &edited).unwrap();
        assert_eq!(marked(&shown().last().unwrap().content), expected);

        bench.fault(fault.clone()).await;
        bench.client.set_online(true).unwrap();
        bench.sent().await;
        let messages = shown();
        assert_eq!(messages.len(), 2, "{fault}");
        assert_eq!(messages[1].body, "Hallo, Es fehlen zwei, siehe hier:\n\n- März\n- April 🧾", "{fault}");
        assert_eq!(marked(&messages[1].content), expected, "{fault}");
        let stored = bench.sandbox(Method::Get, "/sandbox/tickets", serde_json::Value::Null).await.to_string();
        assert_eq!(stored.matches("<li>").count(), 2, "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_formatted_reply_that_is_taken_back_is_a_draft_with_its_formats() {
    let bench = Bench::start().await;
    let ticket = bench.create();
    bench.settle_one().await;
    bench.client.set_online(false).unwrap();
    let draft = bench.client.reply_draft(ticket).unwrap();
    let text = draft.written().pasted(0..0, &"Bitte heute noch".into()).text.toggled(6..11, Look::Bold);
    let message = bench.client.reply(&draft.with(&text)).unwrap();
    assert_eq!(bench.client.discard(message).unwrap(), "Bitte heute noch");
    assert_eq!(bench.client.reply_draft(ticket).unwrap().written(), text);
}
