//! Networks as files of the Python package.

use serde_json::Value;
use spark::nn::neurons::{ALIFNeuronConfig, AdExNeuronConfig, LIFNeuron, LIFNeuronConfig};

use crate::brains::{PushPull, PushPullConfig};
use crate::recorded::fixture;

fn json(path: &str) -> Value {
    let bytes = std::fs::read(fixture(path)).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[test]
fn a_file_of_the_python_package_comes_back_with_every_number() {
    let config = LIFNeuronConfig::from_file(fixture("goldens/models/lif_neuron/model.scfg")).unwrap();
    let written = config.to_json().unwrap();
    let original = json("goldens/models/lif_neuron/model.json");
    assert_eq!(written["__type__"], original["__type__"]);
    assert_eq!(
        serde_json::to_string(&written["__cfg__"]["modules_specs"]).unwrap(),
        serde_json::to_string(&original["__cfg__"]["modules_specs"]).unwrap()
    );
    assert_eq!(written["__cfg__"]["seed"], original["__cfg__"]["seed"]);
}

#[test]
fn files_of_adaptive_neurons_come_back_with_every_number() {
    let written = [
        (
            "alif_neuron",
            ALIFNeuronConfig::from_file(fixture("goldens/models/alif_neuron/model.scfg"))
                .unwrap()
                .to_json(),
        ),
        (
            "adex_neuron",
            AdExNeuronConfig::from_file(fixture("goldens/models/adex_neuron/model.scfg"))
                .unwrap()
                .to_json(),
        ),
    ];
    for (name, written) in written {
        let (written, original) = (
            written.unwrap(),
            json(&format!("goldens/models/{name}/model.json")),
        );
        assert_eq!(written["__type__"], original["__type__"]);
        assert_eq!(
            serde_json::to_string(&written["__cfg__"]["modules_specs"]).unwrap(),
            serde_json::to_string(&original["__cfg__"]["modules_specs"]).unwrap()
        );
    }
}

#[test]
fn a_network_survives_both_file_types() {
    let folder = std::env::temp_dir().join(format!("spark-files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let config = PushPull::config().with_new_seeds(11);
    for name in ["brain.scfg", "brain.json"] {
        let path = folder.join(name);
        config.to_file(&path).unwrap();
        let back = PushPullConfig::from_file(&path).unwrap();
        assert_eq!(back.to_json().unwrap(), config.to_json().unwrap(), "{name}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_file_of_another_network_is_refused_with_all_reasons() {
    let error = LIFNeuronConfig::from_file(fixture("goldens/models/alif_neuron/model.scfg"))
        .unwrap_err()
        .to_string();
    for word in [
        "module_cls",
        "traced_synapses",
        "linear_synapses",
        "adaptive_leaky_soma",
    ] {
        assert!(error.contains(word), "`{word}` is missing in: {error}");
    }
}

#[test]
fn exported_seeds_are_written_out_and_repeat_the_run() {
    let json = LIFNeuron::config().to_json();
    let error = json.unwrap_err().to_string();
    assert!(
        error.contains("units"),
        "a neuron without units cannot be exported: {error}"
    );
    let mut config = LIFNeuron::config();
    config.units = [5].into();
    let json = config.to_json().unwrap();
    let seeds: Vec<&Value> = json["__cfg__"]["modules_specs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|module| &module["__data__"]["config"]["seed"])
        .collect();
    assert!(seeds.iter().all(|seed| seed.is_u64()), "{seeds:?}");
}

#[test]
fn new_seeds_are_those_of_the_python_package() {
    let recorded = json("goldens/seeds/ab_brain_with_new_seeds.json");
    for seed in [1u32, 2] {
        let config = PushPull::config().with_new_seeds(seed);
        let expected = &recorded[seed.to_string()];
        let found = [
            ("__self__", config.seed),
            ("A_excitatory", config.A_excitatory.seed),
            ("A_excitatory/delays", config.A_excitatory.delays.seed),
            ("A_excitatory/plasticity", config.A_excitatory.plasticity.seed),
            ("A_excitatory/soma", config.A_excitatory.soma.seed),
            ("B_inhibitory/synapses", config.B_inhibitory.synapses.seed),
            ("spiker", config.spiker.seed),
            ("integrator", config.integrator.seed),
        ];
        for (path, value) in found {
            assert_eq!(value, expected[path].as_u64(), "{path} with seed {seed}");
        }
    }
}

#[test]
fn an_export_names_the_points_in_which_the_package_differs() {
    let mut config = PushPull::config();
    let rows = config.differences_from_python();
    let table = std::fs::read_to_string(fixture("../../docs/fidelity.md")).unwrap();
    for row in &rows {
        assert!(
            table.contains(&format!("| {row} |")),
            "`{row}` is no row of docs/fidelity.md"
        );
    }
    assert!(
        rows.contains(&"A delay equal to the longest one") && rows.contains(&"`reset()` of a brain"),
        "{rows:?}"
    );
    config.compat = Some(spark::Compat::SparkSnn1);
    assert!(config.differences_from_python().is_empty());
}
