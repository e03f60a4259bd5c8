// A file of the Python package with a field that nothing knows: a warning, here made an error.
#![deny(deprecated)]

use spark::prelude::*;

include_network!("models/unread_keys.json" as pub Model);

fn main() {}
