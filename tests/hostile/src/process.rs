//! What this process costs. Linux tells it; elsewhere it is not measured.

use std::fs;
use std::time::Duration;

/// The memory in use now, in KiB.
pub(crate) fn memory() -> Option<u64> {
    field("VmRSS:")
}

/// The most memory that was in use at once since [`forget_peak`], in KiB.
pub(crate) fn peak() -> Option<u64> {
    field("VmHWM:")
}

/// Begins a new measurement. Where the system does not allow that, the peak counts from the start of the process.
pub(crate) fn forget_peak() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// How long this process has kept a processor busy, in whole seconds.
#[must_use]
pub fn worked() -> Option<Duration> {
    processor_time().map(|time| Duration::from_secs(time.as_secs()))
}

/// How long this process has kept a processor busy, to a hundredth of a second.
fn processor_time() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program is in parentheses and may have spaces. User and system time are the 12th and 13th after it, in
    // hundredths of a second.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

fn field(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
