//! One network on several threads.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Barrier, Mutex, MutexGuard, PoisonError};

use crate::batch::Step;
use crate::core::error::Problem;
use crate::core::module::{Module, Payloads};
use crate::core::sharing::{Part, Plan};

/// A brain whose populations can be parted: every one that `network!` declares.
pub trait Parted: Module {
    /// Which nodes compute a part of their units, and how often the parts exchange their spikes.
    fn plan(&self) -> Plan;
    /// The outputs of the last step.
    fn written(&self) -> &Self::Outputs;
    /// The outputs of the last step, to be changed.
    fn written_mut(&mut self) -> &mut Self::Outputs;
}

/// A network that runs on several threads, with the same result as on one, to the bit.
///
/// Every thread has a copy of the network. The units of a population are parted among the copies; what else there is, is
/// computed in each. The copies exchange their spikes once per shortest delay, not once per step: a wire between populations
/// takes one step, and a [delay](crate::nn::delays) at the entrance of a neuron lets them run ahead as many steps as the
/// shortest of its delays has. In between no thread waits for another one, and none waits by spinning.
///
/// A population can be parted if all of its modules can: somas, [`PoissonBackground`](crate::nn::synapses::PoissonBackground),
/// [`CurrentSum`](crate::nn::synapses::CurrentSum), delays, and [`LinearSynapses`](crate::nn::synapses::LinearSynapses),
/// [`ExponentialCurrentSynapses`](crate::nn::synapses::ExponentialCurrentSynapses) and
/// [`PairSTDPRule`](crate::nn::plasticity::PairSTDPRule) if their kernel is sparse. It pays where a thread has far more to do
/// between two exchanges than these take, some 50 us: `docs/performance.md` has the figures.
///
/// ```
/// use spark::parallel::Parallel;
/// use spark::prelude::*;
///
/// network! {
///     neuron Pool(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
///         delays     = NDelays { max_delay: 8ms, delays: 7 };
///         synapses   = LinearSynapses { kernel: FixedInDegreeInitializer { degree: 20, weight: 40.0 } };
///         background = PoissonBackground { rate: 1000Hz, weight: 300pA };
///         soma       = StrictRefractoryLeakySoma { potential_reset: -60mV };
///         in_spikes              -> delays.in_spikes;
///         delays.out_spikes      -> synapses.spikes;
///         synapses.currents      -> background.current;
///         background.currents    -> soma.current;
///         self.inhibition_mask() -> soma.inhibition_mask;
///         soma.spikes            -> out_spikes;
///     }
///
///     brain Recurrent() -> (spikes: SpikeArray[200]) {
///         pool = Pool { units: [200] };
///         pool.out_spikes -> pool.in_spikes, spikes;
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut alone = Recurrent::new()?;
/// let mut shared = Parallel::of(Recurrent::new()?, 2)?;
/// // Seven steps of the delay and one of the wire.
/// assert_eq!(shared.latency(), Some(8));
/// let mut fired = 0;
/// shared.run(100, |_| RecurrentInputs {}, |_, outputs| {
///     assert_eq!(alone.step(RecurrentInputs {}).spikes, outputs.spikes);
///     fired += outputs.spikes.count();
/// })?;
/// assert!(fired > 0);
/// // Back to one network, which goes on alone.
/// let again = shared.into_network();
/// assert_eq!(spark::snapshot(&again), spark::snapshot(&alone));
/// # Ok(())
/// # }
/// ```
pub struct Parallel<M: Parted> {
    /// As it was when it was parted; its outputs are those of the last step.
    whole: M,
    copies: Vec<Copy<M>>,
    latency: Option<usize>,
}

/// A network that computes a part, and what it wrote since the last exchange.
struct Copy<M: Parted> {
    network: M,
    written: Vec<M::Outputs>,
}

impl<M: Parted> fmt::Debug for Parallel<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parallel")
            .field("network", &M::TABLE.name)
            .field("threads", &self.threads())
            .field("latency", &self.latency)
            .finish()
    }
}

/// The most steps that copies run ahead: their outputs are kept until then.
const MOST_STEPS: usize = 256;

impl<M: Parted> Parallel<M> {
    /// Parts a network among so many threads, at least one.
    ///
    /// # Errors
    /// If no population can be parted, or if a module cannot be copied.
    pub fn of(network: M, threads: usize) -> Result<Self, Problem> {
        let plan = network.plan();
        if threads > 1 && !plan.shared.contains(&true) {
            let problem = Problem::new(M::TABLE.name, "no population of this network can be parted");
            return Err(problem
                .expected("a neuron with sparse kernels whose modules can all be parted")
                .help("see the documentation of `Parallel`, or run it on one thread"));
        }
        let parts = threads.max(1);
        let copies = (0..parts).map(|index| {
            let mut network = network.duplicate()?;
            if parts > 1 {
                network.restrict(Part { index, of: parts });
            }
            let steps = plan.latency.unwrap_or(MOST_STEPS).clamp(1, MOST_STEPS);
            let written = vec![network.written().clone(); steps];
            Ok(Copy { network, written })
        });
        Ok(Parallel {
            copies: copies.collect::<Result<_, Problem>>()?,
            latency: plan.latency,
            whole: network,
        })
    }

    /// The number of threads.
    pub fn threads(&self) -> usize {
        self.copies.len()
    }

    /// How many steps the threads run before they exchange their spikes; `None` if no population hears another.
    pub fn latency(&self) -> Option<usize> {
        self.latency
    }

    /// The outputs of the last step.
    pub fn outputs(&self) -> &M::Outputs {
        self.whole.written()
    }

    /// Runs so many steps. `inputs` is asked for the inputs of a step by its number, from 0 on, by every thread and before
    /// what the network does in the steps before is known; `observe` gets the outputs of each step, in order, on one of the threads.
    ///
    /// # Errors
    /// Inputs that do not fit. The threads then have stopped at the same step.
    pub fn run<I>(
        &mut self,
        steps: usize,
        inputs: impl Fn(usize) -> I + Sync,
        mut observe: impl FnMut(usize, &M::Outputs) + Send,
    ) -> Result<(), Problem>
    where
        M: Step<I>,
        M::Outputs: Send,
    {
        let block = self.latency.unwrap_or(MOST_STEPS).clamp(1, MOST_STEPS);
        let copies: Vec<Mutex<&mut Copy<M>>> = self.copies.iter_mut().map(Mutex::new).collect();
        let barrier = Barrier::new(copies.len());
        let failed = Mutex::new(None);
        let observer = Mutex::new((self.whole.written_mut(), &mut observe));
        let work = |own: usize| {
            for begin in (0..steps).step_by(block) {
                let now = block.min(steps - begin);
                guarded(&failed, || locked(&copies[own]).advance(begin, now, &inputs));
                // Nobody steps until the exchange is over: all locks are free. The leader is who came last and has not slept: it
                // need not be woken for the exchange.
                if barrier.wait().is_leader() {
                    guarded(&failed, || {
                        let mut all: Vec<_> = copies.iter().map(locked).collect();
                        exchange(&mut all, now);
                        if locked(&failed).is_none() {
                            let (latest, observe) = &mut *locked(&observer);
                            show(&all, begin, now, latest, observe);
                        }
                        Ok(())
                    });
                }
                barrier.wait();
                if locked(&failed).is_some() {
                    return;
                }
            }
        };
        std::thread::scope(|scope| {
            let work = &work;
            for own in 1..copies.len() {
                scope.spawn(move || work(own));
            }
            work(0);
        });
        match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(Failure::Problem(problem)) => Err(problem),
            Some(Failure::Panic(panic)) => resume_unwind(panic),
            None => Ok(()),
        }
    }

    /// Gives the network back, in the state that it has reached.
    pub fn into_network(self) -> M {
        let of = self.copies.len();
        let mut whole = self.whole;
        for (index, copy) in self.copies.into_iter().enumerate() {
            whole.gather(&copy.network, Part { index, of });
        }
        whole
    }
}

/// Why the threads stop.
enum Failure {
    Problem(Problem),
    /// A mistake of the program, such as a panic of what observes: it goes on once all threads have stopped.
    Panic(Box<dyn Any + Send>),
}

/// Does some work. If it fails, the others learn of it instead of waiting for this thread.
fn guarded(failed: &Mutex<Option<Failure>>, work: impl FnOnce() -> Result<(), Problem>) {
    let failure = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(())) => return,
        Ok(Err(problem)) => Failure::Problem(problem),
        Err(panic) => Failure::Panic(panic),
    };
    locked(failed).get_or_insert(failure);
}

/// The lock of a thread that panicked holds nothing that is used again: all of them stop.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<M: Parted> Copy<M> {
    /// Runs some steps and keeps what was written in each.
    fn advance<I>(&mut self, begin: usize, steps: usize, inputs: impl Fn(usize) -> I) -> Result<(), Problem>
    where
        M: Step<I>,
    {
        for (t, written) in self.written.iter_mut().enumerate().take(steps) {
            self.network.try_step(inputs(begin + t))?;
            written.latch(self.network.written());
        }
        Ok(())
    }
}

/// Tells every copy what the others fired in the last steps.
fn exchange<M: Parted>(copies: &mut [MutexGuard<'_, &mut Copy<M>>], steps: usize) {
    let Some((first, others)) = copies.split_first_mut() else {
        return;
    };
    for other in others.iter() {
        first.network.exchange(&other.network, steps);
    }
    for other in others {
        other.network.exchange(&first.network, steps);
    }
}

/// Shows the united outputs of some steps, one after the other.
fn show<M: Parted>(
    copies: &[MutexGuard<'_, &mut Copy<M>>],
    begin: usize,
    steps: usize,
    latest: &mut M::Outputs,
    observe: &mut impl FnMut(usize, &M::Outputs),
) {
    for t in 0..steps {
        for (index, copy) in copies.iter().enumerate() {
            if index == 0 {
                latest.latch(&copy.written[t]);
            } else {
                latest.unite(&copy.written[t]);
            }
        }
        observe(begin + t, latest);
    }
}
