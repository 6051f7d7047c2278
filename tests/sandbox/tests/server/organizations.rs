//! Who sees which tickets: organizations, what they share, and people in CC.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Server, ids, path_of};

const NORDLICHT: i64 = 360_004_512_301;
const ADA: i64 = 361_882_440_112;
const BEN: i64 = 361_882_440_137;
const MARTA: i64 = 361_700_020_001;

async fn share(server: &Server, tickets: &str) {
    let path = format!("/organizations/{NORDLICHT}/sharing");
    server.sandbox(Method::POST, &path, json!({ "tickets": tickets })).await;
}

async fn memberships(server: &Server, token: &str, user: i64) -> Vec<Value> {
    let path = format!("/api/v2/users/{user}/organization_memberships?page%5Bsize%5D=100");
    server.get_as(token, &path).await.json["organization_memberships"].as_array().unwrap().clone()
}

/// Sends a change of a request as this user, and returns the status.
async fn change(server: &Server, token: &str, ticket: i64, change: Value) -> StatusCode {
    let path = format!("/api/v2/requests/{ticket}");
    let body = json!({ "request": change });
    server.send_as(token, (Method::PUT, &path), &[], &body).await.unwrap().status
}

#[tokio::test]
async fn an_organization_that_shares_its_tickets_shows_all_of_them() {
    let server = Server::start().await;
    let of_ben = server.create("ben-token", "Nur Ben sieht das – noch", None).await;
    let path = format!("/api/v2/requests/{of_ben}");
    let list = format!("/api/v2/organizations/{NORDLICHT}/requests?sort_by=created_at&per_page=5");
    let seen = async || {
        let shown = server.get(&path).await.status == StatusCode::OK;
        assert_eq!(ids(&server.get(&list).await).contains(&of_ben), shown, "the list shows the same");
        shown
    };
    let view = async || memberships(&server, "ada-token", ADA).await[0]["view_tickets"].clone();
    let reply =
        async || change(&server, "ada-token", of_ben, json!({ "comment": { "body": "Das betrifft mich auch" } })).await;
    assert_eq!((seen().await, view().await, reply().await), (false, json!(false), StatusCode::NOT_FOUND));

    share(&server, "view").await;
    assert_eq!((seen().await, view().await, reply().await), (true, json!(true), StatusCode::FORBIDDEN));
    let cc = json!({ "additional_collaborators": ["neu@partner.example"] });
    assert_eq!(change(&server, "ada-token", of_ben, cc).await, StatusCode::FORBIDDEN);
    assert_eq!(server.thread(of_ben).await.len(), 1, "nothing was written");
    let shared = server.create("ben-token", "Für alle", Some(true)).await;
    let answer = json!({ "comment": { "body": "Danke!" } });
    assert_eq!(change(&server, "ada-token", shared, answer).await, StatusCode::OK, "the wider permission counts");

    share(&server, "comment").await;
    assert_eq!((seen().await, view().await, reply().await), (true, json!(true), StatusCode::OK));
    assert_eq!(server.get_as("zoe-token", &path).await.status, StatusCode::NOT_FOUND, "of another organization");
    share(&server, "own").await;
    assert_eq!((seen().await, view().await), (false, json!(false)));
    let (odd, _) = server.try_sandbox(Method::POST, "/organizations/5/sharing", json!({ "tickets": "view" })).await;
    assert_eq!(odd, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_user_may_see_more_than_the_organization_shares() {
    let server = Server::start().await;
    let of_ben = server.create("ben-token", "Abrechnung Q1", None).await;
    let path = format!("/api/v2/requests/{of_ben}");
    let reply = json!({ "comment": { "body": "¿Alguna novedad?" } });
    // An administrator is such a user from the beginning.
    assert_eq!(change(&server, "clara-token", of_ben, reply.clone()).await, StatusCode::OK);
    server.sandbox(Method::POST, "/users/ada/sharing", json!({ "tickets": "view" })).await;
    assert_eq!(server.get(&path).await.status, StatusCode::OK);
    assert_eq!(change(&server, "ada-token", of_ben, reply.clone()).await, StatusCode::FORBIDDEN);
    share(&server, "comment").await;
    assert_eq!(change(&server, "ada-token", of_ben, reply).await, StatusCode::OK);
    server.sandbox(Method::POST, &format!("/tickets/{of_ben}/revoke"), json!({ "user": "ada" })).await;
    assert_eq!(server.get(&path).await.status, StatusCode::NOT_FOUND, "a revocation is stronger");
}

#[tokio::test]
async fn a_user_can_belong_to_several_organizations() {
    let server = Server::start().await;
    let made = server.sandbox(Method::POST, "/organizations", json!({ "name": "Alle Marken – gemeinsam" })).await;
    let second = made["organization"]["id"].as_i64().unwrap();
    for user in ["ada", "ben"] {
        let path = format!("/users/{user}/memberships");
        server.sandbox(Method::POST, &path, json!({ "organization": second })).await;
    }
    server.sandbox(Method::POST, &format!("/organizations/{second}/sharing"), json!({ "tickets": "comment" })).await;
    let of_ada = memberships(&server, "ada-token", ADA).await;
    let shown: Vec<_> = of_ada
        .iter()
        .map(|one| (one["organization_id"].as_i64().unwrap(), one["default"].clone(), one["view_tickets"].clone()))
        .collect();
    assert_eq!(shown, [(NORDLICHT, json!(true), json!(false)), (second, Value::Null, json!(true))]);
    assert_eq!(of_ada[1]["organization_name"], "Alle Marken – gemeinsam");
    let first = server.get(&format!("/api/v2/users/{ADA}/organization_memberships?page%5Bsize%5D=1")).await.json;
    let next = server.get(&path_of(&first["links"]["next"])).await.json;
    assert_eq!((&first["meta"]["has_more"], &next["meta"]["has_more"]), (&json!(true), &json!(false)));
    assert_eq!(next["organization_memberships"][0]["id"], of_ada[1]["id"]);
    let foreign = server.get(&format!("/api/v2/users/{BEN}/organization_memberships")).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN, "only one's own");

    // As a company's webhook would share a single ticket.
    let of_ben = server.create("ben-token", "Bitte alle mitlesen", None).await;
    let list = format!("/api/v2/organizations/{second}/requests");
    assert_eq!(ids(&server.get(&list).await), [0; 0]);
    server.sandbox(Method::POST, &format!("/tickets/{of_ben}/organization"), json!({ "organization": second })).await;
    assert_eq!(ids(&server.get(&list).await), [of_ben]);
    assert_eq!(server.get(&format!("/api/v2/requests/{of_ben}")).await.json["request"]["organization_id"], second);
    assert_eq!(server.get_as("clara-token", &list).await.status, StatusCode::FORBIDDEN, "she is no member");

    server.sandbox(Method::DELETE, &format!("/users/ada/memberships/{NORDLICHT}"), Value::Null).await;
    assert_eq!(memberships(&server, "ada-token", ADA).await[0]["default"], true);
    assert_eq!(server.get("/api/v2/users/me").await.json["user"]["organization_id"], second);
    let gone = server.get(&format!("/api/v2/organizations/{NORDLICHT}/requests")).await;
    assert_eq!(gone.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn people_are_copied_by_id_by_address_and_by_name() {
    let server = Server::start().await;
    let body = json!({ "request": { "subject": "Con copia", "comment": { "body": "Hola" },
        "collaborators": [BEN, MARTA, "finance@nordlicht-reisen.example", { "name": "Søren Østergård", "email": "soren@partner.example" }],
        "email_ccs": [{ "user_email": "chefin@nordlicht-reisen.example", "action": "put" }, { "user_id": BEN },
                      { "user_email": "nicht@mehr.example", "action": "delete" }] } });
    let answer = server.send(Method::POST, "/api/v2/requests", &body).await.unwrap();
    let request = &answer.json["request"];
    let ticket = request["id"].as_i64().unwrap();
    let ids = |list: &Value| list.as_array().unwrap().iter().map(|id| id.as_i64().unwrap()).collect::<Vec<_>>();
    let (all, end_users) = (ids(&request["collaborator_ids"]), ids(&request["email_cc_ids"]));
    assert_eq!((all.len(), end_users.len()), (5, 4), "each person once");
    assert!(all.contains(&MARTA) && !end_users.contains(&MARTA), "a copied agent is a follower");
    let shown = server.get(&format!("/api/v2/requests/{ticket}?include=users")).await.json;
    let names: Vec<&str> =
        shown["users"].as_array().unwrap().iter().map(|user| user["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"Søren Østergård") && names.contains(&"chefin"), "{names:?}");

    let more = json!({ "additional_collaborators": [{ "email": "noch@jemand.example" }, BEN] });
    assert_eq!(change(&server, "ada-token", ticket, more).await, StatusCode::OK);
    let mails = server.sandbox(Method::GET, &format!("/mails?ticket={ticket}"), Value::Null).await;
    assert_eq!(mails["mails"].as_array().unwrap().len(), 6, "one for each");
    let unknown = json!({ "additional_collaborators": [5] });
    assert_eq!(change(&server, "ada-token", ticket, unknown).await, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_copied_user_sees_the_ticket_if_the_account_says_so() {
    let server = Server::start().await;
    let body = json!({ "request": { "subject": "Ada liest mit", "comment": { "body": "Guten Tag" }, "collaborators": [ADA] } });
    let answer = server.send_as("zoe-token", (Method::POST, "/api/v2/requests"), &[], &body).await.unwrap();
    let ticket = answer.json["request"]["id"].as_i64().unwrap();
    let path = format!("/api/v2/requests/{ticket}");
    let seen = async || {
        let listed = ids(&server.get("/api/v2/requests/ccd?sort_by=created_at").await).contains(&ticket);
        (server.get(&path).await.status, listed)
    };
    assert_eq!(seen().await, (StatusCode::NOT_FOUND, false));
    server.sandbox(Method::POST, "/settings", json!({ "copied_users_see": true })).await;
    assert_eq!(seen().await, (StatusCode::OK, true));
    assert!(!ids(&server.get("/api/v2/requests?sort_by=created_at").await).contains(&ticket), "it is not her own");
    let reply = json!({ "comment": { "body": "Ich antworte aus der Kopie" } });
    assert_eq!(change(&server, "ada-token", ticket, reply).await, StatusCode::OK);
    assert_eq!(change(&server, "ada-token", ticket, json!({ "solved": true })).await, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_follow_up_names_its_closed_ticket_and_no_other() {
    let server = Server::start().await;
    let source = server.create("ada-token", "Auszahlung fehlt wieder", None).await;
    let of_zoe = server.create("zoe-token", "Geschlossen, aber nicht ihres", None).await;
    let follow = async |of: i64| {
        let body = json!({ "request": { "subject": "Nachfrage", "comment": { "body": "Es ist noch offen." },
            "via_followup_source_id": of } });
        let answer = server.send(Method::POST, "/api/v2/requests", &body).await.unwrap();
        assert_eq!(answer.status, StatusCode::CREATED);
        answer.json["request"].clone()
    };
    let set = async |ticket: i64, status: &str| {
        server.sandbox(Method::POST, &format!("/tickets/{ticket}/status"), json!({ "status": status })).await
    };
    for status in ["open", "solved"] {
        set(source, status).await;
        assert_eq!(follow(source).await["followup_source_id"], Value::Null, "no effect while it is {status}");
    }
    set(source, "closed").await;
    set(of_zoe, "closed").await;
    let request = follow(source).await;
    assert_eq!(request["followup_source_id"], source);
    assert_eq!(
        (&request["via"]["source"]["rel"], &request["via"]["source"]["from"]["ticket_id"]),
        (&json!("follow_up"), &json!(source))
    );
    let path = format!("/api/v2/requests/{}", request["id"]);
    assert_eq!(server.get(&path).await.json["request"]["followup_source_id"], source);
    for other in [of_zoe, 5] {
        assert_eq!(follow(other).await["followup_source_id"], Value::Null, "{other}");
    }
}
