//! SQL, names of services, long files and full folders.

use pocketdesk_architecture::rules::{Exception, RULES, Rules};

use crate::{assert_none, assert_one, findings, findings_under};

#[test]
fn sql_outside_the_store() {
    for line in [
        "const A: &str = \"SELECT id FROM ticket\";",
        "fn f() { run(\"  insert into ticket values (1)\"); }",
        "fn f() { let a = format!(\"DELETE FROM {}\", 1); }",
        "const A: &str = r#\"\n UPDATE ticket SET a = 1\"#;",
        "const A: &str = \"CREATE TABLE t (a)\";",
        "const A: &str = \"PRAGMA foreign_keys\";",
        "const A: &str = \"WHERE ticket = ?1\";",
        "const A: &str = \"ORDER BY updated DESC\";",
        "const A: &str = include_str!(\"../migrations/001_first.sql\");",
    ] {
        assert_one(
            &findings(&["query"], &[("query.rs", &format!("\n{line}"))]),
            "query.rs:2",
            &["SQL", "outside store"],
        );
        assert_none(&findings(&["store"], &[("store/mod.rs", line)]));
        let test = format!("#[cfg(test)]\nmod tests {{ {line} }}");
        assert_none(&findings(&["query"], &[("query.rs", &test)]));
    }
}

#[test]
fn the_database_crate_outside_the_store() {
    for line in [
        "use rusqlite::Connection;",
        "use rusqlite as database;",
        "fn f(c: &rusqlite::Connection) {}",
        "fn f() { vec![rusqlite::params![1]]; }",
        "fn f() { ::rusqlite_migration::run() }",
    ] {
        assert_one(&findings(&["query"], &[("query.rs", line)]), "query.rs:1", &["rusqlite", "outside store"]);
        assert_none(&findings(&["store"], &[("store/mod.rs", line)]));
    }
}

#[test]
fn texts_that_are_no_sql() {
    let text = "/// SELECT id FROM ticket\nconst A: [&str; 6] = [\"DELETE\", \"Create a ticket\", \"Select a file\", \"with care\",
        \"Update the app\", \"from here on\"];\n";
    assert_none(&findings(&["query"], &[("query.rs", text)]));
}

#[test]
fn a_service_named_outside_its_connector() {
    for (line, name) in [
        ("pub fn zendesk() {}", "`zendesk` names"),
        ("pub enum Kind { Zendesk }", "`Zendesk` names"),
        ("pub struct ZendeskThing;", "`ZendeskThing` names"),
        ("const A: &str = \"a Request Tracker\";", "\"request tracker\""),
        ("pub struct RequestTracker;", "`RequestTracker`"),
        ("fn f() { log!(\"x\", request_tracker = 1) }", "`request_tracker`"),
        ("fn f() { crate::connectors::rt::run() }", "`rt` names the service \"rt\""),
    ] {
        let text = format!("\n{line}");
        let files = [("client.rs", text.as_str()), ("connectors/mod.rs", "pub mod rt;"), ("connectors/rt/mod.rs", "")];
        assert_one(&findings(&["client", "connectors"], &files), "client.rs:2", &[name, "belongs into connectors/"]);
    }
}

#[test]
fn services_may_be_named_at_home_and_in_the_registries() {
    let files = [
        ("connectors/mod.rs", "pub mod rt;\npub mod zendesk;\n"),
        ("connectors/rt/mod.rs", "pub struct RequestTracker;"),
        ("connectors/zendesk/mod.rs", "pub struct Zendesk;"),
        ("factory.rs", "use crate::connectors::{rt::RequestTracker, zendesk::Zendesk};"),
        ("client.rs", "//! Zendesk first.\npub fn sort(start: u8) {}\n#[cfg(test)]\nmod tests { fn zendesk() {} }\n"),
    ];
    assert_none(&findings(&["client", "connectors", "factory"], &files));
}

#[test]
fn a_connector_may_not_name_another_one() {
    let files = [
        ("connectors/mod.rs", "pub mod rt;\npub mod zendesk;\n"),
        ("connectors/rt/mod.rs", "\nconst A: &str = \"zendesk\";"),
        ("connectors/zendesk/mod.rs", ""),
    ];
    assert_one(&findings(&["connectors"], &files), "connectors/rt/mod.rs:2", &["connectors/zendesk"]);
}

#[test]
fn a_connector_without_an_entry() {
    let files = [("connectors/mod.rs", "pub mod new;"), ("connectors/new/mod.rs", "")];
    assert_one(&findings(&["connectors"], &files), "connectors/new", &["add a line with its names to SERVICES"]);
}

#[test]
fn a_file_of_more_than_400_lines() {
    let long = "// line\n".repeat(401);
    let tree = |text| findings(&["live"], &[("live.rs", text)]);
    assert_one(&tree(&long), "live.rs", &["401 lines", "split it", "LONG_FILES"]);
    assert_none(&tree(&long["// line\n".len()..]));
}

#[test]
fn a_folder_of_more_than_a_dozen_files() {
    let names: Vec<String> = (0..12).map(|at| format!("store/file{at}.rs")).collect();
    let declared: Vec<String> = (0..12).map(|at| format!("mod file{at};")).collect();
    let module = declared.join("\n");
    let mut files = vec![("store/mod.rs", module.as_str())];
    files.extend(names.iter().map(|name| (name.as_str(), "")));
    assert_one(&findings(&["store"], &files), "store", &["13 files", "folders by concern", "FULL_FOLDERS"]);
}

#[test]
fn an_exception_needs_a_reason_and_a_need() {
    const LONG: Exception = Exception { path: "live.rs", reason: "one table" };
    let long = "// line\n".repeat(401);
    let with = |long_files, text| {
        let rules = Rules { long_files, extra_imports: &[], ..RULES };
        findings_under(&rules, &["live"], &[("live.rs", text)])
    };
    assert_none(&with(&[LONG], &long));
    assert_one(&with(&[Exception { reason: "", ..LONG }], &long), "live.rs", &["no reason"]);
    assert_one(&with(&[LONG], ""), "live.rs", &["remove its exception"]);
}

#[test]
fn a_name_that_holds_a_retired_word() {
    for (line, word) in [
        ("pub struct Desk;", "\"desk\": say server"),
        ("fn sweep_soon() {}", "`sweep_soon` says \"sweep\""),
        ("struct A { wait_firm: bool }", "\"firm\": say server-imposed"),
        ("fn f() { let twins = 1; }", "`twins`"),
        ("#[cfg(test)]\nmod tests { fn what_the_desk_says() {} }", "`what_the_desk_says`"),
    ] {
        let line = &format!("\n{line}");
        let found = findings(&["query"], &[("query.rs", line)]);
        assert!(found.iter().any(|finding| finding.contains(word)), "{line}: {found:?}");
    }
    let found = findings(&["query"], &[("query.rs", "mod sweep;"), ("query/sweep.rs", "")]);
    assert!(found.iter().any(|finding| finding.starts_with("query/sweep.rs: ")), "{found:?}");
}

#[test]
fn the_fields_words_are_no_retired_words() {
    let text = "/// The desk's sweep.\npub enum Turn { HelpDesk }\nfn help_desk() { f(\"the desk\") }\nstruct Metadata { deltas: u8 }";
    assert_none(&findings(&["query"], &[("query.rs", text)]));
}
