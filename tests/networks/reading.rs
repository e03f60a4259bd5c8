//! What is read of a model by name, and models that are known to be a brain or a neuron.

use std::any::Any;

use serde_json::{Value, json};
use spark::PortMap;
use spark::nn::controllers::{Brain, BrainConfig, Model, ModelConfig, Neuron, NeuronConfig};
use spark::prelude::*;

network! {
    /// Two populations in a row.
    brain Row(signal: FloatArray[6]) -> (spikes: SpikeArray) {
        seed   = 5;
        spiker = PoissonSpiker { max_freq: 900Hz };
        left   = LIFNeuron { units: [4], soma.threshold: -60mV };
        right  = LIFNeuron { units: [3], soma.threshold: -60mV };
        signal           -> spiker.signal;
        spiker.spikes    -> left.in_spikes;
        left.out_spikes  -> right.in_spikes;
        right.out_spikes -> spikes;
    }
}

/// The same model with `left` as a neuron that no program has compiled.
fn with_loaded_neuron() -> Value {
    let mut json = Row::config().to_json().unwrap();
    json["__cfg__"]["modules_specs"][1]["__data__"]["module_cls"]["__module_type__"] = json!("my_pool");
    json
}

fn model(json: &Value) -> Model {
    let config = ModelConfig::from_json(json).unwrap();
    Model::from_config(&config, &[("signal", Shape::from(6))]).unwrap()
}

fn step(model: &mut Model) {
    let signal = FloatArray::filled(6, 0.9);
    model.step([("signal", &signal as &dyn Any)]).unwrap();
}

#[test]
fn nodes_of_compiled_and_of_loaded_neurons_read_the_same_to_the_bit() {
    let mut compiled = model(&Row::config().to_json().unwrap());
    let mut loaded = model(&with_loaded_neuron());
    let mut moved = 0;
    for _ in 0..60 {
        step(&mut compiled);
        step(&mut loaded);
        let of = |model: &Model| -> (Vec<f32>, Vec<u32>, Vec<f32>) {
            let potential: &PotentialArray = model.read("left.soma.potential").unwrap();
            let spikes: &SpikeArray = model.read("left.soma.spikes").unwrap();
            let kernel: &FloatArray = model.read("left.synapses.kernel").unwrap();
            (
                potential.as_slice().iter().map(|v| *v as f32).collect(),
                spikes.to_flat(),
                kernel.as_slice().iter().map(|v| *v as f32).collect(),
            )
        };
        assert_eq!(of(&compiled), of(&loaded));
        moved += usize::from(of(&compiled).0.iter().any(|potential| *potential != 0.0));
    }
    assert!(moved > 30, "{moved}");
}

#[test]
fn what_a_node_holds_is_what_the_state_says() {
    let mut model = model(&with_loaded_neuron());
    for _ in 0..20 {
        step(&mut model);
    }
    for node in ["left", "right"] {
        let potential: &PotentialArray = model.read(&format!("{node}.soma.potential")).unwrap();
        let state = spark::snapshot(&model);
        let entry = state.get(&format!("{node}/soma/potential")).unwrap();
        assert_eq!(entry.value.shape(), [potential.as_slice().len()]);
        let by_parts: &PotentialArray = model
            .node_property(&format!("{node}.soma"), "potential")
            .and_then(<dyn Any>::downcast_ref)
            .unwrap();
        assert_eq!(potential, by_parts);
    }
    assert!(model.node_output("left.soma", "spikes").is_some());
    assert!(model.node_output("left.soma", "potential").is_none());
    assert!(model.node_property("left.soma.x", "potential").is_none());
}

#[test]
fn every_place_that_is_listed_can_be_read() {
    let model = model(&with_loaded_neuron());
    let places = model.places();
    for place in [
        "spikes",
        "spiker.spikes",
        "left.out_spikes",
        "left.inhibition_mask",
        "right.hebbian.x",
    ] {
        assert_eq!(
            places.iter().any(|known| known == place),
            !place.ends_with(".x"),
            "{place}"
        );
    }
    for place in &places {
        assert!(model.read_any(place).is_ok(), "{place}");
    }
}

#[test]
fn what_there_is_not_is_told_with_what_there_is() {
    let model = model(&with_loaded_neuron());
    let told = |place: &str| model.read_any(place).unwrap_err().to_string();
    assert!(told("left.soma.potentail").contains("did you mean `left.soma.potential`?"));
    assert!(told("left.soma.voltage").contains("left.soma.spikes, left.soma.potential"));
    assert!(told("nothing").contains("spikes, spiker.*, left.*, right.*"));
    for place in [
        "",
        ".",
        "left",
        "left.",
        "left..soma",
        "left.soma()",
        "soma.potential",
        "spikes()",
    ] {
        assert!(model.read_any(place).is_err(), "{place}");
    }
    let other = model
        .read::<FloatArray>("left.soma.potential")
        .unwrap_err()
        .to_string();
    assert!(other.contains("FloatArray"), "{other}");
}

#[test]
fn ports_are_read_as_the_python_package_names_them() {
    let mut model = model(&with_loaded_neuron());
    step(&mut model);
    let ports = [
        PortMap::new("left", "out_spikes"),
        PortMap::property("left.soma", "potential"),
        PortMap::new("spiker", "spikes"),
    ];
    let values = model.read_state(&ports).unwrap();
    let potential: &PotentialArray = values[1].downcast_ref().unwrap();
    assert_eq!(
        potential,
        model.read::<PotentialArray>("left.soma.potential").unwrap()
    );
    assert!(values[0].is::<SpikeArray>() && values[2].is::<SpikeArray>());
    let wrong = [
        PortMap::new("left.soma", "potential"),
        PortMap::property("spiker", "spikes"),
        PortMap::new("__call__", "signal"),
        PortMap::new("left", "out_spikes"),
    ];
    let error = model.read_state(&wrong).unwrap_err();
    assert_eq!(error.problems().len(), 3, "{error}");
}

#[test]
fn a_brain_is_no_neuron_and_a_neuron_no_brain() {
    let folder = tempfile::tempdir().unwrap();
    let (brain, pool) = (folder.path().join("brain.json"), folder.path().join("pool.json"));
    Row::config().to_file(&brain).unwrap();
    let lif = LIFNeuronConfig {
        units: Shape::from(4),
        ..LIFNeuron::config()
    };
    lif.to_file(&pool).unwrap();
    let brain_config = BrainConfig::from_file(&brain).unwrap();
    let pool_config = NeuronConfig::from_file(&pool).unwrap();
    let told = NeuronConfig::from_file(&brain).unwrap_err().to_string();
    for word in [
        "brain.json",
        "/__type__",
        "this is a brain, not a neuron",
        "use `Brain`",
        "brain_config",
    ] {
        assert!(told.contains(word), "{told}");
    }
    let told = BrainConfig::from_file(&pool).unwrap_err().to_string();
    for word in [
        "this is a neuron, not a brain",
        "lif_neuron_config",
        "use `Neuron` in place of `Brain`",
    ] {
        assert!(told.contains(word), "{told}");
    }
    assert!(BrainConfig::try_from(ModelConfig::from(pool_config.clone())).is_err());

    let mut made = Brain::from_config(&brain_config, &[("signal", Shape::from(6))]).unwrap();
    step(&mut made);
    let neuron = Neuron::from_config(&pool_config, &[("in_spikes", Shape::from(8))]).unwrap();
    let (of_brain, of_pool) = (folder.path().join("brain.st"), folder.path().join("pool.st"));
    made.save(&of_brain).unwrap();
    neuron.save(&of_pool).unwrap();
    assert_eq!(
        spark::snapshot(&*Brain::load(&of_brain).unwrap()),
        spark::snapshot(&*made)
    );
    assert!(Neuron::load(&of_pool).is_ok());
    let told = Neuron::load(&of_brain).unwrap_err();
    assert_eq!((told.problems()[0].code, told.path()), ("SPK106", &*of_brain));
    assert!(Brain::try_from(Model::from(neuron)).is_err());
}

#[test]
fn new_seeds_come_from_the_system_or_are_those_of_a_seed() {
    let config = BrainConfig::from_json(&Row::config().to_json().unwrap()).unwrap();
    let drawn = |seed: Option<u32>| {
        let mut config = config.clone();
        let seed = config.refresh_seeds(seed).unwrap();
        (seed, config.to_json().unwrap())
    };
    // The same walk as `with_new_seeds`, which recordings of the package check.
    assert_eq!(
        drawn(Some(7)),
        (7, config.clone().with_new_seeds(7).to_json().unwrap())
    );
    let (first, second, third) = (drawn(None), drawn(None), drawn(None));
    assert!(
        first.1 != second.1 || second.1 != third.1,
        "three times the same of 2^32 seeds"
    );
    assert_eq!(drawn(Some(first.0)), first);
}

#[test]
fn a_model_with_new_seeds_is_built_anew() {
    let config = ModelConfig::from_json(&Row::config().to_json().unwrap()).unwrap();
    let shapes = [("signal", Shape::from(6))];
    let mut model = Model::from_config(&config, &shapes).unwrap();
    let before = spark::snapshot(&model);
    step(&mut model);
    assert_eq!(model.refresh_seeds(Some(9)).unwrap(), 9);
    let fresh = Model::from_config(&config.clone().with_new_seeds(9), &shapes).unwrap();
    assert_eq!(spark::snapshot(&model), spark::snapshot(&fresh));
    assert!(spark::snapshot(&model) != before);
}

#[test]
fn inputs_and_outputs_have_the_names_of_the_file() {
    let model = model(&with_loaded_neuron());
    assert_eq!(model.get_controller_inputs(), ["signal"]);
    assert_eq!(model.get_controller_outputs(), ["spikes"]);
}
