//! Conversions of whatever serde can serialise.

/// Any `Serialize` as an argument, any `DeserializeOwned` as a result.
pub struct Serde<T>(pub T);
