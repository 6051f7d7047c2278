//! "My tickets" and "my organisation's tickets" (`docs/product.md`, S1, S16).

use pocketdesk::model::{Delivery, ReasonKind, ReplyDraft};
use pocketdesk::sync::Scope;
use serde_json::json;

use crate::support::{ADMINISTRATOR, Bench, organization_path};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_switches_to_the_organisations_tickets_and_nobody_else_does() {
    let bench = Bench::start().await;
    let mine = bench.create("ada-token", "Auszahlung für März fehlt 🧾", false).await;
    let added = bench.create("ben-token", "Größere Buchung", true).await;
    let of_ben = bench.create("ben-token", "Zoll für Paket Ü-17", false).await;
    bench.sync().await;
    let page = bench.client.history(None, 50).unwrap();
    assert_eq!((page.scope.as_deref(), page.scopes.len()), (Some("mine"), 0), "there is nothing to switch to");
    assert_eq!(bench.numbers("mine"), [mine, added]);

    // The company makes her an administrator, on the server and in the app.
    bench.share("comment").await;
    bench.claim(&[ADMINISTRATOR]);
    bench.sync().await;
    assert_eq!(bench.client.history(None, 50).unwrap().scopes, ["mine", "organisation"]);
    assert_eq!(bench.numbers("mine"), [mine, added]);
    assert_eq!(bench.numbers("organisation"), [mine, added, of_ben]);
    let rows = bench.rows("organisation");
    let row = |number| rows.iter().find(|row| row.number == Some(number)).unwrap();
    let users = |number| {
        let users = row(number).columns.iter().find(|column| column.id == "users");
        users.map(|users| users.texts.clone()).unwrap_or_default()
    };
    assert_eq!(users(mine), ["Ada Lindqvist"]);
    assert_eq!(users(added), ["Ben Okafor", "Ada Lindqvist"]);
    assert_eq!(users(of_ben), ["Ben Okafor"]);
    assert_eq!([mine, added, of_ben].map(|number| row(number).linked), [false, true, false]);
    assert!(bench.rows("mine").iter().all(|row| row.columns.iter().all(|column| column.id != "users")));
    // A list that is wide enough to be a table has the definition's columns in its order.
    let columns = |scope: &str| bench.client.history_in(Some(scope), None, 50).unwrap().columns;
    let ids: Vec<String> = columns("organisation").into_iter().map(|column| column.id).collect();
    assert_eq!(
        ids,
        ["number", "escalation_id", "users", "subject", "created", "last_activity", "ticket_type", "status"]
    );
    assert!(columns("mine").iter().all(|column| column.id != "users"));
    let named = |id: &str| columns("mine").into_iter().find(|column| column.id == id).unwrap();
    assert_eq!((named("number").label_key.as_str(), named("number").hide_empty), ("column.number", false));
    assert!(named("escalation_id").hide_empty);
    let kind =
        row(mine).columns.iter().find(|column| column.id == "ticket_type").and_then(|kind| kind.text_key.clone());
    assert_eq!(kind.as_deref(), Some("ticket_type.email"));

    // The app alone can take the switch away.
    bench.claim(&[]);
    let page = bench.client.history_in(Some("organisation"), None, 50).unwrap();
    assert_eq!((page.scope.as_deref(), page.scopes.len()), (Some("mine"), 0));
    assert_eq!(bench.numbers("mine"), [mine, added]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_no_administrator_any_more_loses_the_others_tickets_and_nothing_of_their_own() {
    let bench = Bench::start().await;
    let mine = bench.create("ada-token", "Meine Rechnung", false).await;
    let mut others = Vec::new();
    for number in 0..30 {
        others.push(bench.create("ben-token", &format!("VERTRAULICH-Ω Vorgang {number}"), false).await);
    }
    bench.share("comment").await;
    bench.claim(&[ADMINISTRATOR]);
    bench.sync().await;
    assert_eq!(bench.numbers("organisation").len(), 31);
    let waiting = bench.id(others[7]);
    bench.client.thread_opened(waiting).unwrap();
    bench.sync().await;
    bench.client.thread_closed(waiting);
    bench.client.set_online(false).unwrap();
    let draft = ReplyDraft {
        body: "Ich kümmere mich um Bens Vorgang.".to_owned(),
        ..bench.client.reply_draft(waiting).unwrap()
    };
    bench.client.reply(&draft).unwrap();

    // The company takes it back while the device is offline.
    bench.share("own").await;
    bench.claim(&[]);
    assert_eq!(bench.numbers("mine"), [mine, others[7]], "what waits is never out of sight");
    bench.client.set_online(true).unwrap();
    // A run asks for a limited number of missing tickets.
    for _ in 0..5 {
        bench.sync().await;
    }
    assert_eq!(bench.client.state().unwrap().problem, None, "thirty at once are explained");
    let rows = bench.rows("mine");
    assert_eq!(
        rows.iter().map(|row| (row.number, row.visible)).collect::<Vec<_>>(),
        [(Some(others[7]), false), (Some(mine), true)]
    );
    let kept = bench.client.thread(waiting, None, 10).unwrap().messages;
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].body, "Ich kümmere mich um Bens Vorgang.");
    let Delivery::NeedsUser(reason) = &kept[0].delivery else { panic!("{:?}", kept[0].delivery) };
    assert_eq!(reason.kind, ReasonKind::NoLongerVisible);
    assert_eq!(bench.files_with("VERTRAULICH-Ω"), [] as [std::path::PathBuf; 0]);
    assert_eq!(bench.comments(others[7]).await.len(), 1, "nothing of it arrived");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_further_user_who_is_removed_loses_the_ticket() {
    let bench = Bench::start().await;
    let mine = bench.create("ada-token", "Meine Rechnung", false).await;
    let added = bench.create("ben-token", "Größere Buchung", true).await;
    bench.sync().await;
    assert_eq!(bench.numbers("mine"), [mine, added]);
    bench.act(added, "revoke", json!({ "user": "ada" })).await;
    let id = bench.id(added);
    bench.client.thread_opened(id).unwrap();
    bench.sync().await;
    let row = bench.rows("mine").into_iter().find(|row| row.id == id).unwrap();
    assert!(!row.visible && row.subject.is_empty() && !row.linked);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lists_of_organisations_are_those_that_the_server_lets_me_view() {
    let bench = Bench::start().await;
    bench.sync().await;
    let asked = async || {
        let log = bench.ask(None, pocketdesk::net::Method::Get, "/sandbox/requests", serde_json::Value::Null).await;
        log.to_string().contains(&organization_path())
    };
    assert!(!asked().await, "a list that may not be viewed is not asked for");
    bench.share("view").await;
    bench.sync().await;
    assert!(asked().await);
    assert_eq!(bench.client.sync(Scope::Everything).await.failure, None);
}
