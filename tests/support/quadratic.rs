//! The quadratic soma.

use spark::prelude::*;

/// Configuration of [`QuadraticSoma`].
#[register_config]
pub struct QuadraticSomaConfig {
    /// Membrane rest potential.
    #[field(default = -65mV)]
    pub potential_rest: Init<Mv>,
    /// Potential beyond which the upstroke feeds itself.
    #[field(default = -50mV)]
    pub potential_critical: Init<Mv>,
    /// Membrane potential right after a spike.
    #[field(default = -65mV)]
    pub potential_reset: Init<Mv>,
    /// Membrane time constant.
    #[field(default = 20ms, validate(PositiveValidator))]
    pub potential_tau: Init<Ms>,
    /// Steepness of the upstroke, per mV.
    #[field(default = 0.04, validate(PositiveValidator))]
    pub steepness: Init<f64>,
    /// Membrane resistance.
    #[field(default = 0.1GOhm)]
    pub resistance: Init<GOhm>,
    /// Peak of the spike.
    #[field(default = 30mV)]
    pub threshold: Init<Mv>,
}

/// The quadratic integrate-and-fire soma: what every neuron looks like close to the onset of firing.
///
/// `tau dV/dt = a (V - V_rest) (V - V_critical) + R I`, one step of Euler's method per time step; a unit whose potential
/// exceeds the threshold spikes and is set to the reset potential. A reset sets the potential to rest.
///
/// Ermentrout and Kopell, *SIAM J. Appl. Math.* 46:233, 1986, doi:10.1137/0146017. Gerstner, Kistler, Naud and
/// Paninski, *Neuronal Dynamics*, 2014, chapter 5.3, doi:10.1017/CBO9781107447615.
#[derive(Debug, Clone, Stateful)]
pub struct QuadraticSoma {
    // What changes is a `Variable`: part of the state, which `split` and `merge` see.
    potential: Variable<PotentialArray>,
    // What stays may be of any type. Here: one number per unit.
    rest: Vec<Real>,
    critical: Vec<Real>,
    reset: Vec<Real>,
    /// Time constants per time step.
    rate: Vec<Real>,
    steepness: Vec<Real>,
    resistance: Vec<Real>,
    threshold: Vec<Real>,
}

/// The quadratic integrate-and-fire soma.
#[register_module(config = QuadraticSomaConfig, path = "Components/Somas")]
impl QuadraticSoma {
    fn build(config: &QuadraticSomaConfig, ports: &Ports<Self>, keys: &mut Keys) -> Result<Self, BuildError> {
        let shape = ports.shape("current")?.clone();
        let dt = keys.dt().value() as Real;
        let mut soma = QuadraticSoma {
            potential: Variable::new(PotentialArray::zeros(&shape)),
            rest: drawn(config, &config.potential_rest, keys, &shape)?,
            critical: drawn(config, &config.potential_critical, keys, &shape)?,
            reset: drawn(config, &config.potential_reset, keys, &shape)?,
            rate: drawn(config, &config.potential_tau, keys, &shape)?,
            steepness: drawn(config, &config.steepness, keys, &shape)?,
            resistance: drawn(config, &config.resistance, keys, &shape)?,
            threshold: drawn(config, &config.threshold, keys, &shape)?,
        };
        soma.rate.iter_mut().for_each(|tau| *tau = dt / *tau);
        soma.reset();
        Ok(soma)
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
        if let Some(mask) = inhibition_mask {
            spikes.set_mask(mask.mask());
        }
        spikes.clear();
        let potentials = self.potential.as_mut_slice().iter_mut();
        for (i, (v, &current)) in potentials.zip(current.as_slice()).enumerate() {
            let upstroke = self.steepness[i] * (*v - self.rest[i]) * (*v - self.critical[i]);
            *v += self.rate[i] * (upstroke + self.resistance[i] * current);
            if *v > self.threshold[i] {
                *v = self.reset[i];
                spikes.push(i as u32);
            }
        }
    }

    /// Membrane potential, mV.
    #[property]
    #[shape(current)]
    fn potential(&self) -> &PotentialArray {
        &self.potential
    }

    fn reset(&mut self) {
        self.potential.as_mut_slice().copy_from_slice(&self.rest);
    }
}

/// A parameter of each unit: a number, an array or what an initializer draws. Each call takes one random key.
fn drawn<Q: Quantity>(
    config: &QuadraticSomaConfig,
    field: &Init<Q>,
    keys: &mut Keys,
    shape: &Shape,
) -> Result<Vec<Real>, BuildError> {
    let array = config.draw(field, keys, shape)?.to_array(shape)?;
    Ok(array.into_iter().collect())
}
