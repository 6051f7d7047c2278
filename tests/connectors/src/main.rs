//! `pocketdesk-connectors sandbox|rt [--only TEXT]`: runs the list over one connector and prints how it went.

use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, ValueEnum};
use pocketdesk_connectors::rt::RequestTracker;
use pocketdesk_connectors::sandbox::Sandboxes;
use pocketdesk_connectors::{Broken, CASES, Service, run};

/// What every connector keeps, over one of them.
#[derive(Debug, Parser)]
struct Arguments {
    /// The connector, and the server that it is tried on.
    #[arg(value_enum)]
    app: Client,
    /// Only cases that have this in their name.
    #[arg(long, default_value = "")]
    only: String,
    /// Only the names.
    #[arg(long)]
    list: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Client {
    /// The Zendesk connector, on the sandbox.
    Sandbox,
    /// The Request Tracker connector, on the server that `tests/rt/server.sh start` started.
    Rt,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.list {
        for case in CASES {
            println!("{}", case.name);
        }
        return ExitCode::SUCCESS;
    }
    match all(&arguments).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(broken) => {
            eprintln!("{broken}");
            ExitCode::FAILURE
        }
    }
}

async fn all(arguments: &Arguments) -> Result<bool, Broken> {
    let service: Arc<dyn Service> = match arguments.app {
        Client::Sandbox => Arc::new(Sandboxes),
        Client::Rt => Arc::new(RequestTracker::running().await?),
    };
    let report = run(service, &arguments.only, |name| eprintln!("... {name}")).await;
    println!("{report}");
    Ok(report.is_green())
}
