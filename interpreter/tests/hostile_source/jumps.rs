//! Proves that `goto` and `break` lead where Lua says, or nowhere and are refused.

use lunapool_interpreter::ErrorKind;

use super::{compiles, refused, result, survives};

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
