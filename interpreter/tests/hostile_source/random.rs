//! Proves that random bytes, text, tokens and statements are survived.

use proptest::prelude::*;

use super::survives;

const TOKENS: [&str; 84] = [
    "and",
    "break",
    "do",
    "else",
    "elseif",
    "end",
    "false",
    "for",
    "function",
    "goto",
    "if",
    "in",
    "local",
    "nil",
    "not",
    "or",
    "repeat",
    "return",
    "then",
    "true",
    "until",
    "while",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "^",
    "#",
    "&",
    "~",
    "|",
    "<<",
    ">>",
    "==",
    "~=",
    "<=",
    ">=",
    "<",
    ">",
    "=",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "::",
    ";",
    ":",
    ",",
    ".",
    "..",
    "...",
    "x",
    "y",
    "f",
    "t",
    "0",
    "1",
    "2.5",
    "0x10",
    "1e3",
    "9223372036854775807",
    "'s'",
    "\"t\"",
    "[[u]]",
    "[=[v]=]",
    "--c\n",
    "\n",
    "<const>",
    "<close>",
    "::a::",
    "goto a",
    "x =",
    "f()",
    "local x",
    "function f(...)",
    "for i = 1, 2 do",
    "if x then",
    "while x do",
    "{x = 1}",
    "end end",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn random_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(bytes);
    }

    #[test]
    fn random_text_is_survived(text in "\\PC{0,120}") {
        survives(text);
    }

    #[test]
    fn random_tokens_are_survived(tokens in prop::collection::vec(prop::sample::select(&TOKENS[..]), 0..60)) {
        survives(tokens.join(" "));
    }

    /// Whole statements in any order, which mostly compile.
    #[test]
    fn random_statements_are_survived(statements in prop::collection::vec(statement(), 0..12)) {
        survives(statements.join("\n"));
    }
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(
        &["nil", "true", "1", "2.5", "'s'", "x", "y", "...", "{}", "-9223372036854775808", "t.a", "0/0"][..],
    )
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 3, |inner| {
        let operator = prop::sample::select(
            &["+", "-", "*", "/", "//", "%", "^", "..", "==", "<", "and", "or", "&", "|", "~", "<<", ">>"][..],
        );
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, operator, b)| format!("{a} {operator} {b}")),
            (prop::sample::select(&["not ", "- ", "#", "~"][..]), inner.clone())
                .prop_map(|(operator, a)| format!("{operator}{a}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("f({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{{a}, [{b} or 1] = {a}}}")),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| format!("(function(x, ...) local y <const> = {a} return x, {b} end)")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("t[{a}]:m({b}).z")),
        ]
    })
}

fn statement() -> impl Strategy<Value = String> {
    let simple = (
        prop::sample::select(&["x = ", "local x = ", "local y <const> = ", "t.a, x = ", "f(", "return "][..]),
        expression(),
    )
        .prop_map(
            |(start, value)| if start == "f(" { format!("f({value})") } else { format!("do {start}{value} end") },
        );
    simple.prop_recursive(4, 16, 2, |inner| {
        prop_oneof![
            (expression(), inner.clone(), inner.clone())
                .prop_map(|(c, a, b)| format!("if {c} then {a} elseif {c} then {b} else {a} end")),
            (expression(), inner.clone()).prop_map(|(c, a)| format!("while {c} do {a} if {c} then break end end")),
            (expression(), inner.clone()).prop_map(|(c, a)| format!("repeat local z = {c} {a} until z")),
            (expression(), inner.clone())
                .prop_map(|(c, a)| format!("for i = {c}, 2 do {a} goto continue ::continue:: end")),
            (expression(), inner.clone())
                .prop_map(|(c, a)| format!("for k, v in pairs({c}) do {a} goto out end do ::out:: end")),
            inner.clone().prop_map(|a| format!("for i = 1, 2 do for j = 1, 2 do {a} goto next end ::next:: end")),
            (expression(), inner.clone()).prop_map(|(c, a)| format!("local function g(...) {a} return g({c}) end")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("do {a} {b} end")),
        ]
    })
}
