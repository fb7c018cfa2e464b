//! The derive macro `LuaObject` of [lunapool](https://docs.rs/lunapool), which re-exports it.

mod attributes;
mod expand;
mod names;

use proc_macro::TokenStream;

/// Makes a struct an object that Lua sees by reference, with the struct's fields as the object's.
///
/// ```text
/// use lunapool::{LuaObject, ObjectType};
///
/// #[derive(LuaObject)]
/// #[lua(rename_all = "PascalCase", methods = Person::methods)]
/// struct Person {
///     name: String,                       // person.Name
///     #[lua(rename = "YEARS")]
///     age: u32,                           // person.YEARS
///     #[lua(readonly)]
///     id: u64,                            // person.Id, which scripts cannot assign
///     address: Address,                   // person.Address.City = "Rome" changes this very address
///     #[lua(skip)]
///     password: String,                   // not there
/// }
///
/// impl Person {
///     fn methods(object: &mut ObjectType<Self>) {
///         object.method("greet", |person: &Person, other: String| format!("{}, I am {}", other, person.name));
///     }
/// }
/// ```
///
/// The type of each field is a `LuaField`: a number, string or other value, a list or map, or another object.
///
/// # What is generated
/// - `impl LuaObject`, so that `run(&mut person)` lends a person, and a `Shared<Person>` is one as well.
/// - `impl IntoLua`, so that a native function may return a person; it moves into Lua as a `Shared<Person>`.
/// - with `clone`, `impl FromLua`.
///
/// # On the struct
/// - `rename = "Name"`: the name that scripts and error messages see, instead of the struct's own.
/// - `rename_all = "PascalCase"`, or `"camelCase"`, or `"snake_case"`: how the fields are called in Lua.
/// - `readonly`: scripts cannot assign any of the fields. Objects in them can be changed all the same.
/// - `methods = path::to::function`: a `fn(&mut ObjectType<Self>)` that adds methods, metamethods and further fields.
///   Of two members of one name its own counts.
/// - `clone`: a result or an argument of this type is a clone of the object.
/// - `crate = "path"`: where the crate `lunapool` is found, for crates that re-export it. `::lunapool` by default.
///
/// # On a field
/// - `rename = "name"`: what the field is called in Lua, whatever `rename_all` says.
/// - `readonly`: scripts cannot assign it.
/// - `skip`: scripts do not see it.
///
/// # What it is for
/// Structs with named fields, or without any. Type parameters are fine where the bounds of the struct make each field
/// a `LuaField`: `struct Pair<T: LuaField> { .. }`. Lifetime parameters are not, as Lua may keep an object for longer
/// than any borrow lasts.
#[proc_macro_derive(LuaObject, attributes(lua))]
pub fn derive_lua_object(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    expand::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
