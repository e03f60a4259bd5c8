//! Synapses with short-term plasticity.

use std::sync::Arc;

use super::averaged::averaged;
use super::weights::Weights;
use crate::core::array::Real;
use crate::core::error::BuildError;
use crate::core::field::{Init, Units};
use crate::core::module::{In, Keys, Out, PortInfo, Ports};
use crate::core::param::Param;
use crate::core::payload::{CurrentArray, DelayPlan, FloatArray, Shape, SpikeArray, SpikeForm};
use crate::core::state::{Stateful, Variable};
use crate::kernels::trace::{Coefficient, fade};
use crate::nn::arrivals::Arrival;
use crate::nn::initializers::SparseUniformInitializer;
use crate::nn::param::{Drawing, ParamExt};
use crate::nn::tracers::Tracer;
use crate::nn::validators::{NonNegativeValidator, PositiveValidator, TypeValidator, ZeroOneValidator};
use crate::prelude::*;

/// Configuration of [`ShortTermSynapses`].
#[register_config]
pub struct ShortTermSynapsesConfig {
    /// Shape of the pool of post units.
    #[field(required)]
    pub units: Units,
    /// Weights, the current if all resources were released: an array of the shape `units ++ inputs`, or an initializer.
    #[field(default = SparseUniformInitializer::default(), constant, validate(TypeValidator))]
    pub kernel: Init<PAmp>,
    /// Share of the resources that the first spike releases.
    #[field(default = 0.5, validate(ZeroOneValidator))]
    pub release: Init<f64>,
    /// Time constant of the recovery from depression.
    #[field(default = 800ms, validate(PositiveValidator))]
    pub tau_rec: Init<Ms>,
    /// Time constant of facilitation; 0 for none.
    #[field(default = 0ms, validate(NonNegativeValidator))]
    pub tau_facil: Init<Ms>,
    /// Time constant of the current.
    #[field(default = 3ms, validate(PositiveValidator))]
    pub tau: Init<Ms>,
}

/// Synapses with short-term plasticity, the model of Tsodyks and Markram: spikes use up resources, which depresses, and
/// raise the share that the next spikes release, which facilitates.
///
/// Between spikes `tau_facil du/dt = -u` and `tau_rec dx/dt = 1 - x`. A spike first raises `u` by `release (1 - u)`, then
/// releases `u x`, which leaves `x` and raises the current `I_i` by `K_ij u x`, negative if the spike is inhibitory;
/// `tau dI/dt = -I`. `currents` is the mean of `I` over the step: the charge of a spike is `K u x tau` at any `dt`.
///
/// In the three-state form of the same authors resources pass through an active state while the current lasts; this is
/// its limit for a `tau` that is short against `tau_rec`. Mongillo, Barak and Tsodyks write `u` for what it is before a
/// spike: it decays to `release` there, and what is released is the same.
///
/// `u` and `x` are computed exactly, from one spike to the next, when there is a spike. They are kept once per
/// presynaptic neuron, also behind delays: the synapses of a neuron see the same spikes, some of them later. They are
/// kept once per synapse if spikes are given per synapse, or if the parameters differ from synapse to synapse.
///
/// Parameters: `units`; `kernel`, pA, sparse uniform; `release` 0.5; `tau_rec` 800 ms; `tau_facil` 0 ms; `tau` 3 ms. The
/// first three of them are numbers, arrays of the shape of the inputs (one per neuron) or of the kernel (one per
/// synapse), or initializers (one per synapse); `tau` is a number, an array of the shape `units`, or an initializer. The
/// defaults are those of excitatory synapses on excitatory neurons in Tsodyks, Uziel and Markram.
///
/// A reset gives all resources back and ends the current; the kernel is kept.
///
/// Tsodyks, Uziel and Markram, *Synchrony generation in recurrent networks with frequency-dependent synapses*, Journal of
/// Neuroscience 20, 2000, doi:10.1523/JNEUROSCI.20-01-j0003.2000; Mongillo, Barak and Tsodyks, *Synaptic theory of
/// working memory*, Science 319, 2008, doi:10.1126/science.1150769.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Depressing(spikes: SpikeArray[1]) -> (currents: CurrentArray[1]) {
///         synapses = ShortTermSynapses { units: [1], kernel: [200.0], release: 0.5, tau_rec: 800ms, tau: 1ms };
///         spikes            -> synapses.spikes;
///         synapses.currents -> currents;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut depressing = Depressing::new()?;
/// let (spike, none) = (SpikeArray::from_indices(1, [0])?, SpikeArray::from_indices(1, [0; 0])?);
/// // A spike every 20 ms: half of what is left goes each time.
/// let mut peaks = Vec::new();
/// for _ in 0..3 {
///     peaks.push(depressing.step(DepressingInputs { spikes: &spike }).currents.as_slice()[0]);
///     for _ in 1..20 {
///         depressing.step(DepressingInputs { spikes: &none });
///     }
/// }
/// let recovered = 1.0 - 0.5 * (-20.0 / 800.0 as Real).exp();
/// assert!((peaks[1] / peaks[0] - recovered).abs() < 1e-5);
/// assert!(peaks[2] < peaks[1]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct ShortTermSynapses {
    #[nested]
    weights: Weights,
    #[nested]
    terminals: Terminals,
    /// What neurons have released in the last steps, if terminals are kept per neuron.
    #[nested]
    released: Option<Released>,
    #[nested]
    current: Tracer,
}

/// Presynaptic terminals: usage and resources, brought up to date when there is a spike.
#[derive(Debug, Clone, Stateful)]
struct Terminals {
    /// Usage right after the last spike.
    usage: Variable<Vec<Real>>,
    /// Resources right after the last spike.
    resources: Variable<Vec<Real>>,
    /// The step of the last spike.
    last: Variable<Vec<u64>>,
    /// Steps since the last reset.
    now: Variable<u64>,
    release: Coefficient,
    /// dt / tau.
    recovery: Coefficient,
    fading: Coefficient,
}

impl Terminals {
    fn new(shape: &Shape, release: &Param, tau_rec: &Param, tau_facil: &Param, dt: f64) -> Self {
        let dt = Param::Scalar(dt);
        let count = shape.count();
        Terminals {
            usage: Variable::new(vec![0.0; count]),
            resources: Variable::new(vec![1.0; count]),
            last: Variable::new(vec![0; count]),
            now: Variable::new(0),
            release: release.coefficient(shape),
            recovery: (&dt / tau_rec).coefficient(shape),
            fading: (&dt / tau_facil).coefficient(shape),
        }
    }

    /// Usage and resources of terminal `i` in this step, before a spike.
    #[inline(always)]
    fn current(&self, i: usize) -> (Real, Real) {
        // A state from elsewhere may say that the last spike is still to come.
        let steps = self.now.saturating_sub(self.last[i]);
        let usage = fade(self.usage[i], left(steps, self.fading.at(i)));
        let used = fade(1.0 - self.resources[i], left(steps, self.recovery.at(i)));
        (usage, 1.0 - used)
    }

    /// What a spike releases at terminal `i`.
    #[inline(always)]
    fn release(&mut self, i: usize) -> Real {
        let (usage, resources) = self.current(i);
        let usage = usage + self.release.at(i) * (1.0 - usage);
        let released = usage * resources;
        self.usage[i] = usage;
        self.resources[i] = resources - released;
        self.last[i] = *self.now;
        released
    }

    fn reset(&mut self) {
        self.usage.fill(0.0);
        self.resources.fill(1.0);
        self.last.fill(0);
        *self.now = 0;
    }
}

/// exp(-steps * rate). The rate is infinite where there is no facilitation.
#[inline(always)]
fn left(steps: u64, rate: Real) -> Real {
    if steps == 0 {
        1.0
    } else {
        (-(steps as Real) * rate).exp()
    }
}

/// What each neuron has released in the last steps, so that a synapse with a delay finds what the spike that arrives
/// now took along.
#[derive(Debug, Clone, Stateful)]
struct Released {
    /// One row of neurons per step, in a ring.
    rows: Variable<Vec<Real>>,
    neurons: usize,
    steps: u64,
    plan: Option<Arc<DelayPlan>>,
}

impl Released {
    fn new(neurons: usize, plan: Option<Arc<DelayPlan>>) -> Self {
        let steps = plan.as_ref().map_or(0, |plan| usize::from(plan.max_lag())) + 1;
        Released {
            rows: Variable::new(vec![0.0; neurons * steps]),
            neurons,
            steps: steps as u64,
            plan,
        }
    }

    fn place(&self, neuron: usize, step: u64) -> usize {
        (step % self.steps) as usize * self.neurons + neuron
    }

    /// What the spike that arrives in step `now` took along.
    #[inline(always)]
    fn at(&self, arrival: &Arrival, now: u64) -> Real {
        let neuron = arrival.pre;
        let lag = self
            .plan
            .as_ref()
            .map_or(0, |plan| plan.lag(arrival.post, neuron));
        // One round of the ring more, so that nothing is negative.
        self.rows[self.place(neuron, now.wrapping_add(self.steps - u64::from(lag)))]
    }
}

impl ShortTermSynapses {
    /// One terminal per neuron: it releases when the neuron fires, whenever the spike arrives.
    fn step_neurons(&mut self, spikes: &SpikeArray) {
        let ShortTermSynapses {
            weights,
            terminals,
            released,
            current,
        } = self;
        let Some(released) = released else { return };
        let fired = match spikes.form() {
            SpikeForm::Delayed(delayed) => delayed.past(0),
            SpikeForm::Plain(indices) | SpikeForm::PerSynapse(indices) => indices,
        };
        let now = *terminals.now;
        for &neuron in fired {
            let place = released.place(neuron as usize, now);
            released.rows[place] = terminals.release(neuron as usize);
        }
        weights.each_signed(spikes, |arrival, weight| {
            let share = released.at(&arrival, now);
            current.add(arrival.post, weight * share);
        });
    }

    /// One terminal per synapse: it releases when a spike arrives.
    fn step_synapses(&mut self, spikes: &SpikeArray) {
        let (terminals, current) = (&mut self.terminals, &mut self.current);
        self.weights.each_signed(spikes, |arrival, weight| {
            current.add(arrival.post, weight * terminals.release(arrival.synapse));
        });
    }
}

/// The shape of the presynaptic neurons, if one terminal per neuron is enough: spikes are not given per synapse, and
/// all parameters are the same for the synapses of a neuron.
fn per_neuron(arriving: &PortInfo, units: &Shape, params: [&Param; 3]) -> Option<Shape> {
    let inputs = match &arriving.plan {
        Some(_) => Shape::from(&arriving.shape[units.len()..]),
        None if arriving.per_synapse => return None,
        None => arriving.shape.clone(),
    };
    let fits = |param: &&Param| param.uniform().is_some() || param.to_array(&inputs).is_ok();
    params.iter().all(fits).then_some(inputs)
}

/// Synapses with short-term plasticity: depression and facilitation.
#[register_module(config = ShortTermSynapsesConfig, path = "Components/Synapses")]
impl ShortTermSynapses {
    fn build(
        config: &ShortTermSynapsesConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let arriving = ports.arriving("spikes")?;
        let mut draw = Drawing::new(config, keys);
        let weights = Weights::draw(&mut draw, &config.kernel, &config.units, arriving);
        let shape = weights.kernel().shape();
        let release = draw.param(&config.release, shape);
        let tau_rec = draw.param(&config.tau_rec, shape);
        let tau_facil = draw.param(&config.tau_facil, shape);
        let tau = draw.param(&config.tau, &config.units);
        let neurons = per_neuron(arriving, &config.units, [&release, &tau_rec, &tau_facil]);
        if neurons.is_none() {
            let named = [
                ("release", &release),
                ("tau_rec", &tau_rec),
                ("tau_facil", &tau_facil),
            ];
            weights.check_uniform(&mut draw, &named);
        }
        draw.finish()?;
        let dt = keys.dt().value();
        let terminals = neurons.clone().unwrap_or_else(|| weights.per_synapse());
        Ok(ShortTermSynapses {
            terminals: Terminals::new(&terminals, &release, &tau_rec, &tau_facil, dt),
            released: neurons.map(|neurons| Released::new(neurons.count(), arriving.plan.clone())),
            current: averaged(&config.units, &tau, dt),
            weights,
        })
    }

    fn step(
        &mut self,
        /// Presynaptic spikes, plain, delayed or per synapse.
        spikes: In<SpikeArray>,
        /// Current into each post unit, pA.
        #[shape(units)]
        currents: Out<CurrentArray>,
    ) {
        *self.terminals.now = self.terminals.now.wrapping_add(1);
        self.current.decay();
        if self.released.is_some() {
            self.step_neurons(spikes);
        } else {
            self.step_synapses(spikes);
        }
        currents.as_mut_slice().copy_from_slice(self.current.values());
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

    fn reset(&mut self) {
        self.terminals.reset();
        self.current.reset();
        if let Some(released) = &mut self.released {
            released.rows.fill(0.0);
        }
    }
}
