//! Random networks: valid models of all modules of the library, as the JSON of their files. The same seed gives the same
//! network.

use serde_json::{Map, Value, json};
use spark_ir::format::vocabulary::{FieldWords, ModuleWords, Vocabulary};

use spark::REGISTRY;

use super::dice::Dice;

/// A model, and what it is to be fed with.
#[derive(Debug)]
pub struct RandomNetwork {
    /// As in a file.
    pub json: Value,
    /// Name, payload and shape of each input.
    pub inputs: Vec<Input>,
    /// The names of its outputs.
    pub outputs: Vec<String>,
}

/// An input of a network.
#[derive(Debug, Clone)]
pub struct Input {
    pub name: String,
    pub payload: &'static str,
    pub shape: Vec<usize>,
}

const SPIKES: &str = "SpikeArray";
const FLOATS: &str = "FloatArray";
const CURRENTS: &str = "CurrentArray";
const POTENTIALS: &str = "PotentialArray";
const INTEGERS: &str = "IntegerArray";
const TRUTHS: &str = "BooleanMask";

/// A network has no more outputs.
const MOST_OUTPUTS: usize = 8;

/// The network of a seed. `words` is the vocabulary of the library.
pub fn network(seed: u64, words: &Vocabulary) -> RandomNetwork {
    let mut dice = Dice::new(seed);
    let is_brain = dice.chance(0.75);
    let is_standard = dice.chance(0.5);
    let mut level = Level::new(&mut dice, words, is_brain, format!("cell_{seed}"));
    level.is_standard = is_standard;
    for payload in level.wanted_inputs() {
        let shape = level.dice.pick(&[vec![1], vec![2], vec![4], vec![2, 2]]);
        level.input(payload, shape);
    }
    let units = level.units();
    level.fill(&units);
    let mut fields = level.fields();
    let knows = level.all_know_the_mask();
    let Level { inputs, given, .. } = level;
    let mut cfg = Map::new();
    if is_standard {
        let own = json!({"format": 1, "compat": "Standard"});
        cfg.insert("__metadata__".to_owned(), json!({ "spark_rs": own }));
    }
    cfg.insert("__graph_editor_metadata__".to_owned(), editor(&inputs, words));
    cfg.append(&mut fields);
    cfg.insert("seed".to_owned(), json!(dice.below(1 << 32)));
    cfg.insert("dt".to_owned(), json!(dice.pick(&[1.0, 1.0, 0.5, 0.25])));
    if !is_brain {
        cfg.append(&mut population(&mut dice, &units, knows));
    }
    let kind = if is_brain { "brain_config" } else { "neuron_config" };
    RandomNetwork {
        json: json!({"__type__": kind, "__cfg__": cfg}),
        inputs,
        outputs: given.into_iter().map(|(name, _)| name).collect(),
    }
}

/// What a neuron says of its units: none inhibits, if a soma is there that would not know. Files cannot say it.
fn population(dice: &mut Dice, units: &[usize], knows: bool) -> Map<String, Value> {
    let rate = if knows { dice.pick(&[0.0, 0.3, 1.0]) } else { 0.0 };
    Map::from_iter([
        ("units".to_owned(), json!(units)),
        ("inhibitory_rate".to_owned(), json!(rate)),
    ])
}

/// What the editor shows of inputs: where their payloads stand.
fn editor(inputs: &[Input], words: &Vocabulary) -> Value {
    let key = |payload: &str| {
        let mut payloads = words.payloads.iter();
        payloads
            .find(|(_, name)| name == payload)
            .map(|(key, _)| key.clone())
    };
    let shown = inputs.iter().map(|input| {
        let spec = json!({"__type__": "port_specs", "__data__": {
            "payload_type": {"__payload_type__": key(input.payload)}, "shape": input.shape, "dtype": null,
            "description": ""}});
        (
            input.name.clone(),
            json!({"type": "source", "pos": [0.0, 0.0], "spec": spec}),
        )
    });
    Value::Object(shown.collect())
}

/// What a port can read.
#[derive(Debug, Clone)]
struct Stream {
    origin: String,
    port: String,
    property: bool,
    payload: &'static str,
    count: usize,
    /// One entry per unit, not per synapse: it can be put together with others.
    plain: bool,
}

impl Stream {
    fn output(node: &str, port: &str, payload: &'static str, count: usize) -> Self {
        Stream {
            origin: node.to_owned(),
            port: port.to_owned(),
            property: false,
            payload,
            count,
            plain: true,
        }
    }

    fn property(node: &str, port: &str, payload: &'static str, count: usize) -> Self {
        Stream {
            property: true,
            ..Stream::output(node, port, payload, count)
        }
    }

    fn map(&self) -> Value {
        let property = self.property;
        json!({"__type__": "port_map",
            "__data__": {"origin": self.origin, "port": self.port, "is_property": property}})
    }
}

#[derive(Debug)]
struct Node {
    name: String,
    class: String,
    neuron: bool,
    inputs: Vec<(String, Vec<Stream>)>,
    config: Map<String, Value>,
    outputs: Map<String, Value>,
    effects: Map<String, Value>,
}

/// A network under construction.
struct Level<'a> {
    dice: &'a mut Dice,
    words: &'a Vocabulary,
    is_brain: bool,
    /// Computes the model, not the package's results.
    is_standard: bool,
    nodes: Vec<Node>,
    /// What can be read so far.
    streams: Vec<Stream>,
    inputs: Vec<Input>,
    /// Its outputs and what they give.
    given: Vec<(String, Stream)>,
    /// How the classes of its neurons begin.
    class: String,
}

fn count_of(shape: &[usize]) -> usize {
    shape.iter().product()
}

fn total(sources: &[Stream]) -> usize {
    sources.iter().map(|source| source.count).sum()
}

impl<'a> Level<'a> {
    fn new(dice: &'a mut Dice, words: &'a Vocabulary, is_brain: bool, class: String) -> Self {
        Level {
            dice,
            words,
            is_brain,
            is_standard: true,
            nodes: Vec::new(),
            streams: Vec::new(),
            inputs: Vec::new(),
            given: Vec::new(),
            class,
        }
    }

    fn units(&mut self) -> Vec<usize> {
        self.dice
            .pick(&[vec![2], vec![3], vec![5], vec![2, 2], vec![1, 3]])
    }

    /// The payloads of its inputs.
    fn wanted_inputs(&mut self) -> Vec<&'static str> {
        let mut wanted = vec![SPIKES];
        for payload in [FLOATS, CURRENTS] {
            if self.dice.chance(0.6) {
                wanted.push(payload);
            }
        }
        wanted
    }

    fn input(&mut self, payload: &'static str, shape: Vec<usize>) {
        let name = match payload {
            SPIKES => "in_spikes",
            FLOATS => "signal",
            _ => "current",
        };
        self.streams
            .push(Stream::output("__call__", name, payload, count_of(&shape)));
        self.inputs.push(Input {
            name: name.to_owned(),
            payload,
            shape,
        });
    }

    /// Nodes and outputs. `units` are those of a neuron.
    fn fill(&mut self, units: &[usize]) {
        if self.is_brain {
            // The last pool gives to those before it: the circle of a recurrent network.
            self.streams
                .push(Stream::output("last_soma", "spikes", SPIKES, count_of(units)));
            for _ in 0..2 + self.dice.below(4) {
                self.stage();
            }
        } else if self.dice.chance(0.5) {
            self.stage();
        }
        self.read_inputs();
        self.pool("last", units);
        self.give_outputs();
    }

    /// Every input of a network goes somewhere.
    fn read_inputs(&mut self) {
        for input in self.inputs.clone() {
            let reads = |node: &Node| {
                let mut sources = node.inputs.iter().flat_map(|(_, sources)| sources);
                sources.any(|source| source.origin == "__call__" && source.port == input.name)
            };
            if !self.nodes.iter().any(reads) {
                let name = format!("read_{}", input.name);
                let stream = Stream::output("__call__", &input.name, input.payload, count_of(&input.shape));
                match input.payload {
                    SPIKES => self.integrator(&name, vec![stream]),
                    FLOATS => self.encoder_of(&name, stream),
                    _ => self.soma(&name, stream, None),
                }
            }
        }
    }

    /// A node, or a few that belong together.
    fn stage(&mut self) {
        let name = format!("n{}", self.nodes.len());
        match self.dice.below(if self.is_brain { 9 } else { 6 }) {
            0 => self.encoder(&name),
            1 => self.source(&name),
            2 => self.control(&name),
            3 => self.readout(&name),
            4 => self.soma_of_currents(&name),
            5 | 6 => {
                let units = self.units();
                // The modules of a neuron have its units.
                match self.is_brain {
                    true => self.pool(&name, &units),
                    false => self.control(&name),
                }
            }
            7 => self.neuron(&name),
            _ => self.known_neuron(&name),
        }
    }

    fn some(&mut self, accepts: impl Fn(&Stream) -> bool) -> Option<Stream> {
        let found: Vec<Stream> = self
            .streams
            .iter()
            .filter(|stream| accepts(stream))
            .cloned()
            .collect();
        (!found.is_empty()).then(|| self.dice.pick(&found))
    }

    /// One to three streams that can be put together. A port of a neuron reads an input of the network once.
    fn several(&mut self, payload: &str) -> Vec<Stream> {
        let mut found: Vec<Stream> = Vec::new();
        for _ in 0..1 + self.dice.below(3) {
            let known = |stream: &Stream| {
                found
                    .iter()
                    .any(|f| f.origin == stream.origin && f.port == stream.port)
            };
            let next = self.some(|stream| stream.payload == payload && stream.plain && !known(stream));
            found.extend(next);
        }
        found
    }

    fn module(&self, name: &str) -> &'a ModuleWords {
        self.words.of_type(name).unwrap()
    }

    fn node(&mut self, name: &str, module: &str, wires: &[(&str, Vec<Stream>)], config: Map<String, Value>) {
        self.nodes.push(Node {
            name: name.to_owned(),
            class: self.module(module).class.clone(),
            neuron: false,
            inputs: wires
                .iter()
                .map(|(port, from)| ((*port).to_owned(), from.clone()))
                .collect(),
            config,
            outputs: Map::new(),
            effects: Map::new(),
        });
    }

    fn encoder(&mut self, name: &str) {
        match self.some(|stream| stream.payload == FLOATS && stream.count <= 4) {
            Some(signal) => self.encoder_of(name, signal),
            None => self.source(name),
        }
    }

    fn encoder_of(&mut self, name: &str, signal: Stream) {
        let module = self.dice.pick(&[
            "LinearSpiker",
            "PoissonSpiker",
            "RateEncoder",
            "LatencyEncoder",
            "PhaseEncoder",
            "TopologicalLinearSpiker",
            "TopologicalPoissonSpiker",
        ]);
        let mut config = self.config(module, None);
        let mut count = signal.count;
        if module.starts_with("Topological") {
            let resolution = 2 + self.dice.below(3);
            config.insert("resolution".to_owned(), json!(resolution));
            count *= resolution;
        }
        if module == "LatencyEncoder" && self.dice.chance(0.5) {
            config.insert("tau".to_owned(), json!(12.5));
        }
        self.node(name, module, &[("signal", vec![signal])], config);
        self.streams.push(Stream::output(name, "spikes", SPIKES, count));
    }

    fn source(&mut self, name: &str) {
        let module = self.dice.pick(&["RatePoissonSource", "SpikeListSource"]);
        let mut config = self.config(module, None);
        let units = match self.is_brain {
            true => self.units(),
            false => return self.control(name),
        };
        let count = count_of(&units);
        config.insert("units".to_owned(), json!(units));
        if module == "SpikeListSource" {
            let spikes = 1 + self.dice.below(6);
            let times: Vec<f64> = (0..spikes).map(|_| self.dice.below(160) as f64 / 4.0).collect();
            let indices: Vec<usize> = (0..spikes).map(|_| self.dice.below(count)).collect();
            config.insert("times".to_owned(), json!(times));
            config.insert("indices".to_owned(), json!(indices));
            if self.dice.chance(0.5) {
                config.insert("period".to_owned(), json!(45.0));
            }
        } else {
            let rate = self.dice.pick(&[60.0, 150.0, 333.3]);
            config.insert("rate".to_owned(), json!(rate));
        }
        self.node(name, module, &[], config);
        self.streams.push(Stream::output(name, "spikes", SPIKES, count));
    }

    /// Streams put together or taken apart.
    fn control(&mut self, name: &str) {
        let Some(first) = self.some(|stream| stream.plain && stream.count <= 30) else {
            return;
        };
        let payload = first.payload;
        let front = match payload {
            SPIKES => "",
            FLOATS => "Float",
            CURRENTS => "Current",
            POTENTIALS => "Potential",
            INTEGERS => "Integer",
            _ => "Mask",
        };
        let kind = self.dice.pick(&["Concat", "ConcatReshape", "Sampler"]);
        let module = format!("{front}{kind}");
        let sources = if kind == "Sampler" {
            vec![first]
        } else {
            self.several(payload)
        };
        let mut count = total(&sources);
        let mut config = self.config(&module, None);
        match kind {
            "ConcatReshape" => {
                let flat = vec![count];
                let shape = if count.is_multiple_of(2) {
                    vec![2, count / 2]
                } else {
                    vec![1, count]
                };
                config.insert("reshape".to_owned(), json!(self.dice.pick(&[flat, shape])));
            }
            "Sampler" => {
                count = 1 + self.dice.below(6);
                config.insert("sample_size".to_owned(), json!(count));
            }
            _ => {}
        }
        self.node(name, &module, &[("inputs", sources)], config);
        self.streams.push(Stream::output(name, "output", payload, count));
    }

    fn readout(&mut self, name: &str) {
        let spikes = self.several(SPIKES);
        self.integrator(name, spikes);
    }

    fn integrator(&mut self, name: &str, spikes: Vec<Stream>) {
        let count = total(&spikes);
        let outputs = 1 + self.dice.below(3.min(count));
        let mut config = self.config("ExponentialIntegrator", None);
        config.insert("num_outputs".to_owned(), json!(outputs));
        for flag in ["shuffle", "smooth_trace"] {
            config.insert(flag.to_owned(), json!(self.dice.chance(0.5)));
        }
        self.node(name, "ExponentialIntegrator", &[("spikes", spikes)], config);
        self.streams.push(Stream::output(name, "signal", FLOATS, outputs));
    }

    fn soma_of_currents(&mut self, name: &str) {
        match self.some(|stream| stream.payload == CURRENTS) {
            Some(current) => self.soma(name, current, None),
            None => self.readout(name),
        }
    }

    fn soma(&mut self, name: &str, current: Stream, shape: Option<&[usize]>) {
        let module = self.dice.pick(&[
            "LeakySoma",
            "RefractoryLeakySoma",
            "StrictRefractoryLeakySoma",
            "AdaptiveThresholdLeakySoma",
            "AdaptiveCurrentLeakySoma",
            "ExponentialSoma",
            "RefractoryExponentialSoma",
            "SimplifiedAdaptiveExponentialSoma",
            "AdaptiveExponentialSoma",
            "IzhikevichSoma",
        ]);
        let config = self.config(module, shape);
        let count = current.count;
        let mut wires = vec![("current", vec![current])];
        if !self.is_brain && shape.is_some() && self.dice.chance(0.7) {
            let mask = Stream::property("__self__", "inhibition_mask", TRUTHS, count);
            wires.push(("inhibition_mask", vec![mask]));
        }
        self.node(name, module, &wires, config);
        self.streams.push(Stream::output(name, "spikes", SPIKES, count));
        self.streams
            .push(Stream::property(name, "potential", POTENTIALS, count));
    }

    /// Delays, synapses, a soma, and a rule that updates the weights.
    fn pool(&mut self, name: &str, units: &[usize]) {
        let [delays, synapses, soma, rule] =
            ["delays", "synapses", "soma", "rule"].map(|part| format!("{name}_{part}"));
        let count = count_of(units);
        let mut sources = self.several(SPIKES);
        if self.is_brain && self.dice.chance(0.4) && name != "last" {
            sources.push(Stream::output(&soma, "spikes", SPIKES, count));
        }
        let inputs = total(&sources);
        // Several streams are put together in a row: the shape of the weights is known.
        let row = (sources.len() > 1 && units.len() == 1).then(|| [units[0], inputs]);
        let arriving = self.delays(&delays, sources, units);
        let learns = self.dice.chance(0.7);
        // What a sparse kernel holds is of no use to others, and not to every rule.
        let sparse = !learns && self.dice.chance(0.5);
        let module = self.synapses(&synapses, &arriving, &soma, units, (row, sparse));
        let mut current = Stream::output(&synapses, "currents", CURRENTS, count);
        self.streams.push(current.clone());
        let kernel = Stream::property(&synapses, "kernel", FLOATS, count * inputs);
        if !sparse {
            self.streams.push(kernel.clone());
        }
        if self.dice.chance(0.3) {
            current = self.background(name, current, units);
        }
        // What feeds itself was told above; a stream of that name may be there already.
        self.streams.retain(|stream| stream.origin != soma);
        self.soma(&soma, current, Some(units));
        if learns {
            self.rule(&rule, &module, arriving, &soma, kernel);
        }
    }

    /// Noise on top of a current, and the sum of both.
    fn background(&mut self, name: &str, current: Stream, units: &[usize]) -> Stream {
        let [noise, sum] = ["noise", "sum"].map(|part| format!("{name}_{part}"));
        let count = count_of(units);
        let config = self.config("PoissonBackground", None);
        self.node(
            &noise,
            "PoissonBackground",
            &[("current", vec![current.clone()])],
            config,
        );
        let noisy = Stream::output(&noise, "currents", CURRENTS, count);
        self.streams.push(noisy.clone());
        let mut config = self.config("CurrentSum", None);
        if self.is_brain {
            config.insert("units".to_owned(), json!(units));
        }
        self.node(&sum, "CurrentSum", &[("inputs", vec![current, noisy])], config);
        let total = Stream::output(&sum, "currents", CURRENTS, count);
        self.streams.push(total.clone());
        total
    }

    fn delays(&mut self, name: &str, sources: Vec<Stream>, units: &[usize]) -> Vec<Stream> {
        // Under `SparkSnn1` the spikes of `NDelays` count as spikes per synapse, which pools take of inputs of their size.
        let modules = ["", "ZeroDelay", "N2NDelays", "NDelays"];
        let module = self.dice.pick(&modules[..if self.is_standard { 4 } else { 3 }]);
        if module.is_empty() {
            return sources;
        }
        let inputs = total(&sources);
        let mut config = self.config(module, None);
        let per_unit = module == "N2NDelays";
        if per_unit && self.is_brain {
            config.insert("units".to_owned(), json!(units));
        }
        if module != "ZeroDelay" && self.dice.chance(0.4) {
            let shape = if per_unit {
                vec![count_of(units), inputs]
            } else {
                vec![inputs]
            };
            let delays = array("int32", &shape, || self.dice.below(8) as f64);
            config.insert("delays".to_owned(), delays);
            config.insert("max_delay".to_owned(), json!(8.0));
        }
        self.node(name, module, &[("in_spikes", sources)], config);
        let count = if per_unit {
            count_of(units) * inputs
        } else {
            inputs
        };
        if module != "ZeroDelay" {
            self.streams
                .push(Stream::property(name, "kernel", INTEGERS, count));
        }
        let out = Stream {
            plain: !per_unit,
            ..Stream::output(name, "out_spikes", SPIKES, count)
        };
        self.streams.push(out.clone());
        vec![out]
    }

    fn synapses(
        &mut self,
        name: &str,
        arriving: &[Stream],
        soma: &str,
        units: &[usize],
        (row, sparse): (Option<[usize; 2]>, bool),
    ) -> String {
        let module = self.dice.pick(&[
            "LinearSynapses",
            "TracedSynapses",
            "ExponentialCurrentSynapses",
            "RDTracedSynapses",
            "RFSTracedSynapses",
            "ShortTermSynapses",
            "ConductanceSynapses",
        ]);
        let mut config = self.config(module, None);
        if self.is_brain {
            config.insert("units".to_owned(), json!(units));
        }
        let mut wires = vec![("spikes", arriving.to_vec())];
        let mut scale = self.dice.pick(&[300.0, 700.0, 1500.0]);
        if module == "ConductanceSynapses" {
            wires.push((
                "potential",
                vec![Stream::property(soma, "potential", POTENTIALS, count_of(units))],
            ));
            scale /= 60.0;
        }
        let kernel = match (self.dice.below(4), row) {
            _ if sparse => json!({
                "__type__": "pairwise_bernoulli_initializer",
                "__cfg__": { "probability": 0.5, "weight": scale },
            }),
            (0, Some(shape)) => array("float32", &shape, || (scale * self.dice.unit()).round()),
            (0, None) => initializer("constant_initializer", scale, &[]),
            (1, _) => initializer(
                "uniform_initializer",
                scale,
                &[("min_value", json!(scale / 10.0))],
            ),
            (2, _) => initializer(
                "normalized_sparse_uniform_initializer",
                scale,
                &[("density", json!(0.75))],
            ),
            _ => initializer("sparse_uniform_initializer", scale, &[("density", json!(0.5))]),
        };
        config.insert("kernel".to_owned(), kernel);
        self.node(name, module, &wires, config);
        module.to_owned()
    }

    fn rule(&mut self, name: &str, synapses: &str, pre: Vec<Stream>, soma: &str, kernel: Stream) {
        let modulation = self.some(|stream| stream.payload == FLOATS && stream.count == 1);
        let plain = ["HebbianRule", "OjaRule", "PairSTDPRule", "ZenkeRule"];
        let modulated = [
            "QuadrupletRule",
            "QuadrupletRuleTensor",
            "RewardSTDPRule",
            "ThreeFactorHebbianRule",
        ];
        let module = match &modulation {
            Some(_) if self.dice.chance(0.7) => self.dice.pick(&modulated),
            _ => self.dice.pick(&plain),
        };
        // Conductances are never negative: these two keep them so.
        let module = if synapses == "ConductanceSynapses" {
            "PairSTDPRule"
        } else {
            module
        };
        let mut config = self.config(module, None);
        if config.contains_key("w_max") {
            config.insert("w_max".to_owned(), json!(2000.0));
        }
        let post = Stream::output(soma, "spikes", SPIKES, 0);
        let mut wires = vec![
            ("pre_spikes", pre),
            ("post_spikes", vec![post]),
            ("kernel", vec![kernel.clone()]),
        ];
        let port = self
            .module(module)
            .inputs
            .iter()
            .find(|port| port.payload == FLOATS && !port.in_place);
        if let (Some(port), Some(modulation)) = (port, modulation) {
            wires.push((port.name.as_str(), vec![modulation]));
        }
        self.node(name, module, &wires, config);
        let back = Stream::output(name, "kernel", FLOATS, kernel.count);
        self.streams.push(back.clone());
        let synapses = self
            .nodes
            .iter_mut()
            .find(|node| node.name == kernel.origin)
            .unwrap();
        synapses.effects.insert("kernel".to_owned(), json!([back.map()]));
    }

    /// A neuron with a graph of its own.
    fn neuron(&mut self, name: &str) {
        let class = format!("{}_{name}", self.class);
        let mut wires = vec![(SPIKES, self.several(SPIKES))];
        for payload in [FLOATS, CURRENTS] {
            let stream = self.some(|stream| stream.payload == payload && stream.count <= 4);
            wires.extend(stream.map(|stream| (payload, vec![stream])));
        }
        let units = self.units();
        let mut inner = Level::new(self.dice, self.words, false, class.clone());
        inner.is_standard = self.is_standard;
        for (payload, sources) in &wires {
            inner.input(payload, vec![total(sources)]);
        }
        inner.fill(&units);
        let mut config = inner.fields();
        let knows = inner.all_know_the_mask();
        let Level { inputs, given, .. } = inner;
        config.insert(
            "__graph_editor_metadata__".to_owned(),
            editor(&inputs, self.words),
        );
        config.append(&mut population(self.dice, &units, knows));
        let named = inputs.into_iter().map(|input| input.name);
        self.nodes.push(Node {
            name: name.to_owned(),
            class,
            neuron: true,
            inputs: named.zip(wires.into_iter().map(|(_, sources)| sources)).collect(),
            config,
            outputs: Map::new(),
            effects: Map::new(),
        });
        self.streams
            .extend(given.into_iter().map(|(port, stream)| Stream {
                plain: stream.plain,
                ..Stream::output(name, &port, stream.payload, stream.count)
            }));
        self.streams.push(Stream::property(
            name,
            "inhibition_mask",
            TRUTHS,
            count_of(&units),
        ));
    }

    /// A neuron of the library.
    fn known_neuron(&mut self, name: &str) {
        let name_of_type = self.dice.pick(&["LIFNeuron", "ALIFNeuron", "AdExNeuron"]);
        let mut known = REGISTRY.neurons().iter();
        let entry = known.find(|entry| entry.table.name == name_of_type).unwrap();
        let units = self.units();
        let count = count_of(&units);
        let sources = self.several(SPIKES);
        let mut config = (entry.default_config)().to_fields();
        config.append(&mut population(self.dice, &units, true));
        if self.dice.chance(0.3) {
            config.insert("seed".to_owned(), json!(self.dice.below(1 << 32)));
        }
        self.nodes.push(Node {
            name: name.to_owned(),
            class: entry.table.key.to_owned(),
            neuron: true,
            inputs: vec![("in_spikes".to_owned(), sources)],
            config,
            outputs: Map::new(),
            effects: Map::new(),
        });
        self.streams
            .push(Stream::output(name, "out_spikes", SPIKES, count));
        self.streams
            .push(Stream::property(name, "inhibition_mask", TRUTHS, count));
    }

    /// What leaves the network: the spikes of the last pool, and what else there is.
    fn give_outputs(&mut self) {
        for stream in self.streams.clone() {
            let is_last = stream.origin == "last_soma" && stream.port == "spikes";
            let Some(node) = self.nodes.iter_mut().find(|node| node.name == stream.origin) else {
                continue;
            };
            // An output of a network comes from an output of a node.
            if stream.property {
                continue;
            }
            let known = node.outputs.values().any(|port| *port == stream.port);
            if !known && (is_last || self.given.len() < MOST_OUTPUTS - 1 && self.dice.chance(0.3)) {
                let name = format!("out_{}", self.given.len());
                node.outputs.insert(name.clone(), json!(stream.port));
                self.given.push((name, stream));
            }
        }
    }

    /// Whether every soma knows which units are inhibitory.
    fn all_know_the_mask(&self) -> bool {
        let somas = self.nodes.iter().filter(|node| node.class.ends_with("_soma"));
        somas
            .into_iter()
            .all(|soma| soma.inputs.iter().any(|(port, _)| port == "inhibition_mask"))
    }

    /// The fields of the network in its file.
    fn fields(&self) -> Map<String, Value> {
        let nodes: Vec<Value> = self.nodes.iter().map(Node::to_json).collect();
        Map::from_iter([("modules_specs".to_owned(), Value::Array(nodes))])
    }

    /// A configuration: some fields are not those of the default. Fields that may differ from unit to unit do, if the shape
    /// of the units is known.
    fn config(&mut self, module: &str, shape: Option<&[usize]>) -> Map<String, Value> {
        let words = &self.module(module).config;
        let mut config = Map::new();
        for field in &words.fields {
            let value = match &words.default.get(&field.name) {
                _ if field.name == "seed" => self.dice.chance(0.2).then(|| json!(self.dice.below(1 << 32))),
                Some(default) if is_quantity(field) => self.changed(field, default, shape),
                _ => None,
            };
            if let Some(value) = value {
                config.insert(field.name.clone(), value);
            }
        }
        config
    }

    /// Another value of a field; none for its default.
    fn changed(&mut self, field: &FieldWords, default: &Value, shape: Option<&[usize]>) -> Option<Value> {
        let default = default.as_f64().or_else(|| default.get("data")?.as_f64())?;
        // What is to be between 0 and 1 stays there, what is to be positive, too.
        let number = default * self.dice.pick(&[0.5, 0.75, 1.0, 1.125, 1.25]);
        let per_unit = shape.filter(|_| field.ty.contains("Init<"));
        match (self.dice.below(6), per_unit) {
            (0 | 1, _) => Some(json!(number)),
            (2, Some(shape)) => {
                let type_ = self.dice.pick(&["float32", "float16"]);
                Some(array(type_, shape, || {
                    let step = self.dice.below(8) as f64 / 8.0;
                    number * (0.75 + 0.25 * step)
                }))
            }
            (3, Some(_)) => {
                let (low, high) = (number * 0.75, number);
                let bound = if number > 0.0 { "min_value" } else { "max_value" };
                Some(initializer("uniform_initializer", high, &[(bound, json!(low))]))
            }
            _ => None,
        }
    }
}

impl Node {
    fn to_json(&self) -> Value {
        let maps = |sources: &Vec<Stream>| sources.iter().map(Stream::map).collect::<Value>();
        let inputs = self.inputs.iter();
        let inputs: Map<String, Value> = inputs.map(|(port, from)| (port.clone(), maps(from))).collect();
        let registry = if self.neuron { "NEURONS" } else { "MODULES" };
        json!({"__type__": "module_specs", "__data__": {
            "name": self.name,
            "module_cls": {"__module_type__": self.class, "__subregistry__": registry},
            "inputs": inputs, "config": self.config, "outputs": self.outputs, "effects": self.effects}})
    }
}

/// Whether a field is a number that may be any near its default.
fn is_quantity(field: &FieldWords) -> bool {
    let quantities = ["f64", "Ms", "Mv", "Hz", "GOhm", "PAmp", "NSiemens"];
    let inner = field.ty.rsplit(['<', ':']).next().unwrap_or_default();
    !field.ty.starts_with('[') && quantities.contains(&inner.trim_end_matches('>'))
}

fn array(dtype: &str, shape: &[usize], mut element: impl FnMut() -> f64) -> Value {
    fn nested(shape: &[usize], element: &mut dyn FnMut() -> f64) -> Value {
        match shape {
            [] => json!(element()),
            [count, rest @ ..] => (0..*count).map(|_| nested(rest, element)).collect(),
        }
    }
    let data = nested(shape, &mut element);
    json!({"__type__": "jax_array", "dtype": dtype, "shape": shape, "data": data})
}

fn initializer(class: &str, scale: f64, fields: &[(&str, Value)]) -> Value {
    let mut config = Map::from_iter([("scale".to_owned(), json!(scale))]);
    config.extend(
        fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone())),
    );
    json!({"__type__": format!("{class}_config"), "__cfg__": config})
}
