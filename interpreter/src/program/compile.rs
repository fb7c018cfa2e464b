//! From source text to bytecode with owned strings, safely whatever the text contains.
//!
//! piccolo's parser and compiler recurse: once per nested block or parenthesis, and once per link of a chain such as
//! `a.b.c` or `1 + 1 + 1`. Deep enough, they overflow the host's stack, which aborts the process; 200 nested
//! parentheses, which the parser allows, need more than 2 MiB in a debug build. So compilation has a thread of its
//! own, for some 20 µs, and the syntax tree is measured (`bounds`) before the compiler follows it down.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use piccolo::compiler::{
    self, CompileErrorKind, CompiledPrototype, LineNumber, ParseError, ParseErrorKind, StringInterner,
};

use super::Text;
use super::bounds::{self, Measure};
use crate::error::{Error, ErrorKind, Result};

/// Enough for parsing 200 nested levels and for compiling chains of [`bounds::MAX_DEPTH`], in debug builds too. Only
/// what is used of it becomes memory.
const STACK: usize = 64 << 20;

pub(super) fn compile(source: &[u8]) -> Result<CompiledPrototype<Text>> {
    let source = skip_prefix(source);
    let work = || catch_unwind(AssertUnwindSafe(|| compile_here(source))).unwrap_or_else(|_| Err(defect()));
    std::thread::scope(|scope| {
        match std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work) {
            Ok(thread) => thread.join().unwrap_or_else(|_| Err(defect())),
            // No threads here (wasm32): the bound on the depth has to be enough.
            Err(_) => work(),
        }
    })
}

fn compile_here(source: &[u8]) -> Result<CompiledPrototype<Text>> {
    let mut interner = Interner(HashSet::new());
    let mut chunk = compiler::parse_chunk(source, &mut interner).map_err(parse_error)?;
    let Measure { has_goto } = bounds::measure(&chunk)?;
    if has_goto {
        bounds::enclose_loops(&mut chunk.block);
    }
    let prototype = compiler::compile_chunk(&chunk, &mut interner)
        .map_err(|error| Error::new(ErrorKind::Syntax, error.kind.to_string()).on_line(line(error.line_number)))?;
    refuse_crowded(&prototype)?;
    Ok(prototype.map_strings(|text| Text::from(&*text)))
}

/// Refuses functions that use the last of the 256 registers: piccolo's allocator loses count there (it panics in debug
/// builds), and might give one register to two values.
fn refuse_crowded<S>(prototype: &CompiledPrototype<S>) -> Result<()> {
    if prototype.stack_size >= 256 {
        let message = CompileErrorKind::Registers.to_string();
        let first = prototype.opcode_line_numbers.first().map_or(1, |(_, number)| line(*number));
        return Err(Error::new(ErrorKind::Syntax, message).on_line(first));
    }
    prototype.prototypes.iter().try_for_each(|inner| refuse_crowded(inner))
}

/// The compiler panicked: a defect of the compiler, reported as an error about the source that met it.
fn defect() -> Error {
    Error::new(ErrorKind::Syntax, "the compiler cannot handle this program")
}

fn parse_error(error: ParseError) -> Error {
    let message = match &error.kind {
        ParseErrorKind::LexError(error) => error.to_string(),
        ParseErrorKind::RecursionLimit => "chunk has too many syntax levels".to_owned(),
        other => other.to_string(),
    };
    Error::new(ErrorKind::Syntax, message).on_line(line(error.line_number))
}

pub(crate) fn line(number: LineNumber) -> u64 {
    number.0.saturating_add(1)
}

/// Skips what `lua` skips at the start of a file: a byte order mark, and a first line such as `#!/usr/bin/env lua`.
/// The end of that line stays, so that lines count from the file's first.
fn skip_prefix(source: &[u8]) -> &[u8] {
    let source = source.strip_prefix(b"\xef\xbb\xbf").unwrap_or(source);
    if source.first() == Some(&b'#') {
        let end = source.iter().position(|&byte| byte == b'\n').unwrap_or(source.len());
        return &source[end..];
    }
    source
}

struct Interner(HashSet<Rc<[u8]>>);

impl StringInterner for Interner {
    type String = Rc<[u8]>;

    fn intern(&mut self, text: &[u8]) -> Self::String {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let text: Rc<[u8]> = text.into();
        self.0.insert(text.clone());
        text
    }
}
