//! Warnings of a running network.

use spark::nn::controllers::{Model, ModelConfig};
use spark::prelude::*;
use spark::watch::{WarningKind, Watch};

/// Configuration of [`Hasty`].
#[register_config]
pub struct HastyConfig {
    /// What it promises.
    #[field(default = 3ms)]
    pub cooldown: Ms,
}

/// Fires in every other step, whatever it promises.
#[derive(Stateful)]
pub struct Hasty {
    steps: Variable<u32>,
}

#[register_module(config = HastyConfig, path = "Tests")]
impl Hasty {
    fn build(_: &HastyConfig, _: &Ports<Self>, _: &mut Keys) -> Result<Self, BuildError> {
        Ok(Hasty {
            steps: Variable::new(0),
        })
    }

    fn step(&mut self, signal: In<FloatArray>, #[shape(signal)] spikes: Out<SpikeArray>) {
        spikes.clear();
        if self.steps.is_multiple_of(2) {
            (0..signal.as_slice().len() as u32).for_each(|unit| spikes.push(unit));
        }
        *self.steps += 1;
    }
}

network! {
    neuron Pool(signal: FloatArray[2]) -> (spikes: SpikeArray[2]) {
        units = [2];
        hasty = Hasty;
        signal       -> hasty.signal;
        hasty.spikes -> spikes;
    }

    brain Pools(signal: FloatArray[2]) -> (spikes: SpikeArray[2], slow_spikes: SpikeArray[2]) {
        fast = Pool;
        slow = Pool { hasty.cooldown: 2ms };
        signal      -> fast.signal, slow.signal;
        fast.spikes -> spikes;
        slow.spikes -> slow_spikes;
    }
}

fn expected(watch: &Watch) {
    let [warning] = watch.warnings() else {
        panic!("{:?}", watch.warnings());
    };
    assert_eq!((warning.step, warning.place.as_str()), (2, "fast.hasty.spikes"));
    assert_eq!(
        warning.to_string(),
        "step 2, `fast.hasty.spikes`: unit 0 fired 2 ms after its last spike, within its refractory period of 3 ms"
    );
}

#[test]
fn a_unit_that_fires_within_its_refractory_period_is_told_once() {
    let mut pools = Pools::new().unwrap();
    let mut watch = Watch::default();
    let signal = FloatArray::from([0.0, 0.0]);
    for _ in 0..10 {
        pools.step(PoolsInputs { signal: &signal });
        pools.watch(&mut watch);
    }
    expected(&watch);
}

#[test]
fn a_loaded_network_is_watched_like_a_declared_one() {
    let json = Pools::config().to_json().unwrap();
    let config = ModelConfig::from_json(&json).unwrap();
    let mut pools = Model::from_config(&config, &[("signal", Shape::from(2))]).unwrap();
    let mut watch = Watch::default();
    let signal = FloatArray::from([0.0, 0.0]);
    for _ in 0..10 {
        pools.step([("signal", &signal as &dyn std::any::Any)]).unwrap();
        pools.watch(&mut watch);
    }
    expected(&watch);
}

network! {
    brain Plain(current: CurrentArray[3]) -> (spikes: SpikeArray[3]) {
        soma = LeakySoma;
        current     -> soma.current;
        soma.spikes -> spikes;
    }
}

#[test]
fn numbers_that_are_none_are_told_with_place_and_count() {
    let mut plain = Plain::new().unwrap();
    let mut watch = Watch::every(1);
    let current = CurrentArray::from([0.0, Real::NAN, Real::NEG_INFINITY]);
    for _ in 0..5 {
        plain.step(PlainInputs { current: &current });
        plain.watch(&mut watch);
    }
    assert_eq!(watch.warnings().len(), 1);
    assert_eq!(
        (watch.warnings()[0].step, watch.warnings()[0].place.as_str()),
        (0, "soma/potential")
    );
    let expected = WarningKind::NotFinite {
        nan: 1,
        infinite: 1,
        first: 1,
    };
    assert_eq!(watch.warnings()[0].kind, expected);
}

#[test]
fn a_network_in_order_is_not_warned_of() {
    let mut plain = Plain::new().unwrap();
    let mut watch = Watch::every(1);
    for _ in 0..50 {
        let current = CurrentArray::from([300.0, 500.0, 0.0]);
        plain.step(PlainInputs { current: &current });
        plain.watch(&mut watch);
    }
    assert_eq!(watch.warnings(), []);
}
