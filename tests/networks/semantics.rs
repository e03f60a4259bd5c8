//! When things happen in a step, and in which order.

use spark::prelude::*;
use spark::{ArrayD, BuildError, Shape};

/// Configuration of [`Sum`].
#[register_config]
pub struct SumConfig {
    /// What is added.
    #[field(default = 0.0)]
    pub offset: f64,
}

/// Adds an offset to what it is given, and counts its steps.
#[derive(Debug, Clone, Stateful)]
pub struct Sum {
    total: Variable<FloatArray>,
    offset: Real,
}

/// Adds an offset to what it is given, and counts its steps.
#[register_module(config = SumConfig, path = "Tests")]
impl Sum {
    fn build(config: &SumConfig, ports: &Ports<Self>, _keys: &mut Keys) -> Result<Self, BuildError> {
        let shape = ports.shape("input")?;
        Ok(Sum {
            total: Variable::new(FloatArray::zeros(shape)),
            offset: config.offset as Real,
        })
    }

    fn step(&mut self, input: In<FloatArray>, output: Out<FloatArray>) {
        for ((y, x), total) in output
            .as_mut_slice()
            .iter_mut()
            .zip(input.as_slice())
            .zip(self.total.as_mut_slice())
        {
            *y = x + self.offset;
            *total += 1.0;
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

    fn reset(&mut self) {
        self.total.fill(0.0);
    }
}

network! {
    neuron Pipeline(x: FloatArray[2]) -> (y: FloatArray, seen: FloatArray) {
        units = [1];
        second = Sum { offset: 10.0 };
        first  = Sum { offset: 1.0 };
        reader = Sum;

        x              -> first.input;
        first.output   -> second.input;
        second.total() -> reader.input;
        second.output  -> y;
        reader.output  -> seen;
    }

    brain Chain(x: FloatArray[2]) -> (y: FloatArray[2], both: FloatArray[4]) {
        first  = Sum { offset: 1.0 };
        second = Sum { offset: 10.0 };
        joined = Sum;

        x                              -> first.input;
        first.output                   -> second.input;
        (second.output, first.output)  -> joined.input;
        second.output                  -> y;
        joined.output                  -> both;
    }

    brain Written(x: FloatArray[1]) -> (y: FloatArray[1]) {
        source = Sum { offset: 5.0 };
        target = Sum;
        reader = Sum;

        x              -> source.input, target.input;
        target.total() -> reader.input;
        source.output  -> target.total();
        reader.output  -> y;
    }
}

#[test]
fn a_neuron_uses_values_in_the_step_in_which_they_are_made_and_properties_live() {
    let mut neuron = Pipeline::new().unwrap();
    let x = FloatArray::from([1.0, 2.0]);
    let out = neuron.step(PipelineInputs { x: &x });
    assert_eq!(out.y.as_slice(), [12.0, 13.0]);
    assert_eq!(
        out.seen.as_slice(),
        [1.0, 1.0],
        "the property after the step of its module"
    );
}

#[test]
fn every_wire_between_nodes_of_a_brain_takes_a_step_and_inputs_and_outputs_take_none() {
    let mut brain = Chain::new().unwrap();
    let x = FloatArray::from([1.0, 2.0]);
    let out = brain.step(ChainInputs { x: &x });
    assert_eq!(
        out.y.as_slice(),
        [10.0, 10.0],
        "the first node's output has not arrived yet"
    );
    let out = brain.step(ChainInputs { x: &x });
    assert_eq!(out.y.as_slice(), [12.0, 13.0]);
    assert_eq!(
        out.both.as_slice(),
        [10.0, 10.0, 2.0, 3.0],
        "concatenated in the order written"
    );
    let out = brain.run(1, |_| ChainInputs { x: &x });
    assert_eq!(out.both.as_slice(), [12.0, 13.0, 2.0, 3.0]);
}

#[test]
fn an_effect_is_written_after_all_modules_have_run() {
    let mut brain = Written::new().unwrap();
    let x = FloatArray::from([1.0]);
    let out = brain.step(WrittenInputs { x: &x });
    assert_eq!(
        out.y.as_slice(),
        [1.0],
        "the reader sees the property before the effect"
    );
    let out = brain.step(WrittenInputs { x: &x });
    assert_eq!(
        out.y.as_slice(),
        [7.0],
        "6 was written, and the target counted one more step"
    );
}

#[test]
fn a_brain_clears_its_wires_on_reset_and_keeps_them_in_the_mode_of_the_package() {
    let x = FloatArray::from([1.0, 2.0]);
    let shapes = || ChainShapes { x: Shape::from([2]) };
    let mut brain = Chain::build(Chain::config(), shapes()).unwrap();
    brain.step(ChainInputs { x: &x });
    brain.reset();
    assert_eq!(brain.step(ChainInputs { x: &x }).y.as_slice(), [10.0, 10.0]);

    let mut config = Chain::config();
    config.compat = Some(Compat::SparkSnn1);
    let mut brain = Chain::build(config, shapes()).unwrap();
    brain.step(ChainInputs { x: &x });
    brain.reset();
    assert_eq!(brain.step(ChainInputs { x: &x }).y.as_slice(), [12.0, 13.0]);
}

#[test]
fn a_module_that_says_another_time_step_than_its_network_is_an_error() {
    let mut config = Chain::config();
    config.dt = Some(Ms(1.0));
    config.second.dt = Some(Ms(0.5));
    let error = Chain::build(config, ChainShapes { x: [2].into() })
        .err()
        .unwrap()
        .to_string();
    assert!(error.contains("Chain.second"), "{error}");
    assert!(error.contains("0.5 ms") && error.contains("1 ms"), "{error}");
}

#[test]
fn inputs_of_another_shape_than_declared_are_refused_at_build() {
    let error = Chain::build(Chain::config(), ChainShapes { x: [3].into() })
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains("Chain.x") && error.contains("[2]") && error.contains("[3]"),
        "{error}"
    );
}

#[test]
fn all_problems_of_a_configuration_come_at_once() {
    let mut config = spark::nn::neurons::LIFNeuron::config();
    config.soma.potential_tau = Ms(-1.0).into();
    config.delays.max_delay = Ms(0.0);
    config.inhibitory_rate = 2.0;
    let shapes = spark::nn::neurons::LIFNeuronShapes {
        in_spikes: [4].into(),
    };
    let error = spark::nn::neurons::LIFNeuron::build(config, shapes)
        .err()
        .unwrap()
        .to_string();
    for place in [
        "LIFNeuron.soma.potential_tau",
        "LIFNeuron.delays.max_delay",
        "inhibitory_rate",
        "units",
    ] {
        assert!(error.contains(place), "`{place}` is missing in:\n{error}");
    }
}

#[test]
fn specs_name_what_is_wired_into_each_node() {
    let specs = Chain::specs();
    let names: Vec<&str> = specs.iter().map(|spec| spec.name.as_str()).collect();
    assert_eq!(names, ["first", "second", "joined"]);
    let (port, sources) = &specs[2].inputs[0];
    assert_eq!(port, "input");
    let origins: Vec<&str> = sources.iter().map(|map| map.origin.as_str()).collect();
    assert_eq!(origins, ["second", "first"]);
}

#[test]
fn a_declared_network_is_in_the_registry() {
    assert!(spark::REGISTRY.neuron("LIFNeuron").is_some());
    let entry = spark::REGISTRY
        .brains()
        .iter()
        .find(|entry| entry.table.name == "Chain")
        .unwrap();
    assert_eq!(entry.table.inputs[0].name, "x");
}

#[test]
#[should_panic(expected = "was built for `x` of shape [2], but the step was given [1]")]
fn a_step_with_an_array_of_another_shape_says_so() {
    let mut brain = Chain::new().unwrap();
    let x = FloatArray::new(ArrayD::zeros(vec![1]));
    brain.step(ChainInputs { x: &x });
}

network! {
    brain Misfit(spikes: SpikeArray[4], post: SpikeArray[2]) -> (kernel: FloatArray) {
        synapses = LinearSynapses { units: [2], kernel: FixedInDegreeInitializer { degree: 2 } };
        rule     = ZenkeRule;
        spikes             -> synapses.spikes, rule.pre_spikes;
        post               -> rule.post_spikes;
        synapses.kernel() <-> rule.kernel;
        synapses.kernel()  -> kernel;
    }
}

#[test]
fn a_rule_that_needs_all_pairs_refuses_a_sparse_kernel() {
    let text = Misfit::new().err().unwrap().to_string();
    assert!(
        text.contains("Misfit.rule.kernel") && text.contains("SparseUniformInitializer"),
        "{text}"
    );
}

network! {
    brain Impossible(spikes: SpikeArray[4]) -> (currents: CurrentArray) {
        few = LinearSynapses { units: [2], kernel: FixedInDegreeInitializer { degree: 5, multapses: false } };
        spikes       -> few.spikes;
        few.currents -> currents;
    }
}

#[test]
fn connections_that_cannot_be_made_name_the_field() {
    let text = Impossible::new().err().unwrap().to_string();
    assert!(
        text.contains("Impossible.few.kernel") && text.contains("degree") && text.contains("from 0 to 4"),
        "{text}"
    );
}
