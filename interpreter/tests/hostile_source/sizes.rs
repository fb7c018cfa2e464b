//! Proves that too much of anything is refused, and that much of it still compiles to what it says.

use lunapool_interpreter::ErrorKind;

use super::{compiles, refused, result, survives_crowding};

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
