//! `lunapool exec`, `lunapool check`, and what all commands have in common.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs::File;
use std::io::{BufRead, BufReader};

use support::{Outcome, Place};

#[test]
fn a_file_runs_without_main_and_with_its_arguments() {
    let place = Place::new("exec_arguments");
    place.file("args.lua", "#!/usr/bin/env lunapool\nprint(select('#', ...), ...)\nprint(type((...)))");
    place.run(&["exec", "args.lua", "1", "--flag", "a b"]).wrote("3\t1\t--flag\ta b\nstring\n");
    place.run(&["exec", "args.lua"]).wrote("0\nnil\n");
    place.run(&["exec", "args.lua", "--", "--help"]).wrote("1\t--help\nstring\n");
    place.run_with(&["exec", "-", "x"], "print(...)").wrote("x\n");
}

#[test]
fn main_is_not_called_and_no_result_is_printed() {
    let place = Place::new("exec_main");
    place.file("main.lua", "function main() print('called') end return 7");
    place.run(&["exec", "main.lua"]).wrote("");
}

#[test]
fn modules_are_found() {
    let place = Place::new("exec_modules");
    place.file("main.lua", "print(require('text').word, ...)");
    place.file("text.lua", "return { word = 'word' }");
    place.run(&["exec", "--module", "text=text.lua", "main.lua", "--x"]).wrote("word\t--x\n");
    place.run(&["exec", "main.lua", "--module", "text=text.lua", "--x"]).wrote("word\t--x\n");
}

#[test]
fn output_keeps_its_order_and_comes_before_the_error() {
    let place = Place::new("exec_order");
    place.file("order.lua", "for i = 1, 50000 do print(i) end\nerror('done')");
    let expected: String = (1..=50_000).map(|i| format!("{i}\n")).collect();
    place.run(&["exec", "order.lua"]).is(1, &expected, "lunapool: order.lua:2: done\n");
}

#[test]
fn whoever_stops_reading_ends_the_script() {
    let place = Place::new("exec_closed");
    place.file("endless.lua", "while true do print('again') end");
    place.file("endless_main.lua", "function main() while true do print('again') end end");
    for command in ["exec", "run"] {
        let file = if command == "exec" { "endless.lua" } else { "endless_main.lua" };
        let mut child = place.command(&[command, file]).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "again\n");
        Outcome::of(child).wrote("");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_is_an_error() {
    let place = Place::new("exec_full");
    place.file("print.lua", "print(1) function main() return 1 end");
    for args in [&["exec", "print.lua"][..], &["run", "print.lua"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let outcome = Outcome::of(place.command(args).stdout(full).spawn().unwrap());
        outcome.is(1, "", "lunapool: cannot write the output: No space left on device (os error 28)\n");
    }
}

#[test]
fn check_reports_each_file_that_does_not_compile() {
    let place = Place::new("check");
    place.file("good.lua", "error('not run') function main() end");
    place.file("bad.lua", "x = = 1");
    place.file("worse.lua", "\n\nreturn 'open");
    place.run(&["check", "good.lua", "good.lua"]).wrote("");
    let outcome = place.run(&["check", "bad.lua", "good.lua", "none.lua", "worse.lua"]);
    let lines: Vec<_> = outcome.stderr.lines().collect();
    assert_eq!((outcome.code, outcome.stdout.as_str(), lines.len()), (Some(1), "", 3), "{outcome:?}");
    assert!(lines[0].starts_with("lunapool: bad.lua:1: "), "{outcome:?}");
    assert_eq!(lines[1], "lunapool: cannot read none.lua: No such file or directory (os error 2)");
    assert!(lines[2].starts_with("lunapool: worse.lua:3: "), "{outcome:?}");
    place.run_with(&["check", "-"], "return 1").wrote("");
    let outcome = place.run_with(&["check", "-"], "return return");
    assert!(outcome.code == Some(1) && outcome.stderr.starts_with("lunapool: stdin:1: "), "{outcome:?}");
}

#[test]
fn help_has_examples() {
    let place = Place::new("help");
    for command in [&[][..], &["run"], &["exec"], &["map"], &["check"]] {
        let outcome = place.run(&[command, &["--help"]].concat());
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
        let (_, examples) = outcome.stdout.split_once("Example").unwrap();
        let example = format!("  lunapool {}", command.first().unwrap_or(&""));
        assert!(examples.contains(&example), "{}", outcome.stdout);
    }
    let version = format!("lunapool {}\n", env!("CARGO_PKG_VERSION"));
    place.run(&["--version"]).wrote(&version);
}

#[test]
fn wrong_usage_ends_with_2() {
    let place = Place::new("usage");
    place.file("echo.lua", "function main(...) return ... end");
    for args in [
        &[][..],
        &["walk"],
        &["run"],
        &["check"],
        &["run", "--unknown", "echo.lua"],
        &["map"],
        &["map", "-"],
        &["map", "echo.lua", "extra"],
        &["map", "echo.lua", "--jobs", "0"],
        &["map", "echo.lua", "--on-error", "panic"],
        &["run", "echo.lua", "--module", "=x.lua"],
    ] {
        let outcome = place.run(args);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""), "{args:?}: {outcome:?}");
    }
}
