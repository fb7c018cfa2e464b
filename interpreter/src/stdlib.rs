//! Which standard library a script gets.

/// A selection of the standard library.
///
/// Today's library is an interim one: base functions, `string`, `table`, `math` and `coroutine`. `SAFE` and `FULL`
/// hold the same until `os` and `io` arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Stdlib(Profile);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Profile {
    None,
    Pure,
    #[default]
    Safe,
    Full,
}

impl Stdlib {
    /// Nothing but `require`.
    pub const NONE: Stdlib = Stdlib(Profile::None);
    /// What depends on nothing outside the script: no `math.random`.
    pub const PURE: Stdlib = Stdlib(Profile::Pure);
    /// What cannot harm the host. The default.
    pub const SAFE: Stdlib = Stdlib(Profile::Safe);
    /// Everything.
    pub const FULL: Stdlib = Stdlib(Profile::Full);
}
