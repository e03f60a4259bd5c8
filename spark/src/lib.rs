//! Spiking neural networks declared as Rust source and checked by the compiler.
//!
//! | room | what it holds |
//! |---|---|
//! | [`codegen`] | model files as Rust source |
//! | [`core`](mod@core) | modules, configs, payloads, state, random numbers |
//! | [`nn`] | the models: somas, synapses, delays, plasticity, interfaces |
//! | [`batch`] | one graph over many states |
//! | [`checkpoint`] | configuration and state in one file, from which a run goes on |
//! | [`watch`] | warnings of numbers that are none and of units that fire too fast |
//! | [`units`] | quantities with a unit |
//! | [`prelude`] | what most programs use |

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

// Generated code names `::spark` paths, inside this crate too.
extern crate self as spark;

pub mod batch;
pub mod checkpoint;
pub mod codegen;
pub mod core;
#[cfg(doctest)]
mod guides;
mod kernels;
pub mod nn;
pub mod parallel;
#[cfg(feature = "parity")]
pub mod parity;
pub mod prelude;
#[doc(hidden)]
pub mod rt;
pub mod watch;

pub use crate::core::units;

pub use crate::core::array::{ArrayD, Real};
pub use crate::core::compat::Compat;
pub use crate::core::constant::Constant;
pub use crate::core::dtype::Dtype;
pub use crate::core::error::{ArrayError, BuildError, MergeError, Problem};
pub use crate::core::payload::{
    BooleanMask, Concat, CurrentArray, FloatArray, IntegerArray, IntegerMask, Mask, PotentialArray, Shape,
    SparkPayload, SpikeArray, SpikeForm,
};
pub use crate::core::registry::REGISTRY;
pub use crate::core::rng::Key;
pub use crate::core::specs::{InputSpec, ModuleRef, ModuleSpecs, OutputSpec, PortMap, PortShape, PortSpecs};
pub use crate::core::split::{Filter, Graph, IntoStates, SplitError, merge, split, split_with};
pub use crate::core::state::{State, StateArray, StateEntry, StateMap, Stateful, restore, snapshot};
pub use crate::core::variable::{Variable, VariableKind};

/// A neuron or a brain: its ports, nodes, parameters and wires, checked while compiling.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     /// Three units that fire while a current drives them.
///     pub brain Driven(current: CurrentArray[3]) -> (spikes: SpikeArray[3]) {
///         dt = 0.5ms;
///         soma = LeakySoma { threshold: -45mV };
///         current     -> soma.current;
///         soma.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut brain = Driven::new()?;
/// let current = CurrentArray::from([0.0, 500.0, 1000.0]);
/// let mut fired = [0; 3];
/// for _ in 0..100 {
///     let out = brain.step(DrivenInputs { current: &current });
///     out.spikes.indices().iter().for_each(|unit| fired[*unit as usize] += 1);
/// }
/// assert!(fired[0] == 0 && 0 < fired[1] && fired[1] < fired[2]);
/// # Ok(())
/// # }
/// ```
///
/// The guide to everything that it takes is `docs/grammar.md`.
pub use spark_macros::network;

/// The neuron or brain of a model file: what `network!` makes of the source that `spark codegen` prints for it.
///
/// ```
/// use spark::prelude::*;
///
/// // A file of the Python package. Files do not say the shapes of inputs: the head does, as far as they are known.
/// include_network!("../../tests/fixtures/goldens/models/brain_feedforward/model.scfg" as pub Feedforward(signal: FloatArray[12]));
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut brain = Feedforward::new()?;
/// let signal = FloatArray::zeros(&Shape::from(12));
/// let out = brain.run(10, |_| FeedforwardInputs { signal: &signal });
/// assert_eq!(out.action.shape(), &Shape::from(3));
/// # Ok(())
/// # }
/// ```
///
/// The path is relative to the folder of the source file, as for [`include_bytes!`]; cargo compiles anew when the file
/// changes. `docs/grammar.md` has the rest. Needs the feature `include`, which is on by default.
#[cfg(feature = "include")]
pub use spark_macros::include_network;

/// A module of your own, from an `impl` block with `build` and `step`.
///
/// ```
/// use spark::prelude::*;
///
/// /// Configuration of [`Gain`].
/// #[register_config]
/// pub struct GainConfig {
///     /// Factor.
///     #[field(default = 2.0)]
///     pub factor: f64,
/// }
///
/// /// Multiplies a signal.
/// #[derive(Stateful)]
/// pub struct Gain {
///     factor: Real,
/// }
///
/// #[register_module(config = GainConfig, path = "Interfaces/Input")]
/// impl Gain {
///     fn build(config: &GainConfig, _ports: &Ports<Self>, _keys: &mut Keys) -> Result<Self, BuildError> {
///         Ok(Gain { factor: config.factor as Real })
///     }
///
///     fn step(&mut self, signal: In<FloatArray>, scaled: Out<FloatArray>) {
///         for (scaled, value) in scaled.as_mut_slice().iter_mut().zip(signal.as_slice()) {
///             *scaled = self.factor * value;
///         }
///     }
/// }
///
/// network! {
///     brain Louder(signal: FloatArray[2]) -> (scaled: FloatArray[2]) {
///         gain = Gain { factor: 3.0 };
///         signal      -> gain.signal;
///         gain.scaled -> scaled;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut louder = Louder::new()?;
/// let signal = FloatArray::from([1.0, -2.0]);
/// assert_eq!(louder.step(LouderInputs { signal: &signal }).scaled.as_slice(), [3.0, -6.0]);
/// # Ok(())
/// # }
/// ```
pub use spark_macros::register_module;

/// The configuration of a module of your own, from a struct.
///
/// ```
/// use spark::prelude::*;
///
/// /// Configuration of a filter.
/// #[register_config]
/// pub struct LowPassConfig {
///     /// Time constant.
///     #[field(default = 50ms, validate(PositiveValidator))]
///     pub tau: Ms,
///     /// Number of channels.
///     #[field(required)]
///     pub channels: usize,
/// }
///
/// # fn main() {
/// assert_eq!(LowPassConfig::default().tau, Ms(50.0));
/// let config = LowPassConfig { channels: 3, ..Default::default() };
/// assert_eq!(config.to_fields()["channels"], 3);
/// # }
/// ```
pub use spark_macros::register_config;

/// A payload of your own, from a struct.
///
/// ```
/// use spark::prelude::*;
///
/// /// Torques at the joints of a robot, in newton metres.
/// #[register_payload]
/// #[derive(Clone, Debug)]
/// pub struct TorqueArray {
///     array: ArrayD<Real>,
/// }
///
/// # fn main() {
/// assert_eq!(TorqueArray::zeros(&Shape::from([6])).shape(), &Shape::from([6]));
/// let torques = TorqueArray::from(ArrayD::from_elem(vec![2], 1.5));
/// assert_eq!(torques.array[0], 1.5);
/// # }
/// ```
pub use spark_macros::register_payload;

/// An initializer of your own: the trait [`Initializer`](crate::core::initializer::Initializer) has an example.
pub use spark_macros::register_initializer;

/// A validator of your own: the trait [`ConfigValidator`](crate::core::validator::ConfigValidator) has an example.
pub use spark_macros::register_cfg_validator;
