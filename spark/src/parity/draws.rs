//! Random keys, draws, initial arrays and seeds.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::case::{self, ArrayDoc, CaseError};
use super::compare::{Tally, difference};
use super::{Report, Subject};
use crate::core::compat::Compat;
use crate::core::config::DynConfig;
use crate::core::dtype::Dtype;
use crate::core::initializer::{AnyInitializer, Cast};
use crate::core::module::{AnyInput, Keys, PortInfo};
use crate::core::payload::{FloatArray, Shape, SpikeArray};
use crate::core::registry::REGISTRY;
use crate::core::rng::Key;
use crate::core::state::{StateArray, StateMap};
use crate::rt::next_seed;
use crate::units::Ms;

/// What initial arrays may differ by: an initializer that normalises sums in another order.
const TOLERANCE: f64 = 4e-6;
/// One digit in half precision.
const TOLERANCE_OF_HALVES: f64 = 1e-3;

type Words = [u32; 2];

pub(super) fn replay(json: &Value) -> Result<Report, CaseError> {
    let subject = case::subject(json)?;
    let mut tally = Tally::new(TOLERANCE_OF_HALVES);
    let draws = match subject.case.as_str() {
        "rng" => rng(json, &mut tally)?,
        "initializers" => initializers(json, &mut tally)?,
        "spark_draws" => spark_draws(json, &mut tally)?,
        _ => {
            return Err(CaseError::new(
                "case",
                "this kind of case is not known: it has no `kind`, and is none of rng, initializers, spark_draws",
            ));
        }
    };
    Ok(Subject {
        class: subject.case.clone(),
        ..subject
    }
    .report(draws, tally))
}

/// The entries of a list, each with its place.
fn entries<T: serde::de::DeserializeOwned>(json: &Value, name: &str) -> Result<Vec<(String, T)>, CaseError> {
    let list = json
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[][..], |list| list);
    let entry = |(i, entry)| {
        let place = format!("{name}[{i}]");
        case::parse(entry)
            .map(|entry| (place.clone(), entry))
            .map_err(|error: CaseError| error.inside(&place))
    };
    list.iter().enumerate().map(entry).collect()
}

fn seed(value: i64) -> Key {
    Key::from_seed(value as u64)
}

fn of(words: Words) -> Key {
    Key(words)
}

fn count(place: &str, shape: &[usize]) -> Result<usize, CaseError> {
    case::count(shape).map_err(|reason| CaseError::new(place, reason))
}

#[derive(Debug, Deserialize)]
struct Stream {
    seed: i64,
    key: Words,
    split: BTreeMap<String, Vec<Words>>,
    get_rng_keys_chain: Vec<Link>,
    draws: Vec<Draw>,
    permutation: Vec<Permutation>,
    randint: Vec<Whole>,
}

#[derive(Debug, Deserialize)]
struct Link {
    num_keys: usize,
    keys: Vec<Words>,
    rng_after: Words,
}

#[derive(Debug, Deserialize)]
struct Draw {
    shape: Vec<usize>,
    bits8: Vec<u8>,
    bits16: Vec<u16>,
    bits32: Vec<u32>,
    uniform_f32: Vec<f64>,
    uniform_f16: Vec<f64>,
}

#[derive(Debug, Deserialize)]
struct Permutation {
    n: usize,
    out: Vec<u32>,
}

#[derive(Debug, Deserialize)]
struct Whole {
    shape: Vec<usize>,
    minval: i32,
    maxval: i32,
    out: Vec<i32>,
}

fn rng(json: &Value, tally: &mut Tally) -> Result<usize, CaseError> {
    let streams: Vec<(String, Stream)> = entries(json, "cases")?;
    for (place, stream) in &streams {
        let key = seed(stream.seed);
        tally.equal(&format!("{place}.key"), &key, &of(stream.key));
        for (n, rows) in &stream.split {
            let n: usize = n
                .parse()
                .map_err(|_| CaseError::new(format!("{place}.split"), "a name is no number"))?;
            let n = count(place, &[n])?;
            let rows: Vec<Key> = rows.iter().copied().map(of).collect();
            tally.equal(&format!("{place}.split.{n}"), &key.split(n), &rows);
        }
        chain(place, key, &stream.get_rng_keys_chain, tally)?;
        for draw in &stream.draws {
            draw.replay(place, key, tally)?;
        }
        for drawn in &stream.permutation {
            count(place, &[drawn.n])?;
            tally.equal(
                &format!("{place}.permutation of {}", drawn.n),
                &key.permutation(drawn.n),
                &drawn.out,
            );
        }
        for drawn in &stream.randint {
            let found = key.randint_i32(count(place, &drawn.shape)?, drawn.minval, drawn.maxval);
            tally.equal(&format!("{place}.randint"), &found, &drawn.out);
        }
    }
    Ok(streams.len())
}

fn chain(place: &str, mut stream: Key, links: &[Link], tally: &mut Tally) -> Result<(), CaseError> {
    for (i, link) in links.iter().enumerate() {
        let place = format!("{place}.get_rng_keys_chain[{i}]");
        let keys = link.keys.iter().copied().map(of).collect();
        let drawn = if link.num_keys == 1 {
            vec![stream.next()]
        } else {
            stream.keys(count(&place, &[link.num_keys])?)
        };
        tally.equal(&place, &drawn, &keys);
        tally.equal(&format!("{place}.rng_after"), &stream, &of(link.rng_after));
    }
    Ok(())
}

impl Draw {
    fn replay(&self, place: &str, key: Key, tally: &mut Tally) -> Result<(), CaseError> {
        let n = count(place, &self.shape)?;
        let place = |what: &str| format!("{place}.draws {:?} {what}", self.shape);
        tally.equal(&place("bits8"), &key.bits8(n), &self.bits8);
        tally.equal(&place("bits16"), &key.bits16(n), &self.bits16);
        tally.equal(&place("bits32"), &key.bits32(n), &self.bits32);
        let singles: Vec<f32> = self.uniform_f32.iter().map(|&x| x as f32).collect();
        tally.equal(&place("uniform_f32"), &key.uniform_f32(n), &singles);
        let halves: Vec<half::f16> = self.uniform_f16.iter().map(|&x| half::f16::from_f64(x)).collect();
        tally.equal(&place("uniform_f16"), &key.uniform_f16(n), &halves);
        Ok(())
    }
}

#[derive(Debug, Deserialize)]
struct Initial {
    class: String,
    seed: i64,
    shape: Vec<usize>,
    config: Map<String, Value>,
    out: ArrayDoc,
}

fn initializers(json: &Value, tally: &mut Tally) -> Result<usize, CaseError> {
    let cases: Vec<(String, Initial)> = entries(json, "cases")?;
    for (place, case) in &cases {
        count(place, &case.shape)?;
        // The number type of the case goes before the initializer's own.
        let mut fields = case::config(&case.config);
        let dtype = fields
            .remove("dtype")
            .and_then(|dtype| Dtype::from_name(dtype.as_str()?));
        let mut problems = Vec::new();
        let tagged = json!({"__type__": format!("{}Config", case.class), "__cfg__": fields});
        let initializer = AnyInitializer::read(&tagged, place, &mut problems);
        let (Some(initializer), true) = (initializer, problems.is_empty()) else {
            problems
                .iter()
                .for_each(|problem| tally.problem(problem.to_string()));
            continue;
        };
        let cast = Cast::to(dtype.unwrap_or_default());
        let drawn = initializer.draw(seed(case.seed), &Shape::from(&case.shape[..]), &cast);
        let Ok(drawn) = drawn else {
            tally.problem(format!("{place} cannot be drawn"));
            continue;
        };
        compare_initial(
            place,
            case,
            &drawn.iter().map(|&x| f64::from(x)).collect::<Vec<_>>(),
            tally,
        );
    }
    Ok(cases.len())
}

/// Arrays are equal to the bit, but for sums.
fn compare_initial(place: &str, case: &Initial, found: &[f64], tally: &mut Tally) {
    let expected = case.out.values();
    let normalised = case.class.starts_with("Normalized");
    let allowed = match case.out.dtype.as_str() {
        "float16" if normalised => TOLERANCE_OF_HALVES,
        "float32" if normalised => TOLERANCE,
        _ => 0.0,
    };
    match difference(found, &expected, 1.0).map(|difference| difference.error) {
        Some(error) if error <= allowed => tally.max_rel_error = tally.max_rel_error.max(error),
        Some(error) => tally.problem(format!("{place} {}: differs by {error:e}", case.class)),
        None => tally.problem(format!("{place} {}: another number of elements", case.class)),
    }
}

#[derive(Debug, Deserialize)]
struct InhibitionMask {
    seed: i64,
    units: Vec<usize>,
    inhibitory_rate: f64,
    inhibitory: Vec<u32>,
    rng_after: Words,
}

#[derive(Debug, Deserialize)]
struct Delays {
    seed: i64,
    buffer_size: usize,
    inputs: Vec<usize>,
    n_delays: Vec<u32>,
    n2n_delays: ArrayDoc,
}

#[derive(Debug, Deserialize)]
struct OutputMap {
    seed: i64,
    shuffled: Vec<i64>,
    sequential: Vec<i64>,
}

#[derive(Debug, Deserialize)]
struct Samples {
    seed: i64,
    sample_size: usize,
    n: i32,
    indices: Vec<i32>,
}

fn spark_draws(json: &Value, tally: &mut Tally) -> Result<usize, CaseError> {
    let masks: Vec<(String, InhibitionMask)> = entries(json, "inhibition_mask")?;
    let delays: Vec<(String, Delays)> = entries(json, "delay_kernels")?;
    let maps: Vec<(String, OutputMap)> = entries(json, "integrator_maps")?;
    let samples: Vec<(String, Samples)> = entries(json, "sampler")?;
    let spikers: Vec<(String, Poisson)> = entries(json, "poisson")?;
    let reseeded: Vec<(String, NewSeeds)> = entries(json, "with_new_seeds")?;
    for (place, case) in &masks {
        count(place, &case.units)?;
        let mut keys = Keys::new(case.seed as u64, Ms(1.0), Compat::SparkSnn1, place.as_str());
        let mask = crate::rt::inhibition_mask(&mut keys, &Shape::from(&case.units[..]), case.inhibitory_rate);
        let units = (0u32..)
            .zip(mask.as_slice())
            .filter(|(_, bit)| **bit)
            .map(|(unit, _)| unit);
        tally.equal(place, &units.collect(), &case.inhibitory);
        tally.equal(
            &format!("{place}.rng_after"),
            &*keys.take_stream(),
            &of(case.rng_after),
        );
    }
    for (place, case) in &delays {
        let draw = |shape: &[usize]| {
            let uniform: AnyInitializer = crate::nn::initializers::UniformInitializer::default().into();
            let cast = Cast::to(Dtype::UInt8)
                .with_scale(case.buffer_size as f64 + 1.0)
                .with_min(1.0);
            let drawn = uniform.draw(seed(case.seed).next(), &Shape::from(shape), &cast);
            drawn
                .map(|drawn| drawn.iter().map(|&delay| f64::from(delay)).collect::<Vec<f64>>())
                .unwrap_or_default()
        };
        let of_neurons: Vec<f64> = case.n_delays.iter().map(|&delay| f64::from(delay)).collect();
        tally.equal(
            &format!("{place}.n_delays"),
            &draw(&[count(place, &case.inputs)?]),
            &of_neurons,
        );
        tally.equal(
            &format!("{place}.n2n_delays"),
            &draw(&case.n2n_delays.shape),
            &case.n2n_delays.values(),
        );
    }
    for (place, case) in &maps {
        let mut map = case.sequential.clone();
        seed(case.seed).next().shuffle(&mut map);
        tally.equal(place, &map, &case.shuffled);
    }
    for (place, case) in &samples {
        count(place, &[case.sample_size])?;
        tally.equal(
            place,
            &seed(case.seed).next().randint_i32(case.sample_size, 0, case.n),
            &case.indices,
        );
    }
    for (place, case) in &spikers {
        count(place, &[case.n])?;
        if let Err(problem) = case.replay(place, tally) {
            tally.problem(format!("{place}: {problem}"));
        }
    }
    for (place, case) in &reseeded {
        if let Err(problem) = case.replay(place, tally) {
            tally.problem(format!("{place}: {problem}"));
        }
    }
    Ok(masks.len() + delays.len() + maps.len() + samples.len() + spikers.len() + reseeded.len())
}

#[derive(Debug, Deserialize)]
struct Poisson {
    seed: i64,
    signal: f64,
    n: usize,
    max_freq: f64,
    dt: f64,
    rng_after_build: Words,
    spikes_of_calls: Vec<Vec<u32>>,
    rng_after: Words,
}

impl Poisson {
    /// Runs a spiker that stands alone: one hidden call, then those that were recorded.
    fn replay(&self, place: &str, tally: &mut Tally) -> Result<(), String> {
        let entry = REGISTRY
            .module("poisson_spiker")
            .ok_or("no module is registered as `poisson_spiker`")?;
        let mut problems = Vec::new();
        let fields = json!({"seed": self.seed as u64, "dt": self.dt, "max_freq": self.max_freq, "dtype": {"__type__": "dtype", "name": "float32"}});
        let config = entry.read_config(fields.as_object().unwrap_or(&Map::new()), place, &mut problems);
        if let Some(problem) = problems.first() {
            return Err(problem.to_string());
        }
        let shape = Shape::from([self.n]);
        let keys = Keys::new(self.seed as u64, Ms(self.dt), Compat::SparkSnn1, place);
        let mut module = (entry.build)(&*config, vec![Some(PortInfo::plain(shape.clone()))], keys)
            .map_err(|error| error.to_string())?;
        let mut call = |value: f64| {
            let signal = FloatArray::filled(shape.clone(), value as crate::Real);
            module
                .step(&mut [(0, AnyInput::Shared(&signal))].into_iter())
                .map_err(|problem| problem.to_string())?;
            let spikes = module
                .output(0)
                .and_then(|spikes| spikes.downcast_ref::<SpikeArray>());
            let mut state = StateMap::new();
            module.spark_state("", &mut state);
            let key = match state.get("rng").map(|entry| &entry.value) {
                Some(StateArray::UInt32(words)) => Some(Key([words[[0]], words[[1]]])),
                _ => None,
            };
            Ok::<_, String>((spikes.map(SpikeArray::to_flat).unwrap_or_default(), key))
        };
        let (_, key) = call(0.0)?;
        tally.equal(
            &format!("{place}.rng_after_build"),
            &key,
            &Some(of(self.rng_after_build)),
        );
        let mut last = key;
        for (i, expected) in self.spikes_of_calls.iter().enumerate() {
            let (spikes, key) = call(self.signal)?;
            tally.equal(&format!("{place}.spikes_of_calls[{i}]"), &spikes, expected);
            last = key;
        }
        tally.equal(&format!("{place}.rng_after"), &last, &Some(of(self.rng_after)));
        Ok(())
    }
}

#[derive(Debug, Deserialize)]
struct NewSeeds {
    seed: u32,
    /// `ALIFNeuronConfig`, or `BrainConfig(spiker=PoissonSpiker, pool=LIFNeuron)`.
    config: String,
    top: u32,
    modules: BTreeMap<String, u32>,
    #[serde(flatten)]
    inner: BTreeMap<String, Value>,
}

fn default_of(class: &str) -> Result<Box<dyn DynConfig>, String> {
    let entry = REGISTRY.get(class.trim_end_matches("Config"));
    entry
        .map(|entry| (entry.default_config)())
        .ok_or_else(|| format!("nothing is registered under the name `{class}`"))
}

/// The seeds of the modules of a network, by name.
fn seeds_of(config: &dyn DynConfig) -> BTreeMap<String, u32> {
    let fields = config.to_fields();
    let modules = fields.get("modules_specs").and_then(Value::as_array);
    let named = |module: &Value| {
        let data = module.get("__data__")?;
        let seed = data.get("config")?.get("seed")?.as_u64()?;
        Some((data.get("name")?.as_str()?.to_owned(), seed as u32))
    };
    modules.into_iter().flatten().filter_map(named).collect()
}

impl NewSeeds {
    fn replay(&self, place: &str, tally: &mut Tally) -> Result<(), String> {
        let Some(parts) = self
            .config
            .strip_prefix("BrainConfig(")
            .and_then(|rest| rest.strip_suffix(')'))
        else {
            let mut config = default_of(&self.config)?;
            config.with_new_seeds(self.seed);
            tally.equal(&format!("{place}.modules"), &seeds_of(&*config), &self.modules);
            tally.equal(
                &format!("{place}.top"),
                &config.seed(),
                &Some(u64::from(self.top)),
            );
            return Ok(());
        };
        let mut key = Key::from_seed(u64::from(self.seed));
        let mut seeds = BTreeMap::new();
        for part in parts.split(',') {
            let (name, class) = part
                .trim()
                .split_once('=')
                .ok_or("a part of the brain is no `name=Class`")?;
            let mut config = default_of(class)?;
            config.with_new_seeds(next_seed(&mut key));
            seeds.insert(name.to_owned(), config.seed().unwrap_or(0) as u32);
            if let Some(recorded) = self.inner.get(&format!("{name}_modules")) {
                let recorded: BTreeMap<String, u32> =
                    serde_json::from_value(recorded.clone()).map_err(|error| error.to_string())?;
                tally.equal(&format!("{place}.{name}_modules"), &seeds_of(&*config), &recorded);
            }
        }
        tally.equal(&format!("{place}.modules"), &seeds, &self.modules);
        tally.equal(&format!("{place}.top"), &next_seed(&mut key), &self.top);
        Ok(())
    }
}
