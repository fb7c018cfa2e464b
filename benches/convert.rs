//! Large arguments and results.

use std::hint::black_box;

use criterion::Criterion;
use lunapool::{Script, Serde};
use serde::Deserialize;

#[derive(Deserialize)]
#[allow(dead_code)]
struct Record {
    id: i64,
    name: String,
    score: f64,
}

pub(crate) fn convert(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("convert");
    let sum = "function main(a) local s = 0 for i = 1, #a do s = s + a[i] end return s end";
    let sum = Script::new("array1000.lua", sum).unwrap();
    let floats: Vec<f64> = (0..1000).map(f64::from).collect();
    group.bench_function("array1000", |bencher| bencher.iter(|| sum.run(black_box(&floats)).unwrap()));

    let take = Script::new("take.lua", "function main(a) return #a end").unwrap();
    group.bench_function("array1000 in", |bencher| bencher.iter(|| take.run(black_box(&floats)).unwrap()));

    let make = "function main(n) local out = {} for i = 1, n do \
                out[i] = { id = i, name = 'item' .. i, score = i * 0.5 } end return out end";
    let make = Script::new("records1000.lua", make).unwrap();
    group.bench_function("records1000", |bencher| bencher.iter(|| make.run(black_box(1000)).unwrap()));
    group.bench_function("records1000 typed", |bencher| {
        bencher.iter(|| make.call::<Serde<Vec<Record>>>(black_box(1000)).unwrap());
    });

    let keep = "local out = {} for i = 1, 1000 do out[i] = { id = i, name = 'item' .. i, score = i * 0.5 } end \
                function main() return out end";
    let keep = Script::new("keep.lua", keep).unwrap();
    group.bench_function("records1000 out", |bencher| bencher.iter(|| keep.run(()).unwrap()));
    group.finish();
}
