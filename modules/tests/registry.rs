//! The registry: which module a name stands for, and what it says when there is none.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use lunapool_interpreter::{Error, ErrorKind, Interpreter, Limits, Loader, Program, Resolver, Value};
use lunapool_modules::{IntoModule, Module, Modules, NativeModule, ScriptModule};

fn versions(name: &str, versions: &[&str]) -> Modules {
    let builder = Modules::builder().builtins(false);
    versions.iter().fold(builder, |builder, version| builder.module(NativeModule::new(name, version))).build().unwrap()
}

fn key(modules: &Modules, request: &str) -> Result<String, Error> {
    modules.resolve(request).map(|found| found.key.to_string())
}

fn message(modules: &Modules, request: &str) -> String {
    let error = key(modules, request).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Module);
    error.to_string()
}

fn build_message(first: impl IntoModule, second: impl IntoModule) -> Option<String> {
    let error = Modules::builder().module(first).module(second).build().err()?;
    assert_eq!(error.kind(), ErrorKind::Module);
    Some(error.to_string())
}

#[test]
fn the_highest_version_that_matches() {
    let modules = versions("test", &["1.2.0", "2.1.0", "1.0.0", "1.10.0", "3.0.0-rc.1", "0.9.1"]);
    for (request, expected) in [
        ("test", "test@2.1.0"),
        ("test@1", "test@1.10.0"),
        ("test@^1", "test@1.10.0"),
        ("test@1.2", "test@1.10.0"),
        ("test@~1.2", "test@1.2.0"),
        ("test@=1.0.0", "test@1.0.0"),
        ("test@>=1, <3", "test@2.1.0"),
        ("test@>=1,<2", "test@1.10.0"),
        ("test@ 1", "test@1.10.0"),
        ("test@<1", "test@0.9.1"),
        ("test@*", "test@2.1.0"),
        ("test@3.0.0-rc.1", "test@3.0.0-rc.1"),
    ] {
        assert_eq!(key(&modules, request).unwrap(), expected, "{request}");
    }
}

#[test]
fn a_pre_release_is_the_last_choice() {
    assert_eq!(key(&versions("m", &["2.0.0-beta", "1.0.0"]), "m").unwrap(), "m@1.0.0");
    assert_eq!(key(&versions("m", &["2.0.0-beta", "2.0.0-alpha"]), "m").unwrap(), "m@2.0.0-beta");
}

#[test]
fn what_is_not_there_is_said() {
    let modules = versions("test", &["1.4.2", "1.0.0"]);
    assert_eq!(message(&modules, "test@2"), "module 'test' has no version matching '2' (there are: 1.0.0, 1.4.2)");
    assert_eq!(message(&modules, "x"), "module 'x' not found; there are: test@1.0.0, test@1.4.2");
    assert_eq!(message(&modules, "x@nonsense"), "module 'x' not found; there are: test@1.0.0, test@1.4.2");
    assert_eq!(message(&modules, ""), "module '' not found; there are: test@1.0.0, test@1.4.2");
    assert_eq!(
        message(&modules, "test@one"),
        "module 'test': 'one' is not a version requirement such as 1.2: \
         unexpected character 'o' while parsing major version number"
    );
    assert!(message(&modules, "test@").starts_with("module 'test': '' is not a version requirement such as 1.2: "));
    assert!(message(&modules, "test@1@2").starts_with("module 'test': '1@2' is not a version requirement"));
    assert_eq!(message(&versions("x", &[]), "x"), "module 'x' not found: there are no modules");
    assert_eq!(
        message(&versions("m", &["1.0.0-beta"]), "m@*"),
        "module 'm' has no version matching '*' (there are: 1.0.0-beta)"
    );
}

#[test]
#[cfg(feature = "json")]
fn the_list_is_sorted() {
    let modules = Modules::builder()
        .module(NativeModule::new("zebra", "1.0.0"))
        .module(NativeModule::new("ant", "10.0.0"))
        .module(NativeModule::new("ant", "9.0.0"))
        .build()
        .unwrap();
    let list = "ant@9.0.0, ant@10.0.0, json, zebra@1.0.0";
    assert_eq!(message(&modules, "x"), format!("module 'x' not found; there are: {list}"));
    assert_eq!(message(&Modules::default(), "x"), "module 'x' not found; there are: json");
}

#[test]
fn errors_of_require_have_a_position() {
    let modules = versions("test", &["1.0.0"]);
    let program = Program::compile("main.lua", "function main()\nlocal m = require('nope')\nend").unwrap();
    let error = Interpreter::new(&program, &modules, Limits::default()).unwrap().run(()).unwrap_err();
    assert_eq!(error.to_string(), "main.lua:2: module 'nope' not found; there are: test@1.0.0");
    assert_eq!((error.kind(), error.line()), (ErrorKind::Module, Some(2)));

    let program = Program::compile("main.lua", "function main()\nreturn pcall(require, 'nope')\nend").unwrap();
    let mut lua = Interpreter::new(&program, &modules, Limits::default()).unwrap();
    let (ok, text): (bool, Value) = lua.call(()).unwrap();
    assert!(!ok);
    assert!(text.to_string().ends_with("module 'nope' not found; there are: test@1.0.0"), "{text}");
}

#[test]
fn one_name_and_version_is_one_module() {
    let twice = Some("module 'test' 1.0.0 is given twice".to_owned());
    let native = || NativeModule::new("test", "1.0.0");
    let script = || ScriptModule::new("test", "1.0.0", "return 1").unwrap();
    assert_eq!(build_message(native(), native()), twice);
    assert_eq!(build_message(native(), script()), twice);
    assert_eq!(build_message(script(), script()), twice);
    let outer = ScriptModule::new("outer", "1.0.0", "return 1").unwrap();
    assert_eq!(build_message(outer.module(native()), script()), twice);

    let shared: Arc<dyn Module> = Arc::new(script());
    assert_eq!(build_message(Arc::clone(&shared), shared), None);
    let shared = Arc::new(script());
    assert_eq!(build_message(Arc::clone(&shared), shared), None);
    let cloned = native().constant("a", 1);
    assert_eq!(build_message(cloned.clone(), cloned.clone()), None);
    assert_eq!(build_message(cloned.clone(), cloned.constant("b", 1)), twice);
    assert_eq!(build_message(native(), NativeModule::new("test", "1.0.1")), None);
}

#[test]
fn invalid_names_and_versions_show_when_it_is_built() {
    for (name, version, message) in [
        ("", "1.0.0", "a module of version '1.0.0' has no name"),
        ("a@b", "1.0.0", "module 'a@b': a name must not contain '@', which begins a version in require"),
        ("a", "", "module 'a': '' is not a version such as 1.0.0: empty string, expected a semver version"),
        (
            "a",
            "v1.0.0",
            "module 'a': 'v1.0.0' is not a version such as 1.0.0: \
             unexpected character 'v' while parsing major version number",
        ),
    ] {
        let error = Modules::builder().module(NativeModule::new(name, version)).build().unwrap_err();
        assert_eq!((error.to_string().as_str(), error.kind()), (message, ErrorKind::Module));
    }
}

#[test]
fn names_may_look_like_paths() {
    let modules = Modules::builder()
        .module(NativeModule::new("tools.text/utf 8", "1.0.0").constant("here", true))
        .build()
        .unwrap();
    let source = "function main() return require('tools.text/utf 8@1').here end";
    let program = Program::compile("main.lua", source).unwrap();
    assert!(Interpreter::new(&program, &modules, Limits::default()).unwrap().call::<bool>(()).unwrap());
}

#[test]
fn versions_live_side_by_side() {
    let version = |version: &str| NativeModule::new("m", version).constant("own", version);
    let modules = Modules::builder().module(version("1.0.0")).module(version("2.0.0")).build().unwrap();
    let source = "function main() return require('m@1').own, require('m@2').own, require('m').own end";
    let program = Program::compile("main.lua", source).unwrap();
    let mut lua = Interpreter::new(&program, &modules, Limits::default()).unwrap();
    let found: (String, String, String) = lua.call(()).unwrap();
    assert_eq!(found, ("1.0.0".into(), "2.0.0".into(), "2.0.0".into()));
}

#[test]
fn built_in_modules_can_be_replaced_and_left_out() {
    let own = NativeModule::new("json", "0.0.1").constant("own", true);
    let modules = Modules::builder().module(own).build().unwrap();
    assert_eq!(key(&modules, "json").unwrap(), "json@0.0.1");
    assert_eq!(message(&modules, "x"), "module 'x' not found; there are: json@0.0.1");
    let none = Modules::builder().builtins(false).build().unwrap();
    assert_eq!(message(&none, "json"), "module 'json' not found: there are no modules");
}

/// A module that depends on itself and on what is made anew each time it is asked.
struct Odd;

impl Module for Odd {
    fn name(&self) -> &str {
        "odd"
    }

    fn version(&self) -> &str {
        "1.0.0"
    }

    fn loader(&self) -> Loader {
        NativeModule::new("odd", "1.0.0").loader()
    }

    fn dependencies(&self) -> Vec<Arc<dyn Module>> {
        vec![Arc::new(Odd)]
    }
}

#[test]
fn odd_modules_end() {
    let error = Modules::builder().module(Odd).build().unwrap_err();
    assert_eq!(error.to_string(), "module 'odd' 1.0.0 is given twice");
}

#[test]
fn a_registry_is_shared() {
    fn check<T: Send + Sync + Clone>(_: &T) {}
    let modules = versions("m", &["1.0.0", "2.0.0"]);
    check(&modules);
    assert_eq!(format!("{:?}", modules.clone()), r#"{"m@1.0.0", "m@2.0.0"}"#);
}
