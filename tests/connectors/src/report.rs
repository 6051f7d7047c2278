//! Runs the list and tells how it went.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cases::{CASES, Case};
use crate::harness::Service;
use crate::scene::Scene;
use crate::trouble::Broken;

/// How long a case may take before it counts as one that never ends.
const PATIENCE: Duration = Duration::from_mins(5);

/// How one case went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Kept.
    Kept,
    /// The server does not meet the need that the case has.
    NotOffered(&'static str),
    /// Not kept.
    Broken(Broken),
}

/// How all of them went.
#[derive(Debug)]
pub struct Report {
    service: String,
    cases: Vec<(&'static str, Outcome, Duration)>,
}

impl Report {
    /// Every case is kept or not offered, and there was one at all.
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

/// Runs every case whose name has `filter` in it, one after the other, each at a place of its own. Tells `heard` the names as
/// they begin.
pub async fn run(service: Arc<dyn Service>, filter: &str, heard: impl Fn(&str)) -> Report {
    let mut cases = Vec::new();
    for case in CASES.iter().filter(|case| case.name.contains(filter)) {
        heard(case.name);
        let begin = Instant::now();
        let outcome = tokio::time::timeout(PATIENCE, one(&service, case)).await;
        let outcome = outcome.unwrap_or_else(|_| Outcome::Broken(Broken::new("it does not end")));
        cases.push((case.name, outcome, begin.elapsed()));
    }
    Report { service: service.name(), cases }
}

async fn one(service: &Arc<dyn Service>, case: &Case) -> Outcome {
    let scene = match Scene::at(Arc::clone(service)).await {
        Ok(scene) => scene,
        Err(broken) => return Outcome::Broken(broken),
    };
    if let Some(need) = case.need.filter(|need| !scene.offers(*need)) {
        return Outcome::NotOffered(need.name());
    }
    match (case.run)(&scene).await {
        Ok(()) => Outcome::Kept,
        Err(broken) => Outcome::Broken(broken),
    }
}
