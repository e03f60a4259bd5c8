// Nothing is declared.

use spark::prelude::*;

network! {}

fn main() {}
