//! What was measured: a line for each figure, and all of them as JSON.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::ms;

/// Figures of one run.
#[derive(Default)]
pub struct Figures(Vec<Value>);

impl Figures {
    /// Notes a figure of ours beside that of a reference. `reach`: the most that their ratio may be.
    pub fn pair(&mut self, name: &str, size: i64, (ours, reference): (Duration, Duration), reach: f64) {
        let ratio = ours.as_secs_f64() / reference.as_secs_f64();
        let holds = if ratio <= reach { "holds" } else { "FALLS SHORT" };
        println!(
            "{name}, {size} tickets: {}; reference {}; {ratio:.2} of at most {reach}: {holds}",
            ms(ours),
            ms(reference)
        );
        let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
        self.0.push(json!({
            "name": name, "size": size, "ours": millis(ours), "reference": millis(reference), "ratio": ratio, "reach": reach
        }));
    }

    /// Notes a figure without a reference. `reach`: the most milliseconds that it may be.
    pub fn alone(&mut self, name: &str, size: i64, ours: Duration, reach: f64) {
        let millis = ours.as_secs_f64() * 1_000.0;
        let holds = if millis <= reach { "holds" } else { "FALLS SHORT" };
        println!("{name}, {size} tickets: {} of at most {reach} ms: {holds}", ms(ours));
        self.0.push(json!({
            "name": name, "size": size, "ours": millis, "reference": null, "ratio": null, "reach": reach
        }));
    }

    /// Writes them all to `figures.json` in `folder`.
    pub fn write(&self, folder: &Path) -> Result<(), Box<dyn Error>> {
        Ok(fs::write(folder.join("figures.json"), serde_json::to_string_pretty(&self.0)?)?)
    }
}
