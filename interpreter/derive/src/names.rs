//! What fields are called in Lua.

use syn::{Error, LitStr, Result};

/// A way to write the name of a field.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(crate) enum Case {
    /// As in Rust.
    #[default]
    Snake,
    Camel,
    Pascal,
}

impl Case {
    pub(crate) fn parse(text: &LitStr) -> Result<Self> {
        match text.value().as_str() {
            "PascalCase" => Ok(Case::Pascal),
            "camelCase" => Ok(Case::Camel),
            "snake_case" => Ok(Case::Snake),
            other => {
                let message = format!("unknown case `{other}`: there are PascalCase, camelCase and snake_case");
                Err(Error::new(text.span(), message))
            }
        }
    }

    /// The name of a Rust field in this case.
    pub(crate) fn apply(self, field: &str) -> String {
        if self == Case::Snake {
            return field.to_owned();
        }
        let mut name = String::with_capacity(field.len());
        for word in field.split('_').filter(|word| !word.is_empty()) {
            let mut letters = word.chars();
            let Some(first) = letters.next() else { continue };
            if name.is_empty() && self == Case::Camel {
                name.extend(first.to_lowercase());
            } else {
                name.extend(first.to_uppercase());
            }
            name.push_str(letters.as_str());
        }
        // A field of underscores only has no words to write in another way.
        if name.is_empty() { field.to_owned() } else { name }
    }
}

#[cfg(test)]
mod tests {
    use super::Case;

    #[test]
    fn words_are_told_apart_by_underscores() {
        for (field, camel, pascal) in [
            ("name", "name", "Name"),
            ("first_name", "firstName", "FirstName"),
            ("_hidden", "hidden", "Hidden"),
            ("line_2", "line2", "Line2"),
            ("__", "__", "__"),
            ("été_passé", "étéPassé", "ÉtéPassé"),
        ] {
            assert_eq!(Case::Snake.apply(field), field);
            assert_eq!(Case::Camel.apply(field), camel);
            assert_eq!(Case::Pascal.apply(field), pascal);
        }
    }
}
