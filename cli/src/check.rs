//! `lunapool check`: which files do not compile.

use crate::arguments::Check;
use crate::failure::Failure;
use crate::source;

pub(crate) fn check(choices: &Check) -> Result<(), Failure> {
    let errors: Vec<_> = choices.files.iter().filter_map(|file| source::program(file).err()).collect();
    if errors.is_empty() { Ok(()) } else { Err(Failure::Several(errors)) }
}
