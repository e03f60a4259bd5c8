//! What the macros share.

pub(crate) mod ctxt;
pub(crate) mod docs;
pub(crate) mod names;
pub(crate) mod options;
pub(crate) mod units;
