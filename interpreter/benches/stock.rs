//! The virtual machine as it comes, called in the cheapest way it allows: what `serial/empty` and `serial/fib1` are to be
//! compared with, in one run on one machine.

#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use piccolo::{Closure, Executor, Fuel, Lua, StashedExecutor, StashedFunction, StashedThread, Thread, Value, Variadic};

struct Stock {
    lua: Lua,
    executor: StashedExecutor,
    thread: StashedThread,
    main: StashedFunction,
}

impl Stock {
    fn new(source: &str) -> Self {
        let mut lua = Lua::core();
        let chunk = lua.enter(|ctx| {
            let closure = Closure::load(ctx, None, source.as_bytes()).unwrap();
            ctx.stash(Executor::start(ctx, closure.into(), ()))
        });
        lua.finish(&chunk).unwrap();
        let (executor, thread, main) = lua.enter(|ctx| {
            let thread = Thread::new(ctx);
            let executor = Executor::run(&ctx, thread).unwrap();
            let Value::Function(main) = ctx.get_global_value("main") else { unreachable!("main is a function") };
            (ctx.stash(executor), ctx.stash(thread), ctx.stash(main))
        });
        Stock { lua, executor, thread, main }
    }

    /// One call in one `enter`, on a thread that is used again.
    fn call(&mut self, argument: Option<i64>) -> Option<i64> {
        let Stock { lua, executor, thread, main } = self;
        lua.enter(|ctx| {
            let thread = ctx.fetch(thread);
            thread.start(ctx, ctx.fetch(main), Variadic(argument.map(Value::Integer))).unwrap();
            ctx.fetch(executor).step(ctx, &mut Fuel::with(8_192)).unwrap();
            thread.take_result::<Option<i64>>(ctx).unwrap().unwrap()
        })
    }
}

fn stock(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("stock");
    let mut empty = Stock::new("function main() local x = 1 end");
    group.bench_function("empty", |bencher| bencher.iter(|| empty.call(None)));
    let mut fib = Stock::new("function main(n) if n < 2 then return 1 end return main(n - 2) + main(n - 1) end");
    group.bench_function("fib1", |bencher| bencher.iter(|| fib.call(black_box(Some(1)))));
    group.finish();
}

criterion_group!(benches, stock);
criterion_main!(benches);
