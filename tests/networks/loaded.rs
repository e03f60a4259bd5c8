//! Models whose graph is known at run time only.

use std::any::Any;

use spark::nn::controllers::{Model, ModelConfig};
use spark::prelude::*;

use crate::recorded;

#[test]
fn a_loaded_network_is_its_declared_twin_to_the_bit() {
    let config = ALIFNeuronConfig {
        units: Shape::from([3, 2]),
        seed: Some(7),
        ..ALIFNeuron::config()
    };
    for compat in [Compat::Standard, Compat::SparkSnn1] {
        let config = ALIFNeuronConfig {
            compat: Some(compat),
            ..config.clone()
        };
        let loaded = ModelConfig::from_json(&config.to_json().unwrap()).unwrap();
        let run = recorded::run("goldens/models/alif_neuron/run.json.gz");
        let input = &run["inputs"]["in_spikes"];
        let in_spikes = recorded::shape(input);
        let mut model = Model::from_config(&loaded, &[("in_spikes", in_spikes.clone())]).unwrap();
        let mut twin = ALIFNeuron::build(config, ALIFNeuronShapes { in_spikes }).unwrap();
        assert_eq!(model.spark_state(), twin.spark_state());
        for t in 0..recorded::steps(&run) {
            let spikes = recorded::spike_array(input, t);
            model.step([("in_spikes", &spikes as &dyn Any)]).unwrap();
            let out = twin.step(ALIFNeuronInputs { in_spikes: &spikes });
            let found: &SpikeArray = model.output("out_spikes").unwrap();
            assert_eq!(found, &out.out_spikes, "step {t}");
        }
        assert_eq!(spark::snapshot(&model), spark::snapshot(&twin));
    }
}
