//! What most programs use: `use spark::prelude::*;`.

pub use crate::batch::Batch;
pub use crate::core::array::{ArrayD, Real};
pub use crate::core::compat::Compat;
pub use crate::core::config::SparkConfig;
pub use crate::core::constant::Constant;
pub use crate::core::convert::IntoField;
pub use crate::core::dtype::Dtype;
pub use crate::core::error::{BuildError, MergeError, Problem};
pub use crate::core::field::{FieldView, Units};
pub use crate::core::init::{ArrayValue, Init};
pub use crate::core::initializer::{AnyInitializer, Cast, Initializer};
pub use crate::core::module::{In, InOut, Keys, Many, Module, Out, Ports};
pub use crate::core::overrides::ConfigExt;
pub use crate::core::payload::{
    BooleanMask, CurrentArray, FloatArray, IntegerArray, IntegerMask, Mask, PotentialArray, Shape,
    SparkPayload, SpikeArray, SpikeForm,
};
pub use crate::core::rng::Key;
pub use crate::core::split::{Filter, merge, split, split_with};
pub use crate::core::state::{State, StateMap, Stateful};
pub use crate::core::units::{GOhm, Hz, Ms, Mv, NSiemens, PAmp, PFarad, Quantity};
pub use crate::core::validator::ConfigValidator;
pub use crate::core::variable::{Variable, VariableKind};

pub use crate::nn::delays::*;
pub use crate::nn::initializers::*;
pub use crate::nn::interfaces::control::*;
pub use crate::nn::interfaces::input::*;
pub use crate::nn::interfaces::output::*;
pub use crate::nn::neurons::*;
pub use crate::nn::plasticity::*;
pub use crate::nn::somas::*;
pub use crate::nn::synapses::*;
pub use crate::nn::validators::*;

#[cfg(feature = "include")]
pub use crate::include_network;
pub use crate::npy;
pub use spark_macros::{
    network, register_cfg_validator, register_config, register_initializer, register_module, register_payload,
};
