//! Reads `docs/real-servers.md`: each numbered case names the tests, and the modes of the hostile server, that prove it.
//!
//! A row begins with the number of its case, and its last cell names the proof in backticks: a Rust test as in
//! `docs/product.md`, or `mode:` with the name of a mode. A test counts if it ran and passed. A mode counts if there is one of
//! that name: `make hostile` runs every mode.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

use super::results::{Outcome, Results};
use super::table::Test;
use crate::finding::Finding;

/// Where the cases are.
const SERVERS: &str = "docs/real-servers.md";
/// Where the modes are.
const MODES: &str = "tests/hostile/src/modes";
/// How many numbered cases each kind has.
const CASES: &[(u32, u32)] = &[(1, 7), (2, 3), (3, 6), (4, 6), (5, 9), (6, 3), (7, 5), (8, 2), (11, 4), (12, 5)];

/// What is wrong with the cases, and how many proofs were found.
pub(super) fn check(root: &Path, results: &Results) -> io::Result<(Vec<Finding>, usize)> {
    let text = fs::read_to_string(root.join(SERVERS))
        .map_err(|error| io::Error::new(error.kind(), format!("{SERVERS} cannot be read: {error}")))?;
    let modes = modes(&root.join(MODES))?;
    let (mut findings, mut proofs, mut numbers) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (index, line) in text.lines().enumerate() {
        let Some((number, proof)) = row(line) else { continue };
        let mut say = |text: String| findings.push(Finding::new(SERVERS, index + 1, format!("{number}: {text}")));
        numbers.insert(number);
        let names: Vec<&str> = proof.split('`').skip(1).step_by(2).collect();
        if names.is_empty() {
            say("it names no test and no mode: add one in backticks".to_owned());
        }
        for name in names {
            let problem = match (name.strip_prefix("mode:"), Test::parse(name)) {
                (Some(mode), _) if modes.contains(&format!("\"{mode}\"")) => None,
                (Some(_), _) => Some("is no mode of the hostile server"),
                (None, None) => Some("is no name: write `rust:crate::path` or `mode:1.1-name`"),
                (None, Some(proven)) => match results.outcome(&proven) {
                    Outcome::Not(why) => Some(why),
                    Outcome::Passed | Outcome::CannotRun => None,
                },
            };
            match problem {
                Some(why) => say(format!("`{name}` {why}")),
                None => drop(proofs.insert(name)),
            }
        }
    }
    for (kind, count) in CASES {
        for number in (1..=*count).map(|case| format!("{kind}.{case}")) {
            if !numbers.contains(&*number) {
                findings.push(Finding::new(SERVERS, 0, format!("no table has a row {number}: add it")));
            }
        }
    }
    Ok((findings, proofs.len()))
}

/// The number of a case and its last cell, if the line is the row of a case.
fn row(line: &str) -> Option<(&str, &str)> {
    let cells = line.strip_prefix('|')?.strip_suffix('|')?;
    let (number, rest) = cells.split_once('|')?;
    let (kind, case) = number.trim().split_once('.')?;
    let is_number = [kind, case].iter().all(|part| part.parse::<u32>().is_ok());
    is_number.then(|| (number.trim(), rest.rsplit_once('|').map_or(rest, |(_, last)| last)))
}

/// The sources of all modes.
fn modes(folder: &Path) -> io::Result<String> {
    let mut all = String::new();
    for entry in fs::read_dir(folder)? {
        all.push_str(&fs::read_to_string(entry?.path())?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn a_row_begins_with_the_number_of_its_case() {
        assert_eq!(row("| 1.1 | `x` fails | waits | `mode:1.1-a` |"), Some(("1.1", " `mode:1.1-a` ")));
        for other in ["| case | server | client | tests |", "| --- | --- |", "1.1 is a case", "| 1.a | `x` |", ""] {
            assert_eq!(row(other), None, "{other}");
        }
    }
}
