//! The Python package's model files (feature `files`).
//!
//! | room | what it holds |
//! |---|---|
//! | [`mod@file`] | bytes on disk: xz or plain, limits, atomic writing |
//! | [`json`] | JSON as Python reads and writes it: NaN, float digits, indentation |
//! | [`tags`] | tagged values: arrays, types, configs |
//! | [`scfg`] | the model itself: controllers, modules, wires |
//! | [`place`] | where in the text something stands that a JSON pointer names |
//! | [`wiring`] | its wires as a graph |
//! | [`vocabulary`] | what a program knows of the classes in files |
//! | [`source`] | a model as the text of a `network!` |
//! | [`unread`] | keys that nothing reads |

pub mod file;
pub mod json;
pub mod npy;
pub mod place;
pub mod scfg;
pub mod source;
pub mod tags;
pub mod unread;
pub mod vocabulary;
pub mod wiring;

/// The JSON pointer of an entry below `pointer`.
pub fn pointer_to(pointer: &str, entry: impl std::fmt::Display) -> String {
    let entry = entry.to_string().replace('~', "~0").replace('/', "~1");
    format!("{pointer}/{entry}")
}

/// The entries that a JSON pointer names, from outside to inside.
pub fn tokens(pointer: &str) -> impl Iterator<Item = String> {
    let tokens = pointer.split('/').skip(1);
    tokens.map(|token| token.replace("~1", "/").replace("~0", "~"))
}
