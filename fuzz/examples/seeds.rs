//! Writes `fuzz/seeds`: models of the repository as short text, checkpoints of them, and damaged ones.

#[path = "../../tests/random/dice.rs"]
mod dice;
#[path = "../../tests/random/network.rs"]
#[allow(dead_code, reason = "the outputs are for tests")]
mod network;

use std::error::Error;
use std::path::Path;

use spark::checkpoint::Checkpoint;
use spark::nn::controllers::{Model, ModelConfig};
use spark_ir::format::file::{self, Limits};

/// Models, and the shape of each input.
const MODELS: [(&str, &[(&str, usize)]); 5] = [
    ("lif_neuron/model.json", &[("in_spikes", 3)]),
    ("alif_neuron/model.json", &[("in_spikes", 3)]),
    ("adex_neuron/model.json", &[("in_spikes", 3)]),
    ("brain_feedforward/model.json", &[("signal", 4)]),
    ("brain_recurrent/model.json", &[("signal", 4), ("reward", 1)]),
];

fn main() -> Result<(), Box<dyn Error>> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR"));
    let write = |target: &str, name: &str, bytes: &[u8]| {
        let folder = fuzz.join("seeds").join(target);
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(name), bytes)
    };
    for (file, inputs) in MODELS {
        let path = fuzz.join("../tests/fixtures/goldens/models").join(file);
        let json = file::read(&path, &Limits::default())?;
        let name = file.split('/').next().unwrap_or(file);
        let text = json.to_string();
        write("model", &format!("{name}.json"), text.as_bytes())?;
        let shapes: Vec<_> = inputs
            .iter()
            .map(|(name, size)| (*name, (*size).into()))
            .collect();
        let mut model = Model::from_config(&ModelConfig::from_json(&json)?, &shapes)?;
        spark_fuzz::step(&mut model, &shapes);
        let bytes = Checkpoint::of(&model).to_bytes()?;
        // Fuzzers make little of large files.
        if bytes.len() < 32_000 {
            write("checkpoint", &format!("{name}.safetensors"), &bytes)?;
        }
        if name == "lif_neuron" {
            let packed = file::deflate(text.as_bytes())?;
            write("scfg", "lif_neuron.scfg", &packed)?;
            write("scfg", "cut.scfg", &packed[..packed.len() / 2])?;
            write("scfg", "twice.scfg", &[&packed[..], &packed[..]].concat())?;
            write("scfg", "plain.json", text.as_bytes())?;
            write("checkpoint", "cut.safetensors", &bytes[..bytes.len() / 2])?;
            write("checkpoint", "header.safetensors", &bytes[..8])?;
            write("model", "cut.json", &text.as_bytes()[..text.len() / 2])?;
        }
    }
    // The shortest of some random networks: small inputs are read often.
    let words = spark::codegen::vocabulary();
    let mut random: Vec<_> = (0..400).map(|seed| network::network(seed, &words)).collect();
    random.sort_by_key(|network| network.json.to_string().len());
    for (i, network) in random.iter().take(24).enumerate() {
        write(
            "model",
            &format!("random_{i:02}.json"),
            network.json.to_string().as_bytes(),
        )?;
        let inputs = network.inputs.iter();
        let shapes: Vec<_> = inputs
            .map(|input| (input.name.as_str(), input.shape.clone().into()))
            .collect();
        let mut model = Model::from_config(&ModelConfig::from_json(&network.json)?, &shapes)?;
        spark_fuzz::step(&mut model, &shapes);
        let bytes = Checkpoint::of(&model).to_bytes()?;
        if i < 6 {
            write("checkpoint", &format!("random_{i:02}.safetensors"), &bytes)?;
        }
    }
    for file in ["broken.json", "mistakes.json"] {
        let text = std::fs::read(fuzz.join("../spark/tests/cli").join(file))?;
        write("model", file, &text)?;
    }
    write(
        "npy",
        "version2.npy",
        b"\x93NUMPY\x02\x00\x34\x00\x00\x00{'descr': '<f8', 'fortran_order': False, 'shape': ()}12345678",
    )?;
    write(
        "npy",
        "fortran.npy",
        b"\x93NUMPY\x01\x00\x33\x00{'descr': '|u1', 'fortran_order': True, 'shape': ()}1",
    )?;
    write(
        "npy",
        "records.npy",
        b"\x93NUMPY\x01\x00\x43\x00{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1L, 2)}1234",
    )?;
    write("npy", "archive.npz", b"PK\x03\x04")?;
    Ok(())
}
