//! Models whose graph is known at run time only.

use std::any::Any;

use spark::nn::controllers::{Model, ModelConfig};
use spark::prelude::*;

use serde_json::Value;
use spark_ir::format::file::{self, Limits};
use spark_ir::format::json;

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

/// All model files among the fixtures.
fn models() -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for folder in ["goldens/models", "upstream-models"] {
        for entry in std::fs::read_dir(recorded::fixture(folder)).unwrap() {
            let path = entry.unwrap().path();
            match std::fs::read_dir(&path) {
                Ok(inner) => files.extend(inner.map(|entry| entry.unwrap().path())),
                Err(_) => files.push(path),
            }
        }
    }
    files.retain(|path| path.extension().is_some_and(|ending| ending == "scfg"));
    assert!(files.len() >= 10, "{files:?}");
    files
}

#[test]
fn a_file_of_the_python_package_comes_back_token_for_token() {
    for path in models() {
        let config = ModelConfig::from_file(&path).unwrap_or_else(|error| panic!("{error}"));
        let original = file::read(&path, &Limits::default()).unwrap();
        let written = config.to_json().unwrap();
        let (written, original) = (json::to_text(&written), json::to_text(&original));
        for (line, (written, original)) in written.lines().zip(original.lines()).enumerate() {
            assert_eq!(written, original, "{}, line {}", path.display(), line + 1);
        }
        assert_eq!(written.len(), original.len(), "{}", path.display());
    }
}

#[test]
fn an_input_of_another_name_type_or_shape_is_refused_and_nothing_is_stepped() {
    let json = LIFNeuronConfig {
        units: Shape::from(4),
        ..LIFNeuron::config()
    }
    .to_json()
    .unwrap();
    let config = ModelConfig::from_json(&json).unwrap();
    let mut pool = Model::from_config(&config, &[("in_spikes", Shape::from(8))]).unwrap();
    let before = spark::snapshot(&pool);
    let (spikes, floats) = (
        SpikeArray::from_indices(7, [0]).unwrap(),
        FloatArray::filled(8, 0.0),
    );
    let wrong: [(&str, &dyn Any, &str); 3] = [
        ("in_spike", &spikes, "did you mean `in_spikes`?"),
        ("in_spikes", &floats, "expected: SpikeArray"),
        ("in_spikes", &spikes, "found: [7]"),
    ];
    for (name, value, told) in wrong {
        let problem = pool.step([(name, value)]).unwrap_err().to_string();
        assert!(problem.contains(told), "{problem}");
    }
    let problem = pool.step([]).unwrap_err().to_string();
    assert!(problem.contains("without its input `in_spikes`"), "{problem}");
    assert_eq!(spark::snapshot(&pool), before);
}

network! {
    /// The weights that a rule changes leave the neuron, and a soma stands beside that nobody tells who inhibits.
    neuron Learner(in_spikes: SpikeArray[4], current: CurrentArray[2]) -> (
        weights: FloatArray, spikes: SpikeArray, others: SpikeArray,
    ) {
        units           = [3];
        inhibitory_rate = 0.0;
        seed            = 4;

        synapses = LinearSynapses { kernel: UniformInitializer { scale: 900.0 } };
        soma     = LeakySoma;
        rule     = HebbianRule;
        beside   = LeakySoma;

        in_spikes              -> synapses.spikes, rule.pre_spikes;
        current                -> beside.current;
        synapses.currents      -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> rule.post_spikes, spikes;
        beside.spikes          -> others;
        synapses.kernel()     <-> rule.kernel;
        synapses.kernel()      -> weights;
    }
}

const LEARNER: [(&str, usize); 2] = [("in_spikes", 4), ("current", 2)];

/// The learner's file, in which `beside` has no mask: one of the neuron's units would not fit it.
fn learner() -> Value {
    let mut json = Learner::config().to_json().unwrap();
    json["__cfg__"]["modules_specs"][3]["__data__"]["inputs"]
        .as_object_mut()
        .unwrap()
        .remove("inhibition_mask");
    json
}

fn built(json: &Value) -> Model {
    let shapes = LEARNER.map(|(name, size)| (name, Shape::from(size)));
    let config = ModelConfig::from_json(json).unwrap_or_else(|error| panic!("{error}"));
    Model::from_config(&config, &shapes).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn weights_that_a_rule_updates_may_leave_a_network_from_a_file() {
    let json = learner();
    let rule = &json["__cfg__"]["modules_specs"][2]["__data__"];
    assert_eq!(rule["outputs"], serde_json::json!({"weights": "kernel"}));
    let mut model = built(&json);
    let mut twin = Learner::new().unwrap();
    let spikes = SpikeArray::from_indices(4, 0..4).unwrap();
    let current = CurrentArray::from([900.0, 100.0]);
    for t in 0..30 {
        let given = [
            ("in_spikes", &spikes as &dyn Any),
            ("current", &current as &dyn Any),
        ];
        model.step(given).unwrap();
        let out = twin.step(LearnerInputs {
            in_spikes: &spikes,
            current: &current,
        });
        assert_eq!(Some(&out.weights), model.output("weights"), "step {t}");
        assert_eq!(Some(&out.others), model.output("others"), "step {t}");
    }
    assert_eq!(spark::snapshot(&model), spark::snapshot(&twin));
}

#[test]
fn a_mask_that_a_file_leaves_open_stays_open_in_what_is_written_again() {
    let mut json = learner();
    json["__cfg__"]["inhibitory_rate"] = serde_json::json!(0.5);
    let written = ModelConfig::from_json(&json).unwrap().to_json().unwrap();
    let inputs =
        |json: &Value, node: usize| json["__cfg__"]["modules_specs"][node]["__data__"]["inputs"].clone();
    assert_eq!(inputs(&written, 3), inputs(&json, 3));
    assert!(inputs(&written, 1).get("inhibition_mask").is_some());
}

#[test]
fn a_property_is_no_output_of_a_network_in_a_file() {
    let mut json = learner();
    json["__cfg__"]["modules_specs"][1]["__data__"]["outputs"]["potential"] = "potential".into();
    let error = ModelConfig::from_json(&json).unwrap_err().to_string();
    for part in [
        "SPK021",
        "modules_specs/1/__data__/outputs/potential",
        "that is a property",
    ] {
        assert!(error.contains(part), "{part} is missing in {error}");
    }
}

#[test]
fn what_reads_the_weights_of_a_rule_reads_those_of_the_synapses() {
    let mut json = learner();
    let maps = |node: &str, property: bool| {
        let data = serde_json::json!({"origin": node, "port": "kernel", "is_property": property});
        serde_json::json!([{"__type__": "port_map", "__data__": data}])
    };
    let mut outputs = Vec::new();
    for (origin, property) in [("rule", false), ("synapses", true)] {
        let specs = json["__cfg__"]["modules_specs"].as_array_mut().unwrap();
        specs.truncate(4);
        specs.push(serde_json::json!({"__type__": "module_specs", "__data__": {
            "name": "flat", "module_cls": {"__module_type__": "concat", "__subregistry__": "MODULES"},
            "inputs": {"inputs": maps(origin, property)}, "config": {}, "outputs": {"flat": "output"},
            "effects": {}}}));
        let mut model = built(&json);
        let spikes = SpikeArray::from_indices(4, 0..4).unwrap();
        let current = CurrentArray::from([900.0, 100.0]);
        let given = [
            ("in_spikes", &spikes as &dyn Any),
            ("current", &current as &dyn Any),
        ];
        model.step(given).unwrap();
        outputs.push(model.output::<FloatArray>("flat").unwrap().clone());
    }
    assert_eq!(outputs[0], outputs[1]);
}

/// Names are compared byte by byte, which may end inside of a letter.
#[test]
fn a_port_with_letters_of_any_alphabet_is_told_like_any_other() {
    for name in ["k\u{feff}el", "\u{feff}", "n \u{2192}"] {
        let mut json = learner();
        let inputs = json["__cfg__"]["modules_specs"][1]["__data__"]["inputs"].as_object_mut();
        let inputs = inputs.unwrap();
        let source = inputs.remove("current").unwrap();
        inputs.insert(name.to_owned(), source);
        let error = ModelConfig::from_json(&json).unwrap_err().to_string();
        assert!(error.contains("SPK020"), "{error}");
    }
}

network! {
    /// In the package's mode its units fire in every step, even while it is built.
    neuron Restless(current: CurrentArray[2]) -> (spikes: SpikeArray) {
        units = [2];
        soma  = IzhikevichSoma;
        current                -> soma.current;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> spikes;
    }

    brain Listening(current: CurrentArray[2]) -> (spikes: SpikeArray, later: SpikeArray) {
        compat = SparkSnn1;
        seed   = 6;
        inner    = Restless { inhibitory_rate: 1.0 };
        delays   = N2NDelays { units: [2] };
        synapses = LinearSynapses { units: [2] };
        soma     = LeakySoma;
        current           -> inner.current;
        inner.spikes      -> delays.in_spikes, spikes;
        delays.out_spikes -> synapses.spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> later;
    }
}

#[test]
fn a_loaded_neuron_in_a_brain_begins_as_its_declared_twin() {
    let mut json = Listening::config().to_json().unwrap();
    // Under another name it is not the compiled one.
    json["__cfg__"]["modules_specs"][0]["__data__"]["module_cls"]["__module_type__"] = "other_neuron".into();
    let config = ModelConfig::from_json(&json).unwrap();
    let model = Model::from_config(&config, &[("current", Shape::from(2))]).unwrap();
    assert_eq!(
        spark::snapshot(&model),
        spark::snapshot(&Listening::new().unwrap())
    );
}

/// A soma inside of so many networks.
fn nested(levels: usize) -> Value {
    fn network(levels: usize) -> Value {
        let map = serde_json::json!({"origin": "__call__", "port": "current", "is_property": false});
        let (class, registry, config) = match levels {
            1 => ("leaky_soma".to_owned(), "MODULES", serde_json::json!({})),
            _ => (format!("level_{levels}"), "NEURONS", network(levels - 1)),
        };
        serde_json::json!({"units": [2], "inhibitory_rate": 0.0, "seed": levels, "modules_specs": [
            {"__type__": "module_specs", "__data__": {
                "name": "inner", "module_cls": {"__module_type__": class, "__subregistry__": registry},
                "inputs": {"current": [{"__type__": "port_map", "__data__": map}]},
                "config": config, "outputs": {"spikes": "spikes"}, "effects": {}}}]})
    }
    serde_json::json!({"__type__": "neuron_config", "__cfg__": network(levels)})
}

#[test]
fn networks_stand_inside_of_each_other_four_deep_and_no_deeper() {
    let config = ModelConfig::from_json(&nested(4)).unwrap();
    let shapes = [("current", Shape::from(2))];
    assert!(config.check_shapes(&shapes).unwrap().is_empty());
    assert_eq!(
        config.tree(&shapes).unwrap().root.outputs[0].shape.as_deref(),
        Some(&[2][..])
    );
    let mut model = Model::from_config(&config, &shapes).unwrap();
    let current = CurrentArray::from([900.0, 900.0]);
    model.step([("current", &current as &dyn Any)]).unwrap();
    for levels in [5, 25] {
        let error = ModelConfig::from_json(&nested(levels)).unwrap_err().to_string();
        assert!(
            error.contains("SPK019") && error.contains("at most 4 networks"),
            "{error}"
        );
    }
}
