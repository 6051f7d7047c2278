//! Reads what the runners of this run left behind.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use roxmltree::{Document, Node};

use super::table::{Runner, Test};
use crate::finding::Finding;

/// Where results are gathered. `make test` empties it when it begins.
const FOLDER: &str = "target/test-results";
/// Written when `make test` began.
const STARTED: &str = "started";
/// The output of `cargo test`.
const RUST: &str = "rust.txt";
/// Why there is no Swift.
const NO_SWIFT: &str = "swift-not-run.txt";

/// How a named test ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    /// There is no Swift on this machine.
    CannotRun,
    /// It did not run, or did not pass: the rest of a sentence that says so.
    Not(&'static str),
}

/// How often a test passed, and how often not.
#[derive(Debug, Clone, Copy, Default)]
struct Runs {
    passed: usize,
    failed: usize,
    skipped: usize,
}

/// The tests of this run by runner, and then by group and name.
#[derive(Debug, Default)]
pub(crate) struct Results {
    rust: BTreeMap<(String, String), Runs>,
    kotlin: BTreeMap<(String, String), Runs>,
    swift: BTreeMap<(String, String), Runs>,
    /// Why Swift could not run, if it could not.
    pub(crate) no_swift: Option<String>,
    /// Results that could not be read.
    pub(crate) problems: Vec<Finding>,
}

impl Results {
    /// The results below `root` that are not older than the beginning of the run.
    pub(crate) fn read(root: &Path) -> io::Result<Self> {
        let folder = root.join(FOLDER);
        let started = modified(&folder.join(STARTED)).map_err(|error| {
            let text = format!("{FOLDER}/{STARTED} is missing: `make test` writes it, and this check is its last step");
            io::Error::new(error.kind(), text)
        })?;
        let of_this_run = |path: &Path| modified(path).is_ok_and(|at| at >= started);
        let mut results = Self::default();
        let rust = folder.join(RUST);
        if of_this_run(&rust) {
            results.rust = cargo_output(&String::from_utf8_lossy(&fs::read(&rust)?));
        }
        for report in surefire_reports(root)?.iter().filter(|path| of_this_run(path)) {
            results.xml(root, report, Runner::Kotlin)?;
        }
        for report in xml_files(&folder, "swift")?.iter().filter(|path| of_this_run(path)) {
            results.xml(root, report, Runner::Swift)?;
        }
        let no_swift = folder.join(NO_SWIFT);
        if of_this_run(&no_swift) {
            results.no_swift = Some(fs::read_to_string(no_swift)?.trim().to_owned());
        }
        Ok(results)
    }

    pub(crate) fn outcome(&self, test: &Test) -> Outcome {
        if test.runner == Runner::Swift && self.no_swift.is_some() && self.swift.is_empty() {
            return Outcome::CannotRun;
        }
        let results = match test.runner {
            Runner::Rust => &self.rust,
            Runner::Kotlin => &self.kotlin,
            Runner::Swift => &self.swift,
        };
        let Some(runs) = results.get(&(test.group.clone(), test.case.clone())) else {
            return Outcome::Not(
                "did not run in this run of `make test`: correct its name, or see why it was left out",
            );
        };
        match runs {
            Runs { failed: 1.., .. } => Outcome::Not("failed"),
            Runs { passed: 0, .. } => Outcome::Not("was skipped: name one that runs in `make test`"),
            Runs { .. } => Outcome::Passed,
        }
    }

    /// Reads one XML report. Surefire and `swift test` write the same form.
    fn xml(&mut self, root: &Path, path: &Path, runner: Runner) -> io::Result<()> {
        let text = fs::read_to_string(path)?;
        let document = match Document::parse(&text) {
            Ok(document) => document,
            Err(error) => {
                let file = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
                let text = format!("this report cannot be read ({error}): see whether its runner was interrupted");
                self.problems.push(Finding::new(&file, error.pos().row as usize, text));
                return Ok(());
            }
        };
        let results = if runner == Runner::Kotlin { &mut self.kotlin } else { &mut self.swift };
        for case in document.descendants().filter(|node| node.has_tag_name("testcase")) {
            let (Some(class), Some(name)) = (case.attribute("classname"), case.attribute("name")) else { continue };
            let (group, name) = match runner {
                // A parameterised test is one case for each parameter: `name[0]`.
                Runner::Kotlin => (class, name.split_once('[').map_or(name, |(name, _)| name)),
                // The class begins with the module, and the name ends with its parameters' labels.
                _ => (
                    class.split_once('.').map_or(class, |(_, suite)| suite),
                    name.split_once('(').map_or(name, |(name, _)| name),
                ),
            };
            let runs = results.entry((group.to_owned(), name.to_owned())).or_default();
            let has = |tag: &str| case.children().any(|child: Node<'_, '_>| child.has_tag_name(tag));
            if has("failure") || has("error") {
                runs.failed += 1;
            } else if has("skipped") {
                runs.skipped += 1;
            } else {
                runs.passed += 1;
            }
        }
        Ok(())
    }
}

/// The tests in the output of `cargo test`: `Running … (target/debug/deps/CRATE-HASH)`, and then `test PATH ... ok`.
///
/// With one thread, cargo prints the outcome when the test has ended. What a child process prints until then stands
/// before the outcome, which in this case has a line of its own. A test without an outcome counts as failed.
fn cargo_output(text: &str) -> BTreeMap<(String, String), Runs> {
    let mut tests: BTreeMap<(String, String), Runs> = BTreeMap::new();
    let mut binary = None;
    let mut unfinished = None;
    for line in text.lines() {
        let trimmed = line.trim();
        if let Some(running) = trimmed.strip_prefix("Running ") {
            binary = running.rsplit_once('(').and_then(|(_, path)| binary_of(path.trim_end_matches(')')));
        } else if trimmed.starts_with("Doc-tests ") {
            binary = None;
        } else if let (Some(binary), Some((name, outcome))) =
            (&binary, line.strip_prefix("test ").and_then(|test| test.split_once(" ... ")))
        {
            let name = name.strip_suffix(" - should panic").unwrap_or(name);
            let key = (binary.clone(), name.to_owned());
            let runs = tests.entry(key.clone()).or_default();
            unfinished = None;
            match outcome.split([',', ' ']).next() {
                Some("ok") => runs.passed += 1,
                Some("ignored") => runs.skipped += 1,
                outcome => {
                    runs.failed += 1;
                    unfinished = (outcome != Some("FAILED")).then_some(key);
                }
            }
        } else if trimmed == "FAILED" {
            unfinished = None;
        } else if let ("ok", Some(runs)) = (trimmed, unfinished.as_ref().and_then(|key| tests.get_mut(key))) {
            runs.failed -= 1;
            runs.passed += 1;
            unfinished = None;
        }
    }
    tests
}

/// `target/debug/deps/whole-0123456789abcdef` is `whole`.
fn binary_of(path: &str) -> Option<String> {
    let file = path.rsplit(['/', '\\']).next()?;
    let (name, _hash) = file.strip_suffix(".exe").unwrap_or(file).rsplit_once('-')?;
    Some(name.to_owned())
}

fn surefire_reports(root: &Path) -> io::Result<Vec<PathBuf>> {
    let android = root.join("android");
    if !android.is_dir() {
        return Ok(Vec::new());
    }
    let mut reports = Vec::new();
    for module in fs::read_dir(android)? {
        reports.extend(xml_files(&module?.path().join("target/surefire-reports"), "TEST-")?);
    }
    reports.sort();
    Ok(reports)
}

/// The XML files of a folder whose names begin with `prefix`; none if there is no such folder.
fn xml_files(folder: &Path, prefix: &str) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_named = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix));
        if is_named && path.extension().is_some_and(|extension| extension == "xml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn modified(path: &Path) -> io::Result<SystemTime> {
    fs::metadata(path)?.modified()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_of_two_binaries_keep_apart() {
        let text = "   Compiling pocketdesk v0.1.0\n     Running unittests src/lib.rs (target/debug/deps/pocketdesk-0a1b)\n\n\
                    running 3 tests\ntest store::tests::a ... ok\ntest store::tests::b ... ignored, slow\n\
                    test live::tests::c - should panic ... ok\n\ntest result: ok. 2 passed\n\n\
                    \x20    Running tests/whole/main.rs (target/debug/deps/whole-2c3d)\ntest store::tests::a ... FAILED\n\
                    \x20  Doc-tests pocketdesk\ntest core/src/x.rs - x (line 3) ... ok\n";
        let tests = cargo_output(text);
        let runs = |group: &str, name: &str| tests[&(group.to_owned(), name.to_owned())];
        assert_eq!(runs("pocketdesk", "store::tests::a").passed, 1);
        assert_eq!(runs("pocketdesk", "store::tests::b").skipped, 1);
        assert_eq!(runs("pocketdesk", "live::tests::c").passed, 1);
        assert_eq!(runs("whole", "store::tests::a").failed, 1);
        assert_eq!(tests.len(), 4);
    }

    #[test]
    fn an_outcome_may_follow_what_a_child_process_printed() {
        let text = "     Running tests/kills.rs (target/debug/deps/kills-0a1b)\ntest a ... listening on 1\nmore\nok\n\
                    test b ... listening on 2\nFAILED\nok\ntest c ... listening\n";
        let tests = cargo_output(text);
        let runs = |name: &str| {
            let runs = tests[&("kills".to_owned(), name.to_owned())];
            (runs.passed, runs.failed)
        };
        assert_eq!([runs("a"), runs("b"), runs("c")], [(1, 0), (0, 1), (0, 1)]);
    }
}
