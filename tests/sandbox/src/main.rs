//! The sandbox server as a program. It prints one line when it is ready, and ends on Ctrl-C or SIGTERM.

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use clap::builder::RangedU64ValueParser;
use pocketdesk_sandbox::{Options, Sandbox};
use tokio::signal;

/// A Zendesk-compatible help desk for the demo and for tests
#[derive(Debug, Parser)]
#[command(name = "pocketdesk-sandbox", version)]
struct Flags {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Keep the server's data in this file instead of in memory
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// The seed of the generated tickets
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many tickets Ada sees
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = RangedU64ValueParser::<u32>::new().range(0..=100_000))]
    tickets: u32,
    /// Let an agent answer new tickets and replies after this many seconds
    #[arg(long, value_name = "SECONDS")]
    answers: Option<u64>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let flags = Flags::parse();
    let sandbox = Sandbox::start(Options {
        port: flags.port,
        data: flags.data,
        seed: flags.seed,
        tickets: flags.tickets,
        answers: flags.answers.map(Duration::from_secs),
    })
    .await?;
    println!("listening on {}", sandbox.base_url);
    until_asked_to_end().await?;
    sandbox.stop().await;
    Ok(())
}

/// Waits until the program is asked to end.
#[cfg(unix)]
async fn until_asked_to_end() -> std::io::Result<()> {
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    tokio::select! {
        outcome = signal::ctrl_c() => outcome,
        _ = terminate.recv() => Ok(()),
    }
}

/// Waits until the program is asked to end.
#[cfg(not(unix))]
async fn until_asked_to_end() -> std::io::Result<()> {
    signal::ctrl_c().await
}
