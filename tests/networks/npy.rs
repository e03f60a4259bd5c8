//! Arrays from NumPy files as values of fields.

use spark::ArrayD;
use spark::prelude::*;

network! {
    neuron Weighted(in_spikes: SpikeArray[3]) -> (currents: CurrentArray[2]) {
        units    = [2];
        synapses = LinearSynapses { kernel: npy!("../fixtures/npy/kernel.npy") };

        in_spikes         -> synapses.spikes;
        synapses.currents -> currents;
    }

    neuron Misfit(in_spikes: SpikeArray[4]) -> (currents: CurrentArray[2]) {
        units    = [2];
        synapses = LinearSynapses { kernel: npy!("../fixtures/npy/kernel.npy") };

        in_spikes         -> synapses.spikes;
        synapses.currents -> currents;
    }
}

const KERNEL: [f64; 6] = [1.5, -2.0, 300.0, 0.25, 40.0, 50_000.0];

#[test]
fn a_kernel_from_a_file_weighs_the_spikes() {
    let mut neuron = Weighted::new().unwrap();
    for (spiking, currents) in [(vec![0], [1.5, 0.25]), (vec![1, 2], [298.0, 50_040.0])] {
        let spikes = SpikeArray::from_indices([3], spiking).unwrap();
        let out = neuron.step(WeightedInputs { in_spikes: &spikes });
        assert_eq!(out.currents.as_slice(), currents);
    }
}

#[test]
fn the_shape_of_the_file_is_checked_as_that_of_any_array() {
    let error = Misfit::new().map(drop).unwrap_err().to_string();
    assert!(error.contains("synapses.kernel"), "{error}");
    assert!(
        error.contains("shape [2, 4]") && error.contains("shape [2, 3]"),
        "{error}"
    );
}

#[test]
fn the_configuration_holds_the_array_and_its_files_bring_it_back() {
    let config = Weighted::config();
    let Init::Array(kernel) = &config.synapses.kernel else {
        panic!("an array, not {:?}", config.synapses.kernel);
    };
    assert_eq!(kernel.shape(), &Shape::from([2, 3]));
    assert_eq!(kernel.dtype(), Dtype::Float32);
    assert_eq!(kernel.data(), KERNEL);
    let read = WeightedConfig::from_json(&config.to_json().unwrap()).unwrap();
    assert_eq!(read.synapses.kernel, config.synapses.kernel);
}

#[test]
fn outside_of_networks_it_is_a_value_too() {
    let groups = npy!("../fixtures/npy/groups.npy");
    assert_eq!(
        groups,
        ArrayValue::new(Dtype::Int64, [4], vec![0.0, 1.0, 1.0, 0.0]).unwrap()
    );
    let readout = ExponentialIntegratorConfig {
        output_map: groups.clone().into_field(),
        ..Default::default()
    };
    assert_eq!(readout.output_map, Some(groups));
    let path = spark::npy!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/npy/kernel.npy"));
    let array: ArrayD<Real> = path.to_array(path.dtype()).unwrap();
    assert_eq!(array.shape(), [2, 3]);
}
