//! The program as people use it, and the names of its modes.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use pocketdesk_hostile::{Account, modes, run};

#[test]
fn every_mode_has_a_number_a_word_and_a_story_of_its_own() {
    let (mut names, mut stories) = (BTreeSet::new(), BTreeSet::new());
    for mode in modes() {
        let (number, word) = mode.name.split_once('-').unwrap();
        let (kind, case) = number.split_once('.').unwrap();
        assert!(kind.parse::<u32>().is_ok() && !case.is_empty() && !word.is_empty(), "{}", mode.name);
        assert!(names.insert(mode.name) && stories.insert((kind.to_owned(), mode.story)), "{}", mode.name);
    }
    for kind in ["1", "2", "3", "4", "5", "6", "7", "8", "11"] {
        assert!(names.iter().any(|name| name.starts_with(&format!("{kind}.a"))), "kind {kind} has cases of our own");
    }
}

/// Without a fault everything that is looked for after a fault holds, on both accounts.
#[test]
fn a_mode_without_consequences_passes() {
    for account in Account::ALL {
        let outcome = run("0-well", account).unwrap();
        assert_eq!(outcome.broken, Vec::<String>::new(), "{account:?}");
        assert!(outcome.requests > 0 && outcome.minutes >= 10, "{account:?}");
    }
}

#[test]
fn a_served_mode_misbehaves_until_it_is_told_to_end() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_pocketdesk-hostile"))
        .args(["--serve", "2.1-everything-403"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.strip_prefix("listening on http://").unwrap().split_whitespace().next().unwrap().to_owned();
    let ask = |path: &str| {
        let mut connection = TcpStream::connect(&address).unwrap();
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer ada-token\r\nconnection: close\r\n\r\n"
        );
        connection.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    };
    assert!(ask("/api/v2/users/me").starts_with("HTTP/1.1 403"));
    assert!(ask("/hostile/off").starts_with("HTTP/1.1 200"));
    assert!(ask("/api/v2/users/me").contains("Ada Lindqvist"));
    program.kill().unwrap();
    program.wait().unwrap();
}
