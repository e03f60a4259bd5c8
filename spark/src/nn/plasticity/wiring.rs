//! What the ports of a rule tell about its synapses.

use super::modulation::Modulation;
use super::traces::PairTraces;
use crate::core::error::{BuildError, Problem};
use crate::core::module::{Keys, Module, PortInfo, Ports};
use std::sync::Arc;

use crate::core::payload::{Shape, Topology};
use crate::nn::arrivals::Pairs;

/// The spikes and the kernel that a rule is built for. Its ports are named `pre_spikes`, `post_spikes` and `kernel`.
pub(crate) struct Wiring<'a> {
    /// What arrives at `pre_spikes`.
    pub(crate) arriving: &'a PortInfo,
    pub(crate) post_shape: &'a Shape,
    pub(crate) kernel_shape: &'a Shape,
    pub(crate) pairs: Pairs,
    /// The synapses, if the kernel holds some of them only.
    pub(crate) topology: Option<&'a Arc<Topology>>,
}

impl<'a> Wiring<'a> {
    /// Of a rule that sees spikes only.
    pub(crate) fn of<M: Module>(ports: &'a Ports<M>, keys: &Keys) -> Result<Self, BuildError> {
        let mut problems = Vec::new();
        let wiring = Wiring::read(ports, &mut problems)?;
        BuildError::check(problems).map_err(|error| error.inside(keys.path()))?;
        Ok(wiring)
    }

    /// Of a rule that is scaled by the signal at `port`.
    pub(crate) fn modulated<M: Module>(
        ports: &'a Ports<M>,
        port: &str,
        keys: &Keys,
    ) -> Result<(Self, Modulation), BuildError> {
        let mut problems = Vec::new();
        let wiring = Wiring::read(ports, &mut problems)?;
        let signal = ports.shape(port)?;
        let modulation = Modulation::new(port, signal, wiring.kernel_shape, &mut problems);
        BuildError::check(problems).map_err(|error| error.inside(keys.path()))?;
        Ok((wiring, modulation))
    }

    /// Refuses traces of single synapses, which a sparse kernel does not have.
    pub(crate) fn check_traces(&self, traces: &PairTraces, keys: &Keys) -> Result<(), BuildError> {
        if self.topology.is_none() || traces.pre.is_per_neuron() {
            return Ok(());
        }
        let problem = Problem::new("pre_tau", "a sparse kernel has no traces of single synapses")
            .expected("one number")
            .found("a number for each pair of neurons")
            .help("draw the kernel with an initializer that fills it, such as SparseUniformInitializer");
        Err(problem.inside(keys.path()).into())
    }

    fn read<M: Module>(ports: &'a Ports<M>, problems: &mut Vec<Problem>) -> Result<Self, BuildError> {
        let arriving = ports.arriving("pre_spikes")?;
        let post_shape = ports.shape("post_spikes")?;
        let kernel_shape = ports.shape("kernel")?;
        let pairs = Pairs::new(post_shape, arriving, "pre_spikes", problems);
        let topology = ports.arriving("kernel")?.topology.as_ref();
        if topology.is_some() && arriving.per_synapse && arriving.plan.is_none() {
            let text = "spikes of single synapses cannot teach a sparse kernel";
            let problem = Problem::new("pre_spikes", text).expected("plain or delayed spikes");
            problems.push(problem.help("draw the kernel with an initializer that fills it"));
        }
        Ok(Wiring {
            arriving,
            post_shape,
            kernel_shape,
            pairs,
            topology,
        })
    }
}
