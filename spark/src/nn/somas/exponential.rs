//! Exponential integrate-and-fire somas.

use super::adaptation::{Adaptation, AdaptationParams, draw_adaptation};
use super::membrane::{Firing, MembraneParams, at_rest, draw_membrane, potential_state};
use super::refractory::{Refractory, gated};
use crate::core::array::Real;
use crate::core::compat::Compat;
use crate::core::error::BuildError;
use crate::core::field::Init;
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::param::Param;
use crate::core::payload::{BooleanMask, CurrentArray, PotentialArray, Shape, SparkPayload, SpikeArray};
use crate::core::sharing::{Part, Sharing};
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::kernels::trace::settled;
use crate::nn::param::{Drawing, ParamExt};
use crate::nn::tracers::Tracer;
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// The exponential membrane: `tau dV/dt = -V + slope exp((V - rheobase) / slope) + R (I - w)` above rest, by Euler's
/// method as in the Python package.
///
/// Fourcaud-Trocme, Hansel, van Vreeswijk and Brunel, *J. Neurosci.* 23:11628, 2003,
/// doi:10.1523/JNEUROSCI.23-37-11628.2003.
#[derive(Debug, Clone)]
struct ExponentialMembrane {
    rate: Vec<Real>,
    rheobase: Vec<Real>,
    slope: Vec<Real>,
    resistance: Vec<Real>,
    /// Where the upstroke ends. In the Python package it ends nowhere: units that may not fire yet become infinite.
    ceiling: Real,
}

/// The highest potential, mV: far beyond every threshold, and still a number.
const CEILING: Real = 1e6;

impl ExponentialMembrane {
    fn new(params: &MembraneParams, upstroke: &Upstroke, dt: f64, compat: Compat, shape: &Shape) -> Self {
        ExponentialMembrane {
            rate: (&Param::Scalar(dt) / &params.tau).per_element(shape),
            rheobase: (&upstroke.rheobase - &params.rest).per_element(shape),
            slope: upstroke.slope.per_element(shape),
            resistance: params.resistance.per_element(shape),
            ceiling: if compat.is_spark_snn_1() {
                Real::INFINITY
            } else {
                CEILING
            },
        }
    }

    /// The potentials after one step with these currents.
    #[inline(always)]
    fn drive(&self, potential: &mut [Real], currents: impl Iterator<Item = Real>) {
        for (i, (v, current)) in potential.iter_mut().zip(currents).enumerate() {
            *v = self.held_back(i, *v, 0.0, current);
        }
    }

    /// The potential of unit `i` after one step with this current, against an adaptation current `w`.
    #[inline(always)]
    fn held_back(&self, i: usize, v: Real, w: Real, current: Real) -> Real {
        let (slope, resistance) = (self.slope[i], self.resistance[i]);
        let upstroke = slope * ((v - self.rheobase[i]) / slope).exp();
        let next = settled(v + self.rate[i] * (-v + upstroke - resistance * w + resistance * current));
        if next > self.ceiling { self.ceiling } else { next }
    }
}

/// What the exponential membrane has beyond the leaky one.
struct Upstroke {
    rheobase: Param,
    slope: Param,
}

/// Draws it, in the order in which keys are consumed.
macro_rules! draw_upstroke {
    ($draw:ident, $config:ident, $shape:expr) => {
        Upstroke {
            rheobase: $draw.param(&$config.rheobase_threshold, $shape),
            slope: $draw.param(&$config.spike_slope, $shape),
        }
    };
}

/// Configuration of [`ExponentialSoma`].
#[register_config]
pub struct ExponentialSomaConfig {
    /// Membrane rest potential.
    #[field(default = -70mV)]
    pub potential_rest: Init<Mv>,
    /// Membrane potential right after a spike.
    #[field(default = -51mV)]
    pub potential_reset: Init<Mv>,
    /// Membrane time constant.
    #[field(default = 5ms, validate(TypeValidator, PositiveValidator))]
    pub potential_tau: Init<Ms>,
    /// Membrane resistance.
    #[field(default = 0.5GOhm)]
    pub resistance: Init<GOhm>,
    /// Potential at which a spike has happened.
    #[field(default = -30mV)]
    pub threshold: Init<Mv>,
    /// Potential from which the upstroke takes over.
    #[field(default = -50mV)]
    pub rheobase_threshold: Init<Mv>,
    /// Sharpness of the upstroke.
    #[field(default = 2mV)]
    pub spike_slope: Init<Mv>,
}

/// An exponential integrate-and-fire soma.
///
/// `tau dV/dt = -(V - V_rest) + spike_slope exp((V - rheobase_threshold) / spike_slope) + R I`, by Euler's method; a
/// unit whose potential exceeds the threshold has spiked and is set to the reset potential. A constant current makes
/// it fire if `R I > rheobase_threshold - V_rest - spike_slope`. Potentials are kept relative to rest.
///
/// Parameters: `potential_rest` -70 mV, `potential_reset` -51 mV, `potential_tau` 5 ms, `resistance` 0.5 GOhm,
/// `threshold` -30 mV, `rheobase_threshold` -50 mV, `spike_slope` 2 mV; each is a number, an array of the shape of
/// `current`, or an initializer.
///
/// A reset sets the potential to rest.
///
/// Fourcaud-Trocme, Hansel, van Vreeswijk and Brunel, *J. Neurosci.* 23:11628, 2003,
/// doi:10.1523/JNEUROSCI.23-37-11628.2003; Gerstner, Kistler, Naud and Paninski, *Neuronal Dynamics*, 2014,
/// chapter 5.2, doi:10.1017/CBO9781107447615.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain ExponentialUnits(current: CurrentArray[2]) -> (spikes: SpikeArray[2]) {
///         soma = ExponentialSoma;
///         current     -> soma.current;
///         soma.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut units = ExponentialUnits::new()?;
/// // The rheobase is (20 - 2) mV / 0.5 GOhm = 36 pA.
/// let current = CurrentArray::from([35.5, 36.5]);
/// let mut spikes = [0, 0];
/// for _ in 0..1000 {
///     let out = units.step(ExponentialUnitsInputs { current: &current });
///     out.spikes.indices().iter().for_each(|unit| spikes[*unit as usize] += 1);
/// }
/// assert!(spikes[0] == 0 && spikes[1] > 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct ExponentialSoma {
    potential: Variable<PotentialArray>,
    membrane: ExponentialMembrane,
    firing: Firing,
}

/// An exponential integrate-and-fire soma.
#[register_module(config = ExponentialSomaConfig, path = "Components/Somas")]
impl ExponentialSoma {
    fn build(
        config: &ExponentialSomaConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let shape = ports.shape("current")?.clone();
        let (dt, compat) = (keys.dt().value(), keys.compat());
        let mut draw = Drawing::new(config, keys);
        let params = draw_membrane!(draw, config, &shape);
        let upstroke = draw_upstroke!(draw, config, &shape);
        draw.finish()?;
        Ok(ExponentialSoma {
            potential: at_rest(&shape),
            membrane: ExponentialMembrane::new(&params, &upstroke, dt, compat, &shape),
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
        self.membrane.drive(v, current.iter().copied());
        self.firing.fire(v);
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

/// Configuration of [`RefractoryExponentialSoma`].
#[register_config]
pub struct RefractoryExponentialSomaConfig {
    /// Membrane rest potential.
    #[field(default = -70mV)]
    pub potential_rest: Init<Mv>,
    /// Membrane potential right after a spike.
    #[field(default = -51mV)]
    pub potential_reset: Init<Mv>,
    /// Membrane time constant.
    #[field(default = 5ms, validate(TypeValidator, PositiveValidator))]
    pub potential_tau: Init<Ms>,
    /// Membrane resistance.
    #[field(default = 0.5GOhm)]
    pub resistance: Init<GOhm>,
    /// Potential at which a spike has happened.
    #[field(default = -30mV)]
    pub threshold: Init<Mv>,
    /// Potential from which the upstroke takes over.
    #[field(default = -50mV)]
    pub rheobase_threshold: Init<Mv>,
    /// Sharpness of the upstroke.
    #[field(default = 2mV)]
    pub spike_slope: Init<Mv>,
    /// Time after a spike in which the unit takes no input.
    #[field(default = 2ms)]
    pub cooldown: Init<Ms>,
}

/// An exponential integrate-and-fire soma with a refractory period.
///
/// As [`ExponentialSoma`]; a unit takes input and may spike only when more than `cooldown` has passed since its last
/// spike (in whole steps, rounded half to even). Its potential goes on all the time.
///
/// Parameters: those of [`ExponentialSoma`] and `cooldown` 2 ms.
///
/// A reset sets the potential to rest and starts the refractory period: no unit spikes in the first step.
///
/// Fourcaud-Trocme, Hansel, van Vreeswijk and Brunel, *J. Neurosci.* 23:11628, 2003,
/// doi:10.1523/JNEUROSCI.23-37-11628.2003; Gerstner, Kistler, Naud and Paninski, *Neuronal Dynamics*, 2014,
/// chapter 5.2, doi:10.1017/CBO9781107447615.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain RefractoryUnit(current: CurrentArray[1]) -> (spikes: SpikeArray[1]) {
///         soma = RefractoryExponentialSoma { cooldown: 2ms };
///         current     -> soma.current;
///         soma.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut unit = RefractoryUnit::new()?;
/// let current = CurrentArray::from([10_000.0]);
/// let mut times = Vec::new();
/// for t in 0..10 {
///     if unit.step(RefractoryUnitInputs { current: &current }).spikes.count() == 1 {
///         times.push(t);
///     }
/// }
/// assert_eq!(times, [1, 5, 9]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct RefractoryExponentialSoma {
    potential: Variable<PotentialArray>,
    #[nested]
    refractory: Refractory,
    membrane: ExponentialMembrane,
    firing: Firing,
}

/// An exponential integrate-and-fire soma with a refractory period.
#[register_module(config = RefractoryExponentialSomaConfig, path = "Components/Somas")]
impl RefractoryExponentialSoma {
    fn build(
        config: &RefractoryExponentialSomaConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let shape = ports.shape("current")?.clone();
        let (dt, compat) = (keys.dt().value(), keys.compat());
        let mut draw = Drawing::new(config, keys);
        let params = draw_membrane!(draw, config, &shape);
        let upstroke = draw_upstroke!(draw, config, &shape);
        let cooldown = draw.param(&config.cooldown, &shape);
        draw.finish()?;
        Ok(RefractoryExponentialSoma {
            potential: at_rest(&shape),
            refractory: Refractory::new(&cooldown, dt, compat, &shape).counted_in(config.dtype),
            membrane: ExponentialMembrane::new(&params, &upstroke, dt, compat, &shape),
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
        self.refractory.begin();
        let ready = self.refractory.ready();
        self.membrane.drive(v, current.iter().zip(ready).map(gated));
        self.firing.fire_ready(v, ready);
        self.refractory.end(self.firing.fired());
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

/// Configuration of [`SimplifiedAdaptiveExponentialSoma`].
#[register_config]
pub struct SimplifiedAdaptiveExponentialSomaConfig {
    /// Membrane rest potential.
    #[field(default = -70mV)]
    pub potential_rest: Init<Mv>,
    /// Membrane potential right after a spike.
    #[field(default = -51mV)]
    pub potential_reset: Init<Mv>,
    /// Membrane time constant.
    #[field(default = 5ms, validate(TypeValidator, PositiveValidator))]
    pub potential_tau: Init<Ms>,
    /// Membrane resistance.
    #[field(default = 0.5GOhm)]
    pub resistance: Init<GOhm>,
    /// Potential at which a spike has happened when the unit has been silent.
    #[field(default = -30mV)]
    pub threshold: Init<Mv>,
    /// Potential from which the upstroke takes over.
    #[field(default = -50mV)]
    pub rheobase_threshold: Init<Mv>,
    /// Sharpness of the upstroke.
    #[field(default = 2mV)]
    pub spike_slope: Init<Mv>,
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

/// An exponential integrate-and-fire soma with a refractory period and an adaptive threshold.
///
/// As [`RefractoryExponentialSoma`]; in addition `threshold_tau dT/dt = -(T - threshold)`, and every spike adds
/// `threshold_delta` to `T`. The spike of a step is tested against the threshold of the step before.
///
/// Parameters: those of [`RefractoryExponentialSoma`], `threshold_tau` 20 ms, `threshold_delta` 100 mV.
///
/// A reset sets the potential to rest and the threshold to its base, and starts the refractory period.
///
/// Brette and Gerstner, *J. Neurophysiol.* 94:3637, 2005, doi:10.1152/jn.00686.2005, of whose model it keeps the
/// upstroke; Gerstner, Kistler, Naud and Paninski, *Neuronal Dynamics*, 2014, chapters 5.2 and 6.1,
/// doi:10.1017/CBO9781107447615.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain AdaptingUnit(current: CurrentArray[1]) -> (spikes: SpikeArray[1]) {
///         soma = SimplifiedAdaptiveExponentialSoma { threshold_delta: 1000mV, resistance: 0.1GOhm, rheobase_threshold: 100mV };
///         current     -> soma.current;
///         soma.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut unit = AdaptingUnit::new()?;
/// let current = CurrentArray::from([1_500.0]);
/// let mut times = Vec::new();
/// for t in 0..60 {
///     if unit.step(AdaptingUnitInputs { current: &current }).spikes.count() == 1 {
///         times.push(t);
///     }
/// }
/// // The first spike raised the threshold beyond what the current alone reaches.
/// assert!(times[0] < 5 && times[1] - times[0] > 20);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct SimplifiedAdaptiveExponentialSoma {
    potential: Variable<PotentialArray>,
    #[nested]
    refractory: Refractory,
    #[nested]
    threshold: Tracer,
    membrane: ExponentialMembrane,
    firing: Firing,
}

/// An exponential integrate-and-fire soma with a refractory period and an adaptive threshold.
#[register_module(config = SimplifiedAdaptiveExponentialSomaConfig, path = "Components/Somas")]
impl SimplifiedAdaptiveExponentialSoma {
    fn build(
        config: &SimplifiedAdaptiveExponentialSomaConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let shape = ports.shape("current")?.clone();
        let (dt, compat) = (keys.dt().value(), keys.compat());
        let mut draw = Drawing::new(config, keys);
        let params = draw_membrane!(draw, config, &shape);
        let upstroke = draw_upstroke!(draw, config, &shape);
        let cooldown = draw.param(&config.cooldown, &shape);
        let tau = draw.param(&config.threshold_tau, &shape);
        let delta = draw.param(&config.threshold_delta, &shape);
        draw.finish()?;
        Ok(SimplifiedAdaptiveExponentialSoma {
            potential: at_rest(&shape),
            refractory: Refractory::new(&cooldown, dt, compat, &shape).counted_in(config.dtype),
            threshold: Tracer::new(&shape, &tau, &delta, &params.rebased_threshold(), dt),
            membrane: ExponentialMembrane::new(&params, &upstroke, dt, compat, &shape),
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
        self.refractory.begin();
        let ready = self.refractory.ready();
        self.membrane.drive(v, current.iter().zip(ready).map(gated));
        self.firing.fire_above(self.threshold.values(), v, ready);
        self.refractory.end(self.firing.fired());
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

/// Configuration of [`AdaptiveExponentialSoma`].
#[register_config]
pub struct AdaptiveExponentialSomaConfig {
    /// Membrane rest potential.
    #[field(default = -70mV)]
    pub potential_rest: Init<Mv>,
    /// Membrane potential right after a spike.
    #[field(default = -51mV)]
    pub potential_reset: Init<Mv>,
    /// Membrane time constant.
    #[field(default = 5ms, validate(TypeValidator, PositiveValidator))]
    pub potential_tau: Init<Ms>,
    /// Membrane resistance.
    #[field(default = 0.5GOhm)]
    pub resistance: Init<GOhm>,
    /// Potential at which a spike has happened.
    #[field(default = -30mV)]
    pub threshold: Init<Mv>,
    /// Potential from which the upstroke takes over.
    #[field(default = -50mV)]
    pub rheobase_threshold: Init<Mv>,
    /// Sharpness of the upstroke.
    #[field(default = 2mV)]
    pub spike_slope: Init<Mv>,
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

/// The adaptive exponential integrate-and-fire soma (AdEx).
///
/// ```text
/// tau dV/dt            = -(V - V_rest) + spike_slope exp((V - rheobase_threshold) / spike_slope) + R (I - w)
/// adaptation_tau dw/dt = adaptation_subthreshold (V - V_rest) - w,    w rises by adaptation_delta at a spike
/// ```
///
/// by Euler's method, the adaptation current after the potential. A unit whose potential exceeds the threshold has
/// spiked and is set to the reset potential.
///
/// Parameters: those of [`ExponentialSoma`], `adaptation_tau` 100 ms, `adaptation_delta` 7 pA,
/// `adaptation_subthreshold` 0.5 nS.
///
/// A reset sets the potential to rest and the adaptation current to zero.
///
/// Brette and Gerstner, *J. Neurophysiol.* 94:3637, 2005, doi:10.1152/jn.00686.2005.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain AdEx(current: CurrentArray[1]) -> (spikes: SpikeArray[1]) {
///         soma = AdaptiveExponentialSoma;
///         current     -> soma.current;
///         soma.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut unit = AdEx::new()?;
/// let current = CurrentArray::from([65.0]);
/// let mut times = Vec::new();
/// for t in 0..300 {
///     if unit.step(AdExInputs { current: &current }).spikes.count() == 1 {
///         times.push(t);
///     }
/// }
/// // The longer it fires, the longer it takes from spike to spike.
/// let last = times.len() - 1;
/// assert!(times[last] - times[last - 1] > times[1] - times[0]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct AdaptiveExponentialSoma {
    potential: Variable<PotentialArray>,
    #[nested]
    adaptation: Adaptation,
    membrane: ExponentialMembrane,
    firing: Firing,
}

/// The adaptive exponential integrate-and-fire soma (AdEx).
#[register_module(config = AdaptiveExponentialSomaConfig, path = "Components/Somas")]
impl AdaptiveExponentialSoma {
    fn build(
        config: &AdaptiveExponentialSomaConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let shape = ports.shape("current")?.clone();
        let (dt, compat) = (keys.dt().value(), keys.compat());
        let mut draw = Drawing::new(config, keys);
        let params = draw_membrane!(draw, config, &shape);
        let upstroke = draw_upstroke!(draw, config, &shape);
        let adaptation = draw_adaptation!(draw, config, &shape);
        draw.finish()?;
        Ok(AdaptiveExponentialSoma {
            potential: at_rest(&shape),
            adaptation: Adaptation::euler(&adaptation, dt, &shape),
            membrane: ExponentialMembrane::new(&params, &upstroke, dt, compat, &shape),
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
        let adaptation = self.adaptation.values();
        for (i, ((v, &current), &w)) in v.iter_mut().zip(current).zip(adaptation).enumerate() {
            *v = self.membrane.held_back(i, *v, w, current);
        }
        self.firing.fire(v);
        self.adaptation.step(v, self.firing.fired());
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
