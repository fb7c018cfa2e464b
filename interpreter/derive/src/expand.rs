//! From a struct to its implementations.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Field, Fields, Result};

use crate::attributes::{FieldAttributes, StructAttributes};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let fields = fields(input)?;
    if let Some(lifetime) = input.generics.lifetimes().next() {
        let message = "LuaObject cannot be derived for a struct with lifetime parameters: \
                       Lua may keep an object for longer than any borrow lasts";
        return Err(Error::new(lifetime.span(), message));
    }
    let attributes = StructAttributes::parse(&input.attrs)?;
    let StructAttributes { home, rename, methods, clone, .. } = &attributes;

    let members = members(fields, &attributes)?;
    let methods = methods.as_ref().map(|methods| quote_spanned!(methods.span()=> #methods(object);));
    // A parameter that is not used has to say so.
    let object = if members.is_empty() && methods.is_none() { quote!(_) } else { quote!(object) };

    let (ident, (impl_generics, type_generics, where_clause)) = (&input.ident, input.generics.split_for_impl());
    let name = rename.clone().unwrap_or_else(|| ident.unraw().to_string());
    let from_lua = clone.then(|| {
        quote! {
            #[automatically_derived]
            impl #impl_generics #home::FromLua for #ident #type_generics #where_clause {
                fn from_lua<'gc>(value: #home::Handle<'gc>, scope: #home::Scope<'gc>) -> #home::Result<Self> {
                    let object = <#home::ObjectRef<Self> as #home::FromLua>::from_lua(value, scope)?;
                    object.with(|object: &mut Self| <Self as ::core::clone::Clone>::clone(object))
                }
            }
        }
    });
    Ok(quote! {
        #[automatically_derived]
        impl #impl_generics #home::LuaObject for #ident #type_generics #where_clause {
            const NAME: &'static str = #name;

            fn describe(#object: &mut #home::ObjectType<Self>) {
                #(#members)*
                #methods
            }
        }

        #[automatically_derived]
        impl #impl_generics #home::IntoLua for #ident #type_generics #where_clause {
            fn into_lua<'gc>(self, scope: #home::Scope<'gc>) -> #home::Result<#home::Handle<'gc>> {
                #home::IntoLua::into_lua(#home::Shared::new(self), scope)
            }
        }

        #from_lua
    })
}

/// The fields of what the macro is for, or why it is not for this.
fn fields(input: &DeriveInput) -> Result<Vec<&Field>> {
    let (span, what) = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return Ok(fields.named.iter().collect()),
            Fields::Unit => return Ok(Vec::new()),
            Fields::Unnamed(fields) => (fields.span(), "a tuple struct"),
        },
        Data::Enum(data) => (data.enum_token.span, "an enum"),
        Data::Union(data) => (data.union_token.span, "a union"),
    };
    let message = format!("LuaObject cannot be derived for {what}, only for a struct with named fields");
    Err(Error::new(span, message))
}

/// One statement for each field that Lua sees. The errors of all fields are reported at once.
fn members(fields: Vec<&Field>, attributes: &StructAttributes) -> Result<Vec<TokenStream>> {
    let (mut members, mut names, mut error) = (Vec::new(), HashSet::new(), None::<Error>);
    for field in fields {
        match member(field, attributes, &mut names) {
            Ok(member) => members.extend(member),
            Err(further) => match &mut error {
                Some(error) => error.combine(further),
                None => error = Some(further),
            },
        }
    }
    error.map_or(Ok(members), Err)
}

fn member(field: &Field, attributes: &StructAttributes, names: &mut HashSet<String>) -> Result<Option<TokenStream>> {
    let FieldAttributes { rename, readonly, skip } = FieldAttributes::parse(&field.attrs)?;
    let Some(ident) = &field.ident else { return Ok(None) };
    if skip {
        return Ok(None);
    }
    let name = rename.unwrap_or_else(|| attributes.case.apply(&ident.unraw().to_string()));
    if !names.insert(name.clone()) {
        return Err(Error::new(ident.span(), format!("another field is called `{name}` in Lua already")));
    }
    // At the place of the type, so that a type that cannot be a field is what the compiler points at.
    let span = field.ty.span();
    Ok(Some(if readonly || attributes.readonly {
        quote_spanned!(span=> object.readonly(#name, |this: &mut Self| &mut this.#ident);)
    } else {
        quote_spanned!(span=> object.field(#name, |this: &mut Self| &mut this.#ident);)
    }))
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    fn message(input: DeriveInput) -> String {
        match expand(&input) {
            Ok(tokens) => format!("no error, but {tokens}"),
            Err(error) => error.into_iter().map(|error| error.to_string()).collect::<Vec<_>>().join("; "),
        }
    }

    #[test]
    fn says_what_it_is_not_for() {
        let only = "only for a struct with named fields";
        let enumeration = message(parse_quote!(
            enum A {
                B,
            }
        ));
        assert_eq!(enumeration, format!("LuaObject cannot be derived for an enum, {only}"));
        let union = message(parse_quote!(union A { b: u8 }));
        assert_eq!(union, format!("LuaObject cannot be derived for a union, {only}"));
        let tuple = message(parse_quote!(
            struct A(u8);
        ));
        assert_eq!(tuple, format!("LuaObject cannot be derived for a tuple struct, {only}"));
        let borrow = message(parse_quote!(
            struct A<'a> {
                b: &'a str,
            }
        ));
        assert!(borrow.starts_with("LuaObject cannot be derived for a struct with lifetime parameters: "), "{borrow}");
    }

    #[test]
    fn names_the_attributes_that_there_are() {
        assert_eq!(
            message(parse_quote!(
                #[lua(name = "B")]
                struct A {}
            )),
            "unknown attribute: a struct has crate, rename, rename_all, readonly, methods and clone"
        );
        assert_eq!(
            message(parse_quote!(
                struct A {
                    #[lua(a::b)]
                    b: u8,
                    #[lua(clone)]
                    c: u8,
                    d: u8,
                }
            )),
            "unknown attribute: a field has rename, readonly and skip; `clone` is for the struct"
        );
        assert_eq!(
            message(parse_quote!(
                #[lua(skip)]
                struct A {}
            )),
            "`skip` is for fields"
        );
    }

    #[test]
    fn refuses_what_contradicts_itself() {
        for (input, error) in [
            (
                parse_quote!(
                    #[lua(clone, clone)]
                    struct A {}
                ),
                "`clone` is given twice",
            ),
            (
                parse_quote!(
                    #[lua(rename = "")]
                    struct A {}
                ),
                "a name has at least one character",
            ),
            (
                parse_quote!(
                    #[lua(rename_all = "kebab-case")]
                    struct A {}
                ),
                "unknown case `kebab-case`: there are PascalCase, camelCase and snake_case",
            ),
            (
                parse_quote!(
                    struct A {
                        #[lua(skip)]
                        #[lua(readonly)]
                        b: u8,
                    }
                ),
                "a field that is skipped has no other attributes",
            ),
            (
                parse_quote!(
                    struct A {
                        b: u8,
                        #[lua(rename = "b")]
                        c: u8,
                    }
                ),
                "another field is called `b` in Lua already",
            ),
            (
                parse_quote!(
                    #[lua]
                    struct A {}
                ),
                "expected attribute arguments in parentheses: #[lua(...)]",
            ),
        ] {
            assert_eq!(message(input), error);
        }
    }

    #[test]
    fn finds_the_crate_by_default() -> Result<()> {
        let tokens = expand(&parse_quote!(
            struct A;
        ))?
        .to_string();
        assert!(tokens.contains("impl :: lunapool :: LuaObject for A"), "{tokens}");
        Ok(())
    }
}
