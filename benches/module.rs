//! Scripts that call into modules.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::Criterion;
use lunapool::{LuaString, NativeModule, Script, Value};

/// FNV-1a, as in the examples.
fn hash(text: LuaString) -> u32 {
    text.as_bytes().iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

pub(crate) fn module(criterion: &mut Criterion) {
    let test = || NativeModule::new("test", "1.0.0").function("hash", hash).function("echo", |value: LuaString| value);

    let mut group = criterion.benchmark_group("module");
    let source = "local api = require('test') function main(input) return api.echo(input) end";
    let echo = Script::builder("echo.lua").source(source).module(test()).build().unwrap();
    group.bench_function("echo", |bencher| bencher.iter(|| echo.run(black_box("abc")).unwrap()));

    let source = "local api = require('test') function main(input) return api.hash(input) end";
    let hash = Script::builder("hash.lua").source(source).module(test()).build().unwrap();
    group.bench_function("hash", |bencher| bencher.iter(|| hash.run(black_box("abc")).unwrap()));
    group.finish();

    let mut group = criterion.benchmark_group("json");
    let source = "local json = require('json') function main(input) return json.encode(input) end";
    let json = Script::new("json.lua", source).unwrap();
    let inner: BTreeMap<&str, Value> = [("d", Value::from(2.5)), ("e", Value::from(vec![1, 2, 3]))].into();
    let input: BTreeMap<&str, Value> =
        [("a", Value::from(1)), ("b", Value::from("text")), ("c", Value::Table(inner.into_iter().collect()))].into();
    group.bench_function("encode", |bencher| bencher.iter(|| json.run(black_box(&input)).unwrap()));
    group.finish();
}
