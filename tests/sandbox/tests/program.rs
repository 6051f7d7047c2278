//! The program as scripts use it: it prints one line when it is ready, and ends when it is asked to.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

#[test]
fn it_prints_its_address_and_ends_on_sigterm() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_pocketdesk-sandbox"))
        .args(["--port", "0", "--tickets", "3", "--seed", "9"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(program.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let address = line.strip_prefix("listening on http://").unwrap().trim_end().to_owned();

    let mut connection = TcpStream::connect(&address).unwrap();
    let request = format!(
        "GET /api/v2/users/me HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer zoe-token\r\nconnection: close\r\n\r\n"
    );
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains("Zoë Brandt"), "{answer}");

    let asked = Command::new("sh").args(["-c", &format!("kill -TERM {}", program.id())]).status().unwrap();
    assert!(asked.success());
    assert!(program.wait().unwrap().success());
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "the program must print only one line");
    assert!(TcpStream::connect(&address).is_err());
}
