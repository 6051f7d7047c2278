//! Every input of the corpus, through its target. A file's name says what it is, or what the fuzzer found with it.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use pocketdesk_fuzz::TARGETS;

/// An input that takes longer than this, without optimisation and on a busy machine, hangs.
const LONGEST: Duration = Duration::from_mins(1);

fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let mut inputs: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    inputs.sort();
    inputs
}

fn replay(target: &str) {
    let (_, run) = TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let mut wrong = Vec::new();
    for (name, bytes) in corpus(target) {
        let start = Instant::now();
        if catch_unwind(AssertUnwindSafe(|| run(&bytes))).is_err() || start.elapsed() > LONGEST {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "{target}: {wrong:?}");
}

#[test]
fn addresses() {
    replay("addresses");
}

#[test]
fn database_bytes() {
    replay("database_bytes");
}

#[test]
fn file_kinds() {
    replay("file_kinds");
}

#[test]
fn filter() {
    replay("filter");
}

#[test]
fn html_pages() {
    replay("html_pages");
}

#[test]
fn names() {
    replay("names");
}

#[test]
fn product_definition() {
    replay("product_definition");
}

#[test]
fn query_text() {
    replay("query_text");
}

#[test]
fn rt_answers() {
    replay("rt_answers");
}

#[test]
fn zendesk_answers() {
    replay("zendesk_answers");
}

#[test]
fn the_corpus_is_small_and_has_a_folder_for_each_target() {
    let mut folders: Vec<String> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    assert_eq!(folders, TARGETS.map(|(name, _)| name));
    let bytes: usize = TARGETS.iter().flat_map(|(name, _)| corpus(name)).map(|(_, bytes)| bytes.len()).sum();
    assert!(bytes < 1024 * 1024, "{bytes} bytes");
}
