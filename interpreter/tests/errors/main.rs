//! Proves what a failed run tells: its kind, its chunk and line, its words, the Lua value or the Rust error underneath,
//! and that the next run works.

#![allow(clippy::unwrap_used)]

mod library;
mod natives;
mod panics;
mod raised;
mod representation;
mod starting;

use std::fmt;
use std::sync::Arc;

use lunapool_interpreter::{
    Error, ErrorKind, Handle, Interpreter, Limits, Loader, Native, NoModules, Open, Program, Resolved, Resolver,
    Result, Scope,
};

fn load(source: &str) -> Interpreter {
    let program = Program::compile("test.lua", source).unwrap();
    Interpreter::new(&program, &NoModules, Limits::default()).unwrap()
}

/// The error that calling a `main` of this body ends in.
fn fails(body: &str) -> Error {
    let mut lua = load(&format!("function main() {body}\nend\nfunction ok() return 1 end"));
    let error = lua.run(()).unwrap_err();
    assert_eq!(lua.call_function::<i64>("ok", ()).unwrap(), 1, "{body}");
    error
}

#[derive(Debug, PartialEq)]
struct OutOfStock {
    item: String,
}

impl fmt::Display for OutOfStock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "out of stock: {}", self.item)
    }
}

impl std::error::Error for OutOfStock {}

#[derive(Debug)]
struct Wrapper(OutOfStock);

impl fmt::Display for Wrapper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("order failed")
    }
}

impl std::error::Error for Wrapper {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// A module `shop` of natives that fail in different ways.
#[derive(Clone)]
struct Shop;

impl Resolver for Shop {
    fn resolve(&self, name: &str) -> Result<Resolved> {
        match name {
            "shop" => Ok(Resolved { key: "shop@1".into(), loader: Loader::Native(Arc::new(Shop)) }),
            _ => Err(Error::new(ErrorKind::Module, format!("module '{name}' not found"))),
        }
    }
}

impl Open for Shop {
    fn open<'gc>(&self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        let stock = |item: &str| OutOfStock { item: item.to_owned() };
        let natives = [
            Native::typed("buy", move |item: String| -> Result<i64, OutOfStock> { Err(stock(&item)) }),
            Native::typed("order", move |item: String| -> Result<(), Wrapper> { Err(Wrapper(stock(&item))) }),
            Native::typed("check", |ok: bool| -> Result<bool> {
                if ok { Ok(true) } else { Err(Error::new(ErrorKind::Runtime, "not in order")) }
            }),
            Native::typed("coupon", |text: String| text.parse::<u32>()),
            Native::typed("price", |_: String, amount: u8| u64::from(amount) + (u64::MAX - 255)),
            Native::typed("explode", |text: String| -> i64 { panic!("{text}") }),
            Native::typed("explode_value", || -> i64 { std::panic::panic_any(7) }),
        ];
        let module = scope.table(0, natives.len())?;
        for native in natives {
            let name = native.name().to_owned();
            module.set_field(scope, &name, scope.function(Arc::new(native)));
        }
        Ok(module.into())
    }
}

fn shop(source: &str) -> Interpreter {
    let program = Program::compile("shop.lua", format!("local shop = require 'shop'\n{source}")).unwrap();
    Interpreter::new(&program, &Shop, Limits::default()).unwrap()
}
