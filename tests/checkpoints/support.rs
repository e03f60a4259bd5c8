//! Checkpoints by hand: an independent writer of the format, as `docs/checkpoints.md` describes it.

use std::path::Path;

use serde_json::{Map, Value};
use spark::checkpoint::Checkpoint;
use spark::prelude::*;

/// A small population in the middle of a run.
pub fn pool() -> LIFNeuron {
    let config = LIFNeuronConfig {
        units: Shape::from(3),
        inhibitory_rate: 0.34,
        ..LIFNeuron::config()
    };
    let mut pool = LIFNeuron::build(
        config,
        LIFNeuronShapes {
            in_spikes: Shape::from(5),
        },
    )
    .unwrap();
    let volley = SpikeArray::from_indices(5, 0..5).unwrap();
    pool.run(20, |_| LIFNeuronInputs { in_spikes: &volley });
    pool
}

/// The bytes of its file.
pub fn bytes() -> Vec<u8> {
    Checkpoint::of(&pool()).to_bytes().unwrap()
}

/// The codes of the problems that these bytes have as a checkpoint of the population.
pub fn codes(bytes: &[u8]) -> Vec<&'static str> {
    let loaded = Checkpoint::from_bytes(bytes, Path::new("x.safetensors"));
    match loaded.and_then(Checkpoint::build::<LIFNeuron>) {
        Ok(_) => Vec::new(),
        Err(error) => error.problems().iter().map(|problem| problem.code).collect(),
    }
}

/// A file taken apart.
pub struct File {
    /// Name and description of each tensor.
    pub tensors: Map<String, Value>,
    pub metadata: Map<String, Value>,
    pub data: Vec<u8>,
}

impl File {
    pub fn of(bytes: &[u8]) -> Self {
        let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        let mut tensors: Map<String, Value> = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
        let metadata = tensors.shift_remove("__metadata__").unwrap();
        File {
            tensors,
            metadata: metadata.as_object().unwrap().clone(),
            data: bytes[8 + length..].to_vec(),
        }
    }

    /// Says something else in the metadata.
    pub fn say(&mut self, key: &str, value: &str) {
        self.metadata.insert(key.to_owned(), value.into());
    }

    /// An entry of the metadata that is JSON.
    pub fn json(&self, key: &str) -> Value {
        serde_json::from_str(self.metadata[key].as_str().unwrap()).unwrap()
    }

    /// The bytes of a tensor.
    pub fn bytes_of(&mut self, name: &str) -> &mut [u8] {
        let offsets = &self.tensors[name]["data_offsets"];
        let at = |i: usize| offsets[i].as_u64().unwrap() as usize;
        let range = at(0)..at(1);
        &mut self.data[range]
    }

    pub fn checksum(&self) -> String {
        let mut crc = flate2::Crc::new();
        let mut names: Vec<&String> = self.tensors.keys().collect();
        names.sort();
        for name in names {
            let tensor = &self.tensors[name];
            let sizes = tensor["shape"].as_array().unwrap().iter();
            let sizes: Vec<String> = sizes.map(Value::to_string).collect();
            let dtype = tensor["dtype"].as_str().unwrap();
            crc.update(format!("{name}\0{dtype}\0[{}]\0", sizes.join(", ")).as_bytes());
            let at = |i: usize| tensor["data_offsets"][i].as_u64().unwrap() as usize;
            crc.update(&self.data[at(0)..at(1)]);
        }
        let mut entries: Vec<(&String, &str)> = self
            .metadata
            .iter()
            .map(|(key, value)| (key, value.as_str().unwrap()))
            .collect();
        entries.sort();
        for (key, value) in entries {
            if key != "spark.crc32" {
                crc.update(format!("{key}\0{value}\0").as_bytes());
            }
        }
        format!("{:08x}", crc.sum())
    }

    /// With the checksum that belongs to what was changed.
    pub fn sealed(mut self) -> Vec<u8> {
        let checksum = self.checksum();
        self.say("spark.crc32", &checksum);
        self.bytes()
    }

    pub fn bytes(self) -> Vec<u8> {
        let mut header = Map::new();
        header.insert("__metadata__".to_owned(), Value::Object(self.metadata));
        header.extend(self.tensors);
        let mut header = Value::Object(header).to_string();
        header.push_str(&" ".repeat(header.len().next_multiple_of(8) - header.len()));
        framed(&header, &self.data)
    }
}

/// A file of this header and these bytes behind it.
pub fn framed(header: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(header.as_bytes());
    bytes.extend_from_slice(data);
    bytes
}
