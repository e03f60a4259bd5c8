//! Random numbers are those of the Python package, bit for bit.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::Value;
use spark::prelude::*;

fn fixture(name: &str) -> Value {
    let path = format!("{}/fixtures/rng/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn cases(file: &Value, name: &str) -> Vec<Value> {
    let cases = file[name].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    cases
}

fn number(case: &Value, name: &str) -> u64 {
    let value = &case[name];
    value
        .as_u64()
        .or_else(|| value.as_i64().map(|n| n as u64))
        .unwrap_or_else(|| panic!("{name} in {case}"))
}

fn floats(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_f64().unwrap())
        .collect()
}

fn ints(value: &Value) -> Vec<i64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_i64().unwrap())
        .collect()
}

fn key(value: &Value) -> Key {
    let words = ints(value);
    Key([words[0] as u32, words[1] as u32])
}

fn keys(value: &Value) -> Vec<Key> {
    value.as_array().unwrap().iter().map(key).collect()
}

fn count(shape: &Value) -> usize {
    ints(shape).iter().product::<i64>() as usize
}

fn of_seed(case: &Value) -> Key {
    Key::from_seed(number(case, "seed"))
}

#[test]
fn keys_split_and_chain_as_in_jax() {
    for case in cases(&fixture("rng"), "cases") {
        assert_eq!(of_seed(&case), key(&case["key"]));
        for (n, rows) in case["split"].as_object().unwrap() {
            assert_eq!(of_seed(&case).split(n.parse().unwrap()), keys(rows));
        }
        let mut stream = of_seed(&case);
        for link in case["get_rng_keys_chain"].as_array().unwrap() {
            let drawn = match number(link, "num_keys") {
                1 => vec![stream.next()],
                n => stream.keys(n as usize),
            };
            assert_eq!(drawn, keys(&link["keys"]));
            assert_eq!(stream, key(&link["rng_after"]));
        }
    }
}

#[test]
fn bits_and_uniform_numbers_are_those_of_jax() {
    for case in cases(&fixture("rng"), "cases") {
        let key = of_seed(&case);
        for draw in case["draws"].as_array().unwrap() {
            let n = count(&draw["shape"]);
            assert!(
                key.bits8(n)
                    .iter()
                    .map(|&b| i64::from(b))
                    .eq(ints(&draw["bits8"]))
            );
            assert!(
                key.bits16(n)
                    .iter()
                    .map(|&b| i64::from(b))
                    .eq(ints(&draw["bits16"]))
            );
            assert!(
                key.bits32(n)
                    .iter()
                    .map(|&b| i64::from(b))
                    .eq(ints(&draw["bits32"]))
            );
            assert!(
                key.uniform_f32(n)
                    .iter()
                    .copied()
                    .eq(floats(&draw["uniform_f32"]).iter().map(|&x| x as f32))
            );
            let halves = floats(&draw["uniform_f16"]);
            assert!(
                key.uniform_f16(n)
                    .iter()
                    .zip(&halves)
                    .all(|(ours, text)| same_half(ours.to_f64(), *text))
            );
            assert_eq!(halves.len(), n);
        }
    }
}

/// Whether `text`, the shortest decimal of a multiple of 2^-10, is this multiple.
fn same_half(ours: f64, text: f64) -> bool {
    ours == (text * 1024.0).round() / 1024.0
}

#[test]
fn permutations_and_whole_numbers_are_those_of_jax() {
    for case in cases(&fixture("rng"), "cases") {
        let key = of_seed(&case);
        for draw in case["permutation"].as_array().unwrap() {
            let order = key.permutation(number(draw, "n") as usize);
            assert!(order.iter().map(|&i| i64::from(i)).eq(ints(&draw["out"])));
        }
        for draw in case["randint"].as_array().unwrap() {
            let (low, high) = (number(draw, "minval") as i32, number(draw, "maxval") as i32);
            let drawn = key.randint_i32(count(&draw["shape"]), low, high);
            assert!(
                drawn.iter().map(|&i| i64::from(i)).eq(ints(&draw["out"])),
                "{draw}"
            );
        }
    }
}

#[test]
fn inhibitory_units_are_those_of_the_python_package() {
    for case in cases(&fixture("spark_draws"), "inhibition_mask") {
        let units = count(&case["units"]);
        let inhibitory = (units as f64 * case["inhibitory_rate"].as_f64().unwrap()) as usize;
        let mut stream = of_seed(&case);
        let mut drawn = stream.next().permutation(units)[..inhibitory].to_vec();
        drawn.sort_unstable();
        assert!(drawn.iter().map(|&i| i64::from(i)).eq(ints(&case["inhibitory"])));
        assert_eq!(stream, key(&case["rng_after"]));
    }
}

#[test]
fn shuffled_output_maps_are_those_of_the_python_package() {
    for case in cases(&fixture("spark_draws"), "integrator_maps") {
        let mut map = ints(&case["sequential"]);
        of_seed(&case).next().shuffle(&mut map);
        assert_eq!(map, ints(&case["shuffled"]));
    }
}

#[test]
fn sampled_indices_are_those_of_the_python_package() {
    for case in cases(&fixture("spark_draws"), "sampler") {
        let drawn = of_seed(&case).next().randint_i32(
            number(&case, "sample_size") as usize,
            0,
            number(&case, "n") as i32,
        );
        assert!(drawn.iter().map(|&i| i64::from(i)).eq(ints(&case["indices"])));
    }
}

#[test]
fn delays_are_those_of_the_python_package() {
    for case in cases(&fixture("spark_draws"), "delay_kernels") {
        let scale = number(&case, "buffer_size") as f32 + 1.0;
        let delay = |u: f32| (u * scale).max(1.0) as i64;
        let drawn = of_seed(&case)
            .next()
            .uniform_f32(count(&case["n2n_delays"]["shape"]));
        assert!(
            drawn
                .iter()
                .map(|&u| delay(u))
                .eq(ints(&case["n2n_delays"]["data"])),
            "{case}"
        );
    }
}

/// Draws what a case asks of an initializer; the number type of the case goes before the initializer's own.
fn drawn<I: Initializer>(case: &Value) -> Vec<f32> {
    let mut fields = case["config"].as_object().unwrap().clone();
    let dtype = Dtype::from_name(fields["dtype"]["dtype"].as_str().unwrap()).unwrap();
    fields.remove("dtype");
    let mut initializer = I::default();
    let mut problems = Vec::new();
    initializer.read_fields(&fields, "", &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    let shape: Vec<usize> = ints(&case["shape"])
        .into_iter()
        .map(|size| size as usize)
        .collect();
    Initializer::draw(
        &initializer,
        Key::from_seed(number(case, "seed")),
        &Shape::from(shape),
        &Cast::to(dtype),
    )
}

#[test]
fn initializers_draw_the_arrays_of_the_package() {
    for case in cases(&fixture("initializers"), "cases") {
        let found = match case["class"].as_str().unwrap() {
            "ConstantInitializer" => drawn::<ConstantInitializer>(&case),
            "UniformInitializer" => drawn::<UniformInitializer>(&case),
            "SparseUniformInitializer" => drawn::<SparseUniformInitializer>(&case),
            "NormalizedSparseUniformInitializer" => drawn::<NormalizedSparseUniformInitializer>(&case),
            other => panic!("no initializer {other}"),
        };
        let expected: Vec<f32> = floats(&case["out"]["data"])
            .into_iter()
            .map(|x| x as f32)
            .collect();
        let summed = case["class"] == "NormalizedSparseUniformInitializer";
        // Half precision is recorded with as many digits as it needs; normalising sums in another order.
        let tolerance = match case["out"]["dtype"].as_str().unwrap() {
            "float16" => 1e-3,
            "float32" if summed => 2e-6,
            _ => 0.0,
        };
        assert_eq!(found.len(), expected.len(), "{case}");
        for (a, b) in found.iter().zip(&expected) {
            assert!(
                (a - b).abs() <= tolerance * b.abs().max(1.0),
                "{a} is not {b} in {case}"
            );
        }
    }
}
