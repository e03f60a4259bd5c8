//! Brains and neurons whose graph is known at run time only: models from files.
//!
//! They run the same modules as networks declared with `network!`, built from the same keys in the same order and
//! stepped in the same order, so that a declared network and its file give the same bits. What a declared network checks
//! while compiling is checked when the file is read, in the same words and with the same codes.
//!
//! | what the Python package calls | here |
//! |---|---|
//! | `Brain`, `BrainConfig` | [`Brain`], [`BrainConfig`]; [`Model`] and [`ModelConfig`] where it may be either |
//! | `Neuron`, `NeuronConfig` | [`Neuron`], [`NeuronConfig`]; the same |
//! | `BrainConfig.from_file(path)`, `config.to_file(path)` | [`BrainConfig::from_file`], [`ModelConfig::to_file`] |
//! | `Brain(config)`, and its first call | [`Brain::from_config`], with the shapes of the inputs |
//! | `brain(signal=signal)` | [`Model::step`], [`Model::output`] |
//! | `brain.read_state(ports)` | [`Model::read_state`]; [`Model::read`] for one place, in nodes of nodes too |
//! | `brain.refresh_seeds()`, `config.with_new_seeds(seed)` | [`ModelConfig::refresh_seeds`], [`ModelConfig::with_new_seeds`] |
//! | `brain.get_controller_inputs()`, `.._outputs()` | [`Model::get_controller_inputs`], [`Model::get_controller_outputs`] |
//! | `brain.reset()` | [`Model::reset`] |
//! | `register_neuron_from_file(name, path)` | [`register_neuron_from_file`] |

mod config;
mod kinds;
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
pub use kinds::{Brain, BrainConfig, Neuron, NeuronConfig};
pub use latency::{Cut, Path};
pub use model::Model;
pub use neurons::{Neurons, register_neuron_from_config, register_neuron_from_file};
pub use tree::{Tree, TreeNode, TreePort};
