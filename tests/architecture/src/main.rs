//! The checks of this repository from a command line: `sources` for `core/src`, `product` for `docs/product.md`.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use pocketdesk_architecture::rules::RULES;
use pocketdesk_architecture::{Sources, check_sources, product};

/// Checks this repository.
#[derive(Debug, Parser)]
#[command(name = "pocketdesk-architecture", version)]
struct Flags {
    #[command(subcommand)]
    check: Check,
}

#[derive(Debug, Subcommand)]
enum Check {
    /// The layers and laws of the core's sources
    Sources {
        /// The folder that holds lib.rs
        #[arg(default_value = "core/src")]
        folder: PathBuf,
    },
    /// Whether each test that docs/product.md names ran and passed since `make test` began
    Product {
        /// The repository's root
        #[arg(default_value = ".")]
        root: PathBuf,
    },
}

fn main() -> ExitCode {
    let outcome = match Flags::parse().check {
        Check::Sources { folder } => sources(&folder),
        Check::Product { root } => product(&root),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("pocketdesk-architecture: {error}");
        ExitCode::FAILURE
    })
}

fn sources(folder: &Path) -> io::Result<ExitCode> {
    let findings = check_sources(&Sources::read(folder)?, &RULES);
    for finding in &findings {
        println!("{finding}");
    }
    println!("{}: {} found", folder.display(), findings.len());
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn product(root: &Path) -> io::Result<ExitCode> {
    let report = product::check(root)?;
    print!("{report}");
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
