"""What the Python package computes where it differs: prints the numbers that stand in `package.rs` beside this file.

    python tests/fidelity/package.py

Needed: Python 3.12 with `pip install spark-snn==1.0.0 jax==0.8.0 jaxlib==0.8.0 flax==0.12.0`, and
QT_QPA_PLATFORM=offscreen JAX_PLATFORMS=cpu in the environment.
"""
import logging
import warnings

warnings.filterwarnings("ignore")
import jax.numpy as jnp
import numpy as np
from spark.core.payloads import BooleanMask, CurrentArray, FloatArray, SpikeArray
from spark.core.specs import ModuleSpecs, PortMap
from spark.nn.components.delays import N2NDelays
from spark.nn.components.plasticity import HebbianRule, HebbianRuleConfig, QuadrupletRuleTensor, QuadrupletRuleTensorConfig
from spark.nn.components.somas import (
    ExponentialSoma, LeakySoma, LeakySomaConfig, RefractoryExponentialSoma, RefractoryLeakySoma,
)
from spark.nn.components.synapses import LinearSynapses, LinearSynapsesConfig
from spark.nn.controllers.brain import Brain, BrainConfig
from spark.nn.controllers.neuron import Neuron, NeuronConfig
from spark.nn.initializers import ConstantInitializerConfig
from spark.nn.interfaces import (
    ExponentialIntegrator, ExponentialIntegratorConfig, TopologicalLinearSpiker, TopologicalLinearSpikerConfig,
)
from spark.nn.neurons import LIFNeuron
from spark.nn.neurons.lif import LIFNeuronConfig

logging.disable(logging.CRITICAL)


def spikes(flags):
    return SpikeArray(jnp.asarray(flags, dtype=bool))


def fired(payload):
    return [int(i) for i in np.flatnonzero(np.asarray(payload.spikes).reshape(-1))]


def arrivals(values, longest, steps):
    """After how many steps a spike arrives at each unit."""
    delays = jnp.asarray(values, dtype=jnp.float32).reshape(-1, 1)
    module = N2NDelays(units=(len(values),), max_delay=longest, delays=delays, seed=0)
    after = {}
    for t in range(steps):
        for unit in fired(module(in_spikes=spikes([t == 0]))["out_spikes"]):
            after.setdefault(unit, t)
    return [after[unit] for unit in range(len(values))]


def soma_spikes(soma, current, steps):
    mask = BooleanMask(jnp.zeros((1,), dtype=bool))
    times = []
    for t in range(steps):
        amount = current(t) if callable(current) else current
        out = soma(current=CurrentArray(jnp.full((1,), amount, jnp.float32)), inhibition_mask=mask)
        if fired(out["spikes"]):
            times.append(t)
    return times


def delays():
    print("delays beyond the longest one:", arrivals([5.0, 6.0, 7.0, 9.0], 4.0, 12))
    print("delays of more than 255 steps:", arrivals([254.0, 255.0, 256.0, 300.0, 399.0], 400.0, 405))


def counter_of_leaky_somas():
    # After as many silent steps the counter stands at 65535: they are skipped.
    for silent in (65533, 65534):
        soma = RefractoryLeakySoma(seed=0)
        soma_spikes(soma, 0.0, 1)
        soma.refractory.value = jnp.full((1,), 65535, soma.refractory.value.dtype)
        soma_spikes(soma, 0.0, silent - 65533)
        print("spikes of a RefractoryLeakySoma after", silent, "silent steps:", soma_spikes(soma, 1e4, 12))


def counter_of_exponential_somas():
    soma = RefractoryExponentialSoma(seed=0, dtype=jnp.float16, cooldown=2100.0)
    soma_spikes(soma, 0.0, 1)
    soma.reset()
    times = soma_spikes(soma, 1e4, 3000)
    print("RefractoryExponentialSoma in half precision, cooldown of 2100 steps:", times, soma.refractory.value)


def overflow():
    soma = ExponentialSoma(seed=0, spike_slope=0.05)
    print("ExponentialSoma beyond the largest number:", soma_spikes(soma, 100.0, 200), soma._potential.value)


def refused_gain():
    for rate in (500.0, 800.0):
        spiker = TopologicalLinearSpiker(max_freq=rate, resolution=3, seed=0)
        trains = []
        for t in range(12):
            trains.append(fired(spiker(signal=FloatArray(jnp.asarray([0.5], jnp.float32)))["spikes"]))
        print("TopologicalLinearSpiker at", rate, "Hz:", trains)


def types_of_synapses():
    specs = [
        ModuleSpecs(
            name="synapses", module_cls=LinearSynapses,
            inputs={"spikes": [PortMap(origin="__call__", port="in_spikes")]},
            effects={"kernel": [PortMap(origin="rule", port="kernel")]},
            config=LinearSynapsesConfig._create_partial(kernel=ConstantInitializerConfig(scale=0.0)),
        ),
        ModuleSpecs(
            name="soma", module_cls=LeakySoma,
            inputs={
                "current": [PortMap(origin="synapses", port="currents")],
                "inhibition_mask": [PortMap(origin="__self__", port="inhibition_mask", is_property=True)],
            },
            outputs={"out_spikes": "spikes"},
            config=LeakySomaConfig._create_partial(),
        ),
        ModuleSpecs(
            name="rule", module_cls=QuadrupletRuleTensor,
            inputs={
                "modulation": [PortMap(origin="__call__", port="modulation")],
                "pre_spikes": [PortMap(origin="__call__", port="in_spikes")],
                "post_spikes": [PortMap(origin="soma", port="spikes")],
                "kernel": [PortMap(origin="synapses", port="kernel", is_property=True)],
            },
            config=QuadrupletRuleTensorConfig._create_partial(q_alpha=[1.0, 2.0, 3.0, 4.0], eta=1.0),
        ),
    ]
    neuron = Neuron(config=NeuronConfig(units=(1,), inhibitory_rate=1.0, modules_specs=specs))
    one = FloatArray(jnp.asarray([1.0], jnp.float32))
    neuron(in_spikes=spikes([True]), modulation=one)
    print("weight at an inhibitory unit:", np.asarray(neuron.synapses.kernel.value))


def pools():
    pool = LIFNeuron(config=LIFNeuronConfig(units=(100,), inhibitory_rate=0.29))
    pool(in_spikes=spikes([False, False]))
    print("inhibitory units of 100 at 0.29:", int(np.asarray(pool.inhibition_mask.value).sum()))


def calls_while_building():
    config = LIFNeuronConfig(units=(3,), inhibitory_rate=0.0)
    config.merge(partial={"synapses__kernel": jnp.full((3, 2), -1.0, jnp.float32)})
    pool = LIFNeuron(config=config)
    pool(in_spikes=spikes([False, False]))
    print("weights of -1 after the first step:", np.asarray(pool.synapses.kernel.value).tolist())


def wires_after_a_reset():
    specs = [
        ModuleSpecs(
            name="spiker", module_cls=TopologicalLinearSpiker,
            inputs={"signal": [PortMap(origin="__call__", port="signal")]},
            config=TopologicalLinearSpikerConfig(resolution=16, tau=20.0, cd=2.0, max_freq=250.0, sigma=2.0),
        ),
        ModuleSpecs(
            name="readout", module_cls=ExponentialIntegrator,
            inputs={"spikes": [PortMap(origin="spiker", port="spikes")]},
            outputs={"rate": "signal"},
            config=ExponentialIntegratorConfig(num_outputs=1, smooth_trace=False),
        ),
    ]
    brain = Brain(config=BrainConfig(modules_specs=specs))
    signal = FloatArray(jnp.asarray([0.5], jnp.float32))
    for t in range(100):
        brain(signal=signal)
        if fired(brain._cache["spiker", "spikes"]):
            break
    travelling = fired(brain._cache["spiker", "spikes"])
    brain.reset()
    print("spikes on a wire:", travelling, "after step", t, "give after a reset", np.asarray(brain(signal=signal)["rate"].value))


def seeds():
    pools = [LIFNeuron(config=LIFNeuronConfig(units=(10,))) for _ in range(2)]
    for pool in pools:
        pool(in_spikes=spikes([False] * 4))
    kernels = [np.asarray(pool.synapses.kernel.value) for pool in pools]
    print("two pools without seeds have the same weights:", bool((kernels[0] == kernels[1]).all()))


def pool_specs(name, *inputs):
    return ModuleSpecs(
        name=name, module_cls=LIFNeuron, inputs={"in_spikes": list(inputs)}, config=LIFNeuronConfig(units=(4,)),
        outputs={"spikes_of_" + name: "out_spikes"},
    )


def a_population_that_hears_from_another_one_only():
    world, a, b = PortMap(origin="__call__", port="signal"), PortMap(origin="a", port="out_spikes"), PortMap(origin="b", port="out_spikes")
    specs = [pool_specs("a", world, b), pool_specs("b", a)]
    brain = Brain(config=BrainConfig(modules_specs=specs))
    print("a loop:", brain(signal=spikes([True] * 3)).keys())


def two_inputs_in_one_port():
    specs = [pool_specs("a", PortMap(origin="__call__", port="left"), PortMap(origin="__call__", port="right"))]
    brain = Brain(config=BrainConfig(modules_specs=specs))
    print("two inputs:", brain(left=spikes([True]), right=spikes([True])).keys())


def a_soma_without_a_mask():
    specs = [ModuleSpecs(
        name="soma", module_cls=LeakySoma, inputs={"current": [PortMap(origin="__call__", port="current")]},
        outputs={"spikes": "spikes"}, config=LeakySomaConfig._create_partial(),
    )]
    neuron = Neuron(config=NeuronConfig(units=(2,), modules_specs=specs))
    print("no mask:", neuron(current=CurrentArray(jnp.ones((2,), jnp.float32))).keys())


def learning_in_a_brain():
    pre, post = PortMap(origin="__call__", port="pre"), PortMap(origin="__call__", port="post")
    synapses = ModuleSpecs(
        name="synapses", module_cls=LinearSynapses, inputs={"spikes": [pre]}, outputs={"currents": "currents"},
        effects={"kernel": [PortMap(origin="rule", port="kernel")]}, config=LinearSynapsesConfig(units=(1,)),
    )
    rule = ModuleSpecs(
        name="rule", module_cls=HebbianRule, config=HebbianRuleConfig(),
        inputs={"pre_spikes": [pre], "post_spikes": [post], "kernel": [PortMap(origin="synapses", port="kernel", is_property=True)]},
    )
    brain = Brain(config=BrainConfig(modules_specs=[synapses, rule]))
    print("learning in a brain:", brain(pre=spikes([True]), post=spikes([True])).keys())


def more_outputs_than_inputs():
    integrator = ExponentialIntegrator(num_outputs=4, seed=0)
    for _ in range(2):
        out = integrator(spikes=spikes([True, True, True]))
    print("an integrator with 4 outputs of 3 inputs:", np.asarray(out["signal"].value))


RECORDS = (
    delays, counter_of_leaky_somas, counter_of_exponential_somas, overflow, refused_gain, types_of_synapses, pools,
    calls_while_building, wires_after_a_reset, seeds, a_population_that_hears_from_another_one_only,
    two_inputs_in_one_port, a_soma_without_a_mask, learning_in_a_brain, more_outputs_than_inputs,
)
for record in RECORDS:
    try:
        record()
    except Exception as error:
        print(record.__name__, "fails:", type(error).__name__, str(error)[:300])
