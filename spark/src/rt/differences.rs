//! Where the Python package computes something else than a network: rows of `docs/fidelity.md`.

use serde_json::Value;
use spark_ir::table::{GraphTable, ModuleKind, ModuleTable};

use super::controller::ControllerConfig;
use crate::core::compat::in_python;
use crate::core::registry::REGISTRY;

/// Whom a row concerns.
enum Concerns {
    /// Modules of these classes, by the name of the class in files.
    Classes(&'static [&'static str]),
    /// Modules that the package does not have.
    Unknown,
    /// Initializers that the package does not have.
    Initializers,
    /// Every neuron.
    Neurons,
    /// Every brain.
    Brains,
}
use Concerns::{Brains, Classes, Initializers, Neurons, Unknown};

/// The rows of `docs/fidelity.md` that may concern a network in a file, by their first cell and in their order.
const ROWS: &[(&str, Concerns)] = &[
    (
        "A delay equal to the longest one",
        Classes(&["n_delays", "n2n_delays"]),
    ),
    (
        "Delays of more than 255 steps",
        Classes(&["n_delays", "n2n_delays"]),
    ),
    ("Delays, property `kernel`", Classes(&["n_delays", "n2n_delays"])),
    ("`NDelays`, form of its output", Classes(&["n_delays"])),
    (
        "Refractory counter",
        Classes(&[
            "refractory_leaky_soma",
            "strict_refractory_leaky_soma",
            "adaptive_leaky_soma",
        ]),
    ),
    (
        "Refractory counter of exponential somas",
        Classes(&[
            "refractory_exponential_soma",
            "simplified_adaptive_exponential_soma",
        ]),
    ),
    (
        "Exponential somas, overflow",
        Classes(&[
            "exponential_soma",
            "refractory_exponential_soma",
            "simplified_adaptive_exponential_soma",
            "adaptive_exponential_soma",
        ]),
    ),
    ("`IzhikevichSoma`, potential", Classes(&["izhikevich_soma"])),
    ("`IzhikevichSoma`, resistance", Classes(&["izhikevich_soma"])),
    (
        "`IzhikevichSoma`, recovery after a reset",
        Classes(&["izhikevich_soma"]),
    ),
    ("`IzhikevichSoma`, integration", Classes(&["izhikevich_soma"])),
    ("`IzhikevichSoma`, overflow", Classes(&["izhikevich_soma"])),
    (
        "`ExponentialIntegrator`, smooth signal",
        Classes(&["exponential_integrator"]),
    ),
    (
        "`ExponentialIntegrator`, scale",
        Classes(&["exponential_integrator"]),
    ),
    ("`LinearSpiker`, time step", Classes(&["linear_spiker"])),
    (
        "Topological spikers, signals whose shape reads the same backwards, such as square ones",
        Classes(&["topological_linear_spiker", "topological_poisson_spiker"]),
    ),
    (
        "Topological spikers, other signals of several dimensions",
        Classes(&["topological_linear_spiker", "topological_poisson_spiker"]),
    ),
    (
        "`Sampler`, `Concat`, `ConcatReshape` of spikes",
        Classes(&["sampler", "concat", "concat_reshape"]),
    ),
    (
        "`Concat`, `ConcatReshape`",
        Classes(&["concat", "concat_reshape"]),
    ),
    (
        "`QuadrupletRuleTensor`, parameters",
        Classes(&["quadruplet_rule_tensor"]),
    ),
    (
        "`QuadrupletRuleTensor`, types of synapses",
        Classes(&["quadruplet_rule_tensor"]),
    ),
    (
        "`QuadrupletRuleTensor`, units in two dimensions",
        Classes(&["quadruplet_rule_tensor"]),
    ),
    (
        "`ThreeFactorHebbianRule`, spikes that are not one per synapse, or an initializer for `post_tau`",
        Classes(&["three_factor_hebbian_rule"]),
    ),
    ("`QuadrupletRule`", Classes(&["quadruplet_rule"])),
    ("`ZenkeRule`, targets", Classes(&["zenke_rule"])),
    ("Modules that the package does not have", Unknown),
    ("Initializers that the package does not have", Initializers),
    ("Number of inhibitory units", Neurons),
    (
        "Calls while building",
        Classes(&[
            "hebbian_rule",
            "oja_rule",
            "zenke_rule",
            "three_factor_hebbian_rule",
            "quadruplet_rule_tensor",
            "poisson_spiker",
            "topological_poisson_spiker",
            "topological_linear_spiker",
        ]),
    ),
    ("`reset()` of a brain", Brains),
];

/// Where the Python package will compute something else than this network: rows of `docs/fidelity.md`. Empty in the
/// mode that computes what the package computes.
pub fn differences<C: ControllerConfig + ?Sized>(config: &C) -> Vec<&'static str> {
    if config.header().compat.unwrap_or_default().is_spark_snn_1() {
        return Vec::new();
    }
    let drawn_elsewhere = names_unknown_initializer(&config.document().to_value());
    let concerned = ROWS.iter().filter(|(_, concerns)| match concerns {
        Initializers => drawn_elsewhere,
        concerns => concerns.in_graph(config.graph()),
    });
    concerned.map(|(row, _)| *row).collect()
}

/// Whether an initializer that the package does not have stands somewhere in a file.
fn names_unknown_initializer(file: &Value) -> bool {
    match file {
        Value::Array(items) => items.iter().any(names_unknown_initializer),
        Value::Object(fields) => {
            let key = fields.get("__type__").and_then(Value::as_str).unwrap_or_default();
            let name = key.strip_suffix("_config").unwrap_or(key);
            (REGISTRY.initializer(name).is_some() && !in_python(name))
                || fields.values().any(names_unknown_initializer)
        }
        _ => false,
    }
}

/// All rows that some network is told of.
pub fn all_differences() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|(row, _)| *row)
}

/// The classes that are named, whether they exist or not.
pub fn classes_with_differences() -> impl Iterator<Item = &'static str> {
    let classes = ROWS.iter().filter_map(|(_, concerns)| match concerns {
        Classes(classes) => Some(classes.iter().copied()),
        Unknown | Initializers | Neurons | Brains => None,
    });
    classes.flatten()
}

impl Concerns {
    /// Whether a network, or one inside of it, is concerned.
    fn in_graph(&self, graph: &GraphTable<'_>) -> bool {
        let itself = match self {
            Neurons => graph.kind == ModuleKind::Neuron,
            Brains => graph.kind == ModuleKind::Brain,
            Classes(_) | Unknown | Initializers => false,
        };
        itself || graph.nodes.iter().any(|node| self.in_module(node.module))
    }

    fn in_module(&self, module: &ModuleTable) -> bool {
        match (self, module.graph) {
            (_, Some(graph)) => self.in_graph(graph),
            (Classes(classes), None) => classes.contains(&module.class),
            (Unknown, None) => !in_python(module.class),
            (Initializers | Neurons | Brains, None) => false,
        }
    }
}
