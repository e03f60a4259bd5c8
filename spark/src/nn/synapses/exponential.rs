//! Synapses whose currents decay exponentially, excitation and inhibition with time constants of their own.

use std::ops::Range;

use super::averaged::{mean_of_step, of_tau};
use super::weights::Weights;
use crate::core::array::Real;
use crate::core::error::BuildError;
use crate::core::field::{Init, Units};
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::param::Param;
use crate::core::payload::Shape;
use crate::core::payload::{CurrentArray, FloatArray, SpikeArray};
use crate::core::sharing::{self, Part, Sharing};
use crate::core::state::{Stateful, Variable};
use crate::kernels::dispatch::vectorised;
use crate::kernels::trace::{Coefficient, fade};
use crate::nn::initializers::SparseUniformInitializer;
use crate::nn::param::{Drawing, ParamExt};
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`ExponentialCurrentSynapses`].
#[register_config]
pub struct ExponentialCurrentSynapsesConfig {
    /// Shape of the pool of post units.
    #[field(required)]
    pub units: Units,
    /// Weights: an array of the shape `units ++ inputs`, or an initializer.
    #[field(default = SparseUniformInitializer::default(), constant, validate(TypeValidator))]
    pub kernel: Init<PAmp>,
    /// Time constant of excitatory currents.
    #[field(default = 5ms, validate(PositiveValidator))]
    pub tau_excitatory: Init<Ms>,
    /// Time constant of inhibitory currents.
    #[field(default = 10ms, validate(PositiveValidator))]
    pub tau_inhibitory: Init<Ms>,
    /// Time constant of the membranes that the current drives: it then moves them as the real current does.
    #[field(default = None, validate(PositiveValidator))]
    pub membrane_tau: Option<Ms>,
}

/// Synapses whose current decays exponentially, excitation and inhibition with time constants of their own: "CUBA".
///
/// `I_i = E_i - J_i` with `tau_excitatory dE/dt = -E` and `tau_inhibitory dJ/dt = -J`. A spike of an excitatory neuron
/// `j` raises `E_i` by `K_ij`, one of an inhibitory neuron raises `J_i`: the mask of the spikes tells which is which.
///
/// The equations are solved exactly, and `currents` is the mean of `I` over the step: a spike carries the charge `K tau`
/// whatever the time step, and a soma that takes its current as constant over the step gets the right potential but for
/// terms of second order. With `membrane_tau` these vanish, too: later parts of the step weigh more, since less of them
/// leaks away, and a leaky soma with that time constant has the exact potential after each step.
/// [`TracedSynapses`](super::TracedSynapses) gives the value at the beginning of the step.
///
/// Parameters: `units`; `kernel`, pA, sparse uniform; `tau_excitatory` 5 ms; `tau_inhibitory` 10 ms, both numbers,
/// arrays of the shape `units`, or initializers; `membrane_tau`, none: the mean.
///
/// A reset sets both currents to 0; the kernel is kept.
///
/// Vogels and Abbott, *Signal propagation and logic gating in networks of integrate-and-fire neurons*, Journal of
/// Neuroscience 25, 2005, doi:10.1523/JNEUROSCI.3508-05.2005. Exact integration: Rotter and Diesmann, *Exact digital
/// simulation of time-invariant linear systems with applications to neuronal modeling*, Biological Cybernetics 81, 1999,
/// doi:10.1007/s004220050570.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Balanced(spikes: SpikeArray[2]) -> (currents: CurrentArray[1]) {
///         synapses = ExponentialCurrentSynapses {
///             units: [1], kernel: [200.0, 100.0],
///             tau_excitatory: 5ms, tau_inhibitory: 10ms,
///         };
///         spikes            -> synapses.spikes;
///         synapses.currents -> currents;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut balanced = Balanced::new()?;
/// let inhibitory = Mask::new([false, true]);
/// let both = SpikeArray::from_indices(2, [0, 1])?.with_mask(inhibitory)?;
/// let none = SpikeArray::from_indices(2, [0; 0])?;
/// // One excitatory and one inhibitory spike of the same charge: excitation first, inhibition later, nothing in the end.
/// let mut charge = balanced.step(BalancedInputs { spikes: &both }).currents.as_slice()[0];
/// assert!(charge > 0.0);
/// for _ in 0..200 {
///     charge += balanced.step(BalancedInputs { spikes: &none }).currents.as_slice()[0];
/// }
/// assert!(charge.abs() < 1e-2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct ExponentialCurrentSynapses {
    #[nested]
    weights: Weights,
    #[nested]
    excitatory: Current,
    #[nested]
    inhibitory: Current,
    /// Those that are computed.
    units: Range<usize>,
}

/// A current into each unit that decays.
#[derive(Debug, Clone, Stateful)]
struct Current {
    /// As it will be when the next step begins, but for what arrives then.
    current: Variable<Vec<Real>>,
    decay: Coefficient,
    /// What a step is given of it, as a part of what it begins with.
    share: Coefficient,
}

impl Current {
    fn new(units: &Shape, tau: &Param, membrane_tau: Option<Ms>, dt: f64) -> Self {
        let share = share_of_step(tau, membrane_tau.map(|tau| tau.value()), dt);
        Current {
            current: Variable::new(vec![0.0; units.count()]),
            decay: tau.decay(dt).coefficient(units),
            share: share.coefficient(units),
        }
    }

    fn reset(&mut self) {
        self.current.fill(0.0);
    }
}

/// The constant current over a step that stands for one that begins with 1: its mean, or what moves a membrane as far.
fn share_of_step(tau: &Param, membrane_tau: Option<f64>, dt: f64) -> Param {
    match membrane_tau {
        None => mean_of_step(tau, dt),
        Some(membrane) => of_tau(tau, |tau| exact_share(tau, membrane, dt)),
    }
}

/// `tau / (tau - tau_m) (exp(-dt/tau) - exp(-dt/tau_m)) / (1 - exp(-dt/tau_m))`, and its limit where the two are equal.
fn exact_share(tau: f64, membrane: f64, dt: f64) -> f64 {
    let leak = (-dt / membrane).exp();
    // exp(-dt/tau) / exp(-dt/tau_m) = exp(x): the difference does not cancel.
    let x = dt / membrane - dt / tau;
    let gained = if x.abs() < 1e-12 { 1.0 } else { x.exp_m1() / x };
    dt / membrane * leak * gained / (1.0 - leak)
}

/// Synapses whose current decays exponentially, excitation and inhibition with time constants of their own.
#[register_module(config = ExponentialCurrentSynapsesConfig, path = "Components/Synapses")]
impl ExponentialCurrentSynapses {
    fn build(
        config: &ExponentialCurrentSynapsesConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let arriving = ports.arriving("spikes")?;
        let units = &config.units;
        let mut draw = Drawing::new(config, keys);
        let weights = Weights::draw(&mut draw, &config.kernel, units, arriving);
        let tau_excitatory = draw.param(&config.tau_excitatory, units);
        let tau_inhibitory = draw.param(&config.tau_inhibitory, units);
        draw.finish()?;
        let dt = keys.dt().value();
        Ok(ExponentialCurrentSynapses {
            units: 0..weights.pairs().post,
            weights,
            excitatory: Current::new(units, &tau_excitatory, config.membrane_tau, dt),
            inhibitory: Current::new(units, &tau_inhibitory, config.membrane_tau, dt),
        })
    }

    fn step(
        &mut self,
        /// Presynaptic spikes, plain, delayed or per synapse; their mask tells which are inhibitory.
        spikes: In<SpikeArray>,
        /// Current into each post unit, pA.
        #[shape(units)]
        currents: Out<CurrentArray>,
    ) {
        let (excitatory, inhibitory) = (&mut self.excitatory, &mut self.inhibitory);
        let sides = (&mut excitatory.current, &mut inhibitory.current);
        self.weights.add_sides(spikes, sides.0, sides.1);
        flow(
            excitatory,
            inhibitory,
            currents.as_mut_slice(),
            self.units.clone(),
        );
    }

    /// Weights, pA.
    #[property]
    #[shape(pairs(units, spikes))]
    fn kernel(&self) -> &FloatArray {
        self.weights.kernel()
    }

    #[property]
    fn kernel_mut(&mut self) -> &mut FloatArray {
        self.weights.kernel_mut()
    }

    fn sharing(&self) -> Sharing {
        self.weights.sharing()
    }

    fn restrict(&mut self, part: Part) {
        self.weights.restrict(part);
        self.units = part.units(self.weights.pairs().post);
    }

    fn gather(&mut self, copy: &Self, part: Part) {
        sharing::gather(self, copy, part);
        self.weights.gather(&copy.weights, part);
    }

    fn reset(&mut self) {
        self.excitatory.reset();
        self.inhibitory.reset();
    }
}

/// Gives the step what it is due of both currents, and lets them decay to its end.
fn flow(excitatory: &mut Current, inhibitory: &mut Current, currents: &mut [Real], units: Range<usize>) {
    let (e, i) = (excitatory, inhibitory);
    if let (
        Coefficient::One(decay_e),
        Coefficient::One(share_e),
        Coefficient::One(decay_i),
        Coefficient::One(share_i),
    ) = (&e.decay, &e.share, &i.decay, &i.share)
    {
        let (decays, shares) = ([*decay_e, *decay_i], [*share_e, *share_i]);
        let (e, i) = (&mut e.current[units.clone()], &mut i.current[units.clone()]);
        vectorised!(flow_uniform(e, i, &mut currents[units], decays, shares));
        return;
    }
    let sides = e.current.iter_mut().zip(i.current.iter_mut());
    let all = sides.zip(currents).enumerate();
    for (unit, ((e_now, i_now), current)) in all.skip(units.start).take(units.len()) {
        *current = e.share.at(unit) * *e_now - i.share.at(unit) * *i_now;
        *e_now = fade(*e_now, e.decay.at(unit));
        *i_now = fade(*i_now, i.decay.at(unit));
    }
}

#[inline(always)]
fn flow_uniform(
    excitatory: &mut [Real],
    inhibitory: &mut [Real],
    currents: &mut [Real],
    decays: [Real; 2],
    shares: [Real; 2],
) {
    let sides = excitatory.iter_mut().zip(inhibitory);
    for ((e, i), current) in sides.zip(currents) {
        *current = shares[0] * *e - shares[1] * *i;
        *e = fade(*e, decays[0]);
        *i = fade(*i, decays[1]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exact_share_moves_a_membrane_as_far_as_the_current_itself() {
        // 20,000 small steps of tau_m dV/dt = -V + exp(-t / tau) over 2 ms, by the midpoint rule.
        for tau in [3.0, 5.0, 20.0, 80.0] {
            let (membrane, dt, n) = (20.0, 2.0, 20_000);
            let h = dt / f64::from(n);
            let v = (0..n).fold(0.0, |v: f64, k| {
                let slope = |v: f64, t: f64| (-v + (-t / tau).exp()) / membrane;
                let t = f64::from(k) * h;
                v + h * slope(v + h / 2.0 * slope(v, t), t + h / 2.0)
            });
            let by_share = exact_share(tau, membrane, dt) * (1.0 - (-dt / membrane).exp());
            assert!((v - by_share).abs() < 1e-9, "{tau}: {v}, not {by_share}");
        }
    }
}
