//! `lunapool map`: `main` for each record of a stream, on all cores.
//!
//! Four kinds of threads stand in a row, each with a bounded store before it: one reads lines (`reader`), one hands
//! them to the pool and takes the results in order (`work`), the pool's workers parse, run and write JSON, and the
//! main thread writes what is there (`spool`). So memory is bounded whichever of them is slow, and no result
//! waits for further input. It may wait for the few records that were handed over with it, in one chunk.

mod console;
mod reader;
mod spool;
mod work;

use std::fs::File;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::{Duration, Instant};

use lunapool::{Pool, Script};

use self::console::Console;
use self::spool::Spool;
use crate::arguments::Map;
use crate::failure::Failure;
use crate::source;

/// How many blocks of lines are read ahead. More would only take memory where lines are long.
const BLOCKS: usize = 4;

/// How long results may gather before they are written, while more of them follow. A write of each would cost more
/// than most scripts do.
const PAUSE: Duration = Duration::from_millis(1);

pub(crate) fn map(choices: &Map) -> Result<(), Failure> {
    let console = Arc::new(Console::new());
    let script = script(choices, &console)?;
    let (name, input) = open(choices)?;

    let (sender, blocks) = sync_channel(BLOCKS);
    let read = thread::Builder::new().name("reader".into()).spawn(move || reader::read(input, &sender));
    read.map_err(Failure::Thread)?;

    let spool = Arc::new(Spool::default());
    let work = work::Work { script, blocks, name, on_error: choices.on_error, console: console.clone() };
    let feed = spool::Feed::new(&spool);
    let work = thread::Builder::new().name("work".into()).spawn(move || work.run(&feed)).map_err(Failure::Thread)?;

    let written = write(&spool, &console);
    console.clear();
    // Whoever stops reading the output leaves threads behind that wait for input. They end with the process.
    written.map_err(Failure::Output)?;
    match work.join() {
        Ok(outcome) => outcome,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

fn script(choices: &Map, console: &Arc<Console>) -> Result<Script, Failure> {
    let mut pool = Pool::builder();
    if let Some(jobs) = choices.jobs {
        pool = pool.threads(jobs.get());
    }
    let print = console.clone();
    let mut script = Script::builder(choices.file.to_string_lossy())
        .file(&choices.file)
        .limits(source::limits())
        .pool(&pool.build())
        // Among the records, lines that the script prints would not be records.
        .on_print(move |line| print.line(line));
    for module in source::modules(&choices.modules)? {
        script = script.module(module);
    }
    Ok(script.build()?)
}

/// The records, and the name that errors give them.
fn open(choices: &Map) -> Result<(String, Box<dyn Read + Send>), Failure> {
    let Some(path) = &choices.input else { return Ok(("standard input".into(), Box::new(io::stdin()))) };
    let name = path.display().to_string();
    match File::open(path) {
        Ok(file) => Ok((name, Box::new(file))),
        Err(error) => Err(Failure::Input { name, error }),
    }
}

/// Writes results until there are no more.
fn write(spool: &Spool, console: &Console) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    let (mut text, started) = (Vec::new(), Instant::now());
    while let Some(records) = spool.take(&mut text, console.interval()) {
        if !text.is_empty() {
            stdout.write_all(&text)?;
            stdout.flush()?;
            spool.gather(PAUSE);
        }
        console.progress(records, started.elapsed());
    }
    Ok(())
}
