//! A short torture, so that a change that breaks it is noticed before the long one is run (`make torture`).

use std::process::Command;

#[test]
fn an_app_that_is_killed_again_and_again_keeps_its_promises() {
    let torture = Command::new(env!("CARGO_BIN_EXE_pocketdesk-torture"))
        .args(["--kills", "30", "--round", "15", "--jobs", "2"])
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&torture.stdout);
    assert!(torture.status.success() && output.ends_with("30 passed, 0 failed\n"), "{output}");
}
