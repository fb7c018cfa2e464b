//! What interpreters and updates cost.

use std::hint::black_box;

use criterion::Criterion;
use lunapool::{Interpreter, Limits, Modules, Program, Script};

pub(crate) fn lifecycle(criterion: &mut Criterion) {
    let program = Program::compile("empty.lua", "function main() local x = 1 end").unwrap();
    let modules = Modules::default();

    let mut group = criterion.benchmark_group("interpreter");
    let create = || Interpreter::new(black_box(&program), &modules, Limits::default()).unwrap();
    group.bench_function("create", |bencher| bencher.iter(create));
    group.finish();
    let mut lua = create();
    lua.collect_garbage();
    println!("interpreter/memory      {} bytes", lua.memory());

    let mut group = criterion.benchmark_group("script");
    let script = Script::new("empty.lua", "function main() local x = 1 end").unwrap();
    let update = || script.update(black_box("function main() local x = 2 end")).unwrap();
    group.bench_function("update", |bencher| bencher.iter(update));
    group.finish();
}
