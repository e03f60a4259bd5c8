//! The trace-based Hebbian rule.

use super::deferring::Deferring;
use super::modulation::Factor;
use super::terms::{PairTerms, Term};
use super::traces::{PairTraces, Spike};
use super::wiring::Wiring;
use crate::core::error::BuildError;
use crate::core::sharing::{Part, Sharing};
use crate::core::state::{StateMap, Stateful};
use crate::kernels::plastic::Bounds;
use crate::nn::param::Drawing;
use crate::nn::validators::{PositiveValidator, TypeValidator};
use crate::prelude::*;

/// Configuration of [`HebbianRule`].
#[register_config]
pub struct HebbianRuleConfig {
    /// Time constant of the presynaptic trace.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub pre_tau: Init<Ms>,
    /// Time constant of the postsynaptic trace.
    #[field(default = 20ms, validate(TypeValidator, PositiveValidator))]
    pub post_tau: Init<Ms>,
    /// Learning rate.
    #[field(default = 0.01)]
    pub eta: f64,
}

/// Hebbian learning from spike traces: what fires together wires together, whatever the order.
///
/// `dK_ij/dt = eta (y_i s_j + p_i x_ij)`, `K' = max(0, K + dt dK/dt)`, where `s` and `p` are the pre- and postsynaptic
/// spikes of the step, `x` and `y` their traces: `x' = exp(-dt/tau) x + s / tau`.
///
/// Parameters: `pre_tau` 20 ms (a number, or an array of the shape of `pre_spikes`), `post_tau` 20 ms (of the shape of
/// `post_spikes`), `eta` 0.01.
///
/// In large dense kernels of delayed spikes, postsynaptic spikes are counted per unit and added to a weight when the next
/// spike arrives there; whoever reads the kernel sees the weights as if they had been added at once.
///
/// A reset clears the traces; the kernel is kept.
///
/// Gerstner, Kempter, van Hemmen and Wagner, *A neuronal learning rule for sub-millisecond temporal coding*, Nature 383,
/// 1996, doi:10.1038/383076a0; Morrison, Diesmann and Gerstner, Biol. Cybern. 98, 2008, doi:10.1007/s00422-008-0233-1.
///
/// ```
/// use spark::prelude::*;
///
/// network! {
///     brain Associates(pre: SpikeArray[1], post: SpikeArray[1]) -> (kernel: FloatArray[1, 1]) {
///         synapses = LinearSynapses { units: [1], kernel: [1.0] };
///         rule     = HebbianRule { eta: 0.1 };
///         pre                -> synapses.spikes, rule.pre_spikes;
///         post               -> rule.post_spikes;
///         synapses.kernel() <-> rule.kernel;
///         synapses.kernel()  -> kernel;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut associates = Associates::new()?;
/// let spike = SpikeArray::from_indices(1, [0])?;
/// let out = associates.step(AssociatesInputs { pre: &spike, post: &spike });
/// // 1 + dt eta (y s + p x), both traces at 1/20 after their first spike.
/// assert!((out.kernel.as_slice()[0] - 1.01).abs() < 1e-6);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Stateful)]
pub struct HebbianRule {
    #[nested]
    traces: PairTraces,
    terms: PairTerms,
    #[nested]
    deferring: Option<Deferring>,
}

/// Hebbian learning from spike traces.
#[register_module(config = HebbianRuleConfig, path = "Components/Plasticity Rules")]
impl HebbianRule {
    fn build(config: &HebbianRuleConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        let wiring = Wiring::of(ports, keys)?;
        let dt = keys.dt().value();
        let mut draw = Drawing::new(config, keys);
        let pre_tau = draw.param(&config.pre_tau, &wiring.arriving.shape);
        let post_tau = draw.param(&config.post_tau, wiring.post_shape);
        draw.finish()?;
        let term = Term::per_trace((dt * config.eta) as Real);
        let traces = PairTraces::new(&wiring, &pre_tau, &post_tau, Spike::PerTau, dt);
        wiring.check_traces(&traces, keys)?;
        let terms = PairTerms::of(&wiring, term.clone(), term, Bounds::POSITIVE);
        let deferring = Deferring::of(ports.arriving("kernel")?, &traces, &terms, keys);
        Ok(HebbianRule {
            traces,
            terms,
            deferring,
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
        self.traces.step(pre_spikes, post_spikes);
        let deferring = self.deferring.as_ref();
        if let Some((arriving, weights)) = deferring.and_then(|it| it.begin_step(pre_spikes, kernel)) {
            self.terms
                .step_deferred(arriving, post_spikes, self.traces.view(), weights);
            return;
        }
        let weights = kernel.rows_mut();
        self.terms
            .step(pre_spikes, post_spikes, self.traces.view(), Factor::ONE, weights);
    }

    fn sharing(&self) -> Sharing {
        self.terms.sharing()
    }

    fn restrict(&mut self, part: Part) {
        self.terms.restrict(part);
    }

    fn reset(&mut self) {
        self.traces.reset();
        self.terms.reset();
        if let Some(deferring) = &mut self.deferring {
            deferring.reset();
        }
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        self.traces.spark_state(path, state);
    }
}
