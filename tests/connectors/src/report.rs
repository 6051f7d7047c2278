//! Runs the cases and reports the results.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cases::{CASES, Case};
use crate::fixture::Fixture;
use crate::harness::Service;
use crate::trouble::Broken;

/// How long a case may take before it counts as one that never ends.
const TIME_LIMIT: Duration = Duration::from_mins(5);

/// The result of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The connector passes the case.
    Kept,
    /// The server does not support what the case needs.
    NotOffered(&'static str),
    /// The connector fails the case.
    Broken(Broken),
}

/// The results of all cases.
#[derive(Debug)]
pub struct Report {
    service: String,
    cases: Vec<(&'static str, Outcome, Duration)>,
}

impl Report {
    /// Whether no case failed and at least one was run.
    #[must_use]
    pub fn is_green(&self) -> bool {
        !self.cases.is_empty() && !self.cases.iter().any(|(_, outcome, _)| matches!(outcome, Outcome::Broken(_)))
    }

    fn count(&self, is_it: impl Fn(&Outcome) -> bool) -> usize {
        self.cases.iter().filter(|(_, outcome, _)| is_it(outcome)).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, outcome, took) in &self.cases {
            match outcome {
                Outcome::Kept => writeln!(f, "kept         {name} ({:.1} s)", took.as_secs_f64())?,
                Outcome::NotOffered(need) => writeln!(f, "not offered  {name}: {need}")?,
                Outcome::Broken(broken) => writeln!(f, "BROKEN       {name}: {broken}")?,
            }
        }
        let broken = self.count(|outcome| matches!(outcome, Outcome::Broken(_)));
        let kept = self.count(|outcome| *outcome == Outcome::Kept);
        let not_offered = self.cases.len() - kept - broken;
        write!(f, "{}: {kept} kept, {not_offered} not offered, {broken} broken", self.service)
    }
}

/// Runs every case whose name contains `filter`, one after the other, each with a test server of its own. Calls
/// `on_start` with the name of each case when it starts.
pub async fn run(service: Arc<dyn Service>, filter: &str, on_start: impl Fn(&str)) -> Report {
    let mut cases = Vec::new();
    for case in CASES.iter().filter(|case| case.name.contains(filter)) {
        on_start(case.name);
        let begin = Instant::now();
        let outcome = tokio::time::timeout(TIME_LIMIT, run_case(&service, case)).await;
        let outcome = outcome.unwrap_or_else(|_| Outcome::Broken(Broken::new("the case does not end")));
        cases.push((case.name, outcome, begin.elapsed()));
    }
    Report { service: service.name(), cases }
}

async fn run_case(service: &Arc<dyn Service>, case: &Case) -> Outcome {
    let fixture = match Fixture::at(Arc::clone(service)).await {
        Ok(fixture) => fixture,
        Err(broken) => return Outcome::Broken(broken),
    };
    if let Some(need) = case.need.filter(|need| !fixture.offers(*need)) {
        return Outcome::NotOffered(need.name());
    }
    match (case.run)(&fixture).await {
        Ok(()) => Outcome::Kept,
        Err(broken) => Outcome::Broken(broken),
    }
}
