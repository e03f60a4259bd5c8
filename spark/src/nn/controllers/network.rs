//! A network of modules whose types are known at run time only.

use std::any::Any;

use spark_ir::shape::MAX_INPUTS;
use spark_ir::table::{
    Feed, GraphTable, ModuleKind, ModuleTable, NodeTable, PayloadTable, PortTable, Source,
};

use super::config::ModelConfig;
use crate::core::compat::Compat;
use crate::core::config::DynConfig;
use crate::core::dynamic::DynModule;
use crate::core::error::{BuildError, Problem};
use crate::core::module::{AnyInput, Keys, PortInfo};
use crate::core::node::spark_seen;
use crate::core::payload::{AnyPayload, BooleanMask, Shape, SparkPayload};
use crate::core::registry::{PayloadEntry, REGISTRY};
use crate::core::rng::Key;
use crate::core::state::{StateMap, StateReader, StateVisitor, Stateful, join};
use crate::core::support::{check_arriving, check_count};
use crate::core::variable::Variable;
use crate::rt::controller::{self, ControllerConfig};
use crate::rt::hidden_calls::rehearse;
use crate::rt::{insert_key, shape_at};
use crate::watch::Watch;

/// Where a node finds a value.
#[derive(Debug, Clone, Copy)]
enum From {
    Input(usize),
    Output { node: usize, port: usize },
    Property { node: usize, port: usize },
    Mask,
}

/// How a port is fed.
#[derive(Debug)]
enum Way {
    /// From one source.
    One(From),
    /// From several, concatenated into a buffer.
    Gathered(Vec<From>, AnyPayload),
    /// From several, one by one.
    Many(Vec<From>),
    /// With a property of another node, to be updated.
    InPlace { node: usize, port: usize },
}

impl Way {
    fn duplicate(&self) -> Way {
        match self {
            Way::One(source) => Way::One(*source),
            Way::Gathered(sources, buffer) => Way::Gathered(sources.clone(), buffer.duplicate()),
            Way::Many(sources) => Way::Many(sources.clone()),
            Way::InPlace { node, port } => Way::InPlace {
                node: *node,
                port: *port,
            },
        }
    }
}

struct Slot {
    name: &'static str,
    /// Away while it runs.
    module: Option<Box<dyn DynModule>>,
    /// Input ports and how they are fed.
    feeds: Vec<(usize, Way)>,
}

impl Slot {
    fn duplicate(&self) -> Result<Slot, Problem> {
        let module = self.module.as_ref();
        Ok(Slot {
            name: self.name,
            module: module.map(|module| module.duplicate(self.name)).transpose()?,
            feeds: self
                .feeds
                .iter()
                .map(|(port, way)| (*port, way.duplicate()))
                .collect(),
        })
    }
}

/// The nodes of a network.
pub(super) struct Network {
    table: &'static ModuleTable,
    slots: Vec<Slot>,
    order: &'static [usize],
    /// Effects: the property of a node, and what is written into it.
    effects: Vec<(usize, usize, &'static PayloadEntry, From)>,
    mask: BooleanMask,
    outputs: Vec<(From, AnyPayload, AnyPayload)>,
    stream: Option<Variable<Key>>,
    compat: Compat,
    /// Nodes that are lent to a running one, kept to save its memory.
    lent: Vec<(usize, Box<dyn DynModule>)>,
}

/// What went wrong although the network was checked: a module that breaks its own table.
fn broken(place: &str, what: &str) -> Problem {
    Problem::new(place, format!("{what}, against the table of its module"))
}

pub(super) fn entry_of(table: &PayloadTable) -> Result<&'static PayloadEntry, BuildError> {
    REGISTRY.payload(table.key).ok_or_else(|| {
        Problem::new("", format!("the payload `{}` is not registered", table.name))
            .help("write `#[register_payload]` over it")
            .into()
    })
}

fn index_of(ports: &[PortTable], name: &str) -> usize {
    // The names were checked when the network was loaded.
    ports
        .iter()
        .position(|port| port.name == name)
        .unwrap_or(usize::MAX)
}

fn find(graph: &GraphTable<'_>, source: &Source<'_>) -> From {
    match *source {
        Source::Input(input) => From::Input(input),
        Source::Output { node, port } => From::Output {
            node,
            port: index_of(graph.nodes[node].module.outputs, port),
        },
        Source::Property { node, port } => From::Property {
            node,
            port: index_of(graph.nodes[node].module.properties, port),
        },
        Source::Controller { .. } => From::Mask,
    }
}

/// The payload of a source.
fn payload_of(graph: &GraphTable<'_>, source: From) -> Result<&'static PayloadEntry, BuildError> {
    let port = |ports: &'static [PortTable], port: usize| ports.get(port).map(|port| port.payload);
    let table = match source {
        From::Input(input) => graph.inputs.get(input).map(|input| input.payload),
        From::Output { node, port: index } => port(graph.nodes[node].module.outputs, index),
        From::Property { node, port: index } => port(graph.nodes[node].module.properties, index),
        From::Mask => Some(BooleanMask::TABLE),
    };
    match table {
        Some(table) => entry_of(table),
        None => Err(broken(graph.name, "a source is missing").into()),
    }
}

impl Network {
    /// Builds a network, stand-alone or inside of another one. `keys` are its own.
    pub(super) fn build(
        config: &ModelConfig,
        inputs: Vec<Option<PortInfo>>,
        mut keys: Keys,
    ) -> Result<Self, BuildError> {
        let graph = config.graph();
        check_arriving(
            config.table(),
            &controller::known_fields(config),
            &inputs,
            keys.path(),
        )?;
        let arrivals = controller::infer(config, &inputs);
        let header = config.header();
        let mask = if graph.kind == ModuleKind::Neuron {
            keys.enter_neuron();
            let rate = header
                .inhibitory_rate
                .unwrap_or(crate::rt::DEFAULT_INHIBITORY_RATE);
            let units = header.units.unwrap_or_default();
            check_count(&units, "units", keys.path())?;
            controller::inhibition_mask(&mut keys, &units, rate)
        } else {
            BooleanMask::zeros(&Shape::default())
        };
        let slot = |node: &NodeTable<'static>| Slot {
            name: node.name,
            module: None,
            feeds: Vec::new(),
        };
        let mut network = Network {
            table: config.table(),
            slots: graph.nodes.iter().map(slot).collect(),
            order: graph.order,
            effects: Vec::new(),
            mask,
            outputs: Vec::new(),
            stream: None,
            compat: keys.compat(),
            lent: Vec::new(),
        };
        for &index in graph.order {
            let mut arriving = arrivals[index].clone();
            for feed in graph.nodes[index].feeds {
                network.tell(graph, index, feed, &inputs, |input, infos| {
                    arriving.set(input, infos)
                });
            }
            let path = crate::rt::join(keys.path(), graph.nodes[index].name);
            let infos = arriving.finish(graph.nodes[index].module, &path)?;
            network.build_node(config, index, infos, &keys)?;
        }
        for effect in graph.effects {
            let property = index_of(graph.nodes[effect.node].module.properties, effect.property);
            let from = find(graph, &effect.source);
            network
                .effects
                .push((effect.node, property, payload_of(graph, from)?, from));
        }
        network.make_outputs(graph, &inputs)?;
        if network.compat.is_spark_snn_1() {
            network.rehearse(&inputs)?;
        }
        network.stream = keys.into_stream();
        Ok(network)
    }

    /// The same nodes in the same state.
    pub(super) fn duplicate(&self) -> Result<Self, Problem> {
        let slots = self.slots.iter().map(Slot::duplicate);
        let outputs = self.outputs.iter();
        Ok(Network {
            table: self.table,
            slots: slots.collect::<Result<_, _>>()?,
            order: self.order,
            effects: self.effects.clone(),
            mask: self.mask.clone(),
            outputs: outputs
                .map(|(from, value, seen)| (*from, value.duplicate(), seen.duplicate()))
                .collect(),
            stream: self.stream.clone(),
            compat: self.compat,
            lent: Vec::new(),
        })
    }

    /// What the sources of a port say of themselves, where all of them are known already.
    fn tell(
        &self,
        graph: &GraphTable<'static>,
        index: usize,
        feed: &Feed<'static>,
        inputs: &[Option<PortInfo>],
        mut set: impl FnMut(usize, &[PortInfo]),
    ) {
        let info = |source: &Source<'static>| match find(graph, source) {
            From::Input(input) => inputs.get(input)?.clone(),
            From::Mask => Some(PortInfo::of(&self.mask)),
            From::Output { node, port } => self.slots[node].module.as_ref()?.output_info(port),
            from @ From::Property { node, port } => {
                let value = self.slots[node].module.as_ref()?.property(port)?;
                payload_of(graph, from).ok()?.ops.info(value)
            }
        };
        if let Some(infos) = feed.sources.iter().map(info).collect::<Option<Vec<_>>>() {
            set(index_of(graph.nodes[index].module.inputs, feed.port), &infos);
        }
    }

    fn build_node(
        &mut self,
        config: &ModelConfig,
        index: usize,
        infos: Vec<Option<PortInfo>>,
        around: &Keys,
    ) -> Result<(), BuildError> {
        let graph = config.graph();
        let node = &graph.nodes[index];
        for feed in node.feeds {
            let port = index_of(node.module.inputs, feed.port);
            let sources: Vec<From> = feed.sources.iter().map(|source| find(graph, source)).collect();
            let way = match (&sources[..], feed.in_place) {
                ([From::Property { node, port }], true) => Way::InPlace {
                    node: *node,
                    port: *port,
                },
                (_, _) if node.module.inputs[port].many => Way::Many(sources),
                ([one], _) if !shares_with_lent(graph, node, *one) => Way::One(*one),
                _ => {
                    let entry = payload_of(graph, sources[0])?;
                    let buffer = entry.zeros(&shape_at(&infos, port));
                    Way::Gathered(sources, buffer)
                }
            };
            self.slots[index].feeds.push((port, way));
        }
        let part = &config.parts()[index];
        let keys = controller::keys_of(part.config(), around, node.name);
        let mut module = part.build(infos.clone(), keys)?;
        if self.compat.is_spark_snn_1() {
            let mut failed = None;
            rehearse(&mut *module, |module| {
                failed = call_with_zeros(module, &infos).err().or(failed.take());
            });
            if let Some(problem) = failed {
                return Err(problem.inside(around.path()).into());
            }
        }
        self.slots[index].module = Some(module);
        Ok(())
    }

    fn make_outputs(
        &mut self,
        graph: &'static GraphTable<'static>,
        inputs: &[Option<PortInfo>],
    ) -> Result<(), BuildError> {
        for output in graph.outputs {
            let from = find(graph, &output.source);
            let entry = payload_of(graph, from)?;
            let value = match from {
                From::Input(input) => entry.zeros(&shape_at(inputs, input)),
                _ => self
                    .read(from, &[], false)
                    .and_then(|value| AnyPayload::copy_of(entry.table, &entry.ops, value))
                    .ok_or_else(|| BuildError::from(broken(graph.name, "an output is missing")))?,
            };
            let seen = AnyPayload::copy_of(entry.table, &entry.ops, value.get())
                .ok_or_else(|| BuildError::from(broken(graph.name, "an output is missing")))?;
            self.outputs.push((from, value, seen));
        }
        Ok(())
    }

    /// The call with zeros, and the reset after it, with which the Python package ends the building.
    fn rehearse(&mut self, inputs: &[Option<PortInfo>]) -> Result<(), BuildError> {
        call_with_zeros(self, inputs)?;
        self.clear(true);
        Ok(())
    }

    fn read<'a>(&'a self, from: From, inputs: &[Option<&'a dyn Any>], late: bool) -> Option<&'a dyn Any> {
        read(&self.slots, &self.mask, from, inputs, late)
    }

    fn run(&mut self, inputs: &[Option<&dyn Any>]) -> Result<(), Problem> {
        for &index in self.order {
            self.run_node(index, inputs)?;
        }
        for i in 0..self.effects.len() {
            self.run_effect(i, inputs)?;
        }
        let Network {
            outputs, slots, mask, ..
        } = self;
        for (from, output, _) in outputs.iter_mut() {
            if let Some(value) = read(slots, mask, *from, inputs, false) {
                output.latch(value);
            }
        }
        if self.table.kind == ModuleKind::Brain {
            self.slots
                .iter_mut()
                .filter_map(|slot| slot.module.as_mut())
                .for_each(|module| module.latch());
        }
        Ok(())
    }

    fn run_node(&mut self, index: usize, inputs: &[Option<&dyn Any>]) -> Result<(), Problem> {
        let late = self.table.kind == ModuleKind::Brain;
        let mut feeds = std::mem::take(&mut self.slots[index].feeds);
        for (_, way) in &mut feeds {
            if let Way::Gathered(sources, buffer) = way {
                let parts: Vec<&dyn Any> = sources
                    .iter()
                    .filter_map(|from| self.read(*from, inputs, late))
                    .collect();
                buffer.gather(&parts);
            }
        }
        let Some(mut module) = self.slots[index].module.take() else {
            return Err(broken(self.slots[index].name, "a node is not built"));
        };
        let mut lent = std::mem::take(&mut self.lent);
        for (_, way) in &feeds {
            if let Way::InPlace { node, .. } = way
                && let Some(module) = self.slots[*node].module.take()
            {
                lent.push((*node, module));
            }
        }
        let result = self.feed_and_step(&mut *module, &feeds, &mut lent, inputs, late);
        for (node, module) in lent.drain(..) {
            self.slots[node].module = Some(module);
        }
        self.lent = lent;
        self.slots[index].module = Some(module);
        self.slots[index].feeds = feeds;
        result.map_err(|problem| problem.inside(self.slots[index].name))
    }

    fn feed_and_step(
        &self,
        module: &mut dyn DynModule,
        feeds: &[(usize, Way)],
        lent: &mut [(usize, Box<dyn DynModule>)],
        inputs: &[Option<&dyn Any>],
        late: bool,
    ) -> Result<(), Problem> {
        // One list per port that takes its sources one by one.
        let many: Vec<(usize, Vec<&dyn Any>)> = feeds
            .iter()
            .filter_map(|(port, way)| match way {
                Way::Many(sources) => Some((
                    *port,
                    sources
                        .iter()
                        .filter_map(|from| self.read(*from, inputs, late))
                        .collect(),
                )),
                _ => None,
            })
            .collect();
        let shared = feeds.iter().filter_map(|(port, way)| {
            let value = match way {
                Way::One(from) => self.read(*from, inputs, late)?,
                Way::Gathered(_, buffer) => buffer.get(),
                Way::Many(_) | Way::InPlace { .. } => return None,
            };
            Some((*port, AnyInput::Shared(value)))
        });
        let lists = many
            .iter()
            .map(|(port, sources)| (*port, AnyInput::Many(sources)));
        let places = feeds.iter().filter_map(|(port, way)| match way {
            Way::InPlace { port: property, .. } => Some((*port, *property)),
            _ => None,
        });
        let in_place = places.zip(lent).filter_map(|((port, property), (_, owner))| {
            Some((port, AnyInput::InPlace(owner.property_mut(property)?)))
        });
        module.step(&mut shared.chain(lists).chain(in_place))
    }

    fn run_effect(&mut self, index: usize, inputs: &[Option<&dyn Any>]) -> Result<(), Problem> {
        let (node, property, entry, from) = self.effects[index];
        let Some(mut target) = self.slots[node].module.take() else {
            return Err(broken(self.slots[node].name, "a node is not built"));
        };
        // An effect of a node on itself reads it while it is away: it has an output and a property, never the same.
        let own = match from {
            From::Output { node: source, port } if source == node => target
                .output(port)
                .and_then(|value| AnyPayload::copy_of(entry.table, &entry.ops, value)),
            _ => None,
        };
        let value = own
            .as_ref()
            .map(AnyPayload::get)
            .or_else(|| self.read(from, inputs, false));
        if let (Some(slot), Some(value)) = (target.property_mut(property), value) {
            entry.ops.latch(slot, value);
        }
        self.slots[node].module = Some(target);
        Ok(())
    }

    /// Clears activity; `keep_seen`: as the Python package, not what travels on a brain's wires.
    fn clear(&mut self, keep_seen: bool) {
        let keep_seen = keep_seen && self.table.kind == ModuleKind::Brain;
        for &index in self.order {
            if let Some(module) = &mut self.slots[index].module {
                module.reset();
                if !keep_seen {
                    module.clear_outputs();
                }
            }
        }
        self.outputs.iter_mut().for_each(|(_, output, _)| output.clear());
    }
}

/// Whether a source lies in a node that is lent while the other node runs.
fn shares_with_lent(graph: &GraphTable<'_>, node: &NodeTable<'_>, from: From) -> bool {
    let (From::Output { node: source, .. } | From::Property { node: source, .. }) = from else {
        return false;
    };
    let lends = |feed: &Feed<'_>| {
        feed.in_place
            && feed
                .sources
                .iter()
                .any(|s| matches!(find(graph, s), From::Property { node, .. } if node == source))
    };
    node.feeds.iter().any(lends)
}

fn read<'a>(
    slots: &'a [Slot],
    mask: &'a BooleanMask,
    from: From,
    inputs: &[Option<&'a dyn Any>],
    late: bool,
) -> Option<&'a dyn Any> {
    match from {
        From::Input(input) => inputs.get(input).copied().flatten(),
        From::Mask => Some(mask),
        From::Output { node, port } => {
            let module = slots[node].module.as_ref()?;
            if late {
                module.seen(port)
            } else {
                module.output(port)
            }
        }
        From::Property { node, port } => slots[node].module.as_ref()?.property(port),
    }
}

/// Calls a module with zeros.
fn call_with_zeros(module: &mut dyn DynModule, infos: &[Option<PortInfo>]) -> Result<(), Problem> {
    let inputs = module.table().inputs;
    let zero = |(index, info): (usize, &Option<PortInfo>)| {
        let entry = REGISTRY.payload(inputs.get(index)?.payload.key)?;
        Some((index, entry.zeros(&info.as_ref()?.shape)))
    };
    let (mut updated, read): (Vec<_>, Vec<_>) =
        (infos.iter().enumerate().filter_map(zero)).partition(|(index, _)| inputs[*index].writable);
    let lists: Vec<[&dyn Any; 1]> = read.iter().map(|(_, zero)| [zero.get()]).collect();
    let read = read
        .iter()
        .zip(&lists)
        .map(|((index, _), list)| match inputs[*index].many {
            true => (*index, AnyInput::Many(list)),
            false => (*index, AnyInput::Shared(list[0])),
        });
    let updated = updated
        .iter_mut()
        .map(|(index, zero)| (*index, AnyInput::InPlace(zero.get_mut())));
    module.step(&mut read.chain(updated))
}

impl DynModule for Network {
    fn duplicate(&self, name: &str) -> Result<Box<dyn DynModule>, Problem> {
        let network = Network::duplicate(self).map_err(|problem| problem.inside(name))?;
        Ok(Box::new(network))
    }

    fn table(&self) -> &'static ModuleTable {
        self.table
    }

    fn step<'a>(&mut self, given: &mut dyn Iterator<Item = (usize, AnyInput<'a>)>) -> Result<(), Problem> {
        let mut inputs: [Option<&'a dyn Any>; MAX_INPUTS] = [None; MAX_INPUTS];
        for (index, value) in given {
            let (Some(slot), AnyInput::Shared(value)) = (inputs.get_mut(index), value) else {
                return Err(broken(self.table.name, "an input is fed in another way"));
            };
            *slot = Some(value);
        }
        if let Some((port, _)) = self
            .table
            .inputs
            .iter()
            .zip(&inputs)
            .find(|(_, value)| value.is_none())
        {
            return Err(Problem::new(
                "",
                format!("`{}` was run without its input `{}`", self.table.name, port.name),
            ));
        }
        self.run(&inputs)
    }

    fn output(&self, port: usize) -> Option<&dyn Any> {
        self.outputs.get(port).map(|(_, value, _)| value.get())
    }

    fn seen(&self, port: usize) -> Option<&dyn Any> {
        self.outputs.get(port).map(|(_, _, seen)| seen.get())
    }

    fn output_info(&self, port: usize) -> Option<PortInfo> {
        self.outputs.get(port)?.1.info()
    }

    fn latch(&mut self) {
        self.outputs
            .iter_mut()
            .for_each(|(_, value, seen)| seen.latch(value.get()));
    }

    fn clear_outputs(&mut self) {
        for (_, value, seen) in &mut self.outputs {
            value.clear();
            seen.clear();
        }
    }

    fn property(&self, port: usize) -> Option<&dyn Any> {
        (port == 0 && !self.table.properties.is_empty()).then_some(&self.mask)
    }

    fn property_mut(&mut self, _port: usize) -> Option<&mut dyn Any> {
        None
    }

    fn node(&self, name: &str) -> Option<&dyn DynModule> {
        let slot = self.slots.iter().find(|slot| slot.name == name)?;
        slot.module.as_deref()
    }

    fn reset(&mut self) {
        self.clear(self.compat.is_spark_snn_1());
    }

    fn visit_seen(&mut self, visitor: &mut StateVisitor<'_>) {
        for ((_, _, seen), port) in self.outputs.iter_mut().zip(self.table.outputs) {
            seen.visit(port.name, visitor);
        }
    }

    fn read_seen(&self, reader: &mut StateReader<'_>) {
        for ((_, _, seen), port) in self.outputs.iter().zip(self.table.outputs) {
            seen.visit_ref(port.name, reader);
        }
    }

    fn watch(&self, config: &dyn DynConfig, place: &str, watch: &mut Watch) {
        let config: &dyn Any = config;
        let Some(config) = config.downcast_ref::<ModelConfig>() else {
            return;
        };
        for (slot, part) in self.slots.iter().zip(config.parts()) {
            if let Some(module) = &slot.module {
                module.watch(part.config(), &crate::rt::join(place, slot.name), watch);
            }
        }
    }

    fn spark_state(&self, path: &str, state: &mut StateMap) {
        for slot in &self.slots {
            if let Some(module) = &slot.module {
                module.spark_state(&join(path, slot.name), state);
                if self.table.kind == ModuleKind::Brain {
                    spark_seen(path, slot.name, state, &**module);
                }
            }
        }
        if let Some(stream) = &self.stream {
            insert_key(state, path, stream);
        }
    }
}

impl Stateful for Network {
    fn visit(&mut self, visitor: &mut StateVisitor<'_>) {
        for slot in &mut self.slots {
            if let Some(module) = &mut slot.module {
                visitor.nested(slot.name, |visitor| module.visit(visitor));
            }
        }
        if self.table.kind == ModuleKind::Brain {
            visitor.nested("_cache", |visitor| {
                for slot in &mut self.slots {
                    if let Some(module) = &mut slot.module {
                        visitor.nested(slot.name, |visitor| module.visit_seen(visitor));
                    }
                }
            });
        }
        if let Some(stream) = &mut self.stream {
            visitor.leaf("rng", stream);
        }
    }

    fn visit_ref(&self, reader: &mut StateReader<'_>) {
        for slot in &self.slots {
            if let Some(module) = &slot.module {
                reader.nested(slot.name, |reader| module.visit_ref(reader));
            }
        }
        if self.table.kind == ModuleKind::Brain {
            reader.nested("_cache", |reader| {
                for slot in &self.slots {
                    if let Some(module) = &slot.module {
                        reader.nested(slot.name, |reader| module.read_seen(reader));
                    }
                }
            });
        }
        if let Some(stream) = &self.stream {
            reader.leaf("rng", stream);
        }
    }
}
