//! One thread calling one script: the benchmarks of the Go library's `Benchmark_Serial`, under their names.

use std::collections::HashMap;
use std::hint::black_box;

use criterion::Criterion;
use lunapool::{LuaObject, Script};

#[derive(LuaObject)]
#[lua(rename_all = "PascalCase")]
struct Person {
    name: String,
}

pub(crate) fn serial(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("serial");

    let empty = Script::new("empty.lua", "function main() local x = 1 end").unwrap();
    group.bench_function("empty", |bencher| bencher.iter(|| empty.run(()).unwrap()));

    let fib =
        Script::new("fib.lua", "function main(n) if n < 2 then return 1 end return main(n - 2) + main(n - 1) end")
            .unwrap();
    group.bench_function("fib1", |bencher| bencher.iter(|| fib.run(black_box(1)).unwrap()));
    group.bench_function("fib10", |bencher| bencher.iter(|| fib.run(black_box(10)).unwrap()));

    let update =
        Script::new("update.lua", "function main(input) input.Name = 'Updated' return input.Name end").unwrap();
    let mut person = Person { name: "Roman".into() };
    group.bench_function("update", |bencher| bencher.iter(|| update.run(&mut person).unwrap()));

    let table = Script::new("table.lua", "function main(input) return input.count end").unwrap();
    let input: HashMap<&str, i64> = [("count", 1), ("size", 2), ("depth", 3)].into();
    group.bench_function("table", |bencher| bencher.iter(|| table.run(black_box(&input)).unwrap()));
    group.finish();
}
