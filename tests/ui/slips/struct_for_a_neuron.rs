// A network is no struct.

use spark::prelude::*;

network! {
    pub struct Pool {
        soma: LeakySoma,
    }
}

fn main() {}
