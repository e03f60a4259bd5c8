//! Synapses whose currents decay.

use super::linear::Weights;
use crate::core::array::Real;
use crate::core::error::BuildError;
use crate::core::field::{Init, Units};
use crate::core::module::{In, Keys, Out, Ports};
use crate::core::param::Param;
use crate::core::payload::{CurrentArray, FloatArray, SpikeArray};
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::core::variable::VariableKind;
use crate::kernels::synaptic::row_sums;
use crate::nn::arrivals::Inhibitory;
use crate::nn::initializers::SparseUniformInitializer;
use crate::nn::param::{Drawing, shaped};
use crate::nn::tracers::Tracer;
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`TracedSynapses`].
#[register_config]
pub struct TracedSynapsesConfig {
    /// Shape of the pool of post units.
    #[field(required)]
    pub units: Units,
    /// Weights: an array of the shape `units ++ inputs`, or an initializer.
    #[field(default = SparseUniformInitializer::default(), constant, validate(TypeValidator))]
    pub kernel: Init<PAmp>,
    /// Time constant of the current.
    #[field(default = 5ms, validate(TypeValidator, PositiveValidator))]
    pub tau: Init<Ms>,
    /// What a spike through a weight of 1 adds.
    #[field(default = 1.0, validate(TypeValidator, PositiveValidator))]
    pub scale: Init<f64>,
    /// What the current of a synapse decays to.
    #[field(default = 0.0)]
    pub base: Init<f64>,
}

/// Synapses whose current decays exponentially.
///
/// For each synapse `T' = base + exp(-dt/tau) (T - base) + scale K s`, and `I_i = sum over j of T_ij`, with `s` 1 for a
/// spike of an excitatory neuron and -1 for an inhibitory one.
///
/// Parameters: `units`; `kernel`, pA, sparse uniform; `tau` 5 ms; `scale` 1; `base` 0. `tau`, `scale` and `base` may be
/// arrays of the shape of the kernel.
///
/// If `tau`, `scale` and `base` are the same for all synapses, only the sum over the synapses of a unit is kept, which
/// obeys the same equation: also while the kernel learns, since `K` enters at the time of the spike. In
/// `Compat::SparkSnn1` the traces of single synapses are part of the state and kept besides, at a cost per spike. If
/// the three differ from synapse to synapse, every synapse costs time in every step.
///
/// A reset sets the traces to `base`; the kernel is kept.
///
/// Gerstner, Kistler, Naud and Paninski, *Neuronal Dynamics*, 2014, chapter 3.1, doi:10.1017/CBO9781107447615.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Decaying(spikes: SpikeArray[1]) -> (currents: CurrentArray[1]) {
///         synapses = TracedSynapses { units: [1], kernel: [200.0], tau: 5ms };
///         spikes            -> synapses.spikes;
///         synapses.currents -> currents;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut decaying = Decaying::new()?;
/// let (spike, none) = (SpikeArray::from_indices(1, [0])?, SpikeArray::from_indices(1, [0; 0])?);
/// assert_eq!(decaying.step(DecayingInputs { spikes: &spike }).currents.as_slice(), [200.0]);
/// let next = decaying.step(DecayingInputs { spikes: &none }).currents.as_slice()[0];
/// assert!((next - 200.0 * (-1.0 / 5.0 as Real).exp()).abs() < 1e-4);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct TracedSynapses {
    #[nested]
    weights: Weights,
    #[nested]
    current_tracer: Tracer,
    kept: Kept,
    /// The traces of single synapses, where they are wanted besides their sums.
    #[nested]
    synapses: Option<SynapseTraces>,
    sums: Vec<Real>,
}

/// What `current_tracer` keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// One trace per post unit: the sum over its synapses.
    Units,
    /// One trace per synapse.
    Synapses,
}

/// One trace per synapse, all with the same constants, brought up to date only when a spike arrives at it or somebody
/// looks: a step costs what its spikes cost.
#[derive(Debug, Clone, Stateful)]
struct SynapseTraces {
    trace: Variable<Vec<Real>>,
    /// The step in which a trace was last brought up to date.
    touched: Variable<Vec<u16>>,
    /// Steps since all traces were.
    now: Variable<u16>,
    /// Decay over 0, 1, 2, ... steps, until nothing is left.
    powers: Vec<Real>,
    scale: Real,
    base: Real,
}

impl SynapseTraces {
    fn new(synapses: usize, decay: Real, scale: Real, base: Real) -> Self {
        let decay = f64::from(decay);
        let mut powers = vec![1.0];
        // A table this long bounds the memory of slow traces; what is older is brought up to date in between.
        while powers.len() < 4096 && powers[powers.len() - 1] > 1e-30 {
            powers.push(decay.powi(powers.len() as i32) as Real);
        }
        SynapseTraces {
            trace: Variable::new(vec![base; synapses]),
            touched: Variable::new(vec![0; synapses]),
            now: Variable::new(0),
            powers,
            scale,
            base,
        }
    }

    /// Begins a step.
    fn tick(&mut self) {
        *self.now += 1;
        if usize::from(*self.now) == self.powers.len() - 1 {
            for synapse in 0..self.trace.len() {
                self.trace[synapse] = self.current(synapse);
            }
            self.touched.fill(0);
            *self.now = 0;
        }
    }

    /// The trace of a synapse as of this step.
    #[inline(always)]
    fn current(&self, synapse: usize) -> Real {
        let age = usize::from(*self.now - self.touched[synapse]);
        self.base + self.powers[age] * (self.trace[synapse] - self.base)
    }

    /// Adds what a spike brings.
    #[inline(always)]
    fn add(&mut self, synapse: usize, value: Real) {
        self.trace[synapse] = self.current(synapse) + self.scale * value;
        self.touched[synapse] = *self.now;
    }

    fn reset(&mut self) {
        self.trace.fill(self.base);
        self.touched.fill(0);
        *self.now = 0;
    }
}

impl TracedSynapses {
    fn step_units(&mut self, spikes: &SpikeArray, currents: &mut [Real]) {
        self.sums.fill(0.0);
        match &mut self.synapses {
            None => self.weights.add_sums(spikes, &mut self.sums),
            Some(synapses) => {
                synapses.tick();
                let (weights, sums) = (self.weights.kernel().as_slice(), &mut self.sums);
                let inhibitory = Inhibitory::of(spikes, self.weights.pairs());
                self.weights.pairs().each_arrival(spikes, |arrival| {
                    let weight = inhibitory.signed(weights[arrival.synapse], &arrival);
                    sums[arrival.post] += weight;
                    synapses.add(arrival.synapse, weight);
                });
            }
        }
        self.current_tracer.step(&self.sums);
        currents.copy_from_slice(self.current_tracer.values());
    }

    fn step_synapses(&mut self, spikes: &SpikeArray, currents: &mut [Real]) {
        let (weights, tracer) = (self.weights.kernel().as_slice(), &mut self.current_tracer);
        let pairs = self.weights.pairs();
        let inhibitory = Inhibitory::of(spikes, pairs);
        tracer.decay();
        pairs.each_arrival(spikes, |arrival| {
            tracer.add(
                arrival.synapse,
                inhibitory.signed(weights[arrival.synapse], &arrival),
            );
        });
        row_sums(tracer.values(), currents);
    }
}

/// Synapses whose current decays exponentially.
#[register_module(config = TracedSynapsesConfig, path = "Components/Synapses")]
impl TracedSynapses {
    fn build(
        config: &TracedSynapsesConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let arriving = ports
            .get("spikes")
            .ok_or_else(|| BuildError::unwired(Self::TABLE, "spikes"))?;
        let (dt, compat) = (keys.dt().value(), keys.compat());
        let weights = Weights::draw(config, &config.kernel, &config.units, arriving, keys)?;
        let mut draw = Drawing::new(config, keys);
        let shape = weights.kernel().shape();
        let tau = draw.param(&config.tau, shape);
        let scale = draw.keyless(&config.scale, shape);
        let base = draw.keyless(&config.base, shape);
        draw.finish()?;
        let (units, pairs) = (&config.units, weights.pairs());
        let constants = (tau.decay(dt).uniform(), scale.uniform(), base.uniform());
        let (kept, current_tracer, synapses) = match constants {
            (Some(decay), Some(factor), Some(rest)) => {
                let summed = &base * &Param::Scalar(pairs.pre as f64);
                let wanted = compat.is_spark_snn_1();
                let synapses = wanted.then(|| SynapseTraces::new(pairs.count(), decay, factor, rest));
                (
                    Kept::Units,
                    Tracer::new(units, &tau, &scale, &summed, dt),
                    synapses,
                )
            }
            _ => (
                Kept::Synapses,
                Tracer::new(weights.kernel().shape(), &tau, &scale, &base, dt),
                None,
            ),
        };
        Ok(TracedSynapses {
            weights,
            current_tracer,
            kept,
            synapses,
            sums: vec![0.0; pairs.post],
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
        match self.kept {
            Kept::Units => self.step_units(spikes, currents.as_mut_slice()),
            Kept::Synapses => self.step_synapses(spikes, currents.as_mut_slice()),
        }
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
        self.current_tracer.reset();
        if let Some(synapses) = &mut self.synapses {
            synapses.reset();
        }
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.weights.spark_state(path, state);
        let path = join(path, "current_tracer");
        let shape = self.weights.kernel().shape();
        if let Some(synapses) = &self.synapses {
            let trace = (0..self.weights.pairs().count())
                .map(|synapse| synapses.current(synapse))
                .collect();
            state.insert_array(join(&path, "trace"), VariableKind::Activity, shaped(shape, trace));
        } else if self.kept == Kept::Synapses {
            self.current_tracer.spark_state(&path, shape, state);
        }
    }
}
