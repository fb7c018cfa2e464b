//! The attributes `#[lua(..)]` of a struct and of its fields.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, LitStr, Path, Result, parse_quote};

use crate::names::Case;

/// What is said about a struct.
pub(crate) struct StructAttributes {
    /// The path to the crate that has the traits.
    pub(crate) home: Path,
    pub(crate) rename: Option<String>,
    pub(crate) case: Case,
    pub(crate) readonly: bool,
    pub(crate) methods: Option<Path>,
    pub(crate) clone: bool,
}

impl StructAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> Result<Self> {
        let (mut home, mut rename, mut case, mut readonly, mut methods, mut clone) =
            (None, None, None, None, None, None);
        for_each(attributes, |meta| match word(meta).as_str() {
            "crate" => set(&mut home, meta, meta.value()?.parse::<LitStr>()?.parse()?),
            "rename" => set(&mut rename, meta, name(meta)?),
            "rename_all" => set(&mut case, meta, Case::parse(&meta.value()?.parse()?)?),
            "readonly" => set(&mut readonly, meta, ()),
            "methods" => set(&mut methods, meta, meta.value()?.parse()?),
            "clone" => set(&mut clone, meta, ()),
            "skip" => Err(meta.error("`skip` is for fields")),
            _ => Err(unknown(meta, "a struct has crate, rename, rename_all, readonly, methods and clone")),
        })?;
        Ok(StructAttributes {
            home: home.unwrap_or_else(|| parse_quote!(::lunapool)),
            rename,
            case: case.unwrap_or_default(),
            readonly: readonly.is_some(),
            methods,
            clone: clone.is_some(),
        })
    }
}

/// What is said about a field.
pub(crate) struct FieldAttributes {
    pub(crate) rename: Option<String>,
    pub(crate) readonly: bool,
    pub(crate) skip: bool,
}

impl FieldAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> Result<Self> {
        let (mut rename, mut readonly, mut skip) = (None, None, None);
        for_each(attributes, |meta| {
            match word(meta).as_str() {
                "rename" => set(&mut rename, meta, name(meta)?)?,
                "readonly" => set(&mut readonly, meta, ())?,
                "skip" => set(&mut skip, meta, ())?,
                "crate" | "rename_all" | "methods" | "clone" => {
                    return Err(meta.error(format!("`{}` is for the struct", word(meta))));
                }
                _ => return Err(unknown(meta, "a field has rename, readonly and skip")),
            }
            if skip.is_some() && (rename.is_some() || readonly.is_some()) {
                return Err(meta.error("a field that is skipped has no other attributes"));
            }
            Ok(())
        })?;
        Ok(FieldAttributes { rename, readonly: readonly.is_some(), skip: skip.is_some() })
    }
}

fn for_each(
    attributes: &[Attribute],
    mut read: impl for<'a, 'b> FnMut(&'a ParseNestedMeta<'b>) -> Result<()>,
) -> Result<()> {
    let mut ours = attributes.iter().filter(|attribute| attribute.path().is_ident("lua"));
    ours.try_for_each(|attribute| attribute.parse_nested_meta(|meta| read(&meta)))
}

/// The word that an attribute begins with; nothing for a longer path.
fn word(meta: &ParseNestedMeta<'_>) -> String {
    meta.path.get_ident().map(ToString::to_string).unwrap_or_default()
}

fn set<T>(place: &mut Option<T>, meta: &ParseNestedMeta<'_>, value: T) -> Result<()> {
    if place.replace(value).is_some() {
        return Err(meta.error(format!("`{}` is given twice", word(meta))));
    }
    Ok(())
}

fn name(meta: &ParseNestedMeta<'_>) -> Result<String> {
    let text: LitStr = meta.value()?.parse()?;
    if text.value().is_empty() {
        return Err(syn::Error::new(text.span(), "a name has at least one character"));
    }
    Ok(text.value())
}

fn unknown(meta: &ParseNestedMeta<'_>, known: &str) -> syn::Error {
    meta.error(format!("unknown attribute: {known}"))
}
