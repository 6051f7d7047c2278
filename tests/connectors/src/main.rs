//! `pocketdesk-connectors sandbox|rt [--only TEXT]`: runs the cases over one connector and prints a report.

use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, ValueEnum};
use pocketdesk_connectors::rt::RequestTracker;
use pocketdesk_connectors::sandbox::Sandboxes;
use pocketdesk_connectors::{Broken, CASES, Service, run};

/// Runs the cases that every connector must pass over one connector
#[derive(Debug, Parser)]
struct Arguments {
    /// The connector and its server
    #[arg(value_enum)]
    service: ServiceName,
    /// Only cases with this text in their name
    #[arg(long, default_value = "")]
    only: String,
    /// Only print the names of the cases
    #[arg(long)]
    list: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ServiceName {
    /// The Zendesk connector, on the sandbox server
    Sandbox,
    /// The Request Tracker connector, on the server that `tests/rt/server.sh start` has started
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
    let service: Arc<dyn Service> = match arguments.service {
        ServiceName::Sandbox => Arc::new(Sandboxes),
        ServiceName::Rt => Arc::new(RequestTracker::running().await?),
    };
    let report = run(service, &arguments.only, |name| eprintln!("... {name}")).await;
    println!("{report}");
    Ok(report.is_green())
}
