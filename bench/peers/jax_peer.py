"""One training step in JAX, on one thread: forward, loss, backward, AdamW, all jitted. Evaluation is not timed.

python jax_peer.py --work parity --dtype float32 --steps 500 --json
"""

import os

import common

ARGS = common.arguments("JAX")
CPU = common.one_thread(ARGS.cpu)
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["XLA_FLAGS"] = " ".join(
    [os.environ.get("XLA_FLAGS", ""), "--xla_cpu_multi_thread_eigen=false", "intra_op_parallelism_threads=1"]
).strip()

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import optax  # noqa: E402

jax.config.update("jax_enable_x64", ARGS.dtype == "float64")


def parity_losses():
    data, params = common.parity(ARGS.dtype, ARGS.examples, ARGS.hidden)
    x, y = jnp.asarray(data["x"]), jnp.asarray(data["y"])

    def loss(q):
        h = jax.nn.relu(x @ q["W"])  # [1000, 128]
        return optax.sigmoid_binary_cross_entropy(h @ q["u"], y).mean()

    return params, {"": loss}


def main_losses():
    """The network of the published main run; "rows" indexes rows and labels, "dense" multiplies by one-hot rows."""
    data, params = common.modular_addition(ARGS.dtype)
    a, b, y = (jnp.asarray(data[name]) for name in "aby")
    onehot_a, onehot_b, onehot_y = (jnp.asarray(common.one_hot(data[name], ARGS.dtype)) for name in "aby")  # [911, 67]
    twohot = onehot_a + onehot_b  # [911, 67]

    def score_rows(logits):
        return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean() / common.P

    def score_dense(logits):
        return -(onehot_y * jax.nn.log_softmax(logits)).mean()

    def collapsed(read, score):
        def loss(q):
            h = jax.nn.relu(read(q["E"] @ q["H"]))  # [911, 24]
            return score(h @ (q["O"] @ q["E"].T))  # logits [911, 67]

        return loss

    def natural(xa, xb, score):
        def loss(q):
            h = jax.nn.relu(xa(q["E"]) @ q["H"] + xb(q["E"]) @ q["H"])  # [911, 24]
            return score(h @ q["O"] @ q["E"].T)  # logits [911, 67]

        return loss

    if ARGS.order == "collapsed":
        return params, {
            "rows": collapsed(lambda t: t[a] + t[b], score_rows),
            "dense": collapsed(lambda t: twohot @ t, score_dense),
        }
    return params, {
        "dense": natural(lambda t: onehot_a @ t, lambda t: onehot_b @ t, score_dense),
        "rows": natural(lambda t: t[a], lambda t: t[b], score_rows),
    }


def adamw_step(loss):
    """The optimiser and `step((params, state))`, which returns the next pair."""
    options = dict(common.ADAMW[ARGS.work])
    optimizer = optax.adamw(options.pop("lr"), **options)

    def step(carry):
        params, state = carry
        updates, state = optimizer.update(jax.grad(loss)(params), state, params)
        return optax.apply_updates(params, updates), state

    return optimizer, step


def advancer(compiled, carry, steps_per_call):
    """`advance(n)` over a compiled function whose buffers are donated; it drains the queue before it returns."""

    def advance(n):
        for _ in range(n // steps_per_call):
            carry[0] = compiled(carry[0])
        jax.block_until_ready(carry[0])

    return advance


# "jit": one call of a jitted step per update. "loop": CHUNK updates inside one call, nothing of Python left in them.
FORMS = {
    "jit": lambda step, carry: advancer(jax.jit(step, donate_argnums=0), carry, 1),
    "loop": lambda step, carry: advancer(
        jax.jit(lambda c: jax.lax.fori_loop(0, common.CHUNK, lambda _, c: step(c), c), donate_argnums=0),
        carry,
        common.CHUNK,
    ),
}


def train():
    start, losses = parity_losses() if ARGS.work == "parity" else main_losses()
    advance, final = {}, {}
    for reading, loss in losses.items():
        optimizer, step = adamw_step(loss)
        for form, make in FORMS.items():
            name = f"{form}, {reading}" if reading else form
            if ARGS.form and name not in ARGS.form:
                continue
            params = {key: jnp.array(value) for key, value in start.items()}
            carry = [(params, optimizer.init(params))]
            advance[name] = make(step, carry)
            final[name] = lambda loss=loss, carry=carry: float(loss(carry[0][0]))
    times = common.time_forms(advance, ARGS.steps, ARGS.blocks)
    usual = "jit" if ARGS.work == "parity" else "jit, rows" if ARGS.order == "collapsed" else "jit, dense"
    common.report(ARGS, "jax", jax.__version__, CPU, times, lambda form: final[form](), usual)


def matmul():
    kx, ky = jax.random.split(jax.random.key(0))
    x, y = (jax.random.normal(key, (512, 512), dtype=ARGS.dtype) for key in (kx, ky))
    product = jax.jit(jnp.matmul)
    rates = common.matmul_rates(lambda: product(x, y).block_until_ready(), ARGS.blocks)
    common.report_matmul(ARGS, "jax", jax.__version__, CPU, {"jax": rates})


if __name__ == "__main__":
    matmul() if ARGS.work == "matmul512" else train()
