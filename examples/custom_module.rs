//! Modules of your own: a payload, a configuration, two modules, an initializer and a validator, registered outside of
//! the library and wired next to its own modules.
//!
//! The neuron is one with conductances: an open synapse pulls the membrane towards its reversal potential, so that
//! inhibition divides (it shunts) where a current would only subtract.
//!
//! `C dV/dt = g_L (E_L - V) + g_E (E_E - V) + g_I (E_I - V)`
//!
//! Vogels and Abbott, *Signal propagation and logic gating in networks of integrate-and-fire neurons*, Journal of
//! Neuroscience 25, 2005, doi:10.1523/JNEUROSCI.3508-05.2005. Weights are drawn from a log-normal distribution: Song,
//! Sjostrom, Reigl, Nelson and Chklovskii, PLoS Biology 3, 2005, doi:10.1371/journal.pbio.0030068.
//!
//! `cargo run --release --example custom_module`

use spark::REGISTRY;
use spark::core::validator::Range;
use spark::prelude::*;

// A payload: what travels on a wire. The library zeroes, clears and latches it; the rest is up to you.

/// Conductance onto each unit, nS.
#[register_payload]
#[derive(Clone, Debug)]
struct ConductanceArray {
    array: ArrayD<Real>,
}

impl ConductanceArray {
    fn values(&self) -> &[Real] {
        self.array.as_slice().unwrap_or_default()
    }

    fn values_mut(&mut self) -> &mut [Real] {
        self.array.as_slice_mut().unwrap_or_default()
    }
}

// A validator: a range is checked by the compiler wherever `network!` shows it a number.

/// Potentials below 0 mV.
#[register_cfg_validator]
struct BelowZeroValidator;

impl ConfigValidator for BelowZeroValidator {
    const RANGE: Option<Range> = Some(Range {
        min: f64::NEG_INFINITY,
        min_open: true,
        max: 0.0,
        max_open: true,
        text: "a potential below 0 mV",
    });
}

// An initializer: it draws an array when the model is built. It is its own configuration.

/// Log-normal numbers at some places, 0 elsewhere.
#[register_initializer]
struct LogNormalInitializer {
    /// Median of the numbers that are not 0.
    #[field(default = 1.0, validate(PositiveValidator))]
    pub median: f64,
    /// Standard deviation of their logarithm.
    #[field(default = 0.9, validate(PositiveValidator))]
    pub sigma: f64,
    /// Expected share of numbers that are not 0.
    #[field(default = 0.2, validate(ZeroOneValidator))]
    pub density: f64,
}

impl Initializer for LogNormalInitializer {
    fn draw(&self, key: Key, shape: &Shape, cast: &Cast) -> Vec<f32> {
        let keys = key.split(3);
        let number = |index: u64| {
            if f64::from(keys[0].uniform_f32_at(index)) >= self.density {
                return 0.0;
            }
            // Box and Muller's way to a normal number.
            let radius = (-2.0 * (1.0 - keys[1].uniform_f32_at(index)).ln()).sqrt();
            let normal = radius * (std::f32::consts::TAU * keys[2].uniform_f32_at(index)).cos();
            (self.median as f32) * (self.sigma as f32 * normal).exp()
        };
        cast.finish((0..shape.count() as u64).map(number).collect(), None, None)
    }
}

// A module: configuration, state, and the `impl` block whose signatures say what its ports are.

/// Configuration of [`ShuntingSynapses`].
#[register_config]
struct ShuntingSynapsesConfig {
    /// Shape of the pool of post units.
    #[field(required)]
    pub units: Units,
    /// What a spike opens, from each input onto each unit.
    #[field(default = LogNormalInitializer::default())]
    pub kernel: Init<NSiemens>,
    /// How much more an inhibitory spike opens: there are fewer of them.
    #[field(default = 6.0, validate(PositiveValidator))]
    pub inhibitory_gain: f64,
    /// Time constant with which excitatory synapses close.
    #[field(default = 5ms, validate(PositiveValidator))]
    pub excitatory_tau: Ms,
    /// Time constant with which inhibitory synapses close.
    #[field(default = 10ms, validate(PositiveValidator))]
    pub inhibitory_tau: Ms,
}

/// Synapses that open with a spike and close exponentially. A reset closes all of them; the kernel is kept.
#[derive(Stateful)]
struct ShuntingSynapses {
    kernel: Variable<FloatArray>,
    excitatory: Variable<Vec<Real>>,
    inhibitory: Variable<Vec<Real>>,
    excitatory_decay: Real,
    inhibitory_decay: Real,
    inhibitory_gain: Real,
    inputs: usize,
}

/// Synapses that open with a spike and close exponentially.
#[register_module(config = ShuntingSynapsesConfig, path = "Components/Synapses")]
impl ShuntingSynapses {
    fn build(
        config: &ShuntingSynapsesConfig,
        ports: &Ports<Self>,
        keys: &mut Keys,
    ) -> Result<Self, BuildError> {
        let inputs = ports.shape("spikes")?;
        if ports.get("spikes").is_some_and(|spikes| spikes.per_synapse) {
            let problem = Problem::new("spikes", "these synapses have no delays").help("wire plain spikes");
            return Err(problem.inside(keys.path()).into());
        }
        let shape = config.units.append(inputs);
        let kernel = config.draw(&config.kernel, keys, &shape)?.to_array(&shape)?;
        let decay = |tau: Ms| (-keys.dt().value() / tau.value()).exp() as Real;
        Ok(ShuntingSynapses {
            kernel: Variable::learned(FloatArray::new(kernel)),
            excitatory: Variable::new(vec![0.0; config.units.count()]),
            inhibitory: Variable::new(vec![0.0; config.units.count()]),
            excitatory_decay: decay(config.excitatory_tau),
            inhibitory_decay: decay(config.inhibitory_tau),
            inhibitory_gain: config.inhibitory_gain as Real,
            inputs: inputs.count(),
        })
    }

    fn step(
        &mut self,
        /// Presynaptic spikes.
        spikes: In<SpikeArray>,
        /// Conductance of the excitatory synapses.
        #[shape(units)]
        excitation: Out<ConductanceArray>,
        /// Conductance of the inhibitory synapses.
        #[shape(units)]
        inhibition: Out<ConductanceArray>,
    ) {
        self.excitatory
            .iter_mut()
            .for_each(|g| *g *= self.excitatory_decay);
        self.inhibitory
            .iter_mut()
            .for_each(|g| *g *= self.inhibitory_decay);
        for &pre in spikes.indices() {
            let pre = pre as usize;
            let (open, gain) = match spikes.mask_at(pre) {
                true => (&mut self.inhibitory, self.inhibitory_gain),
                false => (&mut self.excitatory, 1.0),
            };
            for (g, weights) in open.iter_mut().zip(self.kernel.as_slice().chunks(self.inputs)) {
                *g += gain * weights[pre];
            }
        }
        excitation.values_mut().copy_from_slice(&self.excitatory);
        inhibition.values_mut().copy_from_slice(&self.inhibitory);
    }

    /// What a spike opens, nS: plasticity rules may change it.
    #[property]
    #[shape(pairs(units, spikes))]
    fn kernel(&self) -> &FloatArray {
        &self.kernel
    }

    #[property]
    fn kernel_mut(&mut self) -> &mut FloatArray {
        &mut self.kernel
    }

    fn reset(&mut self) {
        self.excitatory.fill(0.0);
        self.inhibitory.fill(0.0);
    }
}

/// Configuration of [`ShuntingSoma`].
#[register_config]
struct ShuntingSomaConfig {
    /// Potential at rest: the reversal potential of the leak.
    #[field(default = -60mV, validate(BelowZeroValidator))]
    pub rest: Mv,
    /// Potential right after a spike.
    #[field(default = -60mV, validate(BelowZeroValidator))]
    pub reset: Mv,
    /// Threshold of the spike.
    #[field(default = -50mV, validate(BelowZeroValidator))]
    pub threshold: Mv,
    /// Reversal potential of excitatory synapses.
    #[field(default = 0mV)]
    pub excitatory_reversal: Mv,
    /// Reversal potential of inhibitory synapses.
    #[field(default = -80mV, validate(BelowZeroValidator))]
    pub inhibitory_reversal: Mv,
    /// Capacitance of the membrane.
    #[field(default = 200pF, validate(PositiveValidator))]
    pub capacitance: PFarad,
    /// Conductance of the leak.
    #[field(default = 10nS, validate(PositiveValidator))]
    pub leak: NSiemens,
}

/// A soma with a leak, driven by conductances. A reset sets the potential to rest.
#[derive(Stateful)]
struct ShuntingSoma {
    potential: Variable<PotentialArray>,
    config: ShuntingSomaConfig,
    dt: Real,
}

/// A leaky integrate-and-fire soma driven by conductances.
#[register_module(config = ShuntingSomaConfig, path = "Components/Somas")]
impl ShuntingSoma {
    fn build(config: &ShuntingSomaConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        Ok(ShuntingSoma {
            potential: Variable::new(PotentialArray::filled(
                ports.shape("excitation")?,
                config.rest.value() as Real,
            )),
            config: config.clone(),
            dt: keys.dt().value() as Real,
        })
    }

    fn step(
        &mut self,
        /// Conductance of the excitatory synapses.
        excitation: In<ConductanceArray>,
        /// Conductance of the inhibitory synapses.
        #[shape(excitation)]
        inhibition: In<ConductanceArray>,
        /// Which units inhibit: the spikes carry it.
        #[shape(excitation)]
        inhibition_mask: Option<In<BooleanMask>>,
        /// One spike per unit and step at most.
        #[shape(excitation)]
        spikes: Out<SpikeArray>,
    ) {
        if let Some(mask) = inhibition_mask {
            spikes.set_mask(mask.mask());
        }
        spikes.clear();
        let real = |potential: Mv| potential.value() as Real;
        let (leak, capacitance) = (
            self.config.leak.value() as Real,
            self.config.capacitance.value() as Real,
        );
        let conductances = excitation.values().iter().zip(inhibition.values());
        for (i, (v, (&g_e, &g_i))) in self
            .potential
            .as_mut_slice()
            .iter_mut()
            .zip(conductances)
            .enumerate()
        {
            // Exact over one step as long as the conductances do not change.
            let total = leak + g_e + g_i;
            let drive = leak * real(self.config.rest)
                + g_e * real(self.config.excitatory_reversal)
                + g_i * real(self.config.inhibitory_reversal);
            let target = drive / total;
            *v = target + (*v - target) * (-self.dt * total / capacitance).exp();
            if *v > real(self.config.threshold) {
                *v = real(self.config.reset);
                spikes.push(i as u32);
            }
        }
    }

    /// Membrane potential, mV.
    #[property]
    #[shape(excitation)]
    fn potential(&self) -> &PotentialArray {
        &self.potential
    }

    fn reset(&mut self) {
        self.potential.fill(self.config.rest.value() as Real);
    }
}

network! {
    /// Population with conductances; a fifth of its units inhibit.
    neuron ShuntingNeuron(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        inhibitory_rate = 0.2;

        synapses = ShuntingSynapses { kernel: LogNormalInitializer { median: 0.2, density: 0.3 } };
        soma     = ShuntingSoma { threshold: -50mV };

        in_spikes              -> synapses.spikes;
        synapses.excitation    -> soma.excitation;
        synapses.inhibition    -> soma.inhibition;
        self.inhibition_mask() -> soma.inhibition_mask;
        soma.spikes            -> out_spikes;
    }
}

network! {
    /// A signal, a recurrent population, its rate.
    brain Cortex(signal: FloatArray[1]) -> (rate: FloatArray[1]) {
        dt = 0.5ms;
        seed = 11;

        spiker  = TopologicalLinearSpiker { resolution: 64, tau: 20ms, max_freq: 100Hz, sigma: 0.5 };
        pool    = ShuntingNeuron { units: [100], synapses.inhibitory_tau: 8ms };
        readout = ExponentialIntegrator { num_outputs: 1, saturation_freq: 100Hz, tau: 20ms };

        signal                            -> spiker.signal;
        (spiker.spikes, pool.out_spikes)  -> pool.in_spikes;
        pool.out_spikes                   -> readout.spikes;
        readout.signal                    -> rate;
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut cortex = Cortex::new()?;
    for level in 0..=5 {
        cortex.reset();
        let signal = FloatArray::from([0.1 * level as Real]);
        let (mut sum, steps) = (0.0, 1000);
        for _ in 0..steps {
            sum += cortex.step(CortexInputs { signal: &signal }).rate.as_slice()[0];
        }
        println!(
            "signal {:.1}  mean rate {:5.1} Hz",
            signal.as_slice()[0],
            100.0 * sum / steps as Real
        );
    }

    // The attributes have put everything into the registry, from this program, at link time.
    println!("\nregistered by this program:");
    let own = [
        REGISTRY
            .payload("conductance_array")
            .map(|entry| ("payload", entry.table.name, entry.place)),
        REGISTRY
            .validator("below_zero_validator")
            .map(|entry| ("validator", entry.table.name, entry.place)),
        REGISTRY
            .initializer("log_normal_initializer")
            .map(|entry| ("initializer", entry.table.name, entry.place)),
        REGISTRY
            .config("shunting_soma_config")
            .map(|entry| ("config", entry.table.name, entry.place)),
        REGISTRY
            .module("shunting_synapses")
            .map(|entry| ("module", entry.table.name, entry.place)),
        REGISTRY
            .module("shunting_soma")
            .map(|entry| ("module", entry.table.name, entry.place)),
        REGISTRY
            .neuron("shunting_neuron")
            .map(|entry| ("neuron", entry.table.name, entry.place)),
    ];
    for entry in own {
        let (kind, name, place) = entry.ok_or("the linker has dropped an entry")?;
        println!("  {kind:11} {name:22} {place}");
    }
    REGISTRY.check()?;
    Ok(())
}
