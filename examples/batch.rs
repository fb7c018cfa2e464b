//! Runs a script over many records, on all cores, in order: `cargo run --release --example batch`.

use std::collections::BTreeMap;

use lunapool::{Result, Script};

fn main() -> Result<()> {
    let script = Script::new(
        "grade.lua",
        "
        function main(record)
            if record.score < 50 then return nil end
            return { name = record.name, grade = record.score // 10 }
        end
        ",
    )?;
    let record = |index: i64| BTreeMap::from([("id", index), ("score", index % 101)]);

    let mut passed = 0;
    for result in script.run_batch((0..100_000).map(record)) {
        if !result?.is_nil() {
            passed += 1;
        }
    }
    println!("{passed} passed"); // 50490 passed
    println!("{:?}", script.stats());
    Ok(())
}
