//! Proves that what nests or chains too deep is refused at its line.

use super::{compiles, nested, refused, survives, survives_crowding};

const NESTINGS: [(&str, &str, &str, &str, &str); 16] = [
    ("parentheses", "x = ", "(", "1", ")"),
    ("tables", "x = ", "{", "1", "}"),
    ("keys", "x = ", "{[", "1", "] = 1}"),
    ("indexing", "x = ", "t[", "1", "]"),
    ("calls", "x = ", "f(", "1", ")"),
    ("table calls", "x = ", "f{", "1", "}"),
    ("method calls", "x = ", "t:f(", "1", ")"),
    ("functions", "x = ", "function() return ", "1", " end"),
    ("named functions", "", "function f() ", "return 1", " end "),
    ("blocks", "", "do ", "x = 1", " end "),
    ("conditions", "", "if x then ", "x = 1", " end "),
    ("else branches", "", "if x then else ", "x = 1", " end "),
    ("while loops", "", "while x do ", "x = 1", " end "),
    ("for loops", "", "for i = 1, 2 do ", "x = 1", " end "),
    ("generic loops", "", "for k in pairs(x) do ", "x = 1", " end "),
    ("repeat loops", "", "repeat ", "x = 1", " until x "),
];

#[test]
fn nesting_ends_in_an_error_of_its_line() {
    for (what, prefix, open, inner, close) in NESTINGS {
        let source = |depth| format!("\n{prefix}{}", nested(open, inner, close, depth));
        compiles(source(10));
        for depth in [50, 98, 99, 100, 198, 199, 200, 201] {
            survives_crowding(source(depth));
        }
        for depth in [1_000, 10_000, 30_000] {
            let error = refused(source(depth));
            assert_eq!(error.line(), Some(2), "{what}: {error}");
        }
        // Not closed either.
        refused(format!("{prefix}{}", open.repeat(50_000)));
        refused(format!("{prefix}{inner}{}", close.repeat(50_000)));
    }
}

#[test]
fn unary_operators_nest() {
    for operator in ["not ", "- ", "#", "~", "-~", "not -"] {
        compiles(format!("local a; x = {}a", operator.repeat(20)));
        for depth in [99, 199, 1_000, 100_000] {
            survives(format!("local a; x = {}a", operator.repeat(depth)));
        }
    }
    refused(format!("x = {}1", "not ".repeat(100_000)));
}

#[test]
fn right_associative_chains_nest() {
    for operator in ["..", "^"] {
        for links in [100, 199, 1_000, 100_000] {
            survives(format!("local x = 1; y = x{}", format!("{operator}x").repeat(links)));
        }
    }
}

#[test]
fn long_chains_end_in_an_error() {
    for (prefix, link, suffix) in [
        ("y = x", "+x", ""),
        ("y = x", "-1", ""),
        ("y = x", " and x", ""),
        ("y = x", " or x", ""),
        ("y = x", " and x or y", ""),
        ("y = x", "<x", ""),
        ("y = x", "==x", ""),
        ("y = x", "//2", ""),
        ("y = x", "&1", ""),
        ("y = x", "..x", ""),
        ("y = x", ".a", ""),
        ("y = x", "[1]", ""),
        ("y = x", "()", ""),
        ("x", "()", ""),
        ("x", ".a", "()"),
        ("x", ".a", " = 1"),
        ("x", "[1]", " = 1"),
        ("y = x", ":m()", ""),
        ("y = x", "''", ""),
        ("y = x", "{}", ""),
        ("y = x", ".a()", ""),
        ("function x", ".a", "() end"),
    ] {
        let source = |links: usize| format!("\n{prefix}{}{suffix}", link.repeat(links));
        compiles(source(50));
        survives(source(400));
        survives(source(1_000));
        for links in [20_000, 80_000] {
            let error = refused(source(links));
            assert_eq!(error.line(), Some(2), "{prefix}{link}: {error}");
        }
    }
}

#[test]
fn chains_of_chains_end_in_an_error() {
    // Each level is short, all of them together are not.
    let mut source = "x".to_owned();
    for _ in 0..90 {
        source = format!("({source}{})", ".a".repeat(90));
    }
    survives(format!("y = {source}"));
    let mut source = "1".to_owned();
    for _ in 0..60 {
        source = format!("f({source}{})", "+1".repeat(500));
    }
    survives(format!("y = {source}"));
    let chain = "+1".repeat(900);
    survives(format!("y = function() return 1{chain} end"));
    survives(format!("y = {{{}}}", format!("1{chain},").repeat(100)));
}
