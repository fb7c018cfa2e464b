//! Proves that compiling never panics, aborts or hangs, whatever the source is: the result is a program, or an error of
//! syntax or of a limit that names the chunk.

#![allow(clippy::unwrap_used)]

use lunapool_interpreter::{Error, ErrorKind, Interpreter, Limits, NoModules, Program};
use proptest::prelude::*;

/// Compiles on a thread whose stack is a quarter of the usual.
fn compile(source: impl AsRef<[u8]>) -> Result<Program, Error> {
    let source = source.as_ref();
    std::thread::scope(|scope| {
        let work = || Program::compile("hostile.lua", source);
        let thread = std::thread::Builder::new().stack_size(512 << 10).spawn_scoped(scope, work).unwrap();
        thread.join().unwrap()
    })
}

/// The error that `source` ends in, which is a proper one.
fn refused(source: impl AsRef<[u8]>) -> Error {
    let source = source.as_ref();
    let head = String::from_utf8_lossy(&source[..source.len().min(100)]);
    let Err(error) = compile(source) else { panic!("this compiles: {head}") };
    proper(&error);
    error
}

fn proper(error: &Error) {
    assert!(matches!(error.kind(), ErrorKind::Syntax | ErrorKind::Limit), "{error}");
    assert_eq!(error.chunk(), Some("hostile.lua"), "{error}");
    assert!(!error.message().is_empty());
    assert_ne!(error.message(), DEFECT);
}

/// piccolo's compiler panics over a function's last register; that is caught, and reported without a line.
const DEFECT: &str = "the compiler cannot handle this program";

/// Compiles, or is refused, whether or not the registers of a function are used to the last.
fn survives_crowding(source: impl AsRef<[u8]>) {
    match compile(source) {
        Err(error) if error.message() == DEFECT => assert_eq!(error.to_string(), format!("hostile.lua: {DEFECT}")),
        Err(error) => proper(&error),
        Ok(_) => {}
    }
}

/// Compiles, or is refused properly.
fn survives(source: impl AsRef<[u8]>) {
    if let Err(error) = compile(source) {
        proper(&error);
    }
}

fn compiles(source: impl AsRef<[u8]>) -> Program {
    let source = source.as_ref();
    let head = String::from_utf8_lossy(&source[..source.len().min(100)]);
    compile(source).unwrap_or_else(|error| panic!("{error}: {head}"))
}

/// What `source` makes of `main()`.
fn result(source: impl AsRef<[u8]>) -> i64 {
    Interpreter::new(&compiles(source), &NoModules, Limits::default()).unwrap().call(()).unwrap()
}

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    open.repeat(depth) + inner + &close.repeat(depth)
}

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

#[test]
fn many_branches_and_jumps() {
    let elseif = |count: usize| format!("if x then {} end", "elseif x then y = 1 ".repeat(count));
    compiles(elseif(1_000));
    let error = refused(elseif(50_000));
    assert_eq!((error.kind(), error.line()), (ErrorKind::Limit, Some(1)));
    assert_eq!(error.message(), "more than 2000 'elseif' in one statement");

    compiles(format!("while true do {} end", "if x then break end ".repeat(1_000)));
    let error = refused(format!("while true do {} end", "if x then break end ".repeat(50_000)));
    assert_eq!(error.message(), "more than 4000 jumps and labels in one function");

    refused(format!("::a:: {}", "goto a ".repeat(50_000)));
    refused((0..50_000).map(|n| format!("::l{n}::")).collect::<String>());
    refused((0..20_000).map(|n| format!("goto l{n} ::l{n}::\n")).collect::<String>());
    refused((0..20_000).map(|n| format!("goto l{n}\n")).collect::<String>());
    // Several functions may have as many each.
    compiles("function f() while true do break end ::a:: goto a end\n".repeat(200));
}

#[test]
fn many_of_everything() {
    let list = |count: usize| vec!["x"; count].join(",");
    let names = |count: usize| (0..count).map(|n| format!("a{n}")).collect::<Vec<_>>().join(",");
    for count in [200, 249, 250, 254, 255, 256, 257, 300, 1_000, 60_000] {
        survives_crowding(format!("f({})", list(count)));
        survives_crowding(format!("return {}", list(count)));
        survives_crowding(format!("x = {}", list(count)));
        survives_crowding(format!("x = {{{}}}", list(count)));
        survives_crowding(format!("x = {{{}}}", "a=1,".repeat(count)));
        survives_crowding(format!("local {}", names(count)));
        survives_crowding(format!("local {} = {}", names(count), list(count)));
        survives_crowding(format!("function f({}) end", names(count)));
        survives_crowding(format!("for {} in x do end", names(count)));
        survives_crowding(format!("{} = 1", names(count)));
        survives_crowding((0..count).map(|n| format!("local a{n}\n")).collect::<String>());
        survives_crowding(
            (0..count).map(|n| format!("local a{n} function f{n}() return a{n} end\n")).collect::<String>(),
        );
        survives_crowding(format!(
            "{}\nreturn function() return {} end",
            (0..count.min(300)).map(|n| format!("local a{n}\n")).collect::<String>(),
            names(count.min(300))
        ));
        survives_crowding("function f() end\n".repeat(count));
        survives_crowding("do local a end\n".repeat(count));
        survives_crowding("x = {}\n".repeat(count));
    }
    survives_crowding((0..70_000).map(|n| format!("x={n}\n")).collect::<String>());
    survives_crowding((0..70_000).map(|n| format!("x='{n}'\n")).collect::<String>());
    survives_crowding((0..70_000).map(|n| format!("x={n}.5\n")).collect::<String>());
    survives_crowding(format!("x = {{{}}}", (0..70_000).map(|n| format!("'{n}',")).collect::<String>()));
    survives_crowding(";".repeat(1 << 20));
    survives_crowding("x=1 ".repeat(200_000));
    survives_crowding("f()".repeat(200_000));
}

#[test]
fn large_tables_keep_all_elements() {
    assert_eq!(result(format!("local t = {{{}}} function main() return #t end", "7,".repeat(60_000))), 60_000);
    let fields: String = (0..5_000).map(|n| format!("k{n} = {n},")).collect();
    assert_eq!(result(format!("local t = {{{fields}}} function main() return t.k0 + t.k1 + t.k4999 end")), 5_000);
    let constants: String = (0..20_000).map(|n| format!("x = x + {n}.5\n")).collect();
    assert_eq!(result(format!("x = 0\n{constants}function main() return x end")), (0..20_000).sum::<i64>() + 10_000);
}

#[test]
fn the_size_of_a_source_is_bounded() {
    let error = refused(" ".repeat(10 << 20));
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert_eq!(error.to_string(), "hostile.lua: source of 10485760 bytes is longer than the 1048576 bytes allowed");
    compiles(" ".repeat(1 << 20));
    refused(" ".repeat((1 << 20) + 1));
    compiles("\n".repeat(1 << 20));
    compiles(format!("--{}", "x".repeat(1 << 19)));
    compiles(format!("x = '{}'", "x".repeat(1 << 19)));
    compiles(format!("{} = 1", "x".repeat(1 << 19)));
}

#[test]
fn strange_bytes() {
    for source in [
        &b"\0"[..],
        b"x = 1\0",
        b"\xff\xfe",
        b"x = \xff",
        b"\xc3\x28 = 1",
        b"return \xe2\x80\x8b 1",
        b"\x1bLua\x54\x00\x19\x93\r\n\x1a\n",
        b"PK\x03\x04",
        b"\xef\xbb\xbf\xef\xbb\xbfx = 1",
        b"x = 1\x1a",
        b"\x7f",
        "π = 3".as_bytes(),
        "x = “y”".as_bytes(),
    ] {
        refused(source);
    }
    // Inside strings and comments any byte is welcome.
    let program = compiles(b"-- \xff\0 comment\nfunction main() return #'a\0\xff\xfe' end");
    let mut lua = Interpreter::new(&program, &NoModules, Limits::default()).unwrap();
    assert_eq!(lua.call::<i64>(()).unwrap(), 4);
    compiles("");
    compiles("\r\n\t\x0b\x0c ");
}

#[test]
fn the_start_of_a_file() {
    let main = "function main() return 7 end";
    assert_eq!(result(format!("#!/usr/bin/lua\n{main}")), 7);
    assert_eq!(result(format!("#\r\n{main}")), 7);
    assert_eq!(result(format!("\u{feff}{main}")), 7);
    assert_eq!(result(format!("\u{feff}#!/usr/bin/lua\n{main}")), 7);
    compiles("#");
    compiles("#!no end of line");
    compiles("\u{feff}");
    refused(b"\xef\xbb");
    refused(" #!/usr/bin/lua\n");
    assert_eq!(refused("#!/usr/bin/lua\n\nx =").line(), Some(3));
}

#[test]
fn unfinished_strings_and_comments() {
    for source in [
        "x = 'abc",
        "x = \"abc",
        "x = 'abc\ndef'",
        "x = 'abc\\",
        "x = 'abc\\\n",
        "x = [[abc",
        "x = [==[abc]]",
        "x = [==[abc]=]",
        "x = [=",
        "x = [==",
        "--[[ abc",
        "--[==[ abc ]]",
        "x = '\\x'",
        "x = '\\x1'",
        "x = '\\xgg'",
        "x = '\\256'",
        "x = '\\999'",
        "x = '\\u'",
        "x = '\\u{'",
        "x = '\\u{zz}'",
        "x = '\\u{41'",
        "x = '\\z",
        "x = '\\",
    ] {
        let error = refused(source);
        assert_eq!(error.kind(), ErrorKind::Syntax, "{source}");
        assert!(error.line().is_some(), "{source}");
    }
    for source in ["--", "--[", "--[[ ]]", "x = [[]]", "x = [[\r\n]]", "x = '\\z   \n  '"] {
        compiles(source);
    }
    refused(format!("x = '{}", "a".repeat(1 << 19)));
    refused(format!("x = [{}[", "=".repeat(1 << 19)));
    survives("[".repeat(1 << 20));
    survives("'\\z".repeat(1 << 18));
    survives("--[[".repeat(1 << 18));
}

#[test]
fn hostile_numerals() {
    for numeral in [
        "0x", "0X", "0x.", "1e", "1e+", "1e-", "0xp1", "0x1p", "1.5.5", "1..2", "3x", "0b1", "1_000", "0x1g", "1e5.5",
        "08x", "1ee5", ".e1",
    ] {
        let error = refused(format!("\nx = {numeral}"));
        assert_eq!((error.kind(), error.line()), (ErrorKind::Syntax, Some(2)), "{numeral}: {error}");
    }
    for numeral in [
        "1e99999",
        "1e-99999",
        "1e999999999999999999999",
        "1e-999999999999999999999",
        "0x1p99999",
        "0x1p-99999",
        "0x1p999999999999999999",
        "0x1p-999999999999999999",
        "9223372036854775807",
        "9223372036854775808",
        "99999999999999999999999999999",
        "0xffffffffffffffff",
        "0xfffffffffffffffffffffffff",
        "0x.8",
        "0x8.",
        "5.",
        ".5",
        "0x1P4",
        "1E5",
        "00001",
        "0x0.0000000000001p99",
    ] {
        survives(format!("x = {numeral}"));
    }
    for digit in ["9", "0", "f"] {
        for (prefix, suffix) in
            [("", ""), ("0x", ""), ("0.", ""), ("0x0.", ""), ("1e", ""), ("0x1p", ""), ("", "e5"), ("0x", "p5")]
        {
            survives(format!("x = {prefix}{}{suffix}", digit.repeat(100_000)));
        }
    }
    assert_eq!(result("function main() return 0x7fffffffffffffff end"), i64::MAX);
    assert_eq!(result("function main() return -9223372036854775807 - 1 end"), i64::MIN);
    assert_eq!(result("function main() return 1e99999 == math.huge and 1 or 0 end"), 1);
    assert_eq!(result("function main() return 0x1p4 end"), 16);
}

#[test]
fn goto_leaves_every_kind_of_loop() {
    for (open, close) in [
        ("for i = 1, 10 do", "end"),
        ("for i = 10, 1, -1 do", "end"),
        ("for _ in pairs({1}) do", "end"),
        ("while true do", "end"),
        ("repeat", "until false"),
        ("do", "end"),
        ("if true then", "end"),
        ("for i = 1, 2 do for j = 1, 2 do", "end end"),
        ("while true do for _ in pairs({1}) do repeat", "until false end end"),
        ("for i = 1, 2 do local f = function() return i end", "f() end"),
    ] {
        let source = format!("function main() {open} goto out {close} ::out:: return 7 end");
        assert_eq!(result(&source), 7, "{source}");
        // The same on the level of the chunk, inside a function expression, and backwards.
        assert_eq!(result(format!("{open} goto out {close} ::out:: function main() return 7 end")), 7);
        assert_eq!(
            result(format!("main = (function() return function() {open} goto out {close} ::out:: return 7 end end)()")),
            7
        );
        let source = format!(
            "function main() local n = 0 ::again:: n = n + 1 {open} if n < 3 then goto again end goto out {close} ::out:: return n end"
        );
        assert_eq!(result(&source), 3, "{source}");
        let source = format!(
            "return {{f = function() {open} goto out {close} ::out:: return 7 end, {open_fn}}}",
            open_fn = "g = 1"
        );
        compiles(source);
    }
}

#[test]
fn goto_continues_a_loop() {
    let sum = "function main() local sum = 0 for i = 1, 10 do if i % 2 == 0 then goto continue end sum = sum + i ::continue:: end return sum end";
    assert_eq!(result(sum), 25);
    let nested = "function main() local n = 0 for i = 1, 3 do for j = 1, 3 do if j == 2 then goto continue end n = n + 1 end ::continue:: end return n end";
    assert_eq!(result(nested), 3);
    let repeated = "function main() local i = 0 repeat i = i + 1 if i < 5 then goto continue end do return i end ::continue:: until false end";
    assert_eq!(result(repeated), 5);
    // Each turn has a variable of its own, whichever way it ended.
    let captured = "
        function main()
            local fs = {}
            for i = 1, 3 do
                local x = i * 10
                fs[#fs + 1] = function() return x end
                if i == 2 then goto continue end
                x = x + 1
                ::continue::
            end
            return fs[1]() * 10000 + fs[2]() * 100 + fs[3]()
        end";
    assert_eq!(result(captured), 11 * 10_000 + 20 * 100 + 31);
}

#[test]
fn jumps_that_lead_nowhere() {
    for source in [
        "goto nowhere",
        "break",
        "::a:: ::a::",
        "do goto inner end do ::inner:: end",
        "goto f; local x; ::f:: print(x)",
        "function f() goto out end ::out::",
        "::out:: function f() goto out end",
        "if x then break end",
        "while x do local f = function() break end end",
        "goto 1",
        "::1::",
        "goto",
        "::a",
        "::",
    ] {
        let error = refused(source);
        assert_eq!((error.kind(), error.line()), (ErrorKind::Syntax, Some(1)), "{source}: {error}");
    }
    for source in [
        "do ::a:: end do ::a:: end",
        "::a:: do ::a:: end",
        "function f() ::a:: end ::a::",
        "goto a ::a::",
        "goto e; local x; ::e::",
        "goto e; local x; ::e:: ; ;",
        "while x do break; end",
        "goto = 1",
    ] {
        survives(source);
    }
}

#[test]
fn things_that_lua_54_has_and_others_do_not() {
    for source in [
        "local x <const> = 1",
        "local x <const>, y = 1, 2",
        "return 7 // 2 | 1 ~ 3 >> 1",
        "local t = {f = 1; 2}",
        ";;; x = 1 ;",
    ] {
        compiles(source);
    }
    for source in [
        "local x <const> = 1; x = 2",
        "local x <const> = 1; function f() x = 2 end",
        "local x <const> = 1; function x() end",
        "local x <unknown> = 1",
        "local x <const",
        "x <const> = 1",
        "return 1; x = 2",
        "x ++",
        "x += 1",
        "x != 1",
        "if x = 1 then end",
        "f() = 1",
        "(x) = 1",
        "x",
        "x.y",
        "'x'",
        "{}",
        "local function t.x() end",
        "local x.y = 1",
        "for 1 = 1, 2 do end",
        "for i = 1 do end",
        "for i = 1, 2, 3, 4 do end",
        "for i in do end",
        "function f(..., a) end",
        "function f(a, ) end",
        "f(1, )",
        "a, b",
        "a, f() = 1, 2",
        "local",
        "function",
        "return return",
        "end",
        "nil = 1",
        "true()",
        "and = 1",
        "x = }",
        "x = {1 2}",
        "x = a b",
        "x = function",
    ] {
        let error = refused(source);
        assert_eq!((error.kind(), error.line()), (ErrorKind::Syntax, Some(1)), "{source}: {error}");
    }
}

#[test]
fn load_in_a_script_is_as_safe() {
    let source = "
        function main(text)
            local f, message = load(text)
            if f then return 'compiles' end
            return message
        end
    ";
    let program = Program::compile("loader.lua", source).unwrap();
    let mut lua = Interpreter::new(&program, &NoModules, Limits::default()).unwrap();
    assert_eq!(lua.call::<String>("return 1").unwrap(), "compiles");
    for (what, text) in [
        ("too many syntax levels", format!("return {}", nested("(", "1", ")", 10_000))),
        ("levels deep", format!("return 1{}", "+1".repeat(100_000))),
        ("longer than", " ".repeat(2 << 20)),
        ("unexpected", "\0\u{1}\u{2}".into()),
    ] {
        let message: String = lua.call(text).unwrap();
        assert!(message.contains(what), "{message}");
    }
    assert_eq!(lua.call::<String>("return 1").unwrap(), "compiles");
}

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
