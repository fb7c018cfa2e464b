//! Proves that scripts print here what they print in the `lua5.4` program, except where `KNOWN` says why not.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use lunapool_interpreter::{Interpreter, Limits, Print, Program};

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/lua/interim")
}

/// What `lua5.4` prints, and the error it ends with, if it does.
fn reference(file: &str) -> String {
    let run = Command::new("lua5.4")
        .arg(file)
        .current_dir(scripts())
        .env_remove("LUA_INIT")
        .env_remove("LUA_INIT_5_4")
        .output()
        .unwrap_or_else(|error| {
            panic!("cannot run `lua5.4` ({error}): install Lua 5.4, which this test compares with")
        });
    let mut text = String::from_utf8_lossy(&run.stdout).into_owned();
    if !run.status.success() {
        text.push_str(&format!("error: {}\n", String::from_utf8_lossy(&run.stderr).lines().next().unwrap_or_default()));
    }
    text
}

/// The same from an interpreter.
fn ours(file: &str) -> String {
    let printed = Arc::new(Mutex::new(Vec::new()));
    let sink = printed.clone();
    let print: Print = Arc::new(move |line: &[u8]| {
        let mut printed = sink.lock().unwrap();
        printed.extend_from_slice(line);
        printed.push(b'\n');
    });
    let source = std::fs::read(scripts().join(file)).unwrap();
    let limits = Limits { fuel: Some(50_000_000), ..Limits::default() };
    let outcome = Program::compile(file, source)
        .and_then(|program| Interpreter::builder(&program).limits(limits).on_print(print).build());
    let mut text = String::from_utf8_lossy(&printed.lock().unwrap()).into_owned();
    if let Err(error) = outcome {
        text.push_str(&format!("error: {error}\n"));
    }
    text
}

/// Files whose output is known to differ, with the reason: lines of `name.lua: reason`.
fn known() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(scripts().join("KNOWN")).unwrap();
    let entry = |line: &str| {
        let (file, reason) = line.split_once(": ").unwrap_or_else(|| panic!("KNOWN: no reason given in {line:?}"));
        assert!(scripts().join(file).is_file(), "KNOWN names {file}, which is not there");
        (file.to_owned(), reason.to_owned())
    };
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(entry).collect()
}

/// The first line that differs, for the reader.
fn difference(theirs: &str, ours: &str) -> String {
    let (mut a, mut b) = (theirs.lines(), ours.lines());
    for number in 1.. {
        match (a.next(), b.next()) {
            (Some(a), Some(b)) if a == b => {}
            (a, b) => {
                return format!(
                    "line {number}\n      lua5.4: {}\n        ours: {}",
                    a.unwrap_or("(end)"),
                    b.unwrap_or("(end)")
                );
            }
        }
    }
    unreachable!("the texts differ")
}

#[test]
fn scripts_print_what_lua_prints() {
    let known = known();
    let mut files: Vec<String> = std::fs::read_dir(scripts())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".lua"))
        .collect();
    files.sort();
    assert!(files.len() >= 60, "the scripts are not where they should be");
    let mut problems = Vec::new();
    for file in &files {
        let (theirs, ours) = (reference(file), ours(file));
        match (theirs == ours, known.get(file)) {
            (true, None) | (false, Some(_)) => {}
            (true, Some(reason)) => problems.push(format!("{file} no longer differs; take it out of KNOWN ({reason})")),
            (false, None) => problems.push(format!("{file} differs in {}", difference(&theirs, &ours))),
        }
    }
    assert!(problems.is_empty(), "{} of {} scripts:\n  {}", problems.len(), files.len(), problems.join("\n  "));
}

#[test]
fn the_reference_is_lua_54() {
    let run = Command::new("lua5.4").arg("-v").output();
    let run = run.unwrap_or_else(|error| {
        panic!("cannot run `lua5.4` ({error}): install Lua 5.4, which this test compares with")
    });
    let version = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert!(version.starts_with("Lua 5.4"), "{version}");
}
