//! The product check on a small repository with results of its own.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use pocketdesk_architecture::product::{Report, check};
use tempfile::TempDir;

const RUST: &str = "     Running unittests src/lib.rs (target/debug/deps/pocketdesk-0a1b)\ntest store::tests::a ... ok\n\
                    test store::tests::b ... FAILED\ntest store::tests::c ... ignored, slow\n";
const KOTLIN: &str = r#"<?xml version="1.0" encoding="UTF-8"?><testsuite name="dev.OutboxTest">
    <testcase name="it works &amp; waits" classname="dev.OutboxTest" time="0.1"/>
    <testcase name="broken" classname="dev.OutboxTest"><failure message="m">t</failure></testcase>
    <testcase name="left out" classname="dev.OutboxTest"><skipped/></testcase></testsuite>"#;
const SWIFT: &str = r#"<testsuites><testsuite name="TestResults">
    <testcase classname="PocketdeskKitTests.OutboxTests" name="undo()" time="0.1" />
    <testcase classname="PocketdeskKitTests.BadInputTests" name="refused(_:)" time="0.1" />
    <testcase classname="PocketdeskKitTests.OutboxTests" name="off()"><skipped /></testcase></testsuite></testsuites>"#;

/// A repository whose `docs/product.md` has every row; all name the same passing test, unless the row is replaced.
struct Repository {
    root: TempDir,
}

impl Repository {
    fn new(row: &str) -> Self {
        let repository = Self { root: TempDir::new().unwrap() };
        let built = "H1 H2 C0 C1 C2 C3 C4 C5 C6 T1 T2 T3 O1 O2 O3 O4 O5".split(' ').map(str::to_owned);
        let later = (1..=12).map(|at| format!("W{at}")).chain(["W5a".to_owned()]);
        let later = later.chain((1..=21).map(|at| format!("S{at}"))).map(|id| format!("| {id} | not yet | not yet |"));
        let replaced = row.split('|').nth(1).unwrap_or_default().trim();
        let same = |id: &str| format!("| {id} | `core/a.rs#reply` | `rust:pocketdesk::store::tests::a` |");
        let rows = built.map(|id| if id == replaced { row.to_owned() } else { same(&id) });
        let head = ["# Product", "", "| id | in code | tests |", "| --- | --- | --- |"].map(str::to_owned);
        let lines: Vec<String> = head.into_iter().chain(rows).chain(later).collect();
        let text = lines.join("\n") + "\n";
        repository.write("docs/product.md", &text);
        repository.write("core/a.rs", "pub fn reply() {}\n");
        repository.write("docs/real-servers.md", &servers(None));
        repository.write("tests/hostile/src/modes/a.rs", r#"Mode::new("1.1-comments-500", "They fail.")"#);
        repository.write("target/test-results/started", "");
        repository.write("target/test-results/rust.txt", RUST);
        repository.write("android/kit/target/surefire-reports/TEST-dev.OutboxTest.xml", KOTLIN);
        repository.write("target/test-results/swift.xml", "<testsuites/>");
        repository.write("target/test-results/swift-swift-testing.xml", SWIFT);
        repository
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn age(&self, path: &str) {
        let before = SystemTime::now() - Duration::from_mins(1);
        File::options().append(true).open(self.root.path().join(path)).unwrap().set_modified(before).unwrap();
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.root.path().join(path)).unwrap();
    }

    fn check(&self) -> Report {
        check(self.root.path()).unwrap()
    }
}

/// A `docs/real-servers.md` with every case, of which one may have another proof.
fn servers(other: Option<(&str, &str)>) -> String {
    let kinds = [(1, 7), (2, 3), (3, 6), (4, 6), (5, 9), (6, 3), (7, 5), (8, 2), (11, 4), (12, 5)];
    let cases = kinds.into_iter().flat_map(|(kind, count)| (1..=count).map(move |case| format!("{kind}.{case}")));
    let row = |case: String| {
        let proof = other.filter(|(number, _)| *number == case).map_or("`mode:1.1-comments-500`", |(_, proof)| proof);
        format!("| {case} | fails | waits | {proof} |\n")
    };
    cases.map(row).collect()
}

#[test]
fn a_case_of_real_servers_names_what_there_is() {
    let with = |proof: &str| {
        let repository = Repository::new("");
        repository.write("docs/real-servers.md", &servers(Some(("4.2", proof))));
        texts(&repository.check())
    };
    crate::assert_none(&with("`mode:1.1-comments-500`, `rust:pocketdesk::store::tests::a`"));
    for (proof, says) in [
        ("nothing", "names no test and no mode"),
        ("`mode:1.2-comments-404`", "is no mode"),
        ("`rust:pocketdesk::store::tests::gone`", "did not run"),
        ("`rust:pocketdesk::store::tests::b`", "failed"),
        ("`a_test`", "is no name"),
    ] {
        crate::assert_one(&with(proof), "docs/real-servers.md:18", &["4.2", says]);
    }
    let repository = Repository::new("");
    repository.write("docs/real-servers.md", "| 1.1 | fails | waits | `mode:1.1-comments-500` |\n");
    assert!(texts(&repository.check()).iter().any(|text| text.contains("no table has a row 12.5")));
}

/// The check of a repository with this row says one thing, at that row's line.
#[track_caller]
fn assert_wrong(row: &str, pieces: &[&str]) {
    let report = Repository::new(row).check();
    crate::assert_one(&texts(&report), "docs/product.md:5", pieces);
    assert!(!report.is_good());
}

fn texts(report: &Report) -> Vec<String> {
    report.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn tests_of_all_runners_that_passed() {
    let tests = "`rust:pocketdesk::store::tests::a`, `kotlin:dev.OutboxTest#it works & waits`, `swift:OutboxTests/undo`<br>\
                 `swift:BadInputTests/refused`";
    let report = Repository::new(&format!("| H1 | `core`, `core/a.rs` | {tests} |")).check();
    crate::assert_none(&texts(&report));
    assert!(report.is_good());
    assert_eq!(
        report.to_string(),
        "product: 17 rows built, 34 not yet, 4 named tests passed, 0 wrong\nreal servers: 1 named tests and modes\n"
    );
}

#[test]
fn a_test_that_did_not_run() {
    for name in ["rust:pocketdesk::store::tests::gone", "rust:whole::store::tests::a", "kotlin:dev.OutboxTest#gone"] {
        assert_wrong(&format!("| H1 | `core` | `{name}` |"), &["H1", name, "did not run in this run"]);
    }
    let also = "`rust:pocketdesk::store::tests::a`";
    assert_wrong(
        &format!("| H1 | `core` | {also}, `swift:OutboxTests/gone` |"),
        &["swift:OutboxTests/gone", "did not run"],
    );
}

#[test]
fn a_test_that_failed_or_was_skipped() {
    for name in ["rust:pocketdesk::store::tests::b", "kotlin:dev.OutboxTest#broken"] {
        assert_wrong(&format!("| H1 | `core` | `{name}` |"), &[name, "failed"]);
    }
    let also = "`rust:pocketdesk::store::tests::a`";
    for name in ["rust:pocketdesk::store::tests::c", "kotlin:dev.OutboxTest#left out", "swift:OutboxTests/off"] {
        assert_wrong(&format!("| H1 | `core` | {also} `{name}` |"), &[name, "was skipped"]);
    }
}

#[test]
fn results_of_an_earlier_run_do_not_count() {
    for (path, name) in [
        ("target/test-results/rust.txt", "rust:pocketdesk::store::tests::a"),
        ("android/kit/target/surefire-reports/TEST-dev.OutboxTest.xml", "kotlin:dev.OutboxTest#it works & waits"),
        ("target/test-results/swift-swift-testing.xml", "swift:OutboxTests/undo"),
    ] {
        let repository = Repository::new(&format!("| H1 | `core` | `{name}` `rust:pocketdesk::store::tests::a` |"));
        assert!(repository.check().is_good());
        repository.age(path);
        let found = texts(&repository.check());
        assert!(found.iter().any(|text| text.contains(name) && text.contains("did not run")), "{found:#?}");
    }
}

#[test]
fn without_a_beginning_there_is_no_run() {
    let repository = Repository::new("");
    repository.remove("target/test-results/started");
    assert!(check(repository.root.path()).unwrap_err().to_string().contains("target/test-results/started is missing"));
}

#[test]
fn where_swift_cannot_be_had_its_tests_are_not_run() {
    let repository = Repository::new("| H1 | `core` | `swift:OutboxTests/undo` `rust:pocketdesk::store::tests::a` |");
    repository.remove("target/test-results/swift.xml");
    repository.remove("target/test-results/swift-swift-testing.xml");
    assert!(!repository.check().is_good());
    repository.write("target/test-results/swift-not-run.txt", "no swift here\n");
    let report = repository.check();
    assert!(report.is_good());
    assert!(
        report.to_string().starts_with("NOT RUN: 1 Swift tests that docs/product.md names: no swift here\n"),
        "{report}"
    );
    repository.age("target/test-results/swift-not-run.txt");
    assert!(!repository.check().is_good());
}

#[test]
fn rows_that_say_too_little() {
    let test = "`rust:pocketdesk::store::tests::a`";
    assert_wrong("| H1 | not yet | not yet |", &["H1", "this row is built"]);
    assert_wrong(&format!("| H1 | not yet | {test} |"), &["it names no code"]);
    assert_wrong("| H1 | `core` | see below |", &["it names no test"]);
    assert_wrong("| H1 | `core` | `swift:OutboxTests/undo` |", &["all its tests are Swift tests"]);
    assert_wrong(&format!("| H1 | `core` | {test} `OutboxTest` |"), &["`OutboxTest` is no test's name"]);
    let twice = format!("| H1 | `core` | {test} |\n| H1 | `core` | {test} |");
    crate::assert_one(&texts(&Repository::new(&twice).check()), "docs/product.md:6", &["H1", "has a row already"]);
}

#[test]
fn a_row_that_is_missing() {
    let repository = Repository::new("");
    let text = fs::read_to_string(repository.root.path().join("docs/product.md")).unwrap();
    repository.write("docs/product.md", &text.replace("| O3 |", "| Ö3 |"));
    crate::assert_one(&texts(&repository.check()), "docs/product.md", &["has a row O3: add it"]);
}

#[test]
fn a_place_that_does_not_exist() {
    let test = "`rust:pocketdesk::store::tests::a`";
    assert_wrong(&format!("| H1 | `core/b.rs` | {test} |"), &["`core/b.rs` does not exist"]);
    assert_wrong(&format!("| H1 | `core/a.rs#repl` | {test} |"), &["`core/a.rs` has no `repl`"]);
}

#[test]
fn a_report_that_was_cut_off() {
    let repository = Repository::new("");
    let path = "android/kit/target/surefire-reports/TEST-dev.OutboxTest.xml";
    repository.write(path, &KOTLIN[..KOTLIN.len() - 20]);
    let found = texts(&repository.check());
    assert!(found.len() == 1 && found[0].starts_with(path) && found[0].contains("cannot be read"), "{found:#?}");
}

#[test]
fn other_columns_are_not_read() {
    let repository = Repository::new("");
    let text = fs::read_to_string(repository.root.path().join("docs/product.md")).unwrap();
    let wide = text.replace("| in code |", "| rule | in code |").replace("| --- | --- |", "| --- | --- | --- |");
    let wide = wide.replace("| `core/a.rs#reply` |", "| `no path` | `core/a.rs#reply` |");
    repository.write("docs/product.md", &wide.replace("| not yet | not yet |", "| later | not yet | not yet |"));
    crate::assert_none(&texts(&repository.check()));
}
