//! Runs of random networks.

use std::any::Any;
use std::sync::LazyLock;

use spark::checkpoint::Checkpoint;
use spark::codegen;
use spark::nn::controllers::{Model, ModelConfig};
use spark::prelude::*;
use spark_ir::format::vocabulary::Vocabulary;

use crate::dice::Dice;
use crate::network::{Input, RandomNetwork, network};

static WORDS: LazyLock<Vocabulary> = LazyLock::new(codegen::vocabulary);

/// The network of a seed.
pub fn random(seed: u64) -> RandomNetwork {
    network(seed, &WORDS)
}

impl RandomNetwork {
    /// As it is read from its file.
    pub fn config(&self) -> ModelConfig {
        ModelConfig::from_json(&self.json).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Built for its inputs.
    pub fn build(&self, config: &ModelConfig) -> Model {
        let inputs = self.inputs.iter();
        let shapes: Vec<_> = inputs
            .map(|input| (input.name.as_str(), Shape::from(input.shape.clone())))
            .collect();
        Model::from_config(config, &shapes).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The shape of an input.
    pub fn shape(&self, input: &str) -> Shape {
        let mut inputs = self.inputs.iter();
        Shape::from(inputs.find(|known| known.name == input).unwrap().shape.clone())
    }

    /// What arrives at an input in a step.
    pub fn given<P: Any>(&self, input: &str, step: usize) -> Box<P> {
        let index = self.inputs.iter().position(|known| known.name == input).unwrap();
        value(&self.inputs[index], 100 * step + index).downcast().unwrap()
    }

    /// Runs over some steps; gives what left the network in each.
    pub fn run(&self, model: &mut Model, steps: std::ops::Range<usize>) -> Vec<Vec<String>> {
        steps.map(|step| self.step(model, step)).collect()
    }

    /// What leaves the network in a step.
    pub fn step(&self, model: &mut Model, step: usize) -> Vec<String> {
        let inputs = self.inputs.iter().enumerate();
        let values: Vec<Box<dyn Any>> = inputs.map(|(i, input)| value(input, 100 * step + i)).collect();
        let names = self.inputs.iter().map(|input| input.name.as_str());
        model
            .step(names.zip(values.iter().map(|value| &**value)))
            .unwrap();
        let outputs = self.outputs.iter();
        outputs
            .map(|name| text(model.output_any(name).unwrap()))
            .collect()
    }
}

/// The value of an input in a step, by chance.
fn value(input: &Input, seed: usize) -> Box<dyn Any> {
    let mut dice = Dice::new(seed as u64);
    let shape = Shape::from(input.shape.clone());
    match input.payload {
        "SpikeArray" => {
            let mut spikes = SpikeArray::zeros(&shape);
            for unit in 0..shape.count() {
                if dice.chance(0.35) {
                    spikes.push(unit as u32);
                }
            }
            Box::new(spikes)
        }
        "FloatArray" => {
            let mut signal = FloatArray::zeros(&shape);
            signal
                .as_mut_slice()
                .iter_mut()
                .for_each(|x| *x = dice.unit() as Real);
            Box::new(signal)
        }
        "CurrentArray" => {
            let mut current = CurrentArray::zeros(&shape);
            current
                .as_mut_slice()
                .iter_mut()
                .for_each(|x| *x = (600.0 * dice.unit()) as Real);
            Box::new(current)
        }
        other => panic!("no values of {other}"),
    }
}

/// A payload to the last bit; NaN is equal to NaN.
pub fn text(value: &dyn Any) -> String {
    fn of<P: Any + std::fmt::Debug>(value: &dyn Any) -> Option<String> {
        Some(format!("{:?}", value.downcast_ref::<P>()?))
    }
    // A mask says something of spikes; where there are none it may be any.
    let spikes = value.downcast_ref::<SpikeArray>().map(|spikes| {
        let fired = spikes.to_flat().into_iter();
        let fired: Vec<(u32, bool)> = fired.map(|unit| (unit, spikes.mask_at(unit as usize))).collect();
        format!("{:?} {fired:?}", spikes.shape())
    });
    spikes
        .or_else(|| of::<FloatArray>(value))
        .or_else(|| of::<CurrentArray>(value))
        .or_else(|| of::<PotentialArray>(value))
        .or_else(|| of::<IntegerArray>(value))
        .or_else(|| {
            let mask = value.downcast_ref::<BooleanMask>()?;
            Some(format!("{:?} {:?}", mask.shape(), mask.mask().to_vec()))
        })
        .unwrap()
}

/// A state to the last bit.
pub fn bits<M: Stateful>(model: &M) -> Vec<u8> {
    Checkpoint::of_state("", spark::snapshot(model))
        .to_bytes()
        .unwrap()
}
