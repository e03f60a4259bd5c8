//! What is computed where the Python package and the model it describes disagree.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The mode of computation of a network, inherited by everything in it.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     /// Computes what `spark-snn` 1.0.0 computes.
///     pub brain LikeThePackage(current: CurrentArray[2]) -> (spikes: SpikeArray[2]) {
///         compat = SparkSnn1;
///         soma = RefractoryLeakySoma;
///         current     -> soma.current;
///         soma.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// LikeThePackage::new()?;
/// assert_eq!("SparkSnn1".parse(), Ok(Compat::SparkSnn1));
/// assert_eq!(Compat::default(), Compat::Standard);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Compat {
    /// What the model means.
    #[default]
    Standard,
    /// What `spark-snn` 1.0.0 computes, its mistakes included: the same spikes from the same seed.
    SparkSnn1,
}

impl Compat {
    /// The name that the DSL and files use.
    pub const fn name(self) -> &'static str {
        match self {
            Compat::Standard => "Standard",
            Compat::SparkSnn1 => "SparkSnn1",
        }
    }

    /// Whether to do as `spark-snn` 1.0.0 does.
    pub const fn is_spark_snn_1(self) -> bool {
        matches!(self, Compat::SparkSnn1)
    }
}

impl fmt::Display for Compat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No mode has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a mode of computation; there are Standard and SparkSnn1")]
pub struct UnknownCompat(pub String);

impl FromStr for Compat {
    type Err = UnknownCompat;
    fn from_str(name: &str) -> Result<Self, UnknownCompat> {
        [Compat::Standard, Compat::SparkSnn1]
            .into_iter()
            .find(|mode| mode.name() == name)
            .ok_or_else(|| UnknownCompat(name.to_owned()))
    }
}

/// Whether `spark-snn` 1.0.0 has a module, neuron, payload, initializer or validator of this key: its files and its
/// editor know no others.
pub fn in_python(key: &str) -> bool {
    let key = key.strip_suffix("_config").unwrap_or(key);
    PYTHON_KEYS.binary_search(&key).is_ok()
}

const PYTHON_KEYS: &[&str] = &[
    "ad_ex_neuron",
    "adaptive_exponential_soma",
    "adaptive_leaky_soma",
    "alif_neuron",
    "binary_validator",
    "boolean_mask",
    "concat",
    "concat_reshape",
    "constant_initializer",
    "current_array",
    "exponential_integrator",
    "exponential_soma",
    "float_array",
    "hebbian_rule",
    "integer_array",
    "integer_mask",
    "izhikevich_soma",
    "leaky_soma",
    "lif_neuron",
    "linear_spiker",
    "linear_synapses",
    "n2n_delays",
    "n_delays",
    "normalized_sparse_uniform_initializer",
    "oja_rule",
    "poisson_spiker",
    "positive_validator",
    "potential_array",
    "quadruplet_rule",
    "quadruplet_rule_tensor",
    "rd_traced_synapses",
    "refractory_exponential_soma",
    "refractory_leaky_soma",
    "rfs_traced_synapses",
    "sampler",
    "simplified_adaptive_exponential_soma",
    "sparse_uniform_initializer",
    "spike_array",
    "strict_refractory_leaky_soma",
    "three_factor_hebbian_rule",
    "topological_linear_spiker",
    "topological_poisson_spiker",
    "traced_synapses",
    "type_validator",
    "uniform_initializer",
    "zenke_rule",
    "zero_one_validator",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for mode in [Compat::Standard, Compat::SparkSnn1] {
            assert_eq!(mode.name().parse(), Ok(mode));
        }
        assert!("Spark2".parse::<Compat>().is_err());
    }

    #[test]
    fn the_keys_of_the_python_package_are_found() {
        assert!(PYTHON_KEYS.is_sorted() && PYTHON_KEYS.iter().all(|key| in_python(key)));
        assert!(in_python("uniform_initializer_config") && !in_python("pair_stdp_rule"));
    }
}
