"""Writes test/reference/rng.json: random numbers and special functions as NumPy, JAX, Haiku and mpmath give them.

    pip install numpy scipy jax dm-haiku mpmath
    python scripts/reference/rng.py

The tests read the JSON; they never need Python.
"""

import hashlib
import json
import os
import struct

os.environ["JAX_PLATFORMS"] = "cpu"

import haiku as hk
import jax
import jax.numpy as jnp
import mpmath
import numpy as np

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_threefry_partitionable", False)  # the default up to JAX 0.4
mpmath.mp.dps = 60


def numbers(array):
    return [float(x) for x in np.asarray(array).ravel()]


def sha256(array, dtype):
    return hashlib.sha256(np.asarray(array).astype(dtype).tobytes()).hexdigest()


def numpy_legacy():
    cases = []
    for seed, n in [(0, 10), (1, 1), (86, 2278), (165, 2278), (165, 4489), (68, 12769), (4294967295, 1000)]:
        np.random.seed(seed)
        order = np.random.permutation(n)
        cases.append({"seed": seed, "n": n, "first": [int(x) for x in order[:8]], "sha256": sha256(order, "<i4")})
    return cases


def jax_streams():
    keys, uniforms, truncated = [], [], []
    for seed in [0, 86, 165, 2**32 - 1, 2**40 + 7]:
        key = jax.random.PRNGKey(seed)
        keys.append(
            {
                "seed": seed,
                "key": [int(x) for x in key],
                "split2": np.asarray(jax.random.split(key)).tolist(),
                "split3": np.asarray(jax.random.split(key, 3)).tolist(),
            }
        )
    for seed, shape in [(165, [1]), (165, [7]), (86, [67, 5])]:
        key = jax.random.PRNGKey(seed)
        for dtype in ["float32", "float64"]:
            unit = jax.random.uniform(key, shape, dtype)
            ranged = jax.random.uniform(key, shape, dtype, -0.75, 2.5)
            uniforms.append(
                {
                    "seed": seed, "shape": shape, "dtype": dtype,
                    "sha256": sha256(unit, "<f4" if dtype == "float32" else "<f8"),
                    "first": numbers(unit)[:8], "ranged": numbers(ranged)[:8],
                }
            )
    cases = [(165, -2, 2, [67, 500]), (165, -2, 2, [500, 24]), (86, -2, 2, [3]), (5, -1, 0.5, [100]), (7, -0.3, 1.7, [400])]
    for seed, lower, upper, shape in cases:
        for dtype in ["float32", "float64"]:
            x = jax.random.truncated_normal(jax.random.PRNGKey(seed), lower, upper, shape, dtype)
            truncated.append(
                {
                    "seed": seed, "lower": lower, "upper": upper, "shape": shape, "dtype": dtype,
                    "first": numbers(x)[:8], "last": numbers(x)[-8:],
                    "sum": float(np.sum(np.asarray(x, np.float64))),
                    "sumOfSquares": float(np.sum(np.asarray(x, np.float64) ** 2)),
                }
            )
    return {"keys": keys, "uniform": uniforms, "truncatedNormal": truncated}


def haiku_keys():
    """The keys a transformed function's parameters are drawn from, when its run key is split into (training, init)."""
    cases = []
    for seed in [86, 165]:
        seen = []

        def draw():
            for _ in range(3):
                seen.append([int(x) for x in np.asarray(hk.next_rng_key())])

        _, init_key = jax.random.split(jax.random.PRNGKey(seed))
        hk.transform(draw).init(init_key)
        cases.append({"seed": seed, "keys": seen})
    return cases


MASK32 = 0xFFFFFFFF


def philox(counter, key):
    """Philox-4x32-10 in whole numbers, from the paper's definition."""
    x, (k0, k1) = list(counter), key
    for _ in range(10):
        a, b = 0xD2511F53 * x[0], 0xCD9E8D57 * x[2]
        x = [(b >> 32) ^ x[1] ^ k0, b & MASK32, (a >> 32) ^ x[3] ^ k1, a & MASK32]
        k0, k1 = (k0 + 0x9E3779B9) & MASK32, (k1 + 0xBB67AE85) & MASK32
    return x


def named_streams():
    """groklab's own streams, written a second time: what a seed and a name must mean for ever."""
    cases = []
    for seed, path in [(0, ["split"]), (165, ["split"]), (165, ["init"]), (165, ["init", "embed.W_E"]), (2**53 - 1, ["dropout", "3"])]:
        identity = b""
        for name in path:
            identity = hashlib.sha256(identity + name.encode()).digest()
        upper = struct.unpack(">II", identity[:8])
        key = (seed & MASK32, seed >> 32)
        words = []
        for index in range(300):
            words += philox((index & MASK32, index >> 32, *upper), key)
        far = 2**40 + 3
        block = philox(((far // 4) & MASK32, (far // 4) >> 32, *upper), key)
        doubles = [((words[2 * i] >> 5) * 2**26 + (words[2 * i + 1] >> 6)) for i in range(600)]
        centred = [(2 * (d - 2**52) + 1) for d in doubles[:50]]
        edge = mpmath.erf(mpmath.sqrt(2))
        normal = [float(mpmath.sqrt(2) * mpmath.erfinv(mpmath.mpf(c) / 2**53)) for c in centred]
        cut = [float(mpmath.sqrt(2) * mpmath.erfinv(mpmath.mpf(c) / 2**53 * edge)) for c in centred]
        order, at = list(range(100)), 0
        for i in range(99, 0, -1):
            while words[at] >= 2**32 - 2**32 % (i + 1):
                at += 1
            j = words[at] % (i + 1)
            at += 1
            order[i], order[j] = order[j], order[i]
        cases.append(
            {
                "seed": seed, "path": path, "words": words[:9], "wordAtTwoTo40Plus3": block[far % 4],
                "uniform": [d / 2**53 for d in doubles[:5]], "normal": normal, "truncatedNormal": cut,
                "permutation": order, "bits": [(words[i // 32] >> (i % 32)) & 1 for i in range(70)],
            }
        )
    return cases


def functions():
    def table(f, xs):
        return [[x, float(f(mpmath.mpf(x)))] for x in xs]

    rng = np.random.RandomState(1)
    positive = [float(x) for x in np.exp(rng.uniform(-700, 700, 150))]
    near_one = [float(x) for x in 1 + rng.uniform(-0.3, 0.45, 150)] + [1.0, float(np.nextafter(1, 2)), float(np.nextafter(1, 0))]
    edges = [5e-324, 1.5e-310, 2.2250738585072014e-308, 2.0, float(np.sqrt(2)), float(np.sqrt(0.5)), 1.7976931348623157e308]
    exponents = [float(x) for x in rng.uniform(-40, 3, 150)] + [0.0, -1e-9, 1e-20, -699.5, 699.5, 0.34657359027997264]
    arguments = [float(x) for x in rng.uniform(-4, 4, 150)] + [0.0, 1e-300, 1e-9, 2.5, float(np.nextafter(2.5, 0)), 5.9, 7.0, float(np.sqrt(2))]
    inside = [float(x) for x in rng.uniform(-1, 1, 150)] + [0.0, 1e-300, 0.5, 1 - 2**-20, 1 - 2**-53, -1 + 2**-53, 0.9999, 1 - 2**-30]
    singles = [float(np.float32(x)) for x in inside if abs(np.float32(x)) < 1]
    return {
        "log": table(mpmath.log, positive + near_one + edges),
        "exp": table(mpmath.exp, exponents),
        "erf": table(mpmath.erf, arguments),
        "erfInv": table(mpmath.erfinv, inside),
        "erfInv32": [[x, float(jax.lax.erf_inv(jnp.float32(x)))] for x in singles],
    }


reference = {
    "numpyLegacy": numpy_legacy(),
    "jax": jax_streams(),
    "haikuKeys": haiku_keys(),
    "streams": named_streams(),
    "functions": functions(),
}
out = os.path.join(os.path.dirname(__file__), "../../test/reference/rng.json")
os.makedirs(os.path.dirname(out), exist_ok=True)
with open(out, "w") as file:
    file.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in reference.items()) + "\n}\n")
