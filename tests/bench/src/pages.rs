//! How long a connector takes to read pages that are as long as they may be, and half as long: the time grows with the length.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use pocketdesk::connectors::Remote;
use pocketdesk::connectors::zendesk::Zendesk;
use pocketdesk::model::{TicketNumber, undated};
use pocketdesk::net::{Http, HttpFailure, HttpRequest, HttpResponse, TokenFailure, Tokens};
use pocketdesk::product::Product;
use serde_json::json;

use crate::{ms, quantile};

/// The most bytes of a page that are read.
const LARGEST: usize = 512 * 1024;
const ROUNDS: usize = 20;

/// Prints a row for each kind of page.
pub async fn measure() -> Result<(), Box<dyn Error>> {
    println!("a comment's HTML of {} KiB, and half of it; with its JSON, median of {ROUNDS}", LARGEST / 1024);
    for (name, part) in [
        ("styles", "<style>p{}</style>"),
        ("paragraphs", "<p>Bitte <b>hier</b> nachsehen: <a href=\"https://docs.example.com/p\">Anleitung</a></p>"),
        ("links alone", "<p>Siehe <a href=\"https://docs.example.com/p\">https://docs.example.com/p</a></p>"),
        ("nested lists", "<ul><li>Öffnen"),
        ("unclosed bold", "<b><i>x"),
        ("no-break spaces", "&nbsp;<td>"),
        ("addresses", "https://docs.example.com/pixel?a=1 ada@example.com "),
    ] {
        let mut medians = Vec::new();
        for length in [LARGEST / 2, LARGEST] {
            let page = part.repeat(length / part.len());
            medians.push(median(page).await?);
        }
        let ratio = medians[1].as_secs_f64() / medians[0].as_secs_f64();
        println!("{name:16} {:>12} {:>12}   ratio {ratio:.2}", ms(medians[1]), ms(medians[0]));
    }
    Ok(())
}

async fn median(page: String) -> Result<Duration, Box<dyn Error>> {
    let server = "https://help.example.com".parse()?;
    let remote = Zendesk::new(server, Arc::new(Canned(page)), Arc::new(SignedIn), &Product::built_in()?);
    let said = |failure| format!("{failure:?}");
    remote.begin(None).await.map_err(said)?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let thread = undated(remote.comments(TicketNumber(7), None, 100).await).map_err(said)?;
        rounds.push(start.elapsed());
        if thread.comments.len() != 1 {
            return Err("the comment was not read".into());
        }
    }
    Ok(quantile(&mut rounds, 0.5))
}

/// A server with one comment, whose page this is.
struct Canned(String);

#[async_trait]
impl Http for Canned {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let answer = if request.url.path().ends_with("/comments") {
            json!({ "next_page": null, "comments": [{
                "id": 9, "author_id": 5, "html_body": self.0, "public": true, "created_at": "2026-03-03T09:15:00Z"
            }] })
        } else {
            json!({ "user": { "id": 17, "name": "Zoë Müller" } })
        };
        Ok(HttpResponse { status: 200, headers: Vec::new(), body: answer.to_string().into_bytes() })
    }
}

struct SignedIn;

#[async_trait]
impl Tokens for SignedIn {
    async fn token(&self, _refused: bool) -> Result<String, TokenFailure> {
        Ok("token".to_owned())
    }
}
