//! Reading JSON value by value.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::connectors::json::{Document, Json, Row, Rows, nonsense_time, usable_times};
use crate::model::Timestamp;

fn with<T>(body: &[u8], read: impl FnOnce(Json<'_>) -> T) -> Option<T> {
    Document::of(body).map(|document| read(document.root()))
}

/// Reads the field `a` of a document.
fn field<T>(body: &str, read: impl FnOnce(Json<'_>) -> T) -> T {
    with(body.as_bytes(), |root| {
        let [a] = root.fields(["a"]);
        read(a)
    })
    .unwrap()
}

#[test]
fn a_body_that_is_not_quite_json_is_read() {
    let text = |body: &[u8]| {
        with(body, |root| {
            let [a] = root.fields(["a"]);
            a.string()
        })
        .flatten()
    };
    for (body, expected) in [
        (&b"\xef\xbb\xbf{\"a\":\"Gr\xc3\xbc\xc3\x9fe\"}"[..], "Grüße"),
        (b" \r\n{\"a\":\"x\"}\n\n", "x"),
        (b"{\"a\":\"K\xf6ln\"}", "K\u{fffd}ln"),
        (b"{\"a\":\"\\ud83d\"}", "\u{fffd}"),
        (b"{\"a\":\"halb \\ud83d und \\ude4f\"}", "halb \u{fffd} und \u{fffd}"),
        (b"{\"a\":\"\\ud83d\\n\\ud83d\\ude4f\"}", "\u{fffd}\n🙏"),
        (b"{\"a\":\"Zeile 1\nZeile 2\tEnde\"}", "Zeile 1 Zeile 2 Ende"),
        (b"{\"\\ud83d\":1,\"a\":\"x\",\"a\":\"y\"}", "y"),
        ("{\"b\":[[[{}]]],\"a\":\"שלום\"}".as_bytes(), "שלום"),
    ] {
        assert_eq!(text(body).as_deref(), Some(expected), "{}", String::from_utf8_lossy(body));
    }
    for body in [&b""[..], b"<html>", b"{\"a\":\"x\"", b"{\"a\":\"x\"}<html>", b"{a:1}", b"\xff\xfe{\0}\0", b"NaN"] {
        assert!(Document::of(body).is_none(), "{}", String::from_utf8_lossy(body));
    }
    assert!(Document::of("[".repeat(1_000_000).as_bytes()).is_none());
    let deep = format!("{{\"a\":\"x\",\"b\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(text(deep.as_bytes()).as_deref(), Some("x"));
}

#[test]
#[expect(clippy::redundant_closure_for_method_calls, reason = "the method has one lifetime and not any")]
fn a_value_of_another_type_is_read_as_far_as_it_makes_sense() {
    for (value, text, integer, size) in [
        (r#""7""#, Some("7"), Some(7), 7),
        ("7", Some("7"), Some(7), 7),
        ("-1", Some("-1"), Some(-1), 0),
        ("7.9", Some("7.9"), None, 7),
        ("1e3", Some("1e3"), None, 0),
        (r#""12.0""#, Some("12.0"), None, 12),
        (r#""+7""#, Some("+7"), None, 7),
        (r#"" 7""#, Some(" 7"), None, 7),
        (r#""sieben""#, Some("sieben"), None, 0),
        ("99999999999999999999", Some("99999999999999999999"), None, 0),
        ("9223372036854775807", Some("9223372036854775807"), Some(i64::MAX), 9_223_372_036_854_775_807),
        ("true", Some("true"), None, 0),
        ("null", None, None, 0),
        ("[7]", None, None, 0),
        (r#"{"a":7}"#, None, None, 0),
    ] {
        let read = field(&format!("{{\"a\":{value}}}"), |a| (a.text(), a.integer(), a.size()));
        assert_eq!(read, (text.map(str::to_owned), integer, size), "{value}");
    }
    assert_eq!(field("{}", |a| (a.is_missing(), a.is_null(), a.text())), (true, true, None));
    assert_eq!(field(r#"{"a":null}"#, |a| (a.is_missing(), a.is_null())), (false, true));
    for (id, expected) in [("0", None), ("-4", None), (r#""00012""#, Some(12)), ("4", Some(4)), ("4.0", None)] {
        assert_eq!(field(&format!("{{\"a\":{id}}}"), |a| a.id()), expected, "{id}");
    }
}

#[test]
fn a_text_is_cut_between_characters() {
    let cut = |largest| field(r#"{"a":"aü\ud83d🙂"}"#, |a| a.string_within(largest)).unwrap();
    for (largest, text, shortened) in [
        (0, "", true),
        (1, "a", true),
        (2, "a", true),
        (3, "aü", true),
        (5, "aü", true),
        (6, "aü\u{fffd}", true),
        (9, "aü\u{fffd}", true),
        (10, "aü\u{fffd}🙂", false),
    ] {
        assert_eq!(cut(largest), (text.to_owned(), shortened), "{largest}");
    }
}

#[test]
#[expect(clippy::redundant_closure_for_method_calls, reason = "the method has one lifetime and not any")]
fn a_time_that_makes_no_sense_is_replaced() {
    let time = |text: &str| field(&json!({ "a": text }).to_string(), |a| a.time());
    assert_eq!(time("2026-03-04T10:00:00+02:00"), Some(Timestamp(1_772_611_200_000)));
    for nonsense in
        ["0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "gestern", "", "2026-13-45T99:00:00Z"]
    {
        assert_eq!(time(nonsense), None, "{nonsense}");
    }
    assert_eq!(field(r#"{"a":1772611200}"#, |a| a.time()), None);

    let (early, late, now) = (Timestamp(1_000), Timestamp(2_000), Timestamp(1_772_611_200_000));
    let far = time("9999-12-31T23:59:59Z");
    assert!(far.is_some());
    for (times, now, expected, nonsense) in [
        ([Some(early), Some(late)], Some(now), [early, late], None),
        ([None, Some(late)], Some(now), [late, late], None),
        ([Some(early), None], Some(now), [early, early], None),
        ([None, None], Some(now), [now, now], Some(Timestamp(0))),
        ([Some(early), far], Some(now), [early, now], far),
        ([far, far], Some(now), [now, now], far),
        ([None, None], None, [Timestamp(0), Timestamp(0)], None),
        ([Some(early), far], None, [early, Timestamp(4_102_444_800_000)], None),
    ] {
        assert_eq!(usable_times(times, now), expected, "{times:?} {now:?}");
        assert_eq!(nonsense_time(times, now), nonsense, "{times:?} {now:?}");
    }
}

/// A value that may be anything.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        any::<f64>().prop_map(|value| json!(value)),
        "[a-zü🙂\\PC]{0,8}".prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|list| json!(list)),
            prop::collection::btree_map("[a-e]|id", inner, 0..4).prop_map(|fields| json!(fields)),
        ]
    })
}

proptest! {
    #[test]
    fn no_body_makes_the_reader_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        with(&body, |root| {
            let [a] = root.fields(["a"]);
            (a.text(), a.integer(), a.size(), a.time(), root.text(), root.each(|_| {}))
        });
    }

    #[test]
    fn every_value_is_read_as_it_is(value in anything()) {
        let text = json!({ "a": value }).to_string();
        field(&text, |a| {
            assert_eq!(a.string().as_deref(), value.as_str());
            assert_eq!(a.boolean(), value.as_bool());
            let mut length = 0;
            assert_eq!(a.each(|_| length += 1), value.is_array());
            assert_eq!(length, value.as_array().map_or(0, Vec::len));
        });
    }

    #[test]
    fn an_odd_row_costs_itself_alone(rows in prop::collection::vec(anything(), 0..12)) {
        let is_good = |row: &Value| row.get("id").and_then(Value::as_i64).is_some_and(|id| id > 0);
        let good: Vec<i64> = rows.iter().filter(|row| is_good(row)).map(|row| row["id"].as_i64().unwrap()).collect();
        let Rows { read, unreadable } = field(&json!({ "a": rows }).to_string(), |a| {
            a.rows(|row| {
                let [id] = row.fields(["id"]);
                id.integer().filter(|id| *id > 0).map_or(Row::Unreadable(None), Row::Read)
            })
        })
        .unwrap();
        let lenient = rows.len() - unreadable.unknown as usize;
        // Ids that are written as text are read as well.
        prop_assert!(good.iter().all(|id| read.contains(id)));
        prop_assert_eq!(read.len(), lenient);
    }
}
