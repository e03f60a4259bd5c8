//! How long a step of every kernel takes.
//!
//! ```text
//! cargo bench -p spark-benches --bench kernels                        # all of them, some minutes
//! cargo bench -p spark-benches --bench kernels -- synapses/           # those whose name holds this
//! cargo bench -p spark-benches --bench kernels -- --save-baseline old # and later: --baseline old
//! ```

#![allow(missing_docs, reason = "what the macros of criterion make")]

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use spark_benches::{Case, Size, cases};

fn kernels(criterion: &mut Criterion) {
    cases(Size::MEDIUM).iter().for_each(|case| time(criterion, case));
    let large = cases(Size::LARGE);
    let leaves_the_cache = [
        "synapses/LinearSynapses/",
        "synapses/TracedSynapses/",
        "somas/",
        "plasticity/HebbianRule/",
    ];
    let large = large
        .iter()
        .filter(|case| leaves_the_cache.iter().any(|kind| case.name.starts_with(kind)));
    large.for_each(|case| time(criterion, case));
}

/// Times one case, if it is wanted. It is built only then.
fn time(criterion: &mut Criterion, case: &Case) {
    criterion.bench_function(&case.name, |bencher| match case.build() {
        Ok(mut kernel) => {
            (0..100).for_each(|_| kernel.step());
            bencher.iter(|| kernel.step());
        }
        // Criterion has no place for errors; the tests build every case.
        Err(error) => eprintln!("{}: {error}", case.name),
    });
}

/// Short enough that all of it takes minutes.
fn short() -> Criterion {
    let criterion = Criterion::default().sample_size(20);
    criterion
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
        .configure_from_args()
}

criterion_group! {
    name = benches;
    config = short();
    targets = kernels
}
criterion_main!(benches);
