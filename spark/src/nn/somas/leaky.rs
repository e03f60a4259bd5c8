//! Leaky integrate-and-fire somas.

use super::adaptation::{Adaptation, AdaptationParams, draw_adaptation};
use super::membrane::{Firing, MembraneParams, at_rest, draw_membrane, potential_state};
use super::refractory::Refractory;
use crate::core::array::Real;
use crate::core::error::BuildError;
use crate::core::field::Init;
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::param::Param;
use crate::core::payload::{BooleanMask, CurrentArray, PotentialArray, Shape, SparkPayload, SpikeArray};
use crate::core::sharing::{Part, Sharing};
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::kernels::dispatch::vectorised;
use crate::kernels::select::{kept_if, select};
use crate::kernels::trace::fade;
use crate::nn::param::{Drawing, ParamExt};
use crate::nn::tracers::Tracer;
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// The leaky membrane: `tau dV/dt = -V + R I` above rest, exactly over one step for a constant current.
#[derive(Debug, Clone)]
struct LeakyMembrane {
    decay: Vec<Real>,
    gain: Vec<Real>,
}

impl LeakyMembrane {
    /// `V' = d V + (1 - d) R I` with `d = exp(-dt / tau)`.
    fn new(params: &MembraneParams, dt: f64, shape: &Shape) -> Self {
        let decay = params.tau.decay(dt);
        let gain = &(&Param::Scalar(1.0) - &decay) * &params.resistance;
        LeakyMembrane {
            decay: decay.per_element(shape),
            gain: gain.per_element(shape),
        }
    }

    /// The potentials after one step with these currents.
    #[inline(always)]
    fn drive(&self, potential: &mut [Real], currents: impl Iterator<Item = Real>) {
        let constants = self.decay.iter().zip(&self.gain);
        for ((v, current), (decay, gain)) in potential.iter_mut().zip(currents).zip(constants) {
            *v = fade(*v, *decay) + gain * current;
        }
    }
}

/// One step of all units that have a refractory period, in one pass: several take more than twice as long, since what they hand on
/// leaves the registers. Units that are not ready take no input or, if they are `HELD`, stay at their potential after a spike.
#[inline(always)]
fn pass<const HELD: bool>(
    membrane: &LeakyMembrane,
    refractory: &mut Refractory,
    firing: &mut Firing,
    thresholds: Option<&[Real]>,
    potential: &mut [Real],
    current: &[Real],
) {
    let n = potential.len();
    let (refractory, firing) = (refractory.parts(), firing.parts());
    let (limit, highest) = (refractory.limit, firing.highest);
    // All of the same length: nothing is checked inside.
    let (steps, needed) = (&mut refractory.steps[..n], &refractory.needed[..n]);
    let (ready, fired) = (&mut refractory.ready[..n], &mut firing.fired[..n]);
    let threshold = &thresholds.unwrap_or(firing.threshold)[..n];
    let reset = &firing.reset[..n];
    let (decay, gain, current) = (&membrane.decay[..n], &membrane.gain[..n], &current[..n]);
    for i in 0..n {
        let takes_part = steps[i] >= needed[i];
        let driven = if HELD {
            let driven = fade(potential[i], decay[i]) + gain[i] * current[i];
            select(takes_part, driven, reset[i])
        } else {
            fade(potential[i], decay[i]) + gain[i] * kept_if(takes_part, current[i])
        };
        let fires = takes_part & (driven > threshold[i]);
        potential[i] = select(fires, reset[i] + 0.0 * driven.min(highest), driven);
        steps[i] = limit.after(steps[i], fires);
        ready[i] = takes_part;
        fired[i] = fires;
    }
}

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
    membrane: LeakyMembrane,
    firing: Firing,
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
            membrane: LeakyMembrane::new(&params, keys.dt().value(), &shape),
            firing: params.firing(keys.compat(), &shape),
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
        let (v, current) = (self.potential.as_mut_slice(), current.as_slice());
        vectorised!({
            self.membrane.drive(v, current.iter().copied());
            self.firing.fire(v);
        });
        self.firing.emit(inhibition_mask, spikes);
    }

    /// Membrane potential relative to rest, mV.
    #[property]
    #[shape(current)]
    fn potential(&self) -> &PotentialArray {
        &self.potential
    }

    fn sharing(&self) -> Sharing {
        self.firing.sharing()
    }

    fn restrict(&mut self, part: Part) {
        self.firing.restrict(part);
    }

    fn reset(&mut self) {
        self.potential.clear();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        potential_state(&self.potential, path, state);
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
    membrane: LeakyMembrane,
    firing: Firing,
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
            membrane: LeakyMembrane::new(&params, dt, &shape),
            firing: params.firing(compat, &shape),
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
        let (v, current) = (self.potential.as_mut_slice(), current.as_slice());
        let (membrane, refractory, firing) = (&self.membrane, &mut self.refractory, &mut self.firing);
        vectorised!(pass::<false>(membrane, refractory, firing, None, v, current));
        self.firing.emit(inhibition_mask, spikes);
    }

    /// Membrane potential relative to rest, mV.
    #[property]
    #[shape(current)]
    fn potential(&self) -> &PotentialArray {
        &self.potential
    }

    fn sharing(&self) -> Sharing {
        self.firing.sharing()
    }

    fn restrict(&mut self, part: Part) {
        self.firing.restrict(part);
    }

    fn reset(&mut self) {
        self.potential.clear();
        self.refractory.reset();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        potential_state(&self.potential, path, state);
        self.refractory.spark_state(path, self.potential.shape(), state);
    }
}

/// Configuration of [`StrictRefractoryLeakySoma`].
#[register_config]
pub struct StrictRefractoryLeakySomaConfig {
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
    /// Time after a spike in which the potential is held.
    #[field(default = 2ms)]
    pub cooldown: Init<Ms>,
}

/// A leaky integrate-and-fire soma that is held at its reset potential after a spike.
///
/// As [`LeakySoma`]; for `cooldown` after a spike (in whole steps, rounded half to even) the potential stays at
/// `potential_reset`, then it goes on from there. Under a constant current `I` the time from spike to spike is
/// `cooldown + tau ln((R I - V_reset) / (R I - V_threshold))`, potentials counted from rest, rounded up to a step.
///
/// Parameters: those of [`LeakySoma`] and `cooldown` 2 ms.
///
/// A reset sets the potential to rest. Units may fire in the first step.
///
/// Gerstner, Kistler, Naud and Paninski, *Neuronal Dynamics*, 2014, chapter 1.3, doi:10.1017/CBO9781107447615.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain StrictUnit(current: CurrentArray[1]) -> (spikes: SpikeArray[1]) {
///         soma = StrictRefractoryLeakySoma { cooldown: 2ms };
///         current     -> soma.current;
///         soma.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut unit = StrictUnit::new()?;
/// let strong = CurrentArray::from([10_000.0]);
/// let mut times = Vec::new();
/// for t in 0..10 {
///     if unit.step(StrictUnitInputs { current: &strong }).spikes.count() == 1 {
///         times.push(t);
///     }
/// }
/// assert_eq!(times, [0, 3, 6, 9]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct StrictRefractoryLeakySoma {
    potential: Variable<PotentialArray>,
    #[nested]
    refractory: Refractory,
    membrane: LeakyMembrane,
    firing: Firing,
}

/// A leaky integrate-and-fire soma that is held at its reset potential after a spike.
#[register_module(config = StrictRefractoryLeakySomaConfig, path = "Components/Somas")]
impl StrictRefractoryLeakySoma {
    fn build(
        config: &StrictRefractoryLeakySomaConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let shape = ports.shape("current")?.clone();
        let (dt, compat) = (keys.dt().value(), keys.compat());
        let mut draw = Drawing::new(config, keys);
        let params = draw_membrane!(draw, config, &shape);
        let cooldown = draw.param(&config.cooldown, &shape);
        draw.finish()?;
        Ok(StrictRefractoryLeakySoma {
            potential: at_rest(&shape),
            refractory: Refractory::new(&cooldown, dt, compat, &shape).strict(),
            membrane: LeakyMembrane::new(&params, dt, &shape),
            firing: params.firing(compat, &shape),
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
        let (v, current) = (self.potential.as_mut_slice(), current.as_slice());
        let (membrane, refractory, firing) = (&self.membrane, &mut self.refractory, &mut self.firing);
        vectorised!(pass::<true>(membrane, refractory, firing, None, v, current));
        self.firing.emit(inhibition_mask, spikes);
    }

    /// Membrane potential relative to rest, mV.
    #[property]
    #[shape(current)]
    fn potential(&self) -> &PotentialArray {
        &self.potential
    }

    fn sharing(&self) -> Sharing {
        self.firing.sharing()
    }

    fn restrict(&mut self, part: Part) {
        self.firing.restrict(part);
    }

    fn reset(&mut self) {
        self.potential.clear();
        self.refractory.reset();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        potential_state(&self.potential, path, state);
        self.refractory.spark_state(path, self.potential.shape(), state);
    }
}

/// Configuration of [`AdaptiveThresholdLeakySoma`].
#[register_config(name = "adaptive_leaky_soma_config")]
pub struct AdaptiveThresholdLeakySomaConfig {
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
/// The Python package calls it `AdaptiveLeakySoma`, in its files, too. That name usually means a soma with an adaptation
/// current, which is the [`AdaptiveCurrentLeakySoma`].
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
///         soma = AdaptiveThresholdLeakySoma { cooldown: 2ms, threshold_delta: 100mV };
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
pub struct AdaptiveThresholdLeakySoma {
    potential: Variable<PotentialArray>,
    #[nested]
    refractory: Refractory,
    #[nested]
    threshold: Tracer,
    membrane: LeakyMembrane,
    firing: Firing,
}

/// A leaky integrate-and-fire soma with a refractory period and an adaptive threshold.
#[register_module(
    config = AdaptiveThresholdLeakySomaConfig,
    path = "Components/Somas",
    class = "AdaptiveLeakySoma"
)]
impl AdaptiveThresholdLeakySoma {
    fn build(
        config: &AdaptiveThresholdLeakySomaConfig,
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
        Ok(AdaptiveThresholdLeakySoma {
            potential: at_rest(&shape),
            refractory: Refractory::new(&cooldown, dt, compat, &shape),
            threshold: Tracer::new(&shape, &tau, &delta, &params.rebased_threshold(), dt),
            membrane: LeakyMembrane::new(&params, dt, &shape),
            firing: params.firing(compat, &shape),
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
        let (v, current) = (self.potential.as_mut_slice(), current.as_slice());
        let (membrane, refractory, firing) = (&self.membrane, &mut self.refractory, &mut self.firing);
        let thresholds = Some(self.threshold.values());
        vectorised!(pass::<false>(
            membrane, refractory, firing, thresholds, v, current
        ));
        self.firing.emit(inhibition_mask, spikes);
        self.threshold.step_spikes(spikes.indices());
    }

    /// Membrane potential relative to rest, mV.
    #[property]
    #[shape(current)]
    fn potential(&self) -> &PotentialArray {
        &self.potential
    }

    fn sharing(&self) -> Sharing {
        self.firing.sharing()
    }

    fn restrict(&mut self, part: Part) {
        self.firing.restrict(part);
    }

    fn reset(&mut self) {
        self.potential.clear();
        self.refractory.reset();
        self.threshold.reset();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        potential_state(&self.potential, path, state);
        self.refractory.spark_state(path, self.potential.shape(), state);
        self.threshold
            .spark_state(&join(path, "threshold"), self.potential.shape(), state);
    }
}

/// The name of the [`AdaptiveThresholdLeakySoma`] in the Python package.
pub type AdaptiveLeakySoma = AdaptiveThresholdLeakySoma;

/// The name of the [`AdaptiveThresholdLeakySomaConfig`] in the Python package.
pub type AdaptiveLeakySomaConfig = AdaptiveThresholdLeakySomaConfig;

/// Configuration of [`AdaptiveCurrentLeakySoma`].
#[register_config]
pub struct AdaptiveCurrentLeakySomaConfig {
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
    /// Time constant of the adaptation current.
    #[field(default = 100ms, validate(TypeValidator, PositiveValidator))]
    pub adaptation_tau: Init<Ms>,
    /// What a spike adds to the adaptation current.
    #[field(default = 7pA)]
    pub adaptation_delta: Init<PAmp>,
    /// How the adaptation current follows the potential below the threshold.
    #[field(default = 0.5nS)]
    pub adaptation_subthreshold: Init<NSiemens>,
}

/// An adaptive leaky integrate-and-fire soma: every spike raises a current that holds the unit back.
///
/// ```text
/// tau dV/dt          = -(V - V_rest) + R (I - w)
/// adaptation_tau dw/dt = adaptation_subthreshold (V - V_rest) - w,    w rises by adaptation_delta at a spike
/// ```
///
/// Each is solved exactly over one step while the other stands still; a unit whose potential exceeds the threshold
/// spikes and is set to the reset potential. The Python package has no such soma: what it calls `AdaptiveLeakySoma` is
/// the [`AdaptiveThresholdLeakySoma`].
///
/// Parameters: those of [`LeakySoma`], `adaptation_tau` 100 ms, `adaptation_delta` 7 pA,
/// `adaptation_subthreshold` 0.5 nS.
///
/// A reset sets the potential to rest and the adaptation current to zero.
///
/// Gerstner, Kistler, Naud and Paninski, *Neuronal Dynamics*, 2014, chapter 6.1, doi:10.1017/CBO9781107447615.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Tiring(current: CurrentArray[1]) -> (spikes: SpikeArray[1]) {
///         soma = AdaptiveCurrentLeakySoma { adaptation_delta: 50pA };
///         current     -> soma.current;
///         soma.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut unit = Tiring::new()?;
/// let current = CurrentArray::from([400.0]);
/// let mut times = Vec::new();
/// for t in 0..300 {
///     if unit.step(TiringInputs { current: &current }).spikes.count() == 1 {
///         times.push(t);
///     }
/// }
/// // The longer it fires, the longer it takes from spike to spike.
/// let last = times.len() - 1;
/// assert!(times[last] - times[last - 1] > 2 * (times[1] - times[0]));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct AdaptiveCurrentLeakySoma {
    potential: Variable<PotentialArray>,
    #[nested]
    adaptation: Adaptation,
    membrane: LeakyMembrane,
    firing: Firing,
}

/// An adaptive leaky integrate-and-fire soma: every spike raises a current that holds the unit back.
#[register_module(config = AdaptiveCurrentLeakySomaConfig, path = "Components/Somas")]
impl AdaptiveCurrentLeakySoma {
    fn build(
        config: &AdaptiveCurrentLeakySomaConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let shape = ports.shape("current")?.clone();
        let (dt, compat) = (keys.dt().value(), keys.compat());
        let mut draw = Drawing::new(config, keys);
        let params = draw_membrane!(draw, config, &shape);
        let adaptation = draw_adaptation!(draw, config, &shape);
        draw.finish()?;
        Ok(AdaptiveCurrentLeakySoma {
            potential: at_rest(&shape),
            adaptation: Adaptation::exact(&adaptation, dt, &shape),
            membrane: LeakyMembrane::new(&params, dt, &shape),
            firing: params.firing(compat, &shape),
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
        let (v, current) = (self.potential.as_mut_slice(), current.as_slice());
        vectorised!({
            let held_back = current.iter().zip(self.adaptation.values());
            self.membrane.drive(v, held_back.map(|(current, w)| current - w));
            self.firing.fire(v);
            self.adaptation.step(v, self.firing.fired());
        });
        self.firing.emit(inhibition_mask, spikes);
    }

    /// Membrane potential relative to rest, mV.
    #[property]
    #[shape(current)]
    fn potential(&self) -> &PotentialArray {
        &self.potential
    }

    fn sharing(&self) -> Sharing {
        self.firing.sharing()
    }

    fn restrict(&mut self, part: Part) {
        self.firing.restrict(part);
    }

    fn reset(&mut self) {
        self.potential.clear();
        self.adaptation.reset();
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        potential_state(&self.potential, path, state);
        self.adaptation.spark_state(path, self.potential.shape(), state);
    }
}
