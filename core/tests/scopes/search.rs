//! A search has the tickets of a scope, and none where there is no history (`docs/product.md`, W5, S16, S17).

use pocketdesk::client::HistoryRequest;
use pocketdesk::model::{FoundIn, TicketNumber};

use crate::support::{ADMINISTRATOR, Bench, REGULATED};

fn among(scope: &str) -> HistoryRequest {
    HistoryRequest { scope: Some(scope.to_owned()), ..HistoryRequest::default() }
}

fn found(bench: &Bench, scope: &str, text: &str) -> Vec<TicketNumber> {
    let page = bench.client.search(&among(scope), text, None, 50).unwrap();
    assert_eq!((page.coverage, u32::try_from(page.hits.len()).unwrap()), (None, page.count));
    page.hits.into_iter().filter_map(|hit| hit.row.number).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_finds_what_the_history_of_the_scope_shows() {
    let bench = Bench::start().await;
    let mine = bench.create("ada-token", "Größere Buchung", false).await;
    let of_ben = bench.create("ben-token", "Zoll für Paket Ü-17", false).await;
    bench.share("comment").await;
    bench.claim(&[ADMINISTRATOR]);
    bench.sync().await;
    assert_eq!(found(&bench, "mine", "grossere"), [mine]);
    assert!(found(&bench, "mine", "paket u-17").is_empty());
    assert_eq!(found(&bench, "organisation", "paket u-17"), [of_ben]);
    assert_eq!(found(&bench, "organisation", &format!("#{of_ben}")), [of_ben]);
    assert!(found(&bench, "mine", &format!("#{of_ben}")).is_empty());
    let page = bench.client.search(&among("mine"), "\"Guten Tag\" buchung", None, 50).unwrap();
    assert!(matches!(page.hits[0].found_in, FoundIn::Description(_)), "{:?}", page.hits[0].found_in);
    let thread = bench.client.find_in_thread(bench.id(mine), "buchung").unwrap();
    assert_eq!(thread.len(), 1);
    assert_eq!(
        thread[0].text.iter().map(|part| part.text.as_str()).collect::<String>(),
        "Größere Buchung: Guten Tag 👋"
    );

    bench.claim(&[REGULATED]);
    assert!(found(&bench, "mine", "grossere").is_empty(), "nothing is shown from this moment on");
    bench.sync().await;
    assert!(bench.files_with("grossere").is_empty(), "no word of the index is left");
}
