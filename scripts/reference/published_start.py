"""Step-0 train loss of the published main run (seed 165), from JAX's own draws: the number in docs/LOG.md.

    pip install numpy jax
    python scripts/reference/published_start.py
"""

import os

os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_threefry_partitionable", False)  # the default up to JAX 0.4
P, D, H, SEED = 67, 500, 24, 165

np.random.seed(SEED)
pairs = [(a, b) for a in range(P) for b in range(a, P)]
train = np.array(pairs)[np.random.permutation(len(pairs))[: int(0.4 * len(pairs))]]

_, current = jax.random.split(jax.random.PRNGKey(SEED))  # (training, initialization)


def draw(shape, sigma, dtype):
    """Haiku gives each parameter the second half of a split and goes on with the first."""
    global current
    current, key = jax.random.split(current)
    unit = jax.random.truncated_normal(key, -2, 2, shape, dtype)
    return np.asarray(unit * dtype(sigma), np.float64)


embed = draw((P, D), np.sqrt(2 / P) / 0.87962566103423978, jnp.float32)
hidden = draw((D, H), 1 / np.sqrt(D), jnp.float64)
out = draw((H, D), 1 / np.sqrt(H), jnp.float64)

rows = np.maximum((embed[train[:, 0]] + embed[train[:, 1]]) @ hidden, 0)
logits = rows @ out @ embed.T
highest = logits.max(1, keepdims=True)
log_probabilities = logits - highest - np.log(np.exp(logits - highest).sum(1, keepdims=True))
labels = train.sum(1) % P
print(f"JAX {jax.__version__}: {-log_probabilities[np.arange(len(train)), labels].mean() / P:.11f}")
