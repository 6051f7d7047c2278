//! What agents write arrives with its structure, and stays readable offline.

use pocketdesk::model::{BlockKind, Body, FileState, Marker};
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
