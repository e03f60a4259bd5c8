//! The soma of Izhikevich.

use super::membrane::{Firing, at_rest, potential_state};
use crate::core::array::Real;
use crate::core::compat::Compat;
use crate::core::error::BuildError;
use crate::core::field::Init;
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::param::Param;
use crate::core::payload::{BooleanMask, CurrentArray, PotentialArray, Shape, SparkPayload, SpikeArray};
use crate::core::sharing::{Part, Sharing};
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::kernels::select::select;
use crate::kernels::trace::settled;
use crate::nn::param::{Drawing, ParamExt, shaped};
use crate::prelude::*;

/// Configuration of [`IzhikevichSoma`].
#[register_config]
pub struct IzhikevichSomaConfig {
    /// Membrane potential at the start.
    #[field(default = -65mV)]
    pub potential_rest: Init<Mv>,
    /// Membrane potential right after a spike; `c` in the model.
    #[field(default = -65mV)]
    pub potential_reset: Init<Mv>,
    /// What turns a current into the model's input.
    #[field(default = 0.1GOhm)]
    pub resistance: Init<GOhm>,
    /// Peak of the spike.
    #[field(default = 30mV)]
    pub threshold: Init<Mv>,
    /// Rate of the recovery; `a` in the model.
    #[field(default = 0.02)]
    pub recovery_timescale: Init<f64>,
    /// How the recovery follows the potential; `b` in the model.
    #[field(default = 0.2)]
    pub recovery_sensitivity: Init<f64>,
    /// What a spike adds to the recovery; `d` in the model.
    #[field(default = 2.0)]
    pub recovery_update: Init<f64>,
}

/// The soma of Izhikevich: two equations, and all the firing patterns of the cortex.
///
/// ```text
/// dv/dt = 0.04 v^2 + 5 v + 140 - u + R I
/// du/dt = a (b v - u)                        if v > threshold: a spike, v := c, u := u + d
/// ```
///
/// Time in ms, `v` in mV: the numbers are those of the paper and belong to these units. A current of 100 pA is an input
/// of 10 at the default resistance.
///
/// | pattern | `recovery_timescale` a | `recovery_sensitivity` b | `potential_reset` c | `recovery_update` d |
/// |---|---|---|---|---|
/// | regular spiking | 0.02 | 0.2 | -65 mV | 8 |
/// | intrinsically bursting | 0.02 | 0.2 | -55 mV | 4 |
/// | chattering | 0.02 | 0.2 | -50 mV | 2 |
/// | fast spiking | 0.1 | 0.2 | -65 mV | 2 |
/// | low-threshold spiking | 0.02 | 0.25 | -65 mV | 2 |
///
/// As in the program of the paper, a time step of 1 ms is two steps of Euler's method for `v`, each of 0.5 ms, and one
/// for `u` after them; other time steps are parted into as many steps of at most 0.5 ms. Of a spike `u` sees its
/// peak, the threshold, and not how far the last step went beyond, as it does in that program: so the patterns are the
/// same at any time step.
///
/// Parameters: `potential_rest` -65 mV, `potential_reset` -65 mV, `resistance` 0.1 GOhm, `threshold` 30 mV,
/// `recovery_timescale` 0.02 per ms, `recovery_sensitivity` 0.2 per ms, `recovery_update` 2 mV per ms; each is a
/// number, an array of the shape of `current`, or an initializer.
///
/// A reset sets `v` to `potential_rest` and `u` to `b v`. The property `potential` is `v - potential_rest`.
///
/// Izhikevich, *IEEE Trans. Neural Netw.* 14:1569, 2003, doi:10.1109/TNN.2003.820440.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain RegularSpiking(current: CurrentArray[1]) -> (spikes: SpikeArray[1]) {
///         soma = IzhikevichSoma { recovery_update: 8.0 };
///         current     -> soma.current;
///         soma.spikes -> spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut unit = RegularSpiking::new()?;
/// let current = CurrentArray::from([100.0]);
/// let mut times = Vec::new();
/// for t in 0..500 {
///     if unit.step(RegularSpikingInputs { current: &current }).spikes.count() == 1 {
///         times.push(t);
///     }
/// }
/// // Fast at first, then slower and regular.
/// let intervals: Vec<usize> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
/// assert!(intervals[0] < intervals[1] && intervals.len() > 5);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct IzhikevichSoma {
    potential: Variable<PotentialArray>,
    recovery: Variable<Vec<Real>>,
    model: Model,
    firing: Firing,
}

/// The two equations. The Python package computes others with the same names: see `docs/fidelity.md`.
#[derive(Debug, Clone)]
struct Model {
    dt: Real,
    /// Into so many steps of this length a time step is parted.
    parts: u32,
    part: Real,
    /// What is added to a potential relative to rest to make it the `v` of the equations.
    origin: Vec<Real>,
    /// What of a spike the recovery sees, relative to rest.
    peak: Vec<Real>,
    /// The factor of the recovery in the equation of `v`.
    coupling: Vec<Real>,
    resistance: Vec<Real>,
    timescale: Vec<Real>,
    sensitivity: Vec<Real>,
    update: Vec<Real>,
    /// The recovery after a reset.
    start: Vec<Real>,
    /// The Python package multiplies the recovery by 0 and adds it: an infinite one becomes not a number.
    overflows: bool,
}

/// Parameters as drawn, in the units of the configuration.
struct Params {
    rest: Param,
    reset: Param,
    update: Param,
    timescale: Param,
    sensitivity: Param,
    resistance: Param,
    threshold: Param,
}

/// Longest step of Euler's method, ms.
const LONGEST_PART: f64 = 0.5;

impl Model {
    fn new(params: &Params, dt: f64, compat: Compat, shape: &Shape) -> Self {
        let one = Param::Scalar(1.0);
        let (origin, peak, coupling, start, parts) = if compat.is_spark_snn_1() {
            let never = Param::Scalar(f64::INFINITY);
            (-&params.reset, never, &params.resistance, Param::Scalar(0.0), 1.0)
        } else {
            let parts = (dt / LONGEST_PART - 1e-6).ceil().max(1.0);
            let start = &params.sensitivity * &params.rest;
            (
                params.rest.clone(),
                &params.threshold - &params.rest,
                &one,
                start,
                parts,
            )
        };
        Model {
            dt: dt as Real,
            parts: parts as u32,
            part: (dt / parts) as Real,
            origin: origin.per_element(shape),
            peak: peak.per_element(shape),
            coupling: coupling.per_element(shape),
            resistance: params.resistance.per_element(shape),
            timescale: params.timescale.per_element(shape),
            sensitivity: params.sensitivity.per_element(shape),
            update: params.update.per_element(shape),
            start: start.per_element(shape),
            overflows: compat.is_spark_snn_1(),
        }
    }

    /// Moves the potential of unit `i` by one step.
    #[inline(always)]
    fn drive(&self, i: usize, potential: &mut Real, u: Real, current: Real) {
        for _ in 0..self.parts {
            let v = *potential + self.origin[i];
            let slope =
                0.04 * (v * v) + 5.0 * v + 140.0 - self.coupling[i] * u + self.resistance[i] * current;
            *potential += self.part * slope;
        }
    }

    /// Moves the recovery of unit `i` by one step, at this potential.
    #[inline(always)]
    fn recover(&self, i: usize, potential: Real, u: &mut Real) {
        let peak = self.peak[i];
        let v = if potential > peak { peak } else { potential } + self.origin[i];
        *u = settled(*u + self.dt * (self.timescale[i] * (self.sensitivity[i] * v - *u)));
    }
}

/// The soma of Izhikevich: two equations, and all the firing patterns of the cortex.
#[register_module(config = IzhikevichSomaConfig, path = "Components/Somas")]
impl IzhikevichSoma {
    fn build(
        config: &IzhikevichSomaConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let shape = ports.shape("current")?.clone();
        let (dt, compat) = (keys.dt().value(), keys.compat());
        let mut draw = Drawing::new(config, keys);
        let params = Params {
            rest: draw.param(&config.potential_rest, &shape),
            reset: draw.param(&config.potential_reset, &shape),
            update: draw.param(&config.recovery_update, &shape),
            timescale: draw.param(&config.recovery_timescale, &shape),
            sensitivity: draw.param(&config.recovery_sensitivity, &shape),
            resistance: draw.param(&config.resistance, &shape),
            threshold: draw.param(&config.threshold, &shape),
        };
        draw.finish()?;
        let model = Model::new(&params, dt, compat, &shape);
        Ok(IzhikevichSoma {
            potential: at_rest(&shape),
            recovery: Variable::new(model.start.clone()),
            firing: Firing::new(&params.rest, &params.reset, &params.threshold, compat, &shape),
            model,
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
        for (i, ((v, u), &current)) in v
            .iter_mut()
            .zip(self.recovery.iter_mut())
            .zip(current)
            .enumerate()
        {
            self.model.drive(i, v, *u, current);
            self.model.recover(i, *v, u);
        }
        self.firing.fire(v);
        let updates = self.firing.fired().iter().zip(&self.model.update);
        for (u, (&fired, update)) in self.recovery.iter_mut().zip(updates) {
            *u = select(fired, *u + update, *u);
            if self.model.overflows && u.is_infinite() {
                *u = Real::NAN;
            }
        }
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
        self.recovery.copy_from_slice(&self.model.start);
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        potential_state(&self.potential, path, state);
        state.insert_array(
            join(path, "recovery"),
            self.recovery.kind(),
            shaped(self.potential.shape(), self.recovery.to_vec()),
        );
    }
}
