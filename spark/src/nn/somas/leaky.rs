//! Leaky integrate-and-fire somas.

use super::membrane::{Membrane, MembraneParams, at_rest, mark};
use super::refractory::Refractory;
use crate::core::error::BuildError;
use crate::core::field::Init;
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::payload::{BooleanMask, CurrentArray, PotentialArray, SparkPayload, SpikeArray};
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::nn::param::Drawing;
use crate::nn::tracers::Tracer;
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`LeakySoma`].
#[register_config]
pub struct LeakySomaConfig {
    /// Membrane rest potential.
    #[field(default = -60mV)]
    pub potential_rest: Init<Mv>,
    /// Membrane potential right after a spike.
    #[field(default = -50mV)]
    pub potential_reset: Init<Mv>,
    /// Membrane time constant.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub potential_tau: Init<Ms>,
    /// Membrane resistance.
    #[field(default = 0.1GOhm)]
    pub resistance: Init<GOhm>,
    /// Threshold of the spike.
    #[field(default = -40mV)]
    pub threshold: Init<Mv>,
}

/// A leaky integrate-and-fire soma.
///
/// `tau dV/dt = -(V - V_rest) + R I`, solved exactly over one step for a constant current; a unit whose potential
/// exceeds the threshold spikes and is set to the reset potential. Potentials are kept relative to rest.
///
/// Parameters: `potential_rest` -60 mV, `potential_reset` -50 mV, `potential_tau` 20 ms, `resistance` 0.1 GOhm,
/// `threshold` -40 mV; each is a number, an array of the shape of `current`, or an initializer.
///
/// A reset sets the potential to rest.
///
/// Gerstner, Kistler, Naud and Paninski, *Neuronal Dynamics*, 2014, chapter 1.3, doi:10.1017/CBO9781107447615.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain LeakyUnit(current: CurrentArray[1]) -> (spikes: SpikeArray[1], potential: PotentialArray[1]) {
///         soma = LeakySoma { potential_tau: 20ms, resistance: 0.1GOhm };
///         current          -> soma.current;
///         soma.spikes      -> spikes;
///         soma.potential() -> potential;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut unit = LeakyUnit::new()?;
/// let current = CurrentArray::from([100.0]);
/// let out = unit.step(LeakyUnitInputs { current: &current });
/// // (1 - exp(-dt/tau)) R I
/// let expected = (1.0 - (-1.0 / 20.0 as Real).exp()) * 0.1 * 100.0;
/// assert!((out.potential.as_slice()[0] - expected).abs() < 1e-6);
/// assert_eq!(out.spikes.count(), 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct LeakySoma {
    potential: Variable<PotentialArray>,
    membrane: Membrane,
}

/// Draws the parameters that all leaky somas share, in the order in which keys are consumed.
macro_rules! draw_membrane {
    ($draw:ident, $config:ident, $shape:expr) => {
        MembraneParams {
            rest: $draw.param(&$config.potential_rest, $shape),
            reset: $draw.param(&$config.potential_reset, $shape),
            tau: $draw.param(&$config.potential_tau, $shape),
            resistance: $draw.param(&$config.resistance, $shape),
            threshold: $draw.param(&$config.threshold, $shape),
        }
    };
}

/// A leaky integrate-and-fire soma: `tau dV/dt = -(V - V_rest) + R I`.
#[register_module(config = LeakySomaConfig, path = "Components/Somas")]
impl LeakySoma {
    fn build(config: &LeakySomaConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        let shape = ports.shape("current")?.clone();
        let mut draw = Drawing::new(config, keys);
        let params = draw_membrane!(draw, config, &shape);
        draw.finish()?;
        Ok(LeakySoma {
            potential: at_rest(&shape),
            membrane: Membrane::new(&params, keys.dt().value(), &shape),
        })
    }

    fn step(
        &mut self,
        /// Current into each unit, pA.
        current: In<CurrentArray>,
        /// Which units inhibit: the spikes carry it.
        #[shape(current)]
        inhibition_mask: Option<In<BooleanMask>>,
        /// One spike per unit and step at most.
        #[shape(current)]
        spikes: Out<SpikeArray>,
    ) {
        mark(inhibition_mask, spikes);
        spikes.clear();
        let potentials = self.potential.as_mut_slice();
        for (i, (v, &input)) in potentials.iter_mut().zip(current.as_slice()).enumerate() {
            *v = self.membrane.driven(i, *v, input);
            if self.membrane.above_threshold(i, *v) {
                *v = self.membrane.after_spike(i);
                spikes.push(i as u32);
            }
        }
    }

    /// Membrane potential relative to rest, mV.
    #[property]
    #[shape(current)]
    fn potential(&self) -> &PotentialArray {
        &self.potential
    }

    fn reset(&mut self) {
        self.potential.clear();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        state.insert_array(
            join(path, "_potential"),
            self.potential.kind(),
            self.potential.array().clone(),
        );
    }
}

/// Configuration of [`RefractoryLeakySoma`].
#[register_config]
pub struct RefractoryLeakySomaConfig {
    /// Membrane rest potential.
    #[field(default = -60mV)]
    pub potential_rest: Init<Mv>,
    /// Membrane potential right after a spike.
    #[field(default = -50mV)]
    pub potential_reset: Init<Mv>,
    /// Membrane time constant.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub potential_tau: Init<Ms>,
    /// Membrane resistance.
    #[field(default = 0.1GOhm)]
    pub resistance: Init<GOhm>,
    /// Threshold of the spike.
    #[field(default = -40mV)]
    pub threshold: Init<Mv>,
    /// Time after a spike in which the unit takes no input.
    #[field(default = 2ms)]
    pub cooldown: Init<Ms>,
}

/// A leaky integrate-and-fire soma with a refractory period.
///
/// As [`LeakySoma`]; a unit takes input and may spike only when more than `cooldown` has passed since its last spike
/// (in whole steps, rounded half to even). Its potential leaks all the time.
///
/// Parameters: those of [`LeakySoma`] and `cooldown` 2 ms.
///
/// A reset sets the potential to rest and starts the refractory period: no unit spikes in the first step.
///
/// Gerstner, Kistler, Naud and Paninski, *Neuronal Dynamics*, 2014, chapter 1.3, doi:10.1017/CBO9781107447615.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain RefractoryUnit(current: CurrentArray[1]) -> (spikes: SpikeArray[1]) {
///         soma = RefractoryLeakySoma { cooldown: 2ms };
///         current     -> soma.current;
///         soma.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut unit = RefractoryUnit::new()?;
/// let strong = CurrentArray::from([10_000.0]);
/// let mut times = Vec::new();
/// for t in 0..10 {
///     if unit.step(RefractoryUnitInputs { current: &strong }).spikes.count() == 1 {
///         times.push(t);
///     }
/// }
/// assert_eq!(times, [1, 5, 9]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct RefractoryLeakySoma {
    potential: Variable<PotentialArray>,
    #[nested]
    refractory: Refractory,
    membrane: Membrane,
}

/// A leaky integrate-and-fire soma with a refractory period.
#[register_module(config = RefractoryLeakySomaConfig, path = "Components/Somas")]
impl RefractoryLeakySoma {
    fn build(
        config: &RefractoryLeakySomaConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let shape = ports.shape("current")?.clone();
        let (dt, compat) = (keys.dt().value(), keys.compat());
        let mut draw = Drawing::new(config, keys);
        let params = draw_membrane!(draw, config, &shape);
        let cooldown = draw.param(&config.cooldown, &shape);
        draw.finish()?;
        Ok(RefractoryLeakySoma {
            potential: at_rest(&shape),
            refractory: Refractory::new(&cooldown, dt, compat, &shape),
            membrane: Membrane::new(&params, dt, &shape),
        })
    }

    fn step(
        &mut self,
        /// Current into each unit, pA.
        current: In<CurrentArray>,
        /// Which units inhibit: the spikes carry it.
        #[shape(current)]
        inhibition_mask: Option<In<BooleanMask>>,
        /// One spike per unit and step at most.
        #[shape(current)]
        spikes: Out<SpikeArray>,
    ) {
        mark(inhibition_mask, spikes);
        spikes.clear();
        let potentials = self.potential.as_mut_slice();
        for (i, (v, &input)) in potentials.iter_mut().zip(current.as_slice()).enumerate() {
            let ready = self.refractory.is_ready(i);
            *v = if ready {
                self.membrane.driven(i, *v, input)
            } else {
                self.membrane.leaked(i, *v)
            };
            let spiked = ready && self.membrane.above_threshold(i, *v);
            self.refractory.count(i, spiked);
            if spiked {
                *v = self.membrane.after_spike(i);
                spikes.push(i as u32);
            }
        }
    }

    /// Membrane potential relative to rest, mV.
    #[property]
    #[shape(current)]
    fn potential(&self) -> &PotentialArray {
        &self.potential
    }

    fn reset(&mut self) {
        self.potential.clear();
        self.refractory.reset();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        state.insert_array(
            join(path, "_potential"),
            self.potential.kind(),
            self.potential.array().clone(),
        );
        self.refractory.spark_state(path, self.potential.shape(), state);
    }
}

/// Configuration of [`AdaptiveLeakySoma`].
#[register_config]
pub struct AdaptiveLeakySomaConfig {
    /// Membrane rest potential.
    #[field(default = -60mV)]
    pub potential_rest: Init<Mv>,
    /// Membrane potential right after a spike.
    #[field(default = -50mV)]
    pub potential_reset: Init<Mv>,
    /// Membrane time constant.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub potential_tau: Init<Ms>,
    /// Membrane resistance.
    #[field(default = 0.1GOhm)]
    pub resistance: Init<GOhm>,
    /// Threshold of the spike when the unit has been silent.
    #[field(default = -40mV)]
    pub threshold: Init<Mv>,
    /// Time after a spike in which the unit takes no input.
    #[field(default = 2ms)]
    pub cooldown: Init<Ms>,
    /// Time constant with which the threshold returns to its base.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub threshold_tau: Init<Ms>,
    /// What a spike adds to the threshold.
    #[field(default = 100mV)]
    pub threshold_delta: Init<Mv>,
}

/// A leaky integrate-and-fire soma with a refractory period and an adaptive threshold.
///
/// As [`RefractoryLeakySoma`]; in addition `threshold_tau dT/dt = -(T - threshold)`, and every spike adds
/// `threshold_delta` to `T`. The spike of a step is tested against the threshold of the step before.
///
/// Parameters: those of [`RefractoryLeakySoma`], `threshold_tau` 20 ms, `threshold_delta` 100 mV.
///
/// A reset sets the potential to rest and the threshold to its base, and starts the refractory period.
///
/// Gerstner, Kistler, Naud and Paninski, *Neuronal Dynamics*, 2014, chapter 6.1, doi:10.1017/CBO9781107447615.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain AdaptiveUnit(current: CurrentArray[1]) -> (spikes: SpikeArray[1]) {
///         soma = AdaptiveLeakySoma { cooldown: 2ms, threshold_delta: 100mV };
///         current     -> soma.current;
///         soma.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut unit = AdaptiveUnit::new()?;
/// let strong = CurrentArray::from([10_000.0]);
/// let mut times = Vec::new();
/// for t in 0..30 {
///     if unit.step(AdaptiveUnitInputs { current: &strong }).spikes.count() == 1 {
///         times.push(t);
///     }
/// }
/// // The first spike raised the threshold: the second comes later than 4 steps after it, and so on.
/// assert_eq!(times[0], 1);
/// assert!(times[1] - times[0] > 4 && times[2] - times[1] > times[1] - times[0]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct AdaptiveLeakySoma {
    potential: Variable<PotentialArray>,
    #[nested]
    refractory: Refractory,
    #[nested]
    threshold: Tracer,
    membrane: Membrane,
}

/// A leaky integrate-and-fire soma with a refractory period and an adaptive threshold.
#[register_module(config = AdaptiveLeakySomaConfig, path = "Components/Somas")]
impl AdaptiveLeakySoma {
    fn build(
        config: &AdaptiveLeakySomaConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let shape = ports.shape("current")?.clone();
        let (dt, compat) = (keys.dt().value(), keys.compat());
        let mut draw = Drawing::new(config, keys);
        let params = draw_membrane!(draw, config, &shape);
        let cooldown = draw.param(&config.cooldown, &shape);
        let tau = draw.param(&config.threshold_tau, &shape);
        let delta = draw.param(&config.threshold_delta, &shape);
        draw.finish()?;
        Ok(AdaptiveLeakySoma {
            potential: at_rest(&shape),
            refractory: Refractory::new(&cooldown, dt, compat, &shape),
            threshold: Tracer::new(&shape, &tau, &delta, &params.rebased_threshold(), dt),
            membrane: Membrane::new(&params, dt, &shape),
        })
    }

    fn step(
        &mut self,
        /// Current into each unit, pA.
        current: In<CurrentArray>,
        /// Which units inhibit: the spikes carry it.
        #[shape(current)]
        inhibition_mask: Option<In<BooleanMask>>,
        /// One spike per unit and step at most.
        #[shape(current)]
        spikes: Out<SpikeArray>,
    ) {
        mark(inhibition_mask, spikes);
        spikes.clear();
        let potentials = self.potential.as_mut_slice();
        for (i, (v, &input)) in potentials.iter_mut().zip(current.as_slice()).enumerate() {
            let ready = self.refractory.is_ready(i);
            *v = if ready {
                self.membrane.driven(i, *v, input)
            } else {
                self.membrane.leaked(i, *v)
            };
            let spiked = ready && *v > self.threshold.at(i);
            self.refractory.count(i, spiked);
            if spiked {
                *v = self.membrane.after_spike(i);
                spikes.push(i as u32);
            }
        }
        self.threshold.step_spikes(spikes.indices());
    }

    /// Membrane potential relative to rest, mV.
    #[property]
    #[shape(current)]
    fn potential(&self) -> &PotentialArray {
        &self.potential
    }

    fn reset(&mut self) {
        self.potential.clear();
        self.refractory.reset();
        self.threshold.reset();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        state.insert_array(
            join(path, "_potential"),
            self.potential.kind(),
            self.potential.array().clone(),
        );
        self.refractory.spark_state(path, self.potential.shape(), state);
        self.threshold
            .spark_state(&join(path, "threshold"), self.potential.shape(), state);
    }
}
