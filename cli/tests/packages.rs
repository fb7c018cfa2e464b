//! The example in `examples/packages`, on the package list of this machine: its figures, worked out from the input in
//! another language, must be those of what the script wrote.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use support::Place;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/packages").join(name)
}

/// Runs one of the example's programs from a file into another.
fn python(place: &Place, program: &str, input: Option<&str>, output: &str) {
    let input = input.map_or(Stdio::null(), |input| File::open(place.path(input)).unwrap().into());
    let output = File::create(place.path(output)).unwrap();
    let status = Command::new("python3").arg(example(program)).stdin(input).stdout(output).status();
    let status = status.unwrap_or_else(|error| panic!("this test needs python3, which does not start: {error}"));
    assert!(status.success(), "{program}: {status}");
}

#[test]
fn both_ways_lead_to_the_same_figures() {
    if let Err(error) = Command::new("apt-cache").arg("--version").output() {
        panic!("this test needs apt-cache, which does not start: {error}");
    }
    let place = Place::new("packages");
    python(&place, "dump.py", None, "packages.jsonl");
    let packages = std::fs::read_to_string(place.path("packages.jsonl")).unwrap().lines().count();
    assert!(packages > 1000, "only {packages} packages are listed: run `apt-get update` first");

    let (script, module) = (example("enrich.lua"), format!("debian={}", example("debian.lua").display()));
    let status = place
        .command(&["map", script.to_str().unwrap(), "--module", &module, "--input", "packages.jsonl"])
        .stdout(File::create(place.path("enriched.jsonl")).unwrap())
        .stderr(Stdio::inherit())
        .status();
    assert!(status.unwrap().success());

    python(&place, "expected.py", Some("packages.jsonl"), "expected.json");
    python(&place, "summary.py", Some("enriched.jsonl"), "summary.json");
    let read = |name| std::fs::read_to_string(place.path(name)).unwrap();
    assert_eq!(read("expected.json"), read("summary.json"));
    assert!(read("summary.json").contains("\"kept\""));
}
