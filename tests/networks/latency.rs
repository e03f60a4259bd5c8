//! What is said of the steps between an input and an output is what a run shows.

use std::any::Any;

use spark::nn::controllers::{Model, ModelConfig};
use spark::prelude::*;

network! {
    /// Nodes in a row, and a way past the first two.
    brain Row(late: SpikeArray[3], soon: SpikeArray[3]) -> (currents: CurrentArray[2]) {
        first    = ZeroDelay;
        second   = ZeroDelay;
        synapses = LinearSynapses { units: [2], kernel: 1.0 };
        late                      -> first.in_spikes;
        first.out_spikes          -> second.in_spikes;
        (soon, second.out_spikes) -> synapses.spikes;
        synapses.currents         -> currents;
    }
}

network! {
    /// Synapses that learn while a reward is there: every unit fires in every step.
    neuron Learner(spikes: SpikeArray[3], reward: FloatArray[1]) -> (currents: CurrentArray[2]) {
        units = [2];
        synapses = TracedSynapses { kernel: 1.0 };
        soma     = LeakySoma { threshold: -80mV };
        rule     = ThreeFactorHebbianRule;
        spikes                 -> synapses.spikes, rule.pre_spikes;
        reward                 -> rule.reward;
        self.inhibition_mask() -> soma.inhibition_mask;
        synapses.currents      -> soma.current, currents;
        soma.spikes            -> rule.post_spikes;
        synapses.kernel()     <-> rule.kernel;
    }
}

/// A model, and the shapes of its inputs.
fn model(json: serde_json::Value, shapes: &[(&str, Shape)]) -> Model {
    Model::from_config(&ModelConfig::from_json(&json).unwrap(), shapes).unwrap()
}

/// The fewest steps that are said to lie between an input and an output.
fn said(model: &Model, input: &str) -> usize {
    let paths = model.tree().paths;
    let steps = paths
        .iter()
        .filter(|path| path.input == input)
        .map(|path| path.steps);
    steps.min().unwrap()
}

/// The first step in which the models give something else, one of which is fed with `event` in the first step.
fn shown(mut models: [Model; 2], step: impl Fn(&mut Model, bool)) -> usize {
    let differ = |t: &usize| {
        let [with, without] = &mut models;
        step(with, *t == 0);
        step(without, false);
        currents(with) != currents(without)
    };
    (0..20).find(differ).unwrap()
}

fn spikes(are: bool) -> SpikeArray {
    SpikeArray::from_indices(3, 0..if are { 3 } else { 0 }).unwrap()
}

fn currents(model: &Model) -> Vec<Real> {
    model
        .read::<CurrentArray>("currents")
        .unwrap()
        .as_slice()
        .to_vec()
}

#[test]
fn a_wire_between_two_nodes_of_a_brain_takes_the_step_that_is_said() {
    let shapes = [("late", Shape::from(3)), ("soon", Shape::from(3))];
    let make = || model(Row::config().to_json().unwrap(), &shapes);
    for (input, steps) in [("soon", 0), ("late", 2)] {
        let step = |model: &mut Model, event: bool| {
            let (given, none) = (spikes(event), spikes(false));
            let of = |name: &str| -> &dyn Any { if name == input { &given } else { &none } };
            model.step(["late", "soon"].map(|name| (name, of(name)))).unwrap();
        };
        assert_eq!(said(&make(), input), steps);
        assert_eq!(shown([make(), make()], step), steps, "{input}");
    }
}

#[test]
fn what_a_reward_changes_shows_in_the_step_that_is_said() {
    let shapes = [("spikes", Shape::from(3)), ("reward", Shape::from(1))];
    let make = || model(Learner::config().to_json().unwrap(), &shapes);
    let step = |model: &mut Model, event: bool| {
        let (volley, reward) = (spikes(true), FloatArray::filled(1, if event { 5.0 } else { 0.0 }));
        let inputs: [(&str, &dyn Any); 2] = [("spikes", &volley), ("reward", &reward)];
        model.step(inputs).unwrap();
    };
    assert_eq!(said(&make(), "reward"), 1);
    assert_eq!(shown([make(), make()], step), 1);
}
