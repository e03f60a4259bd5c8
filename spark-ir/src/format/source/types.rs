//! Which types stand for the nodes of a file: known ones, those of the user, neurons that are declared.

use std::collections::HashMap;

use super::Writer;
use crate::diagnostic::Diagnostic;
use crate::format::scfg::{ControllerDoc, ModuleDoc, Subregistry};
use crate::format::vocabulary::{ModuleWords, Vocabulary};
use crate::format::wiring::Nodes;
use crate::names::{camel_case, snake_case};

/// A neuron that is declared, and all that are of it.
pub(super) struct Group {
    pub(super) class: String,
    pub(super) graph: String,
    pub(super) name: String,
    pub(super) members: Vec<Member>,
    /// Inputs and outputs with their payloads.
    pub(super) inputs: Vec<(String, String)>,
    pub(super) outputs: Vec<(String, String)>,
    /// Fields that are the same in all members: they stand in the declaration.
    pub(super) common: HashMap<String, String>,
}

/// A neuron inside of another network.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) doc: ControllerDoc,
    pub(super) pointer: String,
}

/// The type of a node.
#[derive(Clone)]
pub(super) enum Type<'a> {
    Known(&'a ModuleWords),
    /// One that only the user's program knows.
    Named(String),
    /// A neuron that is declared: index of its group.
    Declared(usize),
}

/// The types of the nodes of one network.
pub(super) struct Types<'a> {
    pub(super) of: Vec<Type<'a>>,
    names: Vec<String>,
}

impl<'a> Types<'a> {
    pub(super) fn name(&self, node: usize) -> &str {
        self.names.get(node).map_or("", String::as_str)
    }

    pub(super) fn get(&self, node: usize) -> Option<&Type<'a>> {
        self.of.get(node)
    }
}

impl Nodes for Types<'_> {
    fn module(&self, node: usize) -> String {
        self.name(node).to_owned()
    }

    fn updates(&self, node: usize, port: &str) -> Option<bool> {
        match self.get(node)? {
            Type::Known(words) => Some(words.input(port).is_some_and(|input| input.in_place)),
            Type::Named(_) => None,
            Type::Declared(_) => Some(false),
        }
    }

    fn is_property(&self, node: usize, port: &str) -> bool {
        match self.get(node) {
            Some(Type::Known(words)) => words.output(port).is_none() && words.property(port).is_some(),
            _ => false,
        }
    }
}

impl<'a> Writer<'a> {
    /// Finds all neurons that must be declared, those inside of others first.
    pub(super) fn collect(&mut self, doc: &ControllerDoc, pointer: &str) {
        for (i, module) in doc.modules.iter().enumerate() {
            let pointer = format!("{pointer}/modules_specs/{i}/__data__/config");
            if module.registry == Subregistry::Modules {
                continue;
            }
            let inline = match module.as_controller(&pointer) {
                Some(Ok(inline)) => inline,
                Some(Err(more)) => {
                    self.problems.extend(more);
                    continue;
                }
                None => continue,
            };
            if known_neuron(self.vocabulary, module, &inline).is_none() {
                self.collect(&inline, &pointer);
                self.admit(module, inline, pointer);
            }
        }
    }

    fn admit(&mut self, module: &ModuleDoc, doc: ControllerDoc, pointer: String) {
        let (class, graph) = (snake_case(&module.class), graph_in_order(&doc));
        let member = Member { doc, pointer };
        if let Some(group) = self
            .groups
            .iter_mut()
            .find(|group| group.class == class && group.graph == graph)
        {
            group.members.push(member);
            return;
        }
        let name = self.free_name(&class);
        self.identifier(&name, &member.pointer);
        self.groups.push(Group {
            class,
            graph,
            name,
            members: vec![member],
            inputs: Vec::new(),
            outputs: Vec::new(),
            common: HashMap::new(),
        });
    }

    /// The name of a declared neuron: that of its class, with a number if it is taken.
    fn free_name(&self, class: &str) -> String {
        let wanted = self
            .option_type(class)
            .map_or_else(|| camel_case(class), str::to_owned);
        let taken = |name: &str| {
            let key = snake_case(name);
            let same = |other: &str| snake_case(other) == key;
            same(&self.options.name)
                || self.groups.iter().any(|group| same(&group.name))
                || self.vocabulary.modules.iter().any(|module| same(&module.name))
        };
        if !taken(&wanted) {
            return wanted;
        }
        let numbered = (2..).map(|n| format!("{wanted}{n}"));
        numbered.take(1000).find(|name| !taken(name)).unwrap_or(wanted)
    }

    /// The types of all nodes; `None` if one is not known.
    pub(super) fn types(&mut self, doc: &ControllerDoc, pointer: &str) -> Option<Types<'a>> {
        let mut of: Vec<Option<Type<'a>>> = Vec::new();
        for (i, module) in doc.modules.iter().enumerate() {
            let at = format!("{pointer}/modules_specs/{i}/__data__");
            of.push(self.type_of(module, &at));
        }
        let count = of.len();
        let mut of: Vec<Type<'a>> = of.into_iter().flatten().collect();
        if of.len() < count {
            return None;
        }
        self.choose_variants(doc, &mut of);
        let name = |ty: &Type<'_>| match ty {
            Type::Known(words) => words.name.clone(),
            Type::Named(name) => name.clone(),
            Type::Declared(group) => self.groups[*group].name.clone(),
        };
        let names = of.iter().map(name).collect();
        Some(Types { of, names })
    }

    fn type_of(&mut self, module: &ModuleDoc, at: &str) -> Option<Type<'a>> {
        let vocabulary = self.vocabulary;
        let place = format!("{at}/module_cls/__module_type__");
        if module.registry == Subregistry::Modules {
            if let Some(name) = self.option_type(&snake_case(&module.class)) {
                let known = vocabulary.of_type(name).filter(|words| !words.neuron);
                return Some(known.map_or_else(|| Type::Named(name.to_owned()), Type::Known));
            }
            if let Some(words) = vocabulary.modules_of_class(&module.class).next() {
                return Some(Type::Known(words));
            }
            let known = vocabulary.modules.iter().filter(|words| !words.neuron);
            let known = known.map(|words| words.class.as_str());
            return Some(Type::Named(self.type_of_class(
                &module.class,
                "module",
                &place,
                known,
            )?));
        }
        let Some(inline) = module.as_controller(&format!("{at}/config")) else {
            if let Some(words) = vocabulary.neuron(&module.class) {
                return Some(Type::Known(words));
            }
            let message = format!("no neuron is known under the name `{}`", module.class);
            let problem = Diagnostic::error("SPK097", place, message).found(&module.class);
            self.problems
                .push(problem.help("write its modules inline (`modules_specs` in its configuration)"));
            return None;
        };
        // What is wrong with it was told when it was collected.
        let inline = inline.ok()?;
        if let Some(words) = known_neuron(vocabulary, module, &inline) {
            return Some(Type::Known(words));
        }
        let (class, graph) = (snake_case(&module.class), graph_in_order(&inline));
        let group = self
            .groups
            .iter()
            .position(|group| group.class == class && group.graph == graph)?;
        Some(Type::Declared(group))
    }

    /// Where one class stands for several modules, takes the one whose first input fits what arrives there. A variant may
    /// feed another one: each round settles at least one, or there is nothing to go by.
    fn choose_variants(&self, doc: &ControllerDoc, of: &mut [Type<'a>]) {
        let is_open = |module: &ModuleDoc| {
            self.option_type(&snake_case(&module.class)).is_none()
                && module.registry == Subregistry::Modules
                && self.vocabulary.modules_of_class(&module.class).nth(1).is_some()
        };
        let mut open: Vec<usize> = (0..of.len()).filter(|&i| is_open(&doc.modules[i])).collect();
        while !open.is_empty() {
            let waiting = open.clone();
            open.retain(|&i| {
                let Some(payload) = self.first_payload(doc, i, of, &waiting) else {
                    return true;
                };
                let fits =
                    |words: &&ModuleWords| words.inputs.first().is_some_and(|port| port.payload == payload);
                let mut variants = self.vocabulary.modules_of_class(&doc.modules[i].class);
                if let Some(words) = variants.find(fits) {
                    of[i] = Type::Known(words);
                }
                false
            });
            if open.len() == waiting.len() {
                return;
            }
        }
    }

    /// The payload that arrives first at a node, if a node that is settled gives it.
    fn first_payload(
        &self,
        doc: &ControllerDoc,
        index: usize,
        of: &[Type<'a>],
        open: &[usize],
    ) -> Option<String> {
        let (_, sources) = doc.modules[index].inputs.first()?;
        let source = sources.first()?;
        let from = doc
            .modules
            .iter()
            .position(|module| module.name == source.origin)?;
        if open.contains(&from) {
            return None;
        }
        self.given(of.get(from)?, &source.port, source.is_property)
    }

    /// The payload of an output or property.
    pub(super) fn given(&self, ty: &Type<'_>, port: &str, property: bool) -> Option<String> {
        match ty {
            Type::Known(words) if property => words.property(port).map(|port| port.payload.clone()),
            Type::Known(words) => words.output(port).map(|port| port.payload.clone()),
            Type::Named(_) => None,
            Type::Declared(_) if property => Some("BooleanMask".to_owned()),
            Type::Declared(group) => payload_of(&self.groups[*group].outputs, port),
        }
    }

    /// The payload that an input takes.
    pub(super) fn taken(&self, ty: &Type<'_>, port: &str) -> Option<String> {
        match ty {
            Type::Known(words) => words.input(port).map(|port| port.payload.clone()),
            Type::Named(_) => None,
            Type::Declared(group) => payload_of(&self.groups[*group].inputs, port),
        }
    }
}

/// The graph and the order of its nodes: what a declaration says of a neuron beside its values.
fn graph_in_order(doc: &ControllerDoc) -> String {
    let names: Vec<&str> = doc.modules.iter().map(|module| module.name.as_str()).collect();
    format!("{}\n{}", names.join(" "), doc.graph_text())
}

fn payload_of(ports: &[(String, String)], name: &str) -> Option<String> {
    ports
        .iter()
        .find(|(port, _)| port == name)
        .map(|(_, payload)| payload.clone())
}

/// The type of a neuron of the same graph that is known.
pub(super) fn known_neuron<'v>(
    vocabulary: &'v Vocabulary,
    module: &ModuleDoc,
    doc: &ControllerDoc,
) -> Option<&'v ModuleWords> {
    let words = vocabulary.neuron(&module.class)?;
    let known = default_of(words)?;
    (known.graph_text() == doc.graph_text()).then_some(words)
}

/// A known neuron with its defaults.
pub(super) fn default_of(words: &ModuleWords) -> Option<ControllerDoc> {
    ControllerDoc::from_fields(&words.config.key, &words.config.default, "").ok()
}
