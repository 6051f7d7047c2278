//! Forbidden imports, in every form that code can give them.

use pocketdesk_architecture::rules::{ExtraImport, RULES, Rules};

use crate::{assert_none, assert_one, findings, findings_under};

const SYNC: (&str, &str) = ("sync/mod.rs", "pub enum Scope { Due }\npub fn run() {}\n");

/// `live.rs` with this text, beside a `sync` that it must not import.
fn live(text: &str) -> Vec<String> {
    findings(&["live", "sync"], &[SYNC, ("live.rs", text)])
}

#[test]
fn an_import_in_a_use_line() {
    assert_one(
        &live("\nuse crate::sync::run;\n"),
        "live.rs:2",
        &["`live` must not import `sync`", "crate::sync::run", "it may import model", "Move the code"],
    );
}

#[test]
fn an_import_in_a_group_that_is_renamed_or_is_a_glob() {
    for (line, path) in [
        ("use crate::{model as m, sync as other};", "crate::sync"),
        ("use crate::{sync::{self, run as go}};", "crate::sync::run"),
        ("use super::sync::*;", "super::sync::*"),
        ("pub use crate::sync::Scope;", "crate::sync::Scope"),
        ("pub(crate) use super::{sync::Scope as S};", "super::sync::Scope"),
    ] {
        let found = findings(&["live", "model", "sync"], &[SYNC, ("live.rs", line), ("model.rs", "")]);
        let found: Vec<&String> = found.iter().filter(|finding| finding.contains(path)).collect();
        assert!(found.iter().any(|finding| finding.starts_with("live.rs:1: `live` must not")), "{line}: {found:?}");
    }
}

#[test]
fn an_import_in_the_middle_of_a_line() {
    assert_one(
        &live("pub fn f() {\n    let a = 1;\n    if a > 0 { crate::sync::run() }\n}\n"),
        "live.rs:3",
        &["crate::sync::run"],
    );
    assert_one(&live("pub struct S {\n    pub scope: Option<crate::sync::Scope>,\n}\n"), "live.rs:2", &["`sync`"]);
    assert_one(&live("pub fn f(s: &crate::sync::Scope) {}\n"), "live.rs:1", &["`sync`"]);
    assert_one(
        &live(
            "pub fn f(x: u8) -> bool {\n    match x {\n        _ if matches(x) => true,\n        crate::sync::DUE => false,\n        _ => true,\n    }\n}\n",
        ),
        "live.rs:4",
        &["crate::sync::DUE"],
    );
    assert_one(&live("impl crate::sync::Trait for u8 {}\n"), "live.rs:1", &["crate::sync::Trait"]);
}

#[test]
fn an_import_inside_a_function() {
    assert_one(&live("fn f() {\n    use crate::sync::run;\n    run();\n}\n"), "live.rs:2", &["crate::sync::run"]);
}

#[test]
fn an_import_inside_a_macro() {
    let lines = [
        "fn f(x: u8) -> bool { matches!(x, crate::sync::Scope::Due) }",
        "fn f() { assert_eq!(1, crate::sync::run(), \"text\"); }",
        "fn f() { tokio::select! { () = other() => {} , _ = async { super::sync::run() } => {} } }",
        "macro_rules! m { ($x:expr) => { $crate::sync::run($x) } }",
        "fn f() { println!(\"{:?}\", vec![0..crate::sync::LIMIT]); }",
        "thing! { use crate::{sync::run}; }",
        "thing! { use self::super::sync::Scope; }",
    ];
    for line in lines {
        assert_one(&live(&format!("\n{line}\n")), "live.rs:2", &["`live` must not import `sync`"]);
    }
}

#[test]
fn an_import_by_super() {
    let files = [
        SYNC,
        ("outbox/mod.rs", "mod deep;"),
        ("outbox/deep/mod.rs", "mod deeper;"),
        ("outbox/deep/deeper.rs", "\n\nuse super::super::super::sync::run;\n"),
    ];
    assert_one(
        &findings(&["outbox", "sync"], &files),
        "outbox/deep/deeper.rs:3",
        &["`outbox` must not import `sync`", "super::super::super::sync::run"],
    );
    let files =
        [SYNC, ("outbox/mod.rs", "mod deep;"), ("outbox/deep.rs", "fn f() {\n    super::super::sync::run()\n}")];
    assert_one(&findings(&["outbox", "sync"], &files), "outbox/deep.rs:2", &["super::super::sync::run"]);
}

#[test]
fn super_begins_at_an_inline_module_and_at_a_file_with_a_path() {
    assert_one(
        &live("mod inner {\n    use super::super::sync::run;\n}\n"),
        "live.rs:2",
        &["`live` must not import `sync`"],
    );
    let files = [
        SYNC,
        ("live.rs", "#[path = \"odd/place.rs\"]\nmod elsewhere;\n"),
        ("odd/place.rs", "use super::super::sync::run;\n"),
    ];
    assert_one(&findings(&["live", "sync"], &files), "odd/place.rs:1", &["`live` must not import `sync`"]);
}

#[test]
fn a_name_of_the_root_counts_as_the_module_behind_it() {
    let files = [
        ("lib.rs", "pub mod live;\npub mod sync;\npub use sync::run;\n"),
        SYNC,
        ("live.rs", "use super::*;\n\nfn f() {\n    run();\n}\n"),
    ];
    assert_one(&findings(&[], &files), "live.rs:4", &["`live` must not import `sync`"]);
}

#[test]
fn a_re_exported_name_counts_as_the_module_that_is_named() {
    let files = [
        ("model.rs", "pub struct Id;"),
        ("query.rs", "pub use crate::model::Id;"),
        ("live.rs", "\nuse crate::query::Id;"),
    ];
    assert_one(&findings(&["live", "model", "query"], &files), "live.rs:2", &["`live` must not import `query`"]);
}

#[test]
fn allowed_imports_and_words_that_look_like_imports() {
    let text = "//! [`crate::sync::run`]\n\nuse crate::bugs::{self, Bug};\nuse crate::model::Id;\n\
                /// Like [`run`](crate::sync::run).\n#[allow(crate::sync::lint)]\npub(in crate::sync) fn f(sync: Id) {\n\
                let _ = (sync.run(), \"crate::sync::run\", bugs::is_on(Bug::A), ::sync::run());\n}\n";
    let files = [SYNC, ("model.rs", "pub struct Id;"), ("bugs.rs", "pub enum Bug { A }"), ("live.rs", text)];
    assert_none(&findings(&["bugs", "live", "model", "sync"], &files));
}

#[test]
fn tests_may_import_anything() {
    for text in [
        "#[cfg(test)]\nmod tests {\n    use crate::sync::run;\n    #[test]\n    fn t() { run() }\n}\n",
        "#[cfg(all(test, unix))]\nuse crate::sync::run;\n",
        "#[cfg(test)]\nfn helper() { crate::sync::run() }\n",
    ] {
        assert_none(&live(text));
    }
    let files = [SYNC, ("live.rs", "#[cfg(test)]\nmod tests;"), ("live/tests.rs", "use crate::sync::run;")];
    assert_none(&findings(&["live", "sync"], &files));
    assert_one(&live("#[cfg(not(test))]\nuse crate::sync::run;\n"), "live.rs:2", &["crate::sync::run"]);
}

#[test]
fn a_module_that_the_layers_do_not_know() {
    assert_one(&findings(&["helpers"], &[("helpers.rs", "")]), "helpers.rs", &["`helpers` is no module of the layers"]);
}

#[test]
fn a_file_that_is_missing_or_that_nothing_leads_to() {
    assert_one(&findings(&["live"], &[]), "lib.rs:1", &["there is no file for `mod live;`"]);
    assert_one(&findings(&[], &[("live.rs", "")]), "live.rs", &["no `mod` line leads to this file"]);
    assert_one(&findings(&["live"], &[("live.rs", "\nfn f( {}")]), "live.rs:2", &["does not parse"]);
}

#[test]
fn an_extra_import_needs_a_reason_and_a_use() {
    const TABLES: &str = "tests/architecture/src/rules.rs";
    const EXTRA: ExtraImport = ExtraImport { from: "environment", to: "live", reason: "because" };
    let with = |extra_imports, environment| {
        let rules = Rules { extra_imports, ..RULES };
        let files = [("live.rs", "pub struct Live;"), ("environment.rs", environment)];
        findings_under(&rules, &["environment", "live"], &files)
    };
    let import = "use crate::live::Live;";
    assert_one(&with(&[], import), "environment.rs:1", &["`environment` must not import `live`"]);
    assert_none(&with(&[EXTRA], import));
    assert_one(&with(&[ExtraImport { reason: " ", ..EXTRA }], import), TABLES, &["has no reason"]);
    assert_one(&with(&[EXTRA], ""), TABLES, &["no code needs", "remove its line"]);
}

#[test]
fn the_allowed_imports_make_no_circle() {
    const UP: ExtraImport = ExtraImport { from: "live", to: "sync", reason: "because" };
    let rules = Rules { extra_imports: &[UP], ..RULES };
    let found = findings_under(&rules, &["live", "sync"], &[SYNC, ("live.rs", "use crate::sync::run;")]);
    assert!(found.iter().any(|finding| finding.contains("lead from `live` back to `live`")), "{found:#?}");
}
