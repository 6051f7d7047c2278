//! The state of paging, and servers that page in another way.

use serde_json::{Value, json};

use crate::connectors::json::Document;
use crate::connectors::zendesk::lists::paging::{Order, Place, has_link};
use crate::model::Failure;

fn next(cursor: Option<&str>, rows: u32, is_empty: bool, answer: &Value) -> Result<Option<String>, Failure> {
    let answer = answer.to_string();
    let document = Document::of(answer.as_bytes()).unwrap();
    Place::of(cursor).next(document.root().fields(["meta", "next_page"]), rows, is_empty)
}

fn asked(cursor: Option<&str>, rows: u32, order: Order) -> String {
    let query = Place::of(cursor).query(rows, order);
    query.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

#[test]
fn a_page_must_say_whether_it_is_the_last() {
    let meta = |more: Value, after: Value| json!({ "meta": { "has_more": more, "after_cursor": after } });
    assert_eq!(next(None, 100, false, &meta(json!(true), json!("b3"))), Ok(Some("b3".to_owned())));
    assert_eq!(next(Some("b3"), 100, false, &meta(json!(true), json!("b4"))), Ok(Some("b4".to_owned())));
    assert_eq!(next(Some("b3"), 100, true, &meta(json!(false), json!(null))), Ok(None));
    // The same page again. Sync notices that.
    assert_eq!(next(Some("b3"), 100, false, &meta(json!(true), json!("b3"))), Ok(Some("b3".to_owned())));
    for broken in [
        json!({}),
        json!({ "meta": null }),
        json!({ "meta": {} }),
        meta(json!(null), json!("b4")),
        meta(json!("true"), json!("b4")),
        meta(json!(true), json!(null)),
        meta(json!(true), json!("")),
        meta(json!(true), json!([])),
    ] {
        assert_eq!(next(Some("b3"), 100, false, &broken), Err(Failure::misbehaves()), "{broken}");
    }
}

#[test]
fn the_links_of_an_answer_do_not_matter() {
    for link in ["https://mapped.example/api/v2/requests?page=2", "javascript:alert(1)", "/x", "?"] {
        let answer = json!({ "meta": { "has_more": true, "after_cursor": "b4" }, "links": { "next": link } });
        assert_eq!(next(None, 100, false, &answer), Ok(Some("b4".to_owned())));
        let link = json!(link).to_string();
        assert_eq!(has_link(Document::of(link.as_bytes()).unwrap().root()), Ok(true));
    }
}

#[test]
fn a_server_without_cursors_is_read_by_number() {
    let link = "https://other.example/api/v2/requests.json?page=2&per_page=100";
    let (more, last) = (json!({ "next_page": link, "count": 250 }), json!({ "next_page": null, "count": 250 }));
    assert_eq!(asked(None, 100, Order::OldestFirst), "page[size]=100");
    assert_eq!(asked(Some("b3"), 50, Order::OldestFirst), "page[size]=50&page[after]=b3");
    // The first page came in another order, so the list is read from its beginning.
    assert_eq!(next(None, 100, false, &more), Ok(Some("row=0".to_owned())));
    assert_eq!(next(None, 100, false, &last), Ok(None), "one page is the whole list");
    let by_number = |page, rows, order| format!("page={page}&per_page={rows}&sort_by=created_at&sort_order={order}");
    assert_eq!(asked(Some("row=0"), 100, Order::OldestFirst), by_number(1, 100, "asc"));
    assert_eq!(next(Some("row=0"), 100, false, &more), Ok(Some("row=100".to_owned())));
    assert_eq!(asked(Some("row=100"), 100, Order::NewestFirst), by_number(2, 100, "desc"));
    // The page was too large.
    assert_eq!(asked(Some("row=100"), 50, Order::OldestFirst), by_number(3, 50, "asc"));
    assert_eq!(next(Some("row=100"), 50, false, &more), Ok(Some("row=150".to_owned())));
    assert_eq!(asked(Some("row=150"), 40, Order::OldestFirst), by_number(4, 40, "asc"), "from row 120 on");
    assert_eq!(next(Some("row=150"), 40, false, &more), Ok(Some("row=160".to_owned())));
    assert_eq!(next(Some("row=200"), 100, false, &last), Ok(None));
    assert_eq!(next(Some("row=300"), 100, true, &more), Ok(None), "nothing comes after an empty page");
    // A cursor of the service can look like this as well.
    let last_row = "row=18446744073709551615";
    assert_eq!(asked(Some(last_row), 1, Order::OldestFirst), by_number(u64::MAX, 1, "asc"));
    for rows in [1, 100] {
        assert_eq!(next(Some(last_row), rows, false, &more), Err(Failure::misbehaves()), "it leads nowhere");
    }
    assert_eq!(asked(Some("row=x"), 7, Order::OldestFirst), "page[size]=7&page[after]=row=x");
}
