//! Proves that fuel, memory, time and cancellation stop a run whatever the script does, that they only ever narrow, and
//! that afterwards the same interpreter works, with its globals as they were.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use lunapool_interpreter::{
    Budget, CancelToken, Error, ErrorKind, FromResults, Interpreter, Limits, NoModules, Program,
};

const SOURCE: &str = "
    count = 0
    function main(name, ...)
        count = count + 1
        return _G[name](...)
    end
    function get() return count end
    function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
    function loop() while true do end end
    function busy(n) local sum = 0 for i = 1, n do sum = sum + i end return sum end
    function tail(n) return tail(n) end
    function caught()
        while true do pcall(loop) end
    end
    function looping_coroutine()
        local co = coroutine.wrap(function() while true do coroutine.yield(1) end end)
        while true do co() end
    end
    function metamethods()
        local t = setmetatable({}, {__index = function(t, k) return t[k + 1] end})
        return t[1]
    end
    function repeats() repeat until false end
    function jumps() ::again:: goto again end
    function iterates()
        for _ in function() return 1 end do end
    end
    function recurse() return 1 + recurse() end
    function grow()
        big = {}
        for i = 1, math.huge do big[i] = i end
    end
    function grow_fields()
        big = {}
        for i = 1, math.huge do big['k' .. i] = {i} end
    end
    function has_big() return big ~= nil end
    function drop_big() big = nil end
    function grow_local()
        local list = {}
        while true do list[#list + 1] = {} end
    end
    function grow_closures()
        local f
        while true do local g = f; f = function() return g end end
    end
    function grow_coroutines()
        local list = {}
        while true do
            local co = coroutine.create(function() coroutine.yield() end)
            coroutine.resume(co)
            list[#list + 1] = co
        end
    end
    function grow_string()
        local s = 'x'
        for _ = 1, 22 do s = s .. s end
        while true do end
    end
    function garbage(n)
        for i = 1, n do local t = {i, i, i} end
        return n
    end
    function deep_pcall() return pcall(deep_pcall) end
";

fn load(limits: Limits) -> Interpreter {
    let program = Program::compile("limits.lua", SOURCE).unwrap();
    Interpreter::new(&program, &NoModules, limits).unwrap()
}

fn within<R: FromResults>(lua: &mut Interpreter, name: &str, budget: &Budget) -> Result<R, Error> {
    lua.call_with(None, name, budget)
}

/// The interpreter computes, remembers, and has not become slow: its limits are those it was made with.
fn still_works(lua: &mut Interpreter, count: i64) {
    assert!(!lua.is_broken());
    assert_eq!(lua.call::<i64>(("fib", 12)).unwrap(), 144);
    assert_eq!(lua.call_function::<i64>("get", ()).unwrap(), count + 1);
    assert_eq!(lua.call_function::<i64>("busy", 100).unwrap(), 5_050);
}

const ENDLESS: [&str; 8] =
    ["loop", "tail", "caught", "looping_coroutine", "metamethods", "repeats", "jumps", "iterates"];

/// Memory is what stops these if nothing else does.
const GROWING: [&str; 6] = ["recurse", "grow", "grow_fields", "grow_local", "grow_closures", "grow_coroutines"];

#[test]
fn fuel_stops_every_endless_run() {
    let mut lua = load(Limits::default());
    for (index, name) in ENDLESS.into_iter().enumerate() {
        let error = within::<()>(&mut lua, name, &Budget { fuel: Some(50_000), ..Budget::default() }).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit, "{name}");
        assert_eq!(error.to_string(), "limits.lua: fuel of 50000 instructions exceeded", "{name}");
        still_works(&mut lua, 2 * index as i64 + 1);
    }
}

#[test]
fn the_clock_stops_every_endless_run() {
    let mut lua = load(Limits { timeout: Some(Duration::from_millis(30)), ..Limits::default() });
    for (index, name) in ENDLESS.into_iter().enumerate() {
        let error = lua.run(name).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit, "{name}");
        assert_eq!(error.to_string(), "limits.lua: timeout of 30ms exceeded", "{name}");
        let done: i64 = lua.call_function("get", ()).unwrap();
        assert_eq!(done, index as i64 + 1);
    }
}

#[test]
fn another_thread_can_cancel() {
    let mut lua = load(Limits::default());
    for name in ["loop", "caught", "looping_coroutine"] {
        let token = CancelToken::new();
        let remote = token.clone();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                std::thread::sleep(Duration::from_millis(20));
                remote.cancel();
            });
            let budget = Budget { cancel: Some(token.clone()), ..Budget::default() };
            let error = within::<()>(&mut lua, name, &budget).unwrap_err();
            assert_eq!(
                (error.kind(), error.to_string().as_str()),
                (ErrorKind::Cancelled, "limits.lua: run was cancelled")
            );
        });
        assert!(token.is_cancelled());
    }
    still_works(&mut lua, 3);
    // Shutting down is cancelling on behalf of somebody else.
    let token = CancelToken::new();
    token.cancel();
    let budget = Budget { shutdown: Some(token), ..Budget::default() };
    assert_eq!(within::<()>(&mut lua, "loop", &budget).unwrap_err().kind(), ErrorKind::Cancelled);
    still_works(&mut lua, 5);
}

#[test]
fn memory_stops_every_growing_run() {
    for name in GROWING {
        let mut lua = load(Limits::default());
        let error = within::<()>(&mut lua, name, &Budget { memory: Some(8 << 20), ..Budget::default() }).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit, "{name}: {error}");
        assert_eq!(error.to_string(), "limits.lua: memory of 8388608 bytes exceeded", "{name}");
        // What the run left in a global is still there and takes its place.
        assert_eq!(lua.call_function::<bool>("has_big", ()).unwrap(), name == "grow" || name == "grow_fields");
        still_works(&mut lua, 1);
        lua.call_function::<()>("drop_big", ()).unwrap();
        lua.collect_garbage();
        if name != "recurse" {
            assert!(lua.memory() < 2 << 20, "{name}: {} bytes", lua.memory());
        }
    }
}

#[test]
fn runaway_recursion_gives_its_memory_back() {
    let mut lua = load(Limits { memory: Some(8 << 20), ..Limits::default() });
    assert_eq!(lua.run("recurse").unwrap_err().kind(), ErrorKind::Limit);
    lua.collect_garbage();
    assert!(lua.memory() < 2 << 20, "{} bytes", lua.memory());
    // Long enough for the limits to be looked at, and the next run does not start over its limit.
    assert_eq!(lua.call_function::<i64>("busy", 100_000).unwrap(), 5_000_050_000);
}

#[test]
fn a_large_string_is_noticed() {
    let mut lua = load(Limits { memory: Some(1 << 20), ..Limits::default() });
    let error = lua.run("grow_string").unwrap_err();
    assert_eq!(error.to_string(), "limits.lua: memory of 1048576 bytes exceeded");
    lua.collect_garbage();
    assert!(lua.memory() < 1 << 20);
}

#[test]
fn globals_that_were_filled_stay_and_can_be_emptied() {
    let source = "
        list = {}
        function main() while true do list[#list + 1] = {} end end
        function size() return #list end
        function empty() list = nil end
        function small() return #{1, 2, 3} end
    ";
    let program = Program::compile("fill.lua", source).unwrap();
    let mut lua = Interpreter::new(&program, &NoModules, Limits::default()).unwrap();
    let budget = Budget { memory: Some(2 << 20), ..Budget::default() };
    assert_eq!(lua.call_with::<()>(None, (), &budget).unwrap_err().kind(), ErrorKind::Limit);
    let size: usize = lua.call_function("size", ()).unwrap();
    assert!(size > 1_000);
    // Again, with the memory already gone.
    assert_eq!(lua.call_with::<()>(None, (), &budget).unwrap_err().kind(), ErrorKind::Limit);
    assert!(lua.call_function::<usize>("size", ()).unwrap() >= size);
    lua.call_function::<()>("empty", ()).unwrap();
    lua.collect_garbage();
    assert!(lua.memory() < 1 << 20);
    assert_eq!(lua.call_function::<usize>("small", ()).unwrap(), 3);
}

#[test]
fn an_interpreter_that_holds_more_than_its_limit_says_so() {
    let mut lua = load(Limits { memory: Some(2 << 20), ..Limits::default() });
    for _ in 0..3 {
        let error = lua.run("grow").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit);
        assert_eq!(error.to_string(), "limits.lua: memory of 2097152 bytes exceeded");
        assert!(!lua.is_broken());
    }
}

#[test]
fn garbage_does_not_count() {
    let mut lua = load(Limits { memory: Some(2 << 20), ..Limits::default() });
    for _ in 0..3 {
        assert_eq!(lua.call_function::<i64>("garbage", 200_000).unwrap(), 200_000);
    }
}

#[test]
fn recursion_through_pcall_ends_too() {
    let mut lua = load(Limits { memory: Some(8 << 20), ..Limits::default() });
    let error = lua.run("deep_pcall").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
    still_works(&mut lua, 1);
}

#[test]
fn deep_recursion_that_ends_is_fine() {
    let program =
        Program::compile("deep.lua", "function main(n) if n == 0 then return 0 end return 1 + main(n - 1) end")
            .unwrap();
    let mut lua = Interpreter::new(&program, &NoModules, Limits::default()).unwrap();
    assert_eq!(lua.call::<i64>(20_000).unwrap(), 20_000);
}

#[test]
fn a_budget_narrows_and_never_widens() {
    let mut lua = load(Limits {
        fuel: Some(20_000),
        timeout: Some(Duration::from_secs(60)),
        memory: Some(4 << 20),
        ..Limits::default()
    });
    let message = |lua: &mut Interpreter, name, budget: Budget| within::<()>(lua, name, &budget).unwrap_err().message();
    let wide =
        Budget { fuel: Some(u64::MAX), memory: Some(usize::MAX), timeout: Some(Duration::MAX), ..Budget::default() };
    assert_eq!(message(&mut lua, "loop", wide), "fuel of 20000 instructions exceeded");
    let narrow = Budget { fuel: Some(10_000), ..Budget::default() };
    assert_eq!(message(&mut lua, "loop", narrow), "fuel of 10000 instructions exceeded");
    let short = Budget { timeout: Some(Duration::ZERO), ..Budget::default() };
    assert_eq!(message(&mut lua, "loop", short), "timeout of 0ns exceeded");
    let small = Budget { memory: Some(1), ..Budget::default() };
    assert_eq!(message(&mut lua, "loop", small), "memory of 1 bytes exceeded");
    // The next run has the interpreter's own limits again.
    assert_eq!(lua.call_function::<i64>("busy", 100).unwrap(), 5_050);
    assert_eq!(message(&mut lua, "loop", Budget::default()), "fuel of 20000 instructions exceeded");
}

#[test]
fn fuel_starts_again_with_each_run() {
    let mut lua = load(Limits { fuel: Some(20_000), ..Limits::default() });
    for _ in 0..50 {
        assert_eq!(lua.call_function::<i64>("busy", 1_000).unwrap(), 500_500);
    }
    assert_eq!(lua.call_function::<i64>("busy", 100_000).unwrap_err().kind(), ErrorKind::Limit);
    let none = Budget { fuel: Some(0), ..Budget::default() };
    assert_eq!(lua.call_with::<()>(Some("loop"), (), &none).unwrap_err().message(), "fuel of 0 instructions exceeded");
    assert_eq!(lua.call_function::<i64>("busy", 1_000).unwrap(), 500_500);
}

#[test]
fn a_program_that_never_ends_does_not_load() {
    let program = Program::compile("start.lua", "x = 1 while true do x = x + 1 end").unwrap();
    let limits = Limits { fuel: Some(50_000), ..Limits::default() };
    let error = Interpreter::new(&program, &NoModules, limits).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Limit, "start.lua: fuel of 50000 instructions exceeded")
    );
    let limits = Limits { timeout: Some(Duration::from_millis(10)), ..Limits::default() };
    let error = Interpreter::new(&program, &NoModules, limits).unwrap_err();
    assert_eq!(error.to_string(), "start.lua: timeout of 10ms exceeded");
    let token = CancelToken::new();
    token.cancel();
    let budget = Budget { cancel: Some(token), ..Budget::default() };
    let error = Interpreter::builder(&program).budget(budget).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[test]
fn a_script_cannot_catch_its_limits() {
    let source = "
        function main()
            local ok, e = pcall(function() while true do end end)
            return 'escaped'
        end
        function handler()
            return xpcall(function() while true do end end, function() while true do end end)
        end
        function inside()
            local co = coroutine.create(function() while true do end end)
            return coroutine.resume(co)
        end
    ";
    let program = Program::compile("catch.lua", source).unwrap();
    let limits = Limits { fuel: Some(50_000), ..Limits::default() };
    let mut lua = Interpreter::new(&program, &NoModules, limits).unwrap();
    for function in ["main", "handler", "inside"] {
        let error = lua.call_function::<()>(function, ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit, "{function}");
    }
}

#[test]
fn a_coroutine_that_was_stopped_in_the_middle_is_of_no_harm() {
    let source = "
        co = coroutine.create(function() coroutine.yield(1) while true do end end)
        function main() return coroutine.resume(co) end
        function status() return type(coroutine.status(co)) end
        function again() return (coroutine.resume(co)) end
        function fresh() return coroutine.wrap(function() return 5 end)() end
    ";
    let program = Program::compile("co.lua", source).unwrap();
    let limits = Limits { fuel: Some(50_000), ..Limits::default() };
    let mut lua = Interpreter::new(&program, &NoModules, limits).unwrap();
    assert_eq!(lua.call::<(bool, i64)>(()).unwrap(), (true, 1));
    assert_eq!(lua.run(()).unwrap_err().kind(), ErrorKind::Limit);
    assert_eq!(lua.call_function::<String>("status", ()).unwrap(), "string");
    // It cannot go on; whether that is `false` or the limit again, nothing breaks.
    match lua.call_function::<bool>("again", ()) {
        Ok(resumed) => assert!(!resumed),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Limit),
    }
    assert_eq!(lua.call_function::<i64>("fresh", ()).unwrap(), 5);
    assert!(!lua.is_broken());
}

#[test]
fn many_runs_leave_the_heap_flat() {
    let mut lua = load(Limits::default());
    let mut run = |times| {
        for _ in 0..times {
            lua.call::<i64>(("garbage", 20)).unwrap();
        }
        lua.collect_garbage();
        lua.memory()
    };
    let before = run(1_000);
    let after = run(5_000);
    assert!(after <= before + before / 4, "{before} bytes became {after}");
}

#[test]
fn library_functions_do_not_run_for_ever() {
    // A table whose length is astronomical, though it has few elements.
    let table = "local t = {} for i = 0, 62 do t[1 << i] = 1 end";
    for call in [
        "table.insert(t, 1, 0)",
        "table.remove(t, 1)",
        "table.move(t, 1, 1 << 50, 2)",
        "table.move({}, 1, math.maxinteger - 1, 1)",
        "table.unpack(t, 1, 1 << 40)",
        "table.concat(t, ',', 1, 1 << 50)",
        "select(1 << 40, t)",
    ] {
        let source = format!("function main() {table} return pcall(function() return {call} end) end");
        let program = Program::compile("huge.lua", source).unwrap();
        let limits = Limits { timeout: Some(Duration::from_secs(20)), ..Limits::default() };
        let mut lua = Interpreter::new(&program, &NoModules, limits).unwrap();
        // It may succeed or fail, as long as it ends.
        lua.call::<()>(()).unwrap_or_else(|error| panic!("{call}: {error}"));
    }
}
