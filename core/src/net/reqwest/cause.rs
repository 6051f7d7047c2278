//! Why there is no answer, for the log: a kind and a code. The errors' own texts are left out, because they quote
//! addresses.

use std::error::Error;
use std::io;

/// The kind of what lies under `error`, and the operating system's error code, 0 if there is none.
pub(super) fn cause_of(error: &::reqwest::Error) -> (&'static str, i32) {
    let mut under: Option<&(dyn Error + 'static)> = Some(error);
    let mut deepest = None;
    while let Some(error) = under {
        if error.is::<rustls::Error>() {
            return ("tls", 0);
        }
        let as_io = error.downcast_ref::<io::Error>();
        deepest = as_io.or(deepest);
        // The error that an I/O error wraps is not its `source`, so it is asked for separately.
        under = match as_io.and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    match deepest {
        Some(io) => (kind_of(io), io.raw_os_error().unwrap_or_default()),
        None if error.is_timeout() => ("timeout", 0),
        None if error.is_connect() => ("connect", 0),
        None => ("protocol", 0),
    }
}

fn kind_of(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "refused",
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => "broken",
        io::ErrorKind::UnexpectedEof => "ended early",
        io::ErrorKind::TimedOut => "timeout",
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkDown => "no route",
        _ => "io",
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::cause_of;
    use crate::net::reqwest::ReqwestHttp;

    async fn cause(url: String) -> &'static str {
        let http = ReqwestHttp::new().unwrap();
        cause_of(&http.client.get(url).send().await.unwrap_err()).0
    }

    #[tokio::test]
    async fn the_cause_tells_a_closed_port_an_unknown_host_and_a_broken_connection_apart() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = thread::spawn(move || drop(listener.accept().unwrap()));
        assert!(["broken", "ended early", "protocol"].contains(&cause(format!("http://{address}/")).await));
        // The listener was closed with its only connection.
        server.join().unwrap();
        assert_eq!(cause(format!("http://{address}/")).await, "refused");
        assert_ne!(cause("http://help.company.invalid/".to_owned()).await, "refused");
    }
}
