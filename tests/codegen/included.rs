//! Networks from files, read while compiling.

use spark::prelude::*;

use crate::recorded::{fixture, float_array, floats, run, spike_array, spikes, steps};

mod recurrent {
    use spark::prelude::*;

    include_network!(
        /// A brain with neurons of its own.
        "../fixtures/goldens/models/brain_recurrent/model.scfg"
        as pub Recurrent(reward: FloatArray[1], signal: FloatArray[9]) -> (action: FloatArray[2])
        { reward_neuron = Rewarded; }
    );
}

include_network!("../fixtures/goldens/models/lif_neuron/model.json" as Pool);

#[test]
fn a_network_from_a_file_gives_what_was_recorded() {
    let recorded = run("goldens/models/brain_recurrent/run.json.gz");
    let mut brain = recurrent::Recurrent::new().unwrap();
    let mut total = 0.0;
    for t in 0..steps(&recorded).min(200) {
        let out = brain.step(recurrent::RecurrentInputs {
            signal: &float_array(&recorded["inputs"]["signal"], t),
            reward: &float_array(&recorded["inputs"]["reward"], t),
        });
        crate::recorded::assert_close(
            out.action.as_slice(),
            &floats(&recorded["outputs"]["action"], t),
            10.0,
            &format!("step {t}"),
        );
        total += out.action.as_slice()[0];
    }
    assert!(total > 0.0);
    assert!(
        spark::REGISTRY.neuron("Rewarded").is_some(),
        "declared under the name that the head gives it"
    );
}

#[test]
fn shapes_that_the_head_does_not_give_are_given_when_the_network_is_built() {
    let recorded = run("goldens/models/lif_neuron/run.json.gz");
    let input = &recorded["inputs"]["in_spikes"];
    let shapes = PoolShapes {
        in_spikes: crate::recorded::shape(input),
    };
    let mut pool = Pool::build(Pool::config(), shapes).unwrap();
    for t in 0..100 {
        let out = pool.step(PoolInputs {
            in_spikes: &spike_array(input, t),
        });
        assert_eq!(
            out.out_spikes.indices(),
            spikes(&recorded["outputs"]["out_spikes"], t),
            "step {t}"
        );
    }
}

#[test]
fn the_configuration_reads_its_own_file() {
    let config = PoolConfig::from_file(fixture("goldens/models/lif_neuron/model.scfg")).unwrap();
    assert_eq!(config.synapses.kernel, Pool::config().synapses.kernel);
    assert_eq!(config.seed, Pool::config().seed);
}
