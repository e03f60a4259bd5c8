//! Spike-timing-dependent plasticity from pairs of spikes.

use std::sync::Arc;

use super::traces::{PairTraces, Spike};
use super::wiring::Wiring;
use crate::core::error::BuildError;
use crate::core::payload::Topology;
use crate::core::sharing::{Part, Sharing};
use crate::core::state::{StateMap, Stateful};
use crate::kernels::plastic::Bounds;
use crate::nn::arrivals::{Pairs, each_flat, each_row};
use crate::nn::param::Drawing;
use crate::nn::validators::{PositiveValidator, TypeValidator, ZeroOneValidator};
use crate::prelude::*;

/// Configuration of [`PairSTDPRule`].
#[register_config]
pub struct PairSTDPRuleConfig {
    /// Time constant of the presynaptic trace: how long after a presynaptic spike a postsynaptic one potentiates.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub pre_tau: Init<Ms>,
    /// Time constant of the postsynaptic trace: how long after a postsynaptic spike a presynaptic one depresses.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub post_tau: Init<Ms>,
    /// Potentiation by a pair without lag.
    #[field(default = 0.01)]
    pub a_plus: f64,
    /// Depression by a pair without lag.
    #[field(default = 0.0105)]
    pub a_minus: f64,
    /// Smallest weight.
    #[field(default = 0.0)]
    pub w_min: f64,
    /// Largest weight.
    #[field(default = 1.0)]
    pub w_max: f64,
    /// How changes depend on the weight: 0 not at all (additive), 1 in proportion to the distance from the bound
    /// (multiplicative).
    #[field(default = 0.0, validate(ZeroOneValidator))]
    pub mu: f64,
    /// The same for potentiation alone.
    #[field(default = None, validate(ZeroOneValidator))]
    pub mu_plus: Option<f64>,
    /// The same for depression alone.
    #[field(default = None, validate(ZeroOneValidator))]
    pub mu_minus: Option<f64>,
}

/// Spike-timing-dependent plasticity: pre before post potentiates, post before pre depresses.
///
/// ```text
/// at a spike that arrives:       K_ij decreases by a_minus u^mu_minus y_i
/// at a spike of the post unit:   K_ij increases by a_plus (1 - u)^mu_plus x_ij
/// ```
///
/// with `u = (K - w_min) / (w_max - w_min)` as of the begin of the step, and the traces of the spikes of both sides,
/// `x' = exp(-dt/tau) x + s`: a pair with a lag of `t` counts `exp(-t/tau)`, and all pairs count (all-to-all). With 0 for
/// `mu` the rule is additive, with 1 multiplicative; `mu_plus` and `mu_minus` are `mu` unless they are given. The sum of both terms is bounded to `w_min..w_max`.
///
/// A spike that arrives in the step in which the post unit fires came before it, since it may have made it fire: the pair
/// potentiates by `a_plus` and does not depress.
///
/// Parameters: `pre_tau` 20 ms (a number, or an array of the shape of `pre_spikes`), `post_tau` 20 ms (of the shape of
/// `post_spikes`), `a_plus` 0.01, `a_minus` 0.0105, `w_min` 0, `w_max` 1, `mu` 0.
///
/// The kernel may be sparse: a spike then costs what its synapses cost, on either side. `pre_tau` is one number then if
/// delayed spikes arrive.
///
/// A reset clears the traces; the kernel is kept.
///
/// Song, Miller and Abbott, *Competitive Hebbian learning through spike-timing-dependent synaptic plasticity*, Nat.
/// Neurosci. 3, 2000, doi:10.1038/78829; Gutig, Aharonov, Rotter and Sompolinsky, *Learning input correlations through
/// nonlinear temporally asymmetric Hebbian plasticity*, J. Neurosci. 23, 2003, doi:10.1523/JNEUROSCI.23-09-03697.2003;
/// Morrison, Diesmann and Gerstner, Biol. Cybern. 98, 2008, doi:10.1007/s00422-008-0233-1.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Timed(pre: SpikeArray[1], post: SpikeArray[1]) -> (kernel: FloatArray[1, 1]) {
///         synapses = LinearSynapses { units: [1], kernel: [0.5] };
///         rule     = PairSTDPRule { a_plus: 0.1, pre_tau: 10ms };
///         pre                -> synapses.spikes, rule.pre_spikes;
///         post               -> rule.post_spikes;
///         synapses.kernel() <-> rule.kernel;
///         synapses.kernel()  -> kernel;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut timed = Timed::new()?;
/// let (spike, none) = (SpikeArray::from_indices(1, [0])?, SpikeArray::from_indices(1, [0; 0])?);
/// timed.step(TimedInputs { pre: &spike, post: &none });
/// let out = timed.step(TimedInputs { pre: &none, post: &spike });
/// // A lag of one step of 1 ms.
/// assert!((out.kernel.as_slice()[0] - (0.5 + 0.1 * (-0.1 as Real).exp())).abs() < 1e-6);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct PairSTDPRule {
    #[nested]
    traces: PairTraces,
    window: Window,
    pairs: Pairs,
    /// Whether the whole kernel has been bounded since the last reset.
    bounded: bool,
    /// Which post units fire in this step.
    fires: Vec<bool>,
    marks: Marks,
}

/// How a weight learns of the spike that arrives while its unit fires, so that both terms are bounded as one.
#[derive(Debug, Clone)]
enum Marks {
    /// Dense kernels: what arriving spikes take from the weights of units that fire. Zero between the steps.
    Pending(Vec<Real>),
    /// Sparse ones: along which rows of the topology a spike arrives. None between the steps.
    Rows(Arc<Topology>, Vec<bool>),
}

/// What a pair changes, and the bounds.
#[derive(Debug, Clone)]
struct Window {
    plus: Real,
    minus: Real,
    mu_plus: Real,
    mu_minus: Real,
    bounds: Bounds,
}

impl Window {
    /// A share of the range to the power of `mu`.
    #[inline(always)]
    fn power(&self, distance: Real, mu: Real) -> Real {
        if mu == 0.0 {
            return 1.0;
        }
        let share = (distance / (self.bounds.max - self.bounds.min)).clamp(0.0, 1.0);
        if mu == 1.0 { share } else { share.powf(mu) }
    }

    /// What a postsynaptic spike adds per presynaptic trace.
    #[inline(always)]
    fn up(&self, weight: Real) -> Real {
        self.plus * self.power(self.bounds.max - weight, self.mu_plus)
    }

    /// What a presynaptic spike takes per postsynaptic trace.
    #[inline(always)]
    fn down(&self, weight: Real) -> Real {
        self.minus * self.power(weight - self.bounds.min, self.mu_minus)
    }
}

/// Spike-timing-dependent plasticity.
#[register_module(config = PairSTDPRuleConfig, path = "Components/Plasticity Rules")]
impl PairSTDPRule {
    fn build(config: &PairSTDPRuleConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        let wiring = Wiring::of(ports, keys)?;
        let dt = keys.dt().value();
        let mut draw = Drawing::new(config, keys);
        let pre_tau = draw.param(&config.pre_tau, &wiring.arriving.shape);
        let post_tau = draw.param(&config.post_tau, wiring.post_shape);
        let bounds = bounds(config.w_min, config.w_max, &mut draw);
        draw.finish()?;
        let traces = PairTraces::new(&wiring, &pre_tau, &post_tau, Spike::One, dt);
        wiring.check_traces(&traces, keys)?;
        Ok(PairSTDPRule {
            traces,
            window: Window {
                plus: config.a_plus as Real,
                minus: config.a_minus as Real,
                mu_plus: config.mu_plus.unwrap_or(config.mu) as Real,
                mu_minus: config.mu_minus.unwrap_or(config.mu) as Real,
                bounds,
            },
            pairs: wiring.pairs,
            bounded: false,
            fires: vec![false; wiring.pairs.post],
            marks: match wiring.topology {
                Some(topology) => {
                    let rows = topology.lags().len() * topology.pre();
                    Marks::Rows(Arc::clone(topology), vec![false; rows])
                }
                None => Marks::Pending(vec![0.0; wiring.pairs.count()]),
            },
        })
    }

    fn step(
        &mut self,
        /// Presynaptic spikes as they arrive: plain, delayed or per synapse.
        pre_spikes: In<SpikeArray>,
        /// Spikes of the post units.
        post_spikes: In<SpikeArray>,
        /// The weights that learn.
        #[sparse]
        #[shape(pairs(post_spikes, pre_spikes))]
        kernel: InOut<FloatArray>,
    ) {
        let weights = kernel.as_mut_slice();
        self.traces.step_before_firing(pre_spikes);
        each_flat(post_spikes, |post| self.fires[post] = true);
        self.arrive(pre_spikes, weights);
        each_flat(post_spikes, |post| self.fire(post, weights));
        each_flat(post_spikes, |post| self.fires[post] = false);
        if let Marks::Rows(topology, marks) = &mut self.marks {
            let pre = topology.pre();
            each_row(topology, pre_spikes, |class, neuron| {
                marks[class * pre + neuron] = false;
            });
        }
        self.traces.fire(post_spikes);
        if !self.bounded {
            self.window.bounds.hold_all(weights);
            self.bounded = true;
        }
    }

    fn sharing(&self) -> Sharing {
        match self.marks {
            Marks::Rows(..) => Sharing::Units {
                count: self.pairs.post,
            },
            Marks::Pending(_) => Sharing::Alone,
        }
    }

    fn restrict(&mut self, part: Part) {
        if let Marks::Rows(topology, _) = &mut self.marks {
            *topology = Arc::new(topology.restricted(&part.units(topology.post())).0);
        }
    }

    fn reset(&mut self) {
        self.traces.reset();
        self.bounded = false;
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.traces.spark_state(path, state);
    }
}

impl PairSTDPRule {
    /// Depresses where a spike arrives. Where the unit fires besides, the weight is left as it was for the other term.
    fn arrive(&mut self, pre_spikes: &SpikeArray, weights: &mut [Real]) {
        let (traces, window) = (self.traces.view().post, &self.window);
        let fires = self.fires.as_slice();
        match &mut self.marks {
            Marks::Pending(pending) => self.pairs.each_arrival(pre_spikes, |arrival| {
                let weight = &mut weights[arrival.synapse];
                let down = window.down(*weight) * traces[arrival.post];
                if fires[arrival.post] {
                    pending[arrival.synapse] = down;
                } else {
                    *weight = window.bounds.hold(*weight - down);
                }
            }),
            Marks::Rows(topology, marks) => each_row(topology, pre_spikes, |class, pre| {
                marks[class * topology.pre() + pre] = true;
                let row = topology.row(class, pre);
                let weights = &mut weights[row.clone()];
                topology.posts().slice(row).for_each(|k, post| {
                    if !fires[post] {
                        let weight = &mut weights[k];
                        *weight = window.bounds.hold(*weight - window.down(*weight) * traces[post]);
                    }
                });
            }),
        }
    }

    /// Potentiates the weights of a unit that fires.
    fn fire(&mut self, post: usize, weights: &mut [Real]) {
        let window = &self.window;
        match &mut self.marks {
            Marks::Pending(pending) => {
                let begin = post * self.pairs.pre;
                let row = &mut weights[begin..begin + self.pairs.pre];
                let mut pending = pending[begin..].iter_mut();
                let traces = &self.traces.pre;
                traces.each_seen((post, 0), self.pairs, row, |weight, trace| {
                    let down = pending.next().map(std::mem::take).unwrap_or_default();
                    *weight = window.bounds.hold(*weight + (window.up(*weight) * trace - down));
                });
            }
            Marks::Rows(topology, marks) => {
                let trace_of_unit = self.traces.view().post[post];
                for (class, &lag) in topology.lags().iter().enumerate() {
                    let traces = self.traces.pre.of_lag(usize::from(lag));
                    let marks = &marks[class * topology.pre()..];
                    let (places, pres) = topology.incoming().of(post, class);
                    pres.for_each(|k, pre| {
                        let weight = &mut weights[places[k] as usize];
                        let down = if marks[pre] {
                            window.down(*weight) * trace_of_unit
                        } else {
                            0.0
                        };
                        *weight = window
                            .bounds
                            .hold(*weight + (window.up(*weight) * traces[pre] - down));
                    });
                }
            }
        }
    }
}

/// The bounds of the weights. A problem: an upper one that is not above the lower one.
pub(super) fn bounds<C: SparkConfig>(min: f64, max: f64, draw: &mut Drawing<'_, C>) -> Bounds {
    // Not a number is neither.
    if !matches!(min.partial_cmp(&max), Some(std::cmp::Ordering::Less)) {
        let problem = Problem::new(
            "w_max",
            "the largest weight has to be larger than the smallest one",
        );
        draw.problem(
            problem
                .expected(format!("more than w_min, {min}"))
                .found(max)
                .help("set w_min and w_max to the two ends of the range of the weights"),
        );
    }
    Bounds {
        min: min as Real,
        max: max as Real,
    }
}
