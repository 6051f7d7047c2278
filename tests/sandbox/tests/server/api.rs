//! Tickets, threads, files and users, as an app sees them.

use std::collections::BTreeSet;

use pocketdesk_sandbox::Options;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Server, ids, path_of};

#[tokio::test]
async fn access_shares_a_ticket_with_the_account_and_a_cc_does_not() {
    let server = Server::start().await;
    let hidden = server.create("ben-token", "Nur für mich – geheim 🤫", None).await;
    let shared = server.create("ben-token", "Für alle im Team", Some(true)).await;
    assert_eq!(server.get(&format!("/api/v2/requests/{hidden}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.get(&format!("/api/v2/requests/{hidden}/comments")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.reply(hidden, "Ich sehe das nicht").await.unwrap().status, StatusCode::NOT_FOUND);
    assert_eq!(server.get(&format!("/api/v2/requests/{shared}")).await.status, StatusCode::OK);
    assert_eq!(server.get_as("clara-token", &format!("/api/v2/requests/{hidden}")).await.status, StatusCode::OK);
    assert_eq!(server.get_as("zoe-token", &format!("/api/v2/requests/{shared}")).await.status, StatusCode::NOT_FOUND);

    let cc = json!({ "request": { "subject": "Con copia", "comment": { "body": "Hola Ada" },
        "collaborators": ["Ada.Lindqvist@nordlicht-reisen.example", "ada.lindqvist@nordlicht-reisen.example", "neu@partner.example"] } });
    let answer = server.send_as("ben-token", (Method::POST, "/api/v2/requests"), &[], &cc).await.unwrap();
    let ticket = answer.json["request"]["id"].as_i64().unwrap();
    assert_eq!(answer.json["request"]["collaborator_ids"].as_array().unwrap().len(), 2);
    assert_eq!(server.get(&format!("/api/v2/requests/{ticket}")).await.status, StatusCode::NOT_FOUND);
    assert!(!ids(&server.get("/api/v2/requests/ccd").await).contains(&ticket));
    let mails = server.sandbox(Method::GET, &format!("/mails?ticket={ticket}"), Value::Null).await;
    let to: Vec<&str> = mails["mails"].as_array().unwrap().iter().map(|mail| mail["to"].as_str().unwrap()).collect();
    assert_eq!(
        to,
        ["neu@partner.example", "ada.lindqvist@nordlicht-reisen.example"],
        "one mail per address, ignoring case"
    );
}

#[tokio::test]
async fn a_revoked_ticket_is_hidden_everywhere_and_can_be_restored() {
    let server = Server::start().await;
    let ticket = server.create("ada-token", "Vertrag mit Küstenblog", None).await;
    let path = format!("/api/v2/requests/{ticket}");
    server.sandbox(Method::POST, &format!("/tickets/{ticket}/revoke"), json!({ "user": "ada" })).await;
    assert_eq!(server.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.get(&format!("{path}/comments")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.reply(ticket, "Hallo?").await.unwrap().status, StatusCode::NOT_FOUND);
    assert!(!ids(&server.get("/api/v2/requests?sort_by=created_at").await).contains(&ticket));
    assert!(!ids(&server.get(&format!("/api/v2/requests/search?query={ticket}")).await).contains(&ticket));
    server.sandbox(Method::POST, &format!("/tickets/{ticket}/restore"), json!({ "user": "ada" })).await;
    assert_eq!(server.get(&path).await.status, StatusCode::OK);
    let (status, _) =
        server.try_sandbox(Method::POST, &format!("/tickets/{ticket}/revoke"), json!({ "user": "nobody" })).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn private_notes_move_updated_at_and_are_never_shown() {
    let server = Server::start().await;
    let ticket = server.create("ada-token", "Auszahlung fehlt", None).await;
    server.sandbox(Method::POST, "/clock", json!({ "advance_seconds": 60 })).await;
    let before = server.get(&format!("/api/v2/requests/{ticket}")).await.json["request"]["updated_at"].clone();
    server.sandbox(Method::POST, &format!("/tickets/{ticket}/note"), json!({ "body": "Fragt Buchhaltung" })).await;
    let after = server.get(&format!("/api/v2/requests/{ticket}")).await.json["request"]["updated_at"].clone();
    assert!(after.as_str() > before.as_str(), "{before} {after}");
    assert_eq!(server.thread(ticket).await.len(), 1);
    let all = server.sandbox(Method::GET, &format!("/tickets/{ticket}"), Value::Null).await;
    let note = &all["ticket"]["comments"][1];
    assert_eq!(note["public"], false);
    let path = format!("/api/v2/requests/{ticket}/comments/{}", note["id"]);
    assert_eq!(server.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_thread_has_its_authors_and_can_be_read_since_a_time() {
    let server = Server::start().await;
    let ticket = server.create("ada-token", "Clicks missing", None).await;
    server.sandbox(Method::POST, "/clock", json!({ "advance_seconds": 90 })).await;
    let answer =
        server.sandbox(Method::POST, &format!("/tickets/{ticket}/answer"), json!({ "body": "Since when?" })).await;
    assert_eq!(answer["ticket"]["status"], "pending");
    let path = format!("/api/v2/requests/{ticket}/comments");
    let whole = server.get(&path).await.json;
    assert_eq!(whole["comments"].as_array().unwrap().len(), 2);
    let agents: Vec<(&str, bool)> = whole["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| (user["name"].as_str().unwrap(), user["agent"] == true))
        .collect();
    assert_eq!(agents, [("Marta Feld", true), ("Ada Lindqvist", false)]);
    let since = whole["comments"][1]["created_at"].as_str().unwrap();
    let new = server.get(&format!("{path}?since={since}")).await.json;
    assert_eq!(new["comments"].as_array().unwrap().len(), 1, "since is inclusive");
    assert_eq!(
        server.get(&format!("{path}?role=end_user")).await.json["comments"][0]["body"],
        "Guten Tag, bitte ansehen. 🙏"
    );
    let first = server.get(&format!("{path}?page%5Bsize%5D=1")).await.json;
    let second = server.get(&path_of(&first["links"]["next"])).await.json;
    assert_eq!((first["meta"]["has_more"].clone(), second["meta"]["has_more"].clone()), (json!(true), json!(false)));
    assert_eq!(second["comments"][0]["body"], "Since when?");
    let newest = server.get(&format!("{path}?page%5Bsize%5D=1&sort=-created_at")).await.json;
    let oldest = server.get(&path_of(&newest["links"]["next"])).await.json;
    assert_eq!((newest["meta"]["has_more"].clone(), oldest["meta"]["has_more"].clone()), (json!(true), json!(false)));
    assert_eq!((&newest["comments"], &oldest["comments"]), (&second["comments"], &first["comments"]));
    let id = &second["comments"][0]["id"];
    assert_eq!(server.get(&format!("{path}/{id}")).await.json["comment"]["id"], *id);

    server
        .sandbox(
            Method::POST,
            &format!("/tickets/{ticket}/edit_comment"),
            json!({ "comment": id, "body": "Since which day?" }),
        )
        .await;
    assert_eq!(server.thread(ticket).await[1], "Since which day?");
    server
        .sandbox(Method::POST, &format!("/tickets/{ticket}/redact_comment"), json!({ "comment": id, "text": "which" }))
        .await;
    assert_eq!(server.thread(ticket).await[1], "Since ▇▇▇▇▇ day?");
}

#[tokio::test]
async fn a_reply_reopens_and_a_closed_ticket_refuses_everything() {
    let server = Server::start().await;
    let ticket = server.create("ada-token", "Contract template", None).await;
    let path = format!("/api/v2/requests/{ticket}");
    let status = async || server.get(&path).await.json["request"]["status"].as_str().unwrap().to_owned();
    server.reply(ticket, "One more thing").await.unwrap();
    assert_eq!(status().await, "new");
    let solve = json!({ "request": { "solved": true } });
    assert_eq!(
        server.send(Method::PUT, &path, &solve).await.unwrap().status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "no agent has it yet"
    );
    for waiting in ["pending", "solved"] {
        server
            .sandbox(Method::POST, &format!("/tickets/{ticket}/answer"), json!({ "body": "Done?", "status": waiting }))
            .await;
        assert_eq!(status().await, waiting);
        server.reply(ticket, "Not yet").await.unwrap();
        assert_eq!(status().await, "open");
    }
    assert_eq!(server.get(&path).await.json["request"]["can_be_solved_by_me"], true);
    assert_eq!(server.get_as("clara-token", &path).await.json["request"]["can_be_solved_by_me"], false);
    assert_eq!(server.send(Method::PUT, &path, &solve).await.unwrap().json["request"]["status"], "solved");

    server.sandbox(Method::POST, &format!("/tickets/{ticket}/status"), json!({ "status": "closed" })).await;
    let before = server.thread(ticket).await;
    for change in [
        json!({ "request": { "comment": { "body": "Too late" } } }),
        solve,
        json!({ "request": { "additional_collaborators": ["finance@nordlicht-reisen.example"] } }),
    ] {
        let refused = server.send(Method::PUT, &path, &change).await.unwrap();
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.json["details"]["status"][0]["description"], "Status: closed prevents ticket update");
    }
    assert_eq!(server.thread(ticket).await, before);
}

#[tokio::test]
async fn a_key_creates_once_for_two_hours() {
    let server = Server::start().await;
    let body = json!({ "request": { "subject": "Zahlung doppelt?", "comment": { "body": "Bitte prüfen" },
        "custom_fields": [{ "id": 360_001_000_003_i64, "value": "ref-8841" }] } });
    let create = async |body: &Value| {
        server
            .send_as("ada-token", (Method::POST, "/api/v2/requests"), &[("idempotency-key", "5f0c-1")], body)
            .await
            .unwrap()
    };
    let found = async || server.sandbox(Method::GET, "/tickets?reference=ref-8841", Value::Null).await["count"].clone();
    let (first, again) = (create(&body).await, create(&body).await);
    assert_eq!(first.headers["x-idempotency-lookup"], "miss");
    assert_eq!(again.headers["x-idempotency-lookup"], "hit");
    assert_eq!((first.status, &first.json), (again.status, &again.json));
    assert_eq!(found().await, 1);
    let mut other = body.clone();
    other["request"]["subject"] = json!("Something else");
    let refused = create(&other).await;
    assert_eq!(
        (refused.status, refused.json["error"].as_str()),
        (StatusCode::BAD_REQUEST, Some("IdempotentRequestError"))
    );
    server.sandbox(Method::POST, "/clock", json!({ "advance_seconds": 7201 })).await;
    assert_eq!(create(&body).await.headers["x-idempotency-lookup"], "miss");
    assert_eq!(found().await, 2, "the key had expired");
    server.faults(json!({ "ignore_idempotency": true })).await;
    assert!(!create(&body).await.headers.contains_key("x-idempotency-lookup"));
    assert_eq!(found().await, 3);
}

#[tokio::test]
async fn missing_or_invalid_fields_are_refused_with_their_names() {
    let server = Server::start().await;
    // The connector never sends these. Another client might, and the server must refuse them.
    let post = async |body: Value| {
        let url = format!("{}/api/v2/requests", server.running.base_url);
        let request = server.http.post(url).bearer_auth("ada-token").json(&body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    let said = |answer: &Value| answer["details"]["base"][0]["description"].as_str().unwrap_or_default().to_owned();
    let (status, answer) = post(json!({ "request": { "subject": "  ", "comment": { "body": "x" } } })).await;
    assert_eq!((status, said(&answer).as_str()), (422, "Subject: cannot be blank"));
    let (status, answer) = post(json!({ "request": { "subject": "s", "comment": { "body": "\n" } } })).await;
    assert_eq!((status, said(&answer).as_str()), (422, "Description: cannot be blank"));
    let (status, answer) =
        post(json!({ "request": { "subject": "s", "comment": { "body": "b" }, "collaborators": ["nobody"] } })).await;
    assert_eq!((status, said(&answer).as_str()), (422, "Collaborator: is not a valid email address"));
    assert_eq!(post(json!({ "request": 7 })).await.0, 400);
    assert_eq!(
        server.sandbox(Method::GET, "/tickets?subject=s", Value::Null).await["count"],
        0,
        "nothing must have been stored"
    );
}

#[tokio::test]
async fn a_file_is_attached_once_and_fetched_without_the_token() {
    let server = Server::start().await;
    let bytes = "date;clicks\n2026-03-01;17\n".as_bytes().to_vec();
    let path = "/api/v2/uploads?filename=Klicks%20M%C3%A4rz.csv";
    let upload = server
        .request((Method::POST, path), "ada-token", &[("content-type", "text/csv")], Some(bytes.clone()))
        .await
        .unwrap();
    let token = upload.json["upload"]["token"].as_str().unwrap();
    let with_file =
        json!({ "request": { "subject": "Mit Anhang", "comment": { "body": "Siehe Datei", "uploads": [token] } } });
    let ticket = server.send(Method::POST, "/api/v2/requests", &with_file).await.unwrap().json["request"]["id"]
        .as_i64()
        .unwrap();
    let thread = server.get(&format!("/api/v2/requests/{ticket}/comments")).await.json;
    let file = &thread["comments"][0]["attachments"][0];
    assert_eq!(
        (file["file_name"].as_str(), file["size"].as_u64()),
        (Some("Klicks März.csv"), Some(bytes.len() as u64))
    );
    assert_eq!(server.get(&format!("/api/v2/attachments/{}", file["id"])).await.json["attachment"]["id"], file["id"]);
    assert_eq!(
        server.get_as("zoe-token", &format!("/api/v2/attachments/{}", file["id"])).await.status,
        StatusCode::NOT_FOUND
    );
    let again = server.send(Method::POST, "/api/v2/requests", &with_file).await.unwrap();
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a token can be attached only once");

    let (status, headers, _) = server.plain(file["content_url"].as_str().unwrap(), Some("ada-token")).await;
    assert_eq!(status, StatusCode::FOUND);
    let location = headers["location"].to_str().unwrap().to_owned();
    assert_eq!(server.plain(&location, None).await.2, bytes);
    assert_eq!(
        server.plain(&location, Some("ada-token")).await.0,
        StatusCode::BAD_REQUEST,
        "the bearer token must not be sent along"
    );

    let upload =
        server.request((Method::POST, path), "ada-token", &[("content-type", "text/csv")], Some(bytes)).await.unwrap();
    let discard = format!("/api/v2/uploads/{}", upload.json["upload"]["token"].as_str().unwrap());
    assert_eq!(
        server.request((Method::DELETE, &discard), "ada-token", &[], None).await.unwrap().status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        server.request((Method::DELETE, &discard), "ada-token", &[], None).await.unwrap().status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn search_finds_words_numbers_and_umlauts_in_visible_tickets() {
    let server = Server::start().await;
    let ticket = server.create("ada-token", "Überweisung an KÜSTENBLOG", None).await;
    let other = server.create("zoe-token", "Überweisung an Küstenblog", None).await;
    let search = async |query: &str| ids(&server.get(&format!("/api/v2/requests/search?query={query}")).await);
    let found = search("k%C3%BCstenblog%20%C3%BCberweisung").await;
    assert!(found.contains(&ticket) && !found.contains(&other), "{found:?}");
    assert_eq!(search(&ticket.to_string()).await, [ticket]);
    assert_eq!(search("xyzzy").await, [0; 0]);
    let shared = server.create("ben-token", "Überweisung an Küstenblog", Some(true)).await;
    assert!(!search("k%C3%BCstenblog").await.contains(&shared), "without a parameter, one's own tickets are searched");
    let me = server.get("/api/v2/users/me").await;
    let organization = me.json["user"]["organization_id"].as_i64().unwrap();
    let of_all = search(&format!("k%C3%BCstenblog&organization_id={organization}")).await;
    assert!(of_all.contains(&ticket) && of_all.contains(&shared) && !of_all.contains(&other), "{of_all:?}");
    assert_eq!(search("k%C3%BCstenblog&cc_id=true").await, [0; 0]);
    let closed = server.get("/api/v2/requests/search?query=a&status=solved,closed").await;
    let statuses: BTreeSet<&str> =
        closed.json["requests"].as_array().unwrap().iter().map(|request| request["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, BTreeSet::from(["closed", "solved"]));
}

#[tokio::test]
async fn the_other_paths_keep_to_the_contract() {
    let server = Server::start().await;
    let me = server.get("/api/v2/users/me").await;
    assert_eq!(me.json["user"]["name"], "Ada Lindqvist");
    for header in ["date", "x-rate-limit", "x-rate-limit-remaining", "ratelimit-reset"] {
        assert!(me.headers.contains_key(header), "{header}");
    }
    let fields = server.get("/api/v2/ticket_fields?locale=de").await.json;
    let issue_type =
        fields["ticket_fields"].as_array().unwrap().iter().find(|field| field["id"] == 360_001_000_001_i64).unwrap();
    assert_eq!(issue_type["custom_field_options"].as_array().unwrap().len(), 7);
    assert_eq!(server.get("/api/v2/ticket_fields/360001000002").await.json["ticket_field"]["type"], "checkbox");
    assert_eq!(
        server.get("/api/v2/ticket_forms?active=true").await.json["ticket_forms"][0]["ticket_field_ids"]
            .as_array()
            .unwrap()
            .len(),
        7
    );
    let listed = server.get("/api/v2/requests?include=users&per_page=5").await.json;
    assert!(listed["users"].as_array().unwrap().iter().any(|user| user["name"] == "Ada Lindqvist"));
    assert_eq!(server.get_as("nobody-token", "/api/v2/users/me").await.status, StatusCode::UNAUTHORIZED);
    let (status, _, body) = server.plain("/api/v2/requests", None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(serde_json::from_slice::<Value>(&body).unwrap()["description"].is_string());
}

#[tokio::test]
async fn a_revoked_token_is_refused_and_its_user_gets_a_new_one() {
    let server = Server::start_with(Options { tickets: 0, ..Options::default() }).await;
    let answer = server.sandbox(Method::POST, "/users/ada/revoke_token", json!({})).await;
    assert_eq!(server.get("/api/v2/users/me").await.status, StatusCode::UNAUTHORIZED);
    let me = server.get_as(answer["token"].as_str().unwrap(), "/api/v2/users/me").await;
    assert_eq!(me.json["user"]["name"], "Ada Lindqvist");
    assert_eq!(
        server.get_as("ben-token", "/api/v2/users/me").await.status,
        StatusCode::OK,
        "only Ada's token is revoked"
    );
}

#[tokio::test]
async fn an_agents_answer_can_carry_files() {
    let server = Server::start_with(Options { tickets: 0, ..Options::default() }).await;
    let ticket = server.create("ada-token", "Bitte Vorlage", None).await;
    let file = json!({ "name": "Vorlage für Ada.pdf", "content_type": "application/pdf", "content": "JVBERi0xLjQK" });
    let answer = json!({ "body": "Anbei.", "files": [file] });
    server.sandbox(Method::POST, &format!("/tickets/{ticket}/answer"), answer).await;
    let thread = server.get(&format!("/api/v2/requests/{ticket}/comments")).await.json;
    let file = &thread["comments"][1]["attachments"][0];
    assert_eq!(file["file_name"], "Vorlage für Ada.pdf");
    let (_, headers, _) = server.plain(file["content_url"].as_str().unwrap(), None).await;
    assert_eq!(server.plain(headers["location"].to_str().unwrap(), None).await.2, b"%PDF-1.4\n");
    let spoiled = json!({ "body": "Anbei.", "files": [{ "name": "a", "content_type": "a/b", "content": "…" }] });
    let (status, _) = server.try_sandbox(Method::POST, &format!("/tickets/{ticket}/answer"), spoiled).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(server.thread(ticket).await.len(), 2, "nothing must have been stored");
}
