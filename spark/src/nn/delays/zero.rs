//! No delay.

use crate::core::error::BuildError;
use crate::core::module::{In, Keys, Out, PortInfo, Ports};
use crate::core::payload::SpikeArray;
use crate::prelude::*;

/// Configuration of [`ZeroDelay`]: nothing to choose.
#[register_config]
pub struct ZeroDelayConfig {}

/// Passes spikes on in the step in which they arrive: stands where a delay could stand.
///
/// Inside of a neuron `out_spikes` of a step are `in_spikes` of the same step. In a brain every wire takes one step, here as
/// everywhere.
///
/// Input: `in_spikes`, of any shape and form. Output: `out_spikes`, the same spikes in the same form. There is no state: a
/// reset does nothing. The Python package has no such module.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     neuron Direct(in_spikes: SpikeArray[2]) -> (out_spikes: SpikeArray[2]) {
///         units = [2];
///         delays = ZeroDelay;
///         in_spikes         -> delays.in_spikes;
///         delays.out_spikes -> out_spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut direct = Direct::new()?;
/// let in_spikes = SpikeArray::from_indices(2, [1])?;
/// assert_eq!(direct.step(DirectInputs { in_spikes: &in_spikes }).out_spikes.indices(), [1]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct ZeroDelay {
    arriving: Option<PortInfo>,
}

/// Passes spikes on in the step in which they arrive.
#[register_module(config = ZeroDelayConfig, path = "Components/Delays")]
impl ZeroDelay {
    fn build(_config: &ZeroDelayConfig, ports: &Ports<Self>, _keys: &mut Keys) -> Result<Self, BuildError> {
        let arriving = ports.get("in_spikes").cloned();
        Ok(ZeroDelay { arriving })
    }

    fn step(
        &mut self,
        /// Spikes as they are fired.
        in_spikes: In<SpikeArray>,
        /// The same spikes.
        #[shape(in_spikes)]
        out_spikes: Out<SpikeArray>,
    ) {
        out_spikes.latch(in_spikes);
    }

    /// Those who are built on the output see the form that spikes will have.
    fn init_outputs(&self, out_spikes: &mut SpikeArray) {
        match &self.arriving {
            Some(PortInfo { plan: Some(plan), .. }) => {
                // The plan is that of a payload of this shape; were it not, the first spikes would bring it.
                let _ = out_spikes.set_plan(plan.clone());
            }
            Some(info) if info.per_synapse => *out_spikes = SpikeArray::per_synapse_zeros(&info.shape),
            _ => {}
        }
    }
}
