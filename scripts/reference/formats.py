"""Writes the small files that the tests of src/tensor/formats read: made by numpy and safetensors themselves.

    python scripts/reference/formats.py

Needs numpy and safetensors; the files are committed, so tests need no Python. Every array holds
value(i) = (i - 3) * 0.37 in row-major order (integers: i - 3; booleans: i % 2).
"""

import os

import numpy as np
from safetensors.numpy import save_file

folder = os.path.join(os.path.dirname(__file__), "../../test/formats/files")
os.makedirs(folder, exist_ok=True)


def numbers(shape, dtype):
    i = np.arange(int(np.prod(shape)))
    if dtype == bool:
        return (i % 2).astype(bool).reshape(shape)
    values = (i - 3) if np.issubdtype(dtype, np.integer) else (i - 3) * 0.37
    return values.astype(dtype).reshape(shape)


def npy(name, array, version=None):
    with open(os.path.join(folder, name), "wb") as file:
        np.lib.format.write_array(file, array, version=version)


npy("f4.npy", numbers((2, 3, 4), np.float32))
npy("f8-fortran.npy", np.asfortranarray(numbers((2, 3, 4), np.float64)))
npy("i4.npy", numbers((5,), np.int32))
npy("i8-v2.npy", numbers((2, 3), np.int64), version=(2, 0))
npy("f8-big-endian.npy", numbers((2, 3), ">f8"))
npy("f2.npy", numbers((7,), np.float16))
npy("scalar.npy", np.array(1.5))
npy("empty.npy", numbers((0, 3), np.float32))
npy("bool.npy", numbers((2, 2), bool))
npy("special.npy", np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324]))
npy("structured.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
npy("too-large.npy", np.array([2**53, 1], dtype=np.int64))

arrays = {"embed.W_E": numbers((3, 4), np.float32), "blocks.0.mlp.W_in": np.asfortranarray(numbers((2, 5), np.float64))}
np.savez(os.path.join(folder, "stored.npz"), **arrays)
np.savez_compressed(os.path.join(folder, "deflated.npz"), **arrays)

tensors = {
    "embed.W_E": numbers((3, 4), np.float32),
    "norm": numbers((5,), np.float64),
    "half": numbers((2, 3), np.float16),
    "tokens": numbers((2, 2), np.int64),
    "mask": numbers((3,), bool),
    "scalar": np.array(1.5, dtype=np.float32),
    "empty": numbers((0, 2), np.float32),
}
save_file(tensors, os.path.join(folder, "several.safetensors"), metadata={"made by": "safetensors ü"})
