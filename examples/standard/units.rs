//! Currents and delays of Brunel's networks.

use spark::prelude::*;

/// The current of one step, in pA, that makes a potential jump by so many mV: through 0.1 GOhm into a membrane of 20 ms.
pub fn jump(mv: f64, dt: f64) -> f64 {
    mv / (0.1 * -(-dt / 20.0).exp_m1())
}

/// One number per group of inputs.
pub fn numbers<const N: usize>(numbers: [f64; N]) -> Init<f64> {
    Init::Array(ArrayValue::vector(numbers))
}

/// Makes all delays 1.5 ms, less so many steps that the way takes besides.
pub fn delay(delays: &mut NDelaysConfig, dt: f64, steps: i32) {
    let steps = (1.5 / dt).round() - f64::from(steps);
    delays.max_delay = Ms(steps * dt);
    delays.delays = Init::Value(steps);
}
