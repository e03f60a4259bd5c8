//! What all delays share: the drawn delays and the line on which spikes travel.

use crate::core::array::ArrayD;
use crate::core::compat::Compat;
use crate::core::config::SparkConfig;
use crate::core::dtype::Dtype;
use crate::core::error::Problem;
use crate::core::field::Init;
use crate::core::initializer::Cast;
use crate::core::payload::{IntegerArray, Mask, Shape, SpikeArray, SpikeForm, SpikeRing};
use crate::core::state::{StateMap, Stateful, Variable, join};
use crate::core::units::Ms;
use crate::nn::arrivals::each_flat;
use crate::nn::param::{Drawing, ParamExt, shaped};

/// Delays in steps, as drawn.
#[derive(Debug, Clone)]
pub(super) struct Delays {
    steps: Vec<u16>,
    longest: usize,
    compat: Compat,
}

impl Delays {
    /// Draws delays of this shape with one key: from 1 up to the longest delay, unless an array says otherwise.
    pub(super) fn draw<C: SparkConfig>(
        draw: &mut Drawing<'_, C>,
        delays: &Init<f64>,
        shape: &Shape,
        (max_delay, dt, compat): (Ms, Ms, Compat),
    ) -> Self {
        let longest = (max_delay.value() / dt.value()).ceil() as usize;
        check_longest(longest)
            .into_iter()
            .for_each(|problem| draw.problem(problem));
        let cast = Cast::to(dtype(compat))
            .with_scale(longest as f64 + 1.0)
            .with_min(1.0);
        let drawn = draw.param_with(delays, shape, &cast).per_element(shape);
        let steps: Vec<u16> = drawn.into_iter().map(|delay| delay as u16).collect();
        check_delays(&steps, longest, compat)
            .into_iter()
            .for_each(|problem| draw.problem(problem));
        Delays {
            steps,
            longest,
            compat,
        }
    }

    /// When each spike arrives, in steps after it was fired.
    pub(super) fn lags(&self) -> Vec<u16> {
        let lag = |delay: &u16| {
            if self.compat.is_spark_snn_1() {
                (usize::from(*delay) % self.longest) as u16
            } else {
                *delay
            }
        };
        self.steps.iter().map(lag).collect()
    }

    /// The delays as a payload of this shape.
    pub(super) fn kernel(&self, shape: &Shape) -> IntegerArray {
        let steps = self.steps.iter().map(|&delay| i32::from(delay)).collect();
        IntegerArray::new(shaped(shape, steps))
    }

    /// The line for spikes of so many inputs.
    pub(super) fn line(&self, inputs: usize) -> Line {
        // The ring of the Python package has one row too few.
        let rows = self.longest + usize::from(!self.compat.is_spark_snn_1());
        Line {
            ring: Variable::new(SpikeRing::new(inputs, rows)),
            index: Variable::new(0),
            rows,
            inputs,
            flat: Vec::with_capacity(inputs),
            mask: Mask::none(inputs),
            mask_of: (0, inputs),
        }
    }
}

/// The type that delays are drawn and kept in.
fn dtype(compat: Compat) -> Dtype {
    if compat.is_spark_snn_1() {
        Dtype::UInt8
    } else {
        Dtype::UInt16
    }
}

fn check_longest(longest: usize) -> Option<Problem> {
    if (1..usize::from(u16::MAX)).contains(&longest) {
        return None;
    }
    let problem =
        Problem::new("max_delay", "the longest delay is out of range").found(format!("{longest} steps"));
    Some(
        problem
            .expected("1 to 65534 steps")
            .help("choose a larger dt or a smaller max_delay"),
    )
}

fn check_delays(delays: &[u16], longest: usize, compat: Compat) -> Option<Problem> {
    let beyond = delays.iter().find(|delay| usize::from(**delay) > longest)?;
    if compat.is_spark_snn_1() {
        return None;
    }
    let problem =
        Problem::new("delays", "a delay is longer than the longest").found(format!("{beyond} steps"));
    Some(
        problem
            .expected(format!("at most {longest} steps"))
            .help("raise `max_delay`"),
    )
}

/// The spikes of the last steps.
#[derive(Debug, Clone, Stateful)]
pub(super) struct Line {
    ring: Variable<SpikeRing>,
    /// Steps since the last reset, modulo the rows: where the Python package would write next.
    index: Variable<u32>,
    rows: usize,
    inputs: usize,
    flat: Vec<u32>,
    /// The mask of what arrived last, one entry per input, and which one it was made of.
    mask: Mask,
    mask_of: (u64, usize),
}

impl Line {
    /// Takes the spikes of a step in, whatever their form: each entry is an input.
    pub(super) fn push(&mut self, spikes: &SpikeArray) {
        match spikes.form() {
            SpikeForm::Plain(indices) | SpikeForm::PerSynapse(indices) => self.ring.push(indices),
            SpikeForm::Delayed(_) => {
                self.flat.clear();
                each_flat(spikes, |index| self.flat.push(index as u32));
                self.flat.sort_unstable();
                self.ring.push(&self.flat);
            }
        }
        let rows = self.rows as u32;
        // A state from elsewhere may hold any number.
        *self.index = (*self.index % rows + 1) % rows;
        self.take_mask(spikes);
    }

    fn take_mask(&mut self, spikes: &SpikeArray) {
        let of = (spikes.mask().version(), spikes.mask().len());
        if of == self.mask_of {
            return;
        }
        self.mask = if spikes.mask().len() == self.inputs {
            spikes.mask().clone()
        } else {
            let bits = (0..self.inputs).map(|input| spikes.mask_at(input));
            Mask::new(bits.collect::<Vec<bool>>())
        };
        self.mask_of = of;
    }

    /// The mask of the spikes pushed last, one entry per input.
    pub(super) fn mask(&self) -> &Mask {
        &self.mask
    }

    /// The spikes under way.
    pub(super) fn ring(&self) -> &SpikeRing {
        &self.ring
    }

    /// Adds the spikes of the last steps that only another copy has got.
    pub(super) fn unite(&mut self, other: &Line, steps: usize) {
        self.ring.unite(&other.ring, steps);
    }

    pub(super) fn reset(&mut self) {
        self.ring.clear();
        *self.index = 0;
    }

    pub(super) fn spark_state(&self, path: &str, state: &mut StateMap) {
        state.insert_u8(join(path, "_bitmask"), self.packed());
        state.insert_i32(
            join(path, "_current_idx"),
            shaped(&Shape::default(), vec![*self.index as i32]),
        );
    }

    /// The ring as the Python package packs it: a row per step, most significant bit first.
    fn packed(&self) -> ArrayD<u8> {
        let bytes = self.inputs.div_ceil(8);
        let mut packed = vec![0u8; self.rows * bytes];
        for lag in 0..self.rows {
            let row = (*self.index as usize + 2 * self.rows - 1 - lag) % self.rows;
            for &spike in self.ring.past(lag) {
                packed[row * bytes + spike as usize / 8] |= 128 >> (spike % 8);
            }
        }
        shaped(&Shape::from([self.rows, bytes]), packed)
    }
}
