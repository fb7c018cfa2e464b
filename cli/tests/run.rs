//! `lunapool run`: arguments, results, modules, and what goes wrong.
#![allow(clippy::unwrap_used)]

mod support;

use support::Place;

const ECHO: &str = "function main(...) return ... end";

#[test]
fn every_json_value_comes_back_as_it_went_in() {
    let place = Place::new("run_values");
    place.file("echo.lua", ECHO);
    for value in [
        "null",
        "true",
        "false",
        "0",
        "-7",
        "9223372036854775807",
        "-9223372036854775808",
        "1.5",
        "-2.0",
        "1e100",
        r#""""#,
        r#""naïve \"quoted\" \\ \n""#,
        "[]",
        "{}",
        "[1,null,2.0,[],{}]",
        r#"{"a":{"b":[{"c":"d"}]},"e":false}"#,
    ] {
        place.run(&["run", "echo.lua", value]).wrote(&format!("{}\n", value.replace("1e100", "1e+100")));
    }
}

#[test]
fn arguments_that_are_not_json_are_strings() {
    let place = Place::new("run_strings");
    place.file(
        "types.lua",
        "function main(...) local t = {} for i, v in ipairs({...}) do t[i] = type(v) end return t end",
    );
    let types = r#"["string","string","number","number","table","string","string"]"#;
    place.run(&["run", "types.lua", "Ada", "1 2", "-1", "-1.5", "[1]", "{a}", ""]).wrote(&format!("{types}\n"));
    place.run(&["run", "types.lua", "--", "--raw"]).wrote("[\"string\"]\n");
    let outcome = place.run(&["run", "types.lua", "99999999999999999999"]);
    outcome.is(1, "", "lunapool: types.lua: argument #1: integer out of range at line 1 column 20\n");
    // Nor is JSON a string for nesting too deep.
    let outcome = place.run(&["run", "types.lua", &format!("{}{}", "[".repeat(200), "]".repeat(200))]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome:?}");
}

#[test]
fn results_are_a_line_each_and_no_result_is_nil() {
    let place = Place::new("run_results");
    place.file("echo.lua", ECHO);
    place.run(&["run", "echo.lua", "1", "null", "x"]).wrote("1\nnull\n\"x\"\n");
    place.run(&["run", "echo.lua"]).wrote("null\n");
    place.file("tables.lua", "function main() return {}, require('json').array(), { b = {}, a = { 1.0 } } end");
    place.run(&["run", "tables.lua"]).wrote("{}\n[]\n{\"a\":[1.0],\"b\":{}}\n");
}

#[test]
fn raw_leaves_strings_as_they_are() {
    let place = Place::new("run_raw");
    place.file("echo.lua", ECHO);
    place.run(&["run", "--raw", "echo.lua", r#""two\nlines""#, r#"["x"]"#]).wrote("two\nlines\n[\"x\"]\n");
    place.file("bytes.lua", r#"function main() return "\xff\xfe" end"#);
    let output = place.command(&["run", "bytes.lua", "--raw"]).output().unwrap();
    assert_eq!(output.stdout, b"\xff\xfe\n");
    let outcome = place.run(&["run", "bytes.lua"]);
    outcome.is(1, "", "lunapool: bytes.lua: result #1: string is not valid UTF-8\n");
}

#[test]
fn what_is_printed_comes_before_results_and_errors() {
    let place = Place::new("run_print");
    place.file(
        "print.lua",
        "print('first')\nfunction main(x)\n  print('second', 2)\n  if x then error('no') end\n  return 3\nend",
    );
    place.run(&["run", "print.lua"]).wrote("first\nsecond\t2\n3\n");
    place.run(&["run", "print.lua", "true"]).is(1, "first\nsecond\t2\n", "lunapool: print.lua:4: no\n");
}

#[test]
fn modules_are_found_and_may_require_each_other() {
    let place = Place::new("run_modules");
    place.file("main.lua", "local rules = require('rules') function main(x) return rules.apply(x) end");
    place.file("rules.lua", "local text = require('text') return { apply = function(x) return text.wrap(x) end }");
    place.file("text.lua", "return { wrap = function(x) return '<' .. x .. '>' end }");
    let args = ["run", "main.lua", "--module", "rules=rules.lua", "--module", "text@1.2.0=text.lua", "Ada"];
    place.run(&args).wrote("\"<Ada>\"\n");

    place.file("versions.lua", "function main() return require('v').n, require('v@1').n end");
    place.file("one.lua", "return { n = 1 }");
    place.file("two.lua", "return { n = 2 }");
    let args = ["run", "--module", "v@1.0.0=one.lua", "--module", "v@2.0.0=two.lua", "versions.lua"];
    place.run(&args).wrote("2\n1\n");
}

#[test]
fn modules_that_cannot_be_had_are_errors() {
    let place = Place::new("run_bad_modules");
    place.file("echo.lua", ECHO);
    place.file("bad.lua", "return {\n\n");
    let outcome = place.run(&["run", "echo.lua", "--module", "bad=bad.lua"]);
    assert_eq!((outcome.code, outcome.stderr.starts_with("lunapool: bad.lua:3: ")), (Some(1), true), "{outcome:?}");
    let outcome = place.run(&["run", "echo.lua", "--module", "none=none.lua"]);
    outcome.is(1, "", "lunapool: cannot read none.lua: No such file or directory (os error 2)\n");
    let outcome = place.run(&["run", "echo.lua", "--module", "m@x=echo.lua"]);
    assert!(outcome.stderr.starts_with("lunapool: module 'm': 'x' is not a version"), "{outcome:?}");
    let outcome = place.run(&["run", "echo.lua", "--module", "echo.lua"]);
    assert_eq!((outcome.code, outcome.stderr.contains("NAME=FILE")), (Some(2), true), "{outcome:?}");
    place.file("lost.lua", "local lost = require('lost')");
    let outcome = place.run(&["run", "lost.lua"]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.starts_with("lunapool: lost.lua:1: module 'lost' not found"), "{outcome:?}");
}

#[test]
fn scripts_that_cannot_run_say_why() {
    let place = Place::new("run_errors");
    let missing = place.run(&["run", "none.lua"]);
    missing.is(1, "", "lunapool: cannot read none.lua: No such file or directory (os error 2)\n");
    place.file("syntax.lua", "function main()\n  return 1 +\nend");
    let syntax = place.run(&["run", "syntax.lua"]);
    assert!(syntax.code == Some(1) && syntax.stderr.starts_with("lunapool: syntax.lua:3: "), "{syntax:?}");
    place.file("empty.lua", "");
    place.run(&["run", "empty.lua"]).is(1, "", "lunapool: empty.lua: function 'main' is missing\n");
    place.file("runtime.lua", "function main(x)\n  error('x is ' .. x)\nend");
    place.run(&["run", "runtime.lua", "7"]).is(1, "", "lunapool: runtime.lua:2: x is 7\n");
    place.file("function.lua", "function main() return { f = print } end");
    let outcome = place.run(&["run", "function.lua"]);
    outcome.is(1, "", "lunapool: function.lua: result #1: cannot encode a value of type function at .f\n");
}

#[test]
fn recursion_without_end_is_an_error() {
    let place = Place::new("run_recursion");
    place.file("deep.lua", "function main(x) return main(x) + 1 end");
    let outcome = place.run(&["run", "deep.lua"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome:?}");
    assert!(outcome.stderr.starts_with("lunapool: deep.lua"), "{outcome:?}");
}

#[test]
fn a_script_can_come_from_standard_input() {
    let place = Place::new("run_stdin");
    place.run_with(&["run", "-", "20"], "function main(x) return x + 1 end").wrote("21\n");
    place.run_with(&["run", "-"], "\nfunction main() error('no') end").is(1, "", "lunapool: stdin:2: no\n");
}
