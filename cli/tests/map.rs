//! `lunapool map`: order, dropped records, errors, and streams.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

use support::{Outcome, Place};

/// Fails for 3, drops 5.
const PICKY: &str = "function main(x)\n  if x == 3 then\n    error('three')\n  end\n  if x ~= 5 then return x end\nend";

fn numbers(numbers: impl Iterator<Item = u32>) -> String {
    numbers.map(|number| format!("{number}\n")).collect()
}

#[test]
fn results_come_in_the_order_of_the_input() {
    let place = Place::new("map_order");
    place.file("uneven.lua", "function main(x) for i = 1, x % 97 == 0 and 20000 or 10 do end return { n = x } end");
    let results: String = (1..=20_000).map(|number| format!("{{\"n\":{number}}}\n")).collect();
    for jobs in [&[][..], &["--jobs", "1"], &["--jobs", "7"]] {
        let outcome = place.run_with(&[&["map", "uneven.lua"], jobs].concat(), numbers(1..=20_000));
        assert!(outcome.stdout == results, "{jobs:?}: {} bytes", outcome.stdout.len());
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    }
}

#[test]
fn records_keep_their_types() {
    let place = Place::new("map_types");
    place.file("echo.lua", "function main(x) return x end");
    let records = "{\"a\":1,\"b\":1.0,\"c\":[1.5,null],\"d\":{}}\n[]\n\"text\"\ntrue\n-0.5\n";
    place.run_with(&["map", "echo.lua"], records).wrote(records);
    place.run_with(&["map", "echo.lua"], "{\"a\":null}\n{}\n[ 1 , 2 ]\n").wrote("{}\n{}\n[1,2]\n");
    place.file("empty.lua", "local json = require('json') function main() return { a = {}, b = json.array() } end");
    place.run_with(&["map", "empty.lua"], "1").wrote("{\"a\":{},\"b\":[]}\n");
}

#[test]
fn nil_drops_a_record() {
    let place = Place::new("map_nil");
    place.file("odd.lua", "function main(x) if x % 2 == 1 then return x end end");
    let odd = numbers((1..=999).step_by(2));
    place.run_with(&["map", "odd.lua"], numbers(1..=1000)).wrote(&odd);
}

#[test]
fn an_error_ends_it_after_what_came_before() {
    let place = Place::new("map_fail");
    place.file("picky.lua", PICKY);
    let outcome = place.run_with(&["map", "picky.lua"], "1\n\n2\n3\n4\n");
    outcome.is(1, "1\n2\n", "lunapool: picky.lua:3: three (input line 4)\n");
    let outcome = place.run_with(&["map", "picky.lua", "--on-error", "fail"], "1\n{\n3\n");
    let message = "cannot read the record: EOF while parsing an object at column 1 (input line 2)";
    outcome.is(1, "1\n", &format!("lunapool: {message}\n"));
    let outcome = place.run_with(&["map", "picky.lua"], "1\n[1] 2\n");
    outcome.is(1, "1\n", "lunapool: cannot read the record: trailing characters at column 5 (input line 2)\n");
}

#[test]
fn errors_can_be_skipped_or_reported() {
    let place = Place::new("map_errors");
    place.file("picky.lua", PICKY);
    let records = "1\n3\nx\"y\n99999999999999999999\n5\n6";
    place.run_with(&["map", "picky.lua", "--on-error", "skip"], records).wrote("1\n6\n");
    let reports = "\
{\"line\":2,\"error\":\"picky.lua:3: three\",\"kind\":\"runtime\"}
{\"line\":3,\"error\":\"cannot read the record: expected value at column 1\",\"kind\":\"input\"}
{\"line\":4,\"error\":\"cannot read the record: integer out of range at column 20\",\"kind\":\"input\"}
";
    place.run_with(&["map", "picky.lua", "--on-error", "report"], records).is(0, "1\n6\n", reports);
    place.file("quote.lua", "function main() error('say \"no\"\\n\\1', 0) end");
    let outcome = place.run_with(&["map", "quote.lua", "--on-error", "report"], "1");
    let report: serde_json::Value = serde_json::from_str(&outcome.stderr).unwrap();
    assert_eq!(report["error"], "quote.lua: say \"no\"\n\u{1}");
}

#[test]
fn results_that_are_not_json_are_errors() {
    let place = Place::new("map_results");
    place.file("values.lua", "function main(x) return ({ print, 0 / 0, '\\xff', { a = { print } } })[x] end");
    let outcome = place.run_with(&["map", "values.lua", "--on-error", "report"], "1\n2\n3\n4\n");
    let errors: Vec<String> = outcome
        .stderr
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["error"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        errors,
        [
            "values.lua: result #1: cannot encode a value of type function",
            "values.lua: result #1: cannot encode nan",
            "values.lua: result #1: string is not valid UTF-8",
            "values.lua: result #1: cannot encode a value of type function at .a[1]",
        ]
    );
}

#[test]
fn input_may_be_empty_or_end_without_a_newline_or_have_others_newlines() {
    let place = Place::new("map_lines");
    place.file("echo.lua", "function main(x) return x end");
    for empty in ["", "\n", "\r\n\r\n", "  \n\t"] {
        place.run_with(&["map", "echo.lua"], empty).wrote("");
    }
    place.run_with(&["map", "echo.lua"], "1\r\n\r\n{\"a\":\"b\"}\r\n3").wrote("1\n{\"a\":\"b\"}\n3\n");
}

#[test]
fn long_lines_are_lines() {
    let place = Place::new("map_long");
    place.file("length.lua", "function main(x) return x, #x end");
    let long = format!("\"{}\"\n", "x".repeat(5_000_000));
    place.run_with(&["map", "length.lua"], long.repeat(3)).wrote(&long.repeat(3));
}

#[test]
fn records_can_come_from_a_file() {
    let place = Place::new("map_input");
    place.file("echo.lua", "function main(x) return x end");
    place.file("records.jsonl", "1\n2\n");
    place.run(&["map", "echo.lua", "--input", "records.jsonl"]).wrote("1\n2\n");
    let outcome = place.run(&["map", "echo.lua", "--input", "none.jsonl"]);
    outcome.is(1, "", "lunapool: cannot read none.jsonl: No such file or directory (os error 2)\n");
    #[cfg(unix)]
    place.run(&["map", "echo.lua", "--input", "."]).is(
        1,
        "",
        "lunapool: cannot read .: Is a directory (os error 21)\n",
    );
}

#[test]
fn what_is_printed_goes_to_standard_error() {
    let place = Place::new("map_print");
    place.file("print.lua", "function main(x) print('got', x) return x end");
    place.run_with(&["map", "print.lua", "--jobs", "1"], "1\n2\n").is(0, "1\n2\n", "got\t1\ngot\t2\n");
}

#[test]
fn scripts_that_cannot_start_say_why() {
    let place = Place::new("map_start");
    place.file("empty.lua", "");
    place.run(&["map", "empty.lua"]).is(1, "", "lunapool: empty.lua: function 'main' is missing\n");
    let missing = "lunapool: cannot read none.lua: No such file or directory (os error 2)\n";
    place.run(&["map", "none.lua"]).is(1, "", missing);
    place.file("module.lua", "return 5");
    place.file("uses.lua", "local n = require('n') function main(x) return x + n end");
    place.run_with(&["map", "uses.lua", "--module", "n=module.lua"], "1\n").wrote("6\n");
}

#[test]
fn a_result_is_there_before_the_next_record() {
    let place = Place::new("map_stream");
    place.file("double.lua", "function main(x) return x * 2 end");
    let mut child = place.command(&["map", "double.lua"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for record in 1..=100 {
        // In two pieces, as slow writers do.
        write!(stdin, "{record}").unwrap();
        stdin.flush().unwrap();
        stdin.write_all(b"\n").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, format!("{}\n", record * 2));
    }
    drop(stdin);
    Outcome::of(child).wrote("");
}

#[test]
fn a_result_does_not_wait_for_a_slow_record_behind_it() {
    let place = Place::new("map_slow");
    place.file("slow.lua", "function main(x) while x == 2 do end return x end");
    let mut child = place.command(&["map", "slow.lua"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"1\n2\n").unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "1\n");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn whoever_stops_reading_ends_it_on_endless_input() {
    let place = Place::new("map_closed");
    place.file("echo.lua", "function main(x) return x end");
    let started = Instant::now();
    let mut child = place.command(&["map", "echo.lua"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || while stdin.write_all(b"{\"endless\":true}\n").is_ok() {});
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "{\"endless\":true}\n");
    Outcome::of(child).wrote("");
    writer.join().unwrap();
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[test]
fn input_is_not_read_ahead_of_a_reader_who_does_not_read() {
    let place = Place::new("map_bounded");
    place.file("echo.lua", "function main(x) return x end");
    let mut child = place.command(&["map", "echo.lua"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let record = format!("\"{}\"\n", "x".repeat(1000));
    let (sender, written) = std::sync::mpsc::channel();
    // 100 MB, most of which must not be taken before somebody reads.
    let writer = std::thread::spawn(move || {
        for _ in 0..100_000 {
            stdin.write_all(record.as_bytes()).unwrap();
            sender.send(record.len()).unwrap();
        }
    });
    let mut taken = 0;
    while let Ok(length) = written.recv_timeout(Duration::from_secs(1)) {
        taken += length;
    }
    assert!(taken < 20_000_000, "{taken} bytes");
    let mut total = 0;
    let (mut stdout, mut buffer) = (child.stdout.take().unwrap(), vec![0; 1 << 16]);
    loop {
        match stdout.read(&mut buffer).unwrap() {
            0 => break,
            length => total += length,
        }
    }
    writer.join().unwrap();
    assert_eq!(total, 100_300_000);
    Outcome::of(child).wrote("");
}
