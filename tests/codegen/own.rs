//! Files with modules of one's own, effects, properties, arrays: declared, written, and read again in both ways.

use std::any::Any;

use spark::nn::controllers::{Model, ModelConfig};
use spark::prelude::*;

/// Configuration of [`Sum`].
#[register_config]
pub struct SumConfig {
    /// What is added.
    #[field(default = 0.0)]
    pub offset: f64,
    /// What may be added more.
    #[field(default = None)]
    pub more: Option<f64>,
}

/// Adds an offset to what it is given, and sums up what it gave.
#[derive(Debug, Clone, Stateful)]
pub struct Sum {
    total: Variable<FloatArray>,
    offset: Real,
}

/// Adds an offset to what it is given, and sums up what it gave.
#[register_module(config = SumConfig, path = "Tests")]
impl Sum {
    fn build(config: &SumConfig, ports: &Ports<Self>, _keys: &mut Keys) -> Result<Self, BuildError> {
        Ok(Sum {
            total: Variable::new(FloatArray::zeros(ports.shape("input")?)),
            offset: (config.offset + config.more.unwrap_or_default()) as Real,
        })
    }

    fn step(&mut self, input: In<FloatArray>, output: Out<FloatArray>) {
        let given = output.as_mut_slice().iter_mut().zip(input.as_slice());
        for ((y, x), total) in given.zip(self.total.as_mut_slice()) {
            *y = x + self.offset;
            *total += *y;
        }
    }

    #[property]
    #[shape(input)]
    fn total(&self) -> &FloatArray {
        &self.total
    }

    #[property]
    fn total_mut(&mut self) -> &mut FloatArray {
        &mut self.total
    }
}

/// A kernel of 8 x 12: more than a list of numbers should have.
fn kernel() -> ArrayValue {
    let number = |i: usize| 40.0 + 3.5 * (i % 7) as f64;
    let numbers = (0..96).map(number);
    ArrayValue::new(Dtype::Float32, [8, 12], numbers.collect()).unwrap()
}

network! {
    /// Populations with arrays as weights.
    pub neuron Weighing(in_spikes: SpikeArray) -> (out_spikes: SpikeArray) {
        synapses = LinearSynapses { kernel: kernel() };
        soma     = LeakySoma { threshold: [-50mV, -51mV, -52mV, -53mV, -54mV, -55mV, -56mV, -57mV] };

        in_spikes         -> synapses.spikes;
        synapses.currents -> soma.current;
        soma.spikes       -> out_spikes;
    }

    /// Everything that files can say.
    pub brain Original(x: FloatArray[2], in_spikes: SpikeArray[12]) -> (y: FloatArray, action: FloatArray[4]) {
        dt = 0.5ms;
        seed = 5;

        source  = Sum { offset: 5.0, more: 0.25 };
        target  = Sum;
        reader  = Sum;
        pool    = Weighing { units: [8], inhibitory_rate: 0.0 };
        readout = ExponentialIntegrator { num_outputs: 2, output_map: [0, 1, 1, 0, 0, 1, 1, 0] };
        joined  = FloatConcat;

        x                                -> source.input, target.input;
        in_spikes                        -> pool.in_spikes;
        target.total()                   -> reader.input;
        pool.out_spikes                  -> readout.spikes;
        (readout.signal, readout.signal) -> joined.inputs;
        source.output                    -> target.total();
        reader.output                    -> y;
        joined.output                    -> action;
    }
}

mod included {
    use super::Sum;
    use spark::prelude::*;

    include_network!(
        "own.json"
        as pub Included(x: FloatArray[2], in_spikes: SpikeArray[12]) -> (y: FloatArray, action: FloatArray[4])
        { weighing = WeighingOfTheFile; }
    );
}

/// `SPARK_BLESS=1` writes the file anew.
#[test]
fn the_file_is_that_of_the_declared_brain() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/codegen/own.json");
    let text = spark_ir::format::json::to_text(&Original::config().to_json().unwrap());
    if std::env::var_os("SPARK_BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap() == text);
}

#[test]
fn the_brain_the_included_one_and_the_loaded_one_are_the_same_to_the_bit() {
    let mut original = Original::new().unwrap();
    let mut included = included::Included::new().unwrap();
    let config = ModelConfig::from_json(&Original::config().to_json().unwrap()).unwrap();
    let shapes = [("x", Shape::from(2)), ("in_spikes", Shape::from(12))];
    let mut model = Model::from_config(&config, &shapes).unwrap();
    let mut total = 0.0;
    for t in 0..40usize {
        let x = FloatArray::from([t as Real, -0.5]);
        let in_spikes =
            SpikeArray::from_indices(12, (0..12).filter(|unit| (t + *unit as usize).is_multiple_of(4)))
                .unwrap();
        let out = original.step(OriginalInputs {
            x: &x,
            in_spikes: &in_spikes,
        });
        let same = included.step(included::IncludedInputs {
            x: &x,
            in_spikes: &in_spikes,
        });
        model
            .step([("x", &x as &dyn Any), ("in_spikes", &in_spikes as &dyn Any)])
            .unwrap();
        assert_eq!((&out.y, &out.action), (&same.y, &same.action), "step {t}");
        assert_eq!(Some(&out.y), model.output("y"), "step {t}");
        assert_eq!(Some(&out.action), model.output("action"), "step {t}");
        total += out.action.as_slice().iter().sum::<Real>();
    }
    assert!(total > 0.0, "the population fires");
    assert_eq!(spark::snapshot(&original), spark::snapshot(&included));
    assert_eq!(spark::snapshot(&original), spark::snapshot(&model));
}
