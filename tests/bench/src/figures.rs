//! What was measured: a line for each figure, and all of them as JSON.
//!
//! Each part of a run (a command here, a test in Kotlin, a program in Swift) writes a list of rows to a file of its own in the folder
//! `figures`. [`table`] puts them together into `figures.json`, and prints them all.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

/// Figures of one part of a run.
pub struct Figures {
    part: String,
    rows: Vec<Value>,
}

impl Figures {
    /// Figures of the part with this name. What it measured before will be replaced.
    pub fn of(part: &str) -> Self {
        Self { part: part.to_owned(), rows: Vec::new() }
    }

    /// Notes a figure of ours beside that of a reference. `reach`: the most that their ratio may be.
    pub fn pair(&mut self, name: &str, size: i64, (ours, reference): (Duration, Duration), reach: f64) {
        self.compare(name, size, "ms", (millis(ours), millis(reference)), Reach::AtMost(reach));
    }

    /// Notes a time without a reference. `reach`: the most milliseconds that it may be.
    pub fn alone(&mut self, name: &str, size: i64, ours: Duration, reach: f64) {
        self.value(name, size, "ms", millis(ours), Some(reach));
    }

    /// Notes a value without a reference, and the most that it may be.
    pub fn value(&mut self, name: &str, size: i64, unit: &str, ours: f64, reach: Option<f64>) {
        self.add(json!({
            "name": name, "size": size, "unit": unit, "ours": ours, "reference": null, "ratio": null, "reach": reach,
            "holds": reach.is_none_or(|reach| ours <= reach)
        }));
    }

    /// Notes a value of ours beside that of a reference, and what their ratio may be.
    pub fn compare(&mut self, name: &str, size: i64, unit: &str, (ours, reference): (f64, f64), reach: Reach) {
        let ratio = ours / reference;
        let (reach, holds) = match reach {
            Reach::AtMost(reach) => (reach, ratio <= reach),
            Reach::AtLeast(reach) => (reach, ratio >= reach),
        };
        self.add(json!({
            "name": name, "size": size, "unit": unit, "ours": ours, "reference": reference, "ratio": ratio, "reach": reach,
            "holds": holds
        }));
    }

    fn add(&mut self, row: Value) {
        println!("{}", line(&row));
        self.rows.push(row);
    }

    /// Writes them to the part's file in `folder`.
    pub fn write(&self, folder: &Path) -> Result<(), Box<dyn Error>> {
        let folder = folder.join("figures");
        fs::create_dir_all(&folder)?;
        let file = folder.join(&self.part).with_added_extension("json");
        Ok(fs::write(file, serde_json::to_string_pretty(&self.rows)?)?)
    }
}

/// What a ratio may be.
#[derive(Clone, Copy)]
pub enum Reach {
    AtMost(f64),
    AtLeast(f64),
}

/// Puts the parts of a run together into `figures.json` in `folder`, and prints every row, those that fall short once more at the end.
pub fn table(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut files: Vec<_> =
        fs::read_dir(folder.join("figures"))?.map(|file| Ok(file?.path())).collect::<Result<_, std::io::Error>>()?;
    files.sort();
    let mut all: Vec<Value> = Vec::new();
    for file in files {
        all.extend(serde_json::from_slice::<Vec<Value>>(&fs::read(file)?)?);
    }
    println!("\n{:>8} {:>12} {:>12} {:>6} {:>6}", "size", "ours", "reference", "ratio", "reach");
    for row in &all {
        println!("{}", line(row));
    }
    let short: Vec<&Value> = all.iter().filter(|row| row["holds"] == false).collect();
    println!("\n{} of {} rows fall short", short.len(), all.len());
    for row in short {
        println!("{}", line(row));
    }
    Ok(fs::write(folder.join("figures.json"), serde_json::to_string_pretty(&all)?)?)
}

fn line(row: &Value) -> String {
    let unit = row["unit"].as_str().unwrap_or("ms");
    let number =
        |name: &str, digits: usize| row[name].as_f64().map(|number| format!("{number:.digits$}")).unwrap_or_default();
    let value = |name: &str| match number(name, if unit == "ms" { 3 } else { 1 }) {
        value if value.is_empty() => value,
        value => format!("{value} {unit}"),
    };
    let holds = if row["holds"] == false { "  FALLS SHORT" } else { "" };
    format!(
        "{:>8} {:>12} {:>12} {:>6} {:>6}  {}{holds}",
        row["size"],
        value("ours"),
        value("reference"),
        number("ratio", 2),
        number("reach", 2),
        row["name"].as_str().unwrap_or_default()
    )
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
