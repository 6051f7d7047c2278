//! The product check: each row of `docs/product.md` names its place in the code, and tests that ran and passed.
//!
//! # The story
//!
//! `make test` begins by removing all older results and writing the file `started` to `target/test-results`. Each
//! runner leaves its results as it always does: cargo's output goes to `rust.txt` by `tee`, Surefire writes one XML
//! file for each class, and `swift test` writes XML that names each function. The last step of `make test` is this
//! check. It reads only results that are not older than `started`. So a test that did not run in this run is missing,
//! even if an earlier run left a result of it.
//!
//! A test counts if it ran and passed. One that was skipped, ignored or filtered out did not run.
//!
//! The cases of `docs/real-servers.md` name their tests in the same way ([`servers`]).
//!
//! Where Swift cannot be had, `make test` leaves the reason in `swift-not-run.txt`. Then the report says NOT RUN for
//! the named Swift tests, and the check does not fail because of them. So a row that names a Swift test must name a
//! Rust or Kotlin test as well. If it does not, the check fails on every machine, with or without Swift.

mod results;
mod servers;
mod table;

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use self::results::{Outcome, Results};
use self::table::{Row, Runner};
use crate::finding::Finding;

/// Where the rows are.
const PRODUCT: &str = "docs/product.md";

/// Rows that name code and tests. They are what is built: the first product, and what holds offline in every product.
const BUILT: &[&str] =
    &["H1", "H2", "C0", "C1", "C2", "C3", "C4", "C5", "C6", "T1", "T2", "T3", "O1", "O2", "O3", "O4", "O5"];

/// Rows that name code and tests, or say `not yet`.
const OTHERS: &[&str] = &[
    "W1", "W2", "W3", "W4", "W5", "W5a", "W6", "W7", "W8", "W9", "W10", "W11", "W12", "S1", "S2", "S3", "S4", "S5",
    "S6", "S7", "S8", "S9", "S10", "S11", "S12", "S13", "S14", "S15", "S16", "S17", "S18", "S19", "S20", "S21",
];

/// What the check found.
#[derive(Debug)]
pub struct Report {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What could not run here, with its reason.
    pub not_run: Option<String>,
    rows: usize,
    later: usize,
    tests: usize,
    /// How many tests and modes prove the cases of real servers.
    proofs: usize,
}

impl Report {
    /// Whether the run may end well.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.findings.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        if let Some(not_run) = &self.not_run {
            writeln!(f, "NOT RUN: {not_run}")?;
        }
        let Self { rows, later, tests, proofs, findings, .. } = self;
        let wrong = findings.len();
        writeln!(f, "product: {rows} rows built, {later} not yet, {tests} named tests passed, {wrong} wrong")?;
        writeln!(f, "real servers: {proofs} named tests and modes")
    }
}

/// What of `docs/product.md` is wrong whatever ran: rows that are missing or say too little, and places that are not there.
pub fn check_places(root: &Path) -> io::Result<Vec<Finding>> {
    Ok(rows_and_places(root)?.1)
}

fn rows_and_places(root: &Path) -> io::Result<(Vec<Row>, Vec<Finding>)> {
    let text = fs::read_to_string(root.join(PRODUCT))
        .map_err(|error| io::Error::new(error.kind(), format!("{PRODUCT} cannot be read: {error}")))?;
    let (rows, mut findings) = table::read(&text);
    findings.extend(incomplete(&rows));
    findings.extend(rows.iter().flat_map(|row| missing_code(root, row)));
    Ok((rows, findings))
}

/// Checks `docs/product.md` of the repository at `root` against its files and the results of this run.
pub fn check(root: &Path) -> io::Result<Report> {
    let (rows, mut findings) = rows_and_places(root)?;
    let results = Results::read(root)?;
    findings.extend(results.problems.iter().cloned());
    let mut passed = BTreeSet::new();
    let mut not_run = BTreeSet::new();
    for row in &rows {
        for test in &row.tests {
            match results.outcome(test) {
                Outcome::Passed => {
                    passed.insert(&test.name);
                }
                Outcome::CannotRun => {
                    not_run.insert(&test.name);
                }
                Outcome::Not(why) => {
                    let text = format!("{}: the test `{}` {why}", row.id, test.name);
                    findings.push(Finding::new(PRODUCT, row.line, text));
                }
            }
        }
    }
    let not_run = results
        .no_swift
        .as_ref()
        .filter(|_| !not_run.is_empty())
        .map(|reason| format!("{} Swift tests that {PRODUCT} names: {reason}", not_run.len()));
    let later = rows.iter().filter(|row| row.is_not_yet()).count();
    let (wrong, proofs) = servers::check(root, &results)?;
    findings.extend(wrong);
    findings.sort();
    Ok(Report { findings, not_run, rows: rows.len() - later, later, tests: passed.len(), proofs })
}

/// Rows that are missing, double, or say less than they have to.
fn incomplete(rows: &[Row]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for id in BUILT.iter().chain(OTHERS) {
        if !rows.iter().any(|row| row.id == *id) {
            let text = format!("no table with the columns id, in code and tests has a row {id}: add it");
            findings.push(Finding::new(PRODUCT, 0, text));
        }
    }
    let mut seen = BTreeSet::new();
    for row in rows {
        let mut say = |text: &str| findings.push(Finding::new(PRODUCT, row.line, format!("{}: {text}", row.id)));
        if !seen.insert(&row.id) {
            say("this id has a row already: merge the two");
        }
        if row.is_not_yet() {
            if BUILT.contains(&row.id.as_str()) {
                say("this row is built, so it names its code and its tests instead of `not yet`");
            }
            continue;
        }
        if row.code.is_empty() {
            say("it names no code: add a path in backticks, or write `not yet` into both cells");
        }
        if row.tests.is_empty() {
            say("it names no test: add one in backticks, or write `not yet` into both cells");
        } else if row.tests.iter().all(|test| test.runner == Runner::Swift) {
            say("all its tests are Swift tests, which do not run on every machine: name one in Rust or Kotlin as well");
        }
    }
    findings
}

/// Paths of a row that do not exist, and names that their files do not have.
fn missing_code(root: &Path, row: &Row) -> Vec<Finding> {
    let mut findings = Vec::new();
    for place in &row.code {
        let (path, name) = place.split_once('#').map_or((place.as_str(), None), |(path, name)| (path, Some(name)));
        let full = root.join(path);
        let problem = if path.is_empty() || !full.exists() {
            Some(format!("`{path}` does not exist: name the place where this is now"))
        } else {
            name.filter(|name| !fs::read_to_string(&full).is_ok_and(|text| has_word(&text, name)))
                .map(|name| format!("`{path}` has no `{name}`: name the place where this is now"))
        };
        findings.extend(problem.map(|text| Finding::new(PRODUCT, row.line, format!("{}: {text}", row.id))));
    }
    findings
}

fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    !word.is_empty()
        && text
            .match_indices(word)
            .any(|(start, _)| !text[..start].ends_with(is_part) && !text[start + word.len()..].starts_with(is_part))
}
