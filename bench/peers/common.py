"""What both peers share: the work (data, starting weights, constants), one thread, the clock, the line of JSON.

Nothing here imports a framework: `one_thread` must run before torch, jax or numpy is first imported, because all three read
their thread counts and their choice of kernels when they are loaded.
"""

import argparse
import json
import math
import os
import platform
import statistics
import sys
import time

WORKS = ("parity", "main", "matmul512")
ORDERS = ("collapsed", "natural")
# Updates before the clock starts, and updates inside one call of a form that loops inside its compiled code.
WARM_UP = 100
CHUNK = 100

# Optimiser of each work: AdamW with decoupled decay, eps outside the square root (Loshchilov & Hutter 2019).
ADAMW = {
    "parity": dict(lr=3e-3, b1=0.99, b2=0.98, eps=1e-8, weight_decay=0.1),
    "main": dict(lr=1e-3, b1=0.9, b2=0.98, eps=1e-8, weight_decay=1.0),
}
P = 67


def arguments(framework):
    """Parse the command line that both peers understand."""
    parser = argparse.ArgumentParser(description=f"Time one training step in {framework}, on one thread.")
    parser.add_argument("--work", choices=WORKS, required=True)
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    parser.add_argument("--order", choices=ORDERS, default="collapsed", help="work main only: order of multiplication")
    parser.add_argument(
        "--steps", type=int, default=500, help=f"updates per block, a multiple of {CHUNK} (default 500)"
    )
    parser.add_argument("--blocks", type=int, default=7, help="timed blocks per form (default 7)")
    parser.add_argument("--form", action="append", help="only this form (repeatable); default: all")
    parser.add_argument("--cpu", type=int, help="CPU to stay on; default: the last one allowed")
    parser.add_argument("--examples", type=int, default=1000, help="work parity only: training examples (default 1000)")
    parser.add_argument("--hidden", type=int, default=128, help="work parity only: hidden neurons (default 128)")
    parser.add_argument("--json", action="store_true", help="print the result as one line of JSON, last")
    args = parser.parse_args()
    if args.steps < CHUNK or args.steps % CHUNK:
        parser.error(f"--steps: {args.steps}, allowed are multiples of {CHUNK}")
    return args


def one_thread(cpu=None):
    """Pin this process to one CPU and tell every library to use one thread. Returns the CPU, or None where unsupported.

    Also forgets settings that make OpenBLAS use the kernels of another CPU than this one, which would be unfair.
    """
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        os.environ.pop(name, None)
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    if not hasattr(os, "sched_setaffinity"):
        return None
    cpu = max(os.sched_getaffinity(0)) if cpu is None else cpu
    os.sched_setaffinity(0, {cpu})
    return cpu


def truncated_normal(random, shape, sigma):
    """Normal of scale `sigma` redrawn outside two sigma, float64."""
    import numpy as np

    x = random.standard_normal(shape)
    while (outside := np.abs(x) > 2).any():
        x[outside] = random.standard_normal(int(outside.sum()))
    return x * sigma


def parity(dtype, n=1000, hidden=128):
    """n sequences of 30 bits and a column of ones; the label is the parity of the first three bits.

    Returns inputs x [n, 31], labels y [n] (0 or 1), params W [31, hidden], u [hidden].
    """
    import numpy as np

    random = np.random.default_rng(0)
    bits = random.integers(0, 2, (n, 30))
    x = np.concatenate([bits, np.ones((n, 1))], axis=1).astype(dtype)  # [n, 31]
    y = (bits[:, :3].sum(axis=1) % 2).astype(dtype)  # [n]
    params = dict(
        W=truncated_normal(random, (31, hidden), 1 / math.sqrt(31)).astype(dtype),
        u=truncated_normal(random, (hidden,), 1 / math.sqrt(hidden)).astype(dtype),
    )
    return dict(x=x, y=y), params


def modular_addition(dtype):
    """a + b mod 67 over unordered pairs, 40 % for training: the published main run, its split for seed 165.

    Returns a, b, y [911] (integers), params E [67, 500], H [500, 24], O [24, 500].
    """
    import numpy as np

    pairs = np.array([(a, b) for a in range(P) for b in range(a, P)])  # [2278, 2]
    chosen = pairs[np.random.RandomState(165).permutation(len(pairs))[: int(0.4 * len(pairs))]]  # [911, 2]
    a, b = chosen[:, 0], chosen[:, 1]
    random = np.random.default_rng(0)
    params = dict(
        E=truncated_normal(random, (P, 500), math.sqrt(2 / P) / 0.87962566).astype(dtype),
        H=truncated_normal(random, (500, 24), 1 / math.sqrt(500)).astype(dtype),
        O=truncated_normal(random, (24, 500), 1 / math.sqrt(24)).astype(dtype),
    )
    return dict(a=a, b=b, y=(a + b) % P), params


def one_hot(labels, dtype):
    """Rows of the identity, [n, p]."""
    import numpy as np

    return np.eye(P, dtype=dtype)[labels]


def time_forms(forms, steps, blocks):
    """Milliseconds per step of each form: {name: [one number per block]}.

    `forms` maps a name to `advance(n)`, which makes n updates and returns when they are done. Blocks of all forms take
    turns, so that a disturbance of the machine falls on all of them. A form that cannot run with this version or on this
    machine (no compiler, no fused optimiser) is named on stderr and left out.
    """
    if not forms:
        sys.exit("--form: no such form for this work; leave it out to see them all")
    times = {}
    for name, advance in forms.items():
        try:
            advance(WARM_UP)
            times[name] = []
        except Exception as error:  # noqa: BLE001 - compilers fail in many ways, and all mean only: not available
            print(f"skipped {name}: {type(error).__name__}: {error}".splitlines()[0], file=sys.stderr)
    if not times:
        sys.exit("no form ran")
    for _ in range(blocks):
        for name in times:
            start = time.perf_counter()
            forms[name](steps)
            times[name].append((time.perf_counter() - start) * 1e3 / steps)
    return times


def summary(numbers, name):
    """Median under `name`, least and greatest."""
    return {name: statistics.median(numbers), "min": min(numbers), "max": max(numbers)}


def report(args, framework, version, cpu, times, loss, usual):
    """Print the result of a training work: the fastest form by median at the top level, all of them under `forms`.

    `loss(form)` is the training loss after the last update; `usual` names the form that people write first.
    """
    forms = [dict(form=name, **summary(ms, "msPerStep"), finalTrainLoss=loss(name)) for name, ms in times.items()]
    forms.sort(key=lambda form: form["msPerStep"])
    line = dict(
        framework=framework,
        version=version,
        work=args.work,
        dtype=args.dtype,
        order=args.order if args.work == "main" else None,
        **forms[0],
        threads=1,
        steps=args.steps,
        blocks=args.blocks,
        updates=WARM_UP + args.steps * args.blocks,
        usual=next((form for form in forms if form["form"] == usual), None),
        forms=forms,
        cpu=cpu,
        python=platform.python_version(),
    )
    order = f", {args.order}" if args.work == "main" else ""
    print_result(args, line, f"{framework} {version}, {args.work}{order}, {args.dtype}: ms per step", "msPerStep")


def matmul_rates(multiply, blocks, n=512, seconds=0.3):
    """GFLOP/s of `multiply()`, one n x n product: one number per block of about `seconds`."""
    multiply()
    start = time.perf_counter()
    multiply()
    repeats = max(1, round(seconds / (time.perf_counter() - start)))
    rates = []
    for _ in range(blocks):
        start = time.perf_counter()
        for _ in range(repeats):
            multiply()
        rates.append(2 * n**3 * repeats / (time.perf_counter() - start) / 1e9)
    return rates


def report_matmul(args, framework, version, cpu, rates):
    """Print the result of work matmul512. `rates`: {library: GFLOP/s per block}, the framework's own first."""
    forms = [dict(form=name, **summary(numbers, "gflops")) for name, numbers in rates.items()]
    line = dict(
        framework=framework,
        version=version,
        work=args.work,
        dtype=args.dtype,
        **forms[0],
        threads=1,
        blocks=args.blocks,
        forms=forms,
        cpu=cpu,
        python=platform.python_version(),
    )
    print_result(args, line, f"{framework} {version}, {args.work}, {args.dtype}: GFLOP/s", "gflops")


def print_result(args, line, title, key):
    if args.json:
        print(json.dumps(line), flush=True)
        return
    print(title)
    for form in line["forms"]:
        loss = f"  loss {form['finalTrainLoss']:.9g}" if "finalTrainLoss" in form else ""
        print(f"  {form[key]:9.4f}  (min {form['min']:.4f}, max {form['max']:.4f})  {form['form']}{loss}")
