//! Random networks as the source that `spark codegen` prints for them: to the bit what their files are.

use std::path::Path;

use spark::checkpoint::Checkpoint;
use spark::nn::controllers::Model;
use spark::prelude::*;

use crate::drive::{bits, random, text};
use crate::sources;

const STEPS: usize = 300;

/// Runs a declared network and the model of its file side by side. In the middle the model goes on from a checkpoint of
/// the declared one, and both are reset.
macro_rules! twins {
    ($($module:ident = $seed:literal: $network:ident, $shapes:ident, $inputs:ident,
       {$($input:ident: $payload:ident),*} -> {$($output:ident),*};)*) => {$(
        #[test]
        fn $module() {
            use sources::$module::{$inputs, $network, $shapes};
            let network = random($seed);
            let mut model = network.build(&network.config());
            let shapes = $shapes { $($input: network.shape(stringify!($input))),* };
            let mut twin = $network::build($network::config(), shapes).unwrap();
            assert!(bits(&model) == bits(&twin), "as built");
            for step in 0..STEPS {
                match step {
                    100 => {
                        let bytes = Checkpoint::of(&twin).to_bytes().unwrap();
                        model = Checkpoint::from_bytes(&bytes, Path::new("")).unwrap().build::<Model>().unwrap();
                    }
                    200 => {
                        model.reset();
                        twin.reset();
                    }
                    _ => {}
                }
                $(let $input = network.given::<$payload>(stringify!($input), step);)*
                let out = twin.step($inputs { $($input: &$input),* });
                let found = [$(text(&out.$output)),*];
                assert_eq!(network.step(&mut model, step), found, "step {step}");
            }
            assert!(bits(&model) == bits(&twin), "after {STEPS} steps");
        }
    )*};
}

include!("sources/twins.rs");
