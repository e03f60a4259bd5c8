//! Brains and neurons whose graph is known at run time only: models from files.
//!
//! They run the same modules as networks declared with `network!`, built from the same keys in the same order and
//! stepped in the same order, so that a declared network and its file give the same bits. What a declared network checks
//! while compiling is checked when the file is read, in the same words and with the same codes.

mod config;
mod latency;
mod levels;
mod load;
mod model;
mod network;
mod neurons;
mod places;
mod read;
mod tree;

pub use config::ModelConfig;
pub use latency::{Cut, Path};
pub use model::Model;
pub use neurons::{Neurons, register_neuron_from_config, register_neuron_from_file};
pub use tree::{Tree, TreeNode, TreePort};
