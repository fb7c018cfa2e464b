//! Proves that strange bytes, unfinished strings and hostile numerals are refused or read as Lua reads them.

use lunapool_interpreter::{ErrorKind, Interpreter, Limits, NoModules};

use super::{compiles, refused, result, survives};

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
