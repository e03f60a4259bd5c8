//! The list of cases.

use serde_json::{Value, json};

use spark::Compat;

use crate::brain;
use crate::kernel::{Case, Feed};

/// How large populations are.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Neurons of which synapses, delays and rules are those.
    pub post: usize,
    /// Neurons that they hear.
    pub pre: usize,
    /// Neurons where there are no synapses.
    pub units: usize,
}

impl Size {
    /// For counts of instructions: an emulator is slow.
    pub const SMALL: Size = Size {
        post: 128,
        pre: 512,
        units: 512,
    };
    /// For times.
    pub const MEDIUM: Size = Size {
        post: 256,
        pre: 1024,
        units: 1024,
    };
    /// For times of what leaves the cache.
    pub const LARGE: Size = Size {
        post: 1024,
        pre: 2048,
        units: 8192,
    };
}

/// Every synapse, delay, soma, plasticity rule, spiker and output of the library, and its neurons.
pub fn cases(size: Size) -> Vec<Case> {
    let groups = [
        synapses(size),
        delays(size),
        somas(size),
        rules(size),
        inputs(size),
        outputs(size),
        neurons(size),
        vec![push_pull()],
    ];
    groups.into_iter().flatten().collect()
}

/// How spikes arrive: as they are fired, or each pair with a delay of its own.
fn arriving(size: Size, rate: f64) -> [(&'static str, Feed); 2] {
    let Size { post, pre, .. } = size;
    let plain = Feed::Spikes { width: pre, rate };
    let delayed = Feed::Delayed {
        width: pre,
        rate,
        units: post,
        steps: 8,
    };
    [("plain", plain), ("delayed", delayed)]
}

fn synapses(size: Size) -> Vec<Case> {
    let Size { post, pre, .. } = size;
    let classes = [
        "LinearSynapses",
        "TracedSynapses",
        "RDTracedSynapses",
        "RFSTracedSynapses",
        "ExponentialCurrentSynapses",
        "ConductanceSynapses",
        "ShortTermSynapses",
    ];
    let mut cases = Vec::new();
    for class in classes {
        let rates: &[f64] = if class == "LinearSynapses" {
            &[20.0, 200.0]
        } else {
            &[20.0]
        };
        for &rate in rates {
            for (form, spikes) in arriving(size, rate) {
                let mut feeds = vec![spikes];
                if class == "ConductanceSynapses" {
                    feeds.push(Feed::Potentials(post));
                }
                let name = format!("synapses/{class}/{form}/{post}x{pre}/{rate}Hz");
                cases.push(Case::new(name, class, json!({ "units": [post] }), feeds));
            }
        }
    }
    // One pair in ten is connected.
    let connected = json!({ "__type__": "pairwise_bernoulli_initializer", "__cfg__": { "probability": 0.1, "weight": 0.5 } });
    for class in ["LinearSynapses", "ExponentialCurrentSynapses"] {
        let name = format!("synapses/{class}/sparse/{post}x{pre}/20Hz");
        let overrides = json!({ "units": [post], "kernel": connected });
        let spikes = Feed::Spikes {
            width: pre,
            rate: 20.0,
        };
        cases.push(Case::new(name, class, overrides, vec![spikes]));
    }
    let units = size.units;
    cases.push(Case::new(
        format!("synapses/PoissonBackground/{units}"),
        "PoissonBackground",
        json!({}),
        vec![Feed::Currents(units, 100.0)],
    ));
    cases.push(Case::new(
        format!("synapses/CurrentSum/{units}"),
        "CurrentSum",
        json!({ "units": [units] }),
        vec![Feed::TwoCurrents(units)],
    ));
    cases
}

fn delays(size: Size) -> Vec<Case> {
    let Size { post, pre, .. } = size;
    let classes = [
        ("N2NDelays", json!({ "units": [post] })),
        ("NDelays", json!({})),
        ("ZeroDelay", json!({})),
    ];
    let of = |(class, overrides)| {
        let spikes = Feed::Spikes {
            width: pre,
            rate: 20.0,
        };
        Case::new(
            format!("delays/{class}/{pre}/20Hz"),
            class,
            overrides,
            vec![spikes],
        )
    };
    classes.into_iter().map(of).collect()
}

fn somas(size: Size) -> Vec<Case> {
    let units = size.units;
    // Currents by which a soma with its default parameters fires now and then.
    let classes = [
        ("LeakySoma", 450.0),
        ("RefractoryLeakySoma", 450.0),
        ("StrictRefractoryLeakySoma", 450.0),
        ("AdaptiveThresholdLeakySoma", 900.0),
        ("AdaptiveCurrentLeakySoma", 900.0),
        ("ExponentialSoma", 100.0),
        ("RefractoryExponentialSoma", 100.0),
        ("SimplifiedAdaptiveExponentialSoma", 200.0),
        ("AdaptiveExponentialSoma", 200.0),
        ("IzhikevichSoma", 200.0),
    ];
    let of = |(class, most)| {
        let name = format!("somas/{class}/{units}");
        Case::new(name, class, json!({}), vec![Feed::Currents(units, most)])
    };
    classes.into_iter().map(of).collect()
}

fn rules(size: Size) -> Vec<Case> {
    let Size { post, pre, .. } = size;
    // Learning so slow that weights stay where they are drawn, however long it runs.
    let classes: [(&str, Option<f64>, Value); 8] = [
        ("HebbianRule", None, json!({ "eta": 1e-7 })),
        ("OjaRule", None, json!({ "eta": 1e-7 })),
        ("ZenkeRule", None, json!({ "eta": 1e-7 })),
        ("PairSTDPRule", None, json!({ "a_plus": 1e-6, "a_minus": 1e-6 })),
        ("ThreeFactorHebbianRule", Some(0.5), json!({ "gamma": 1e-7 })),
        ("RewardSTDPRule", Some(0.5), json!({ "eta": 1e-7 })),
        ("QuadrupletRule", Some(0.5), json!({ "gamma": 1e-7 })),
        ("QuadrupletRuleTensor", Some(0.5), json!({ "eta": 1e-7 })),
    ];
    let mut cases = Vec::new();
    for (class, modulation, overrides) in classes {
        for (form, spikes) in arriving(size, 20.0) {
            let mut feeds: Vec<Feed> = modulation.map(Feed::Held).into_iter().collect();
            feeds.extend([
                spikes,
                Feed::Spikes {
                    width: post,
                    rate: 50.0,
                },
                Feed::Kernel(post, pre),
            ]);
            let name = format!("plasticity/{class}/{form}/{post}x{pre}/20Hz/50Hz");
            cases.push(Case::new(name, class, overrides.clone(), feeds));
        }
    }
    let spikes = |width, rate| Feed::Spikes { width, rate };
    cases.push(Case::new(
        format!("plasticity/PairSTDPRule/sparse/{post}x{pre}/20Hz/50Hz"),
        "PairSTDPRule",
        json!({ "a_plus": 1e-6, "a_minus": 1e-6 }),
        vec![
            spikes(pre, 20.0),
            spikes(post, 50.0),
            Feed::SparseKernel(post, pre),
        ],
    ));
    cases
}

fn inputs(size: Size) -> Vec<Case> {
    let units = size.units;
    let few = units / 64;
    let signals = [
        ("LinearSpiker", units, json!({ "max_freq": 100.0 })),
        ("PoissonSpiker", units, json!({ "max_freq": 100.0 })),
        (
            "TopologicalLinearSpiker",
            few,
            json!({ "resolution": 64, "max_freq": 100.0 }),
        ),
        (
            "TopologicalPoissonSpiker",
            few,
            json!({ "resolution": 64, "max_freq": 100.0 }),
        ),
        ("RateEncoder", units, json!({})),
        ("LatencyEncoder", units, json!({})),
        ("PhaseEncoder", units, json!({})),
    ];
    let times: Vec<f64> = (0..10 * units).map(|spike| (spike / units * 10) as f64).collect();
    let indices: Vec<usize> = (0..10 * units).map(|spike| spike % units).collect();
    let sources = [
        ("RatePoissonSource", json!({ "units": [units], "rate": 50.0 })),
        (
            "SpikeListSource",
            json!({ "units": [units], "times": times, "indices": indices, "period": 100.0 }),
        ),
    ];
    let encoded = signals.into_iter().map(|(class, width, overrides)| {
        let name = format!("inputs/{class}/{units}");
        Case::new(name, class, overrides, vec![Feed::Signal(width, 1.0)])
    });
    let sources = sources
        .into_iter()
        .map(|(class, overrides)| Case::new(format!("inputs/{class}/{units}"), class, overrides, vec![]));
    encoded.chain(sources).collect()
}

fn outputs(size: Size) -> Vec<Case> {
    let width = size.units;
    let spikes = Feed::Spikes { width, rate: 20.0 };
    let pair = Feed::TwoSources {
        width: width / 2,
        rate: 20.0,
    };
    vec![
        Case::new(
            format!("outputs/ExponentialIntegrator/{width}/20Hz"),
            "ExponentialIntegrator",
            json!({ "num_outputs": 4 }),
            vec![spikes],
        ),
        Case::new(
            format!("control/Concat/{width}/20Hz"),
            "concat",
            json!({}),
            vec![pair],
        ),
        Case::new(
            format!("control/ConcatReshape/{width}/20Hz"),
            "concat_reshape",
            json!({ "reshape": [2, width / 2] }),
            vec![pair],
        ),
        Case::new(
            format!("control/Sampler/{width}/20Hz"),
            "sampler",
            json!({ "sample_size": width / 2 }),
            vec![spikes],
        ),
    ]
}

fn neurons(size: Size) -> Vec<Case> {
    let Size { post, pre, .. } = size;
    // Weights with which the populations fire at some tens of Hz.
    let reach = 1024.0 / pre as f64;
    let classes = [
        ("LIFNeuron", 150.0 * reach),
        ("ALIFNeuron", 50.0 * reach),
        ("AdExNeuron", 15.0 * reach),
    ];
    let of = |(class, scale): (&'static str, f64)| {
        let overrides = json!({ "units": [post], "synapses__kernel__scale": scale });
        let name = format!("neurons/{class}/{post}x{pre}/20Hz");
        Case::new(
            name,
            class,
            overrides,
            vec![Feed::Spikes {
                width: pre,
                rate: 20.0,
            }],
        )
    };
    classes.into_iter().map(of).collect()
}

/// The brain of the cartpole example between two observations: four plastic populations, 640 neurons, 524288 synapses.
fn push_pull() -> Case {
    let held = [-1e-4, -1e-4, -2.5e-5, -2.5e-5].map(Feed::Held);
    let mut feeds = vec![Feed::Signal(4, 0.5)];
    feeds.extend(held);
    Case {
        compat: Compat::SparkSnn1,
        ..Case::new("brains/PushPull".to_owned(), brain::NAME, json!({}), feeds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spark::REGISTRY;

    #[test]
    fn every_module_of_the_library_has_a_case() {
        let cases = cases(Size::SMALL);
        let modules = REGISTRY.modules().iter().chain(REGISTRY.neurons());
        // Of the joins and samplers one stands for those of the other payloads.
        let missing: Vec<&str> = modules
            .map(|entry| entry.table)
            .filter(|table| table.origin.starts_with("spark::"))
            .filter(|table| {
                !cases.iter().any(|case| {
                    REGISTRY
                        .get(case.class)
                        .is_some_and(|e| e.table.class == table.class)
                })
            })
            .map(|table| table.name)
            .collect();
        assert!(missing.is_empty(), "add a case to `cases` for {missing:?}");
    }

    #[test]
    fn every_case_builds_and_what_fires_fires() {
        for case in cases(Size::SMALL) {
            let mut kernel = case
                .build()
                .unwrap_or_else(|error| panic!("{}: {error}", case.name));
            let spikes: usize = (0..200)
                .map(|_| {
                    kernel.step();
                    kernel.spikes()
                })
                .sum();
            let silent = ["synapses/", "plasticity/", "outputs/", "brains/"];
            assert_eq!(
                spikes == 0,
                silent.iter().any(|kind| case.name.starts_with(kind)),
                "{}: {spikes}",
                case.name
            );
        }
    }

    #[test]
    fn names_are_unique() {
        let cases = cases(Size::SMALL);
        let mut names: Vec<&str> = cases.iter().map(|case| &*case.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), cases.len());
    }
}
