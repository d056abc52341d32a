"""One training step in PyTorch, on one thread: forward, loss, backward, AdamW. Evaluation is not timed.

python torch_peer.py --work parity --dtype float32 --steps 500 --json
"""

import common

ARGS = common.arguments("PyTorch")
CPU = common.one_thread(ARGS.cpu)

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
DTYPE = getattr(torch, ARGS.dtype)


def parity_losses():
    data, params = common.parity(ARGS.dtype, ARGS.examples, ARGS.hidden)
    x, y = torch.from_numpy(data["x"]), torch.from_numpy(data["y"])

    def loss(q):
        h = torch.relu(x @ q["W"])  # [1000, 128]
        return F.binary_cross_entropy_with_logits(h @ q["u"], y)

    return params, {"": loss}


def main_losses():
    """The network of the published main run; "rows" looks rows up, "dense" multiplies by one-hot rows, "bag" sums them."""
    data, params = common.modular_addition(ARGS.dtype)
    a, b, y = (torch.from_numpy(data[name]) for name in "aby")
    onehot_a, onehot_b = (torch.from_numpy(common.one_hot(data[name], ARGS.dtype)) for name in "ab")  # [911, 67]
    twohot = onehot_a + onehot_b  # [911, 67]
    ab = torch.stack([a, b], dim=1)  # [911, 2]

    inputs = {
        "rows": lambda t: t[a] + t[b],
        "dense": lambda t: twohot @ t,
        "bag": lambda t: F.embedding_bag(ab, t, mode="sum"),
    }

    def collapsed(read):
        def loss(q):
            h = torch.relu(read(q["E"] @ q["H"]))  # [911, 24]
            return F.cross_entropy(h @ (q["O"] @ q["E"].T), y) / common.P  # logits [911, 67]

        return loss

    def natural(xa, xb):
        def loss(q):
            h = torch.relu(xa(q["E"]) @ q["H"] + xb(q["E"]) @ q["H"])  # [911, 24]
            return F.cross_entropy(h @ q["O"] @ q["E"].T, y) / common.P  # logits [911, 67]

        return loss

    if ARGS.order == "collapsed":
        return params, {name: collapsed(read) for name, read in inputs.items()}
    return params, {
        "dense": natural(lambda t: onehot_a @ t, lambda t: onehot_b @ t),
        "rows": natural(lambda t: t[a], lambda t: t[b]),
    }


def adamw():
    o = common.ADAMW[ARGS.work]
    return dict(lr=o["lr"], betas=(o["b1"], o["b2"]), eps=o["eps"], weight_decay=o["weight_decay"])


def eager(loss, params, flush=True, **kind):
    """The loop people write: backward fills .grad, torch.optim.AdamW updates.

    `flush` rounds subnormal numbers to zero, as XLA does by default. Once the training set is fitted most of the softmax
    is subnormal in float32, and computing with such numbers slows this processor down.
    """
    optimizer = torch.optim.AdamW(params.values(), **adamw(), **kind)

    def advance(n):
        torch.set_flush_denormal(flush)
        for _ in range(n):
            optimizer.zero_grad(set_to_none=True)
            loss(params).backward()
            optimizer.step()

    return advance


def compiled_step(loss, params):
    """The whole step, AdamW included, as one graph for torch.compile."""
    o = common.ADAMW[ARGS.work]
    m = {name: torch.zeros_like(p) for name, p in params.items()}
    v = {name: torch.zeros_like(p) for name, p in params.items()}
    # A tensor: with a Python number, every step would be compiled anew.
    count = torch.zeros((), dtype=DTYPE)
    for p in params.values():
        p.requires_grad_(False)

    @torch.compile(fullgraph=True)
    def step(params, m, v, count):
        grads = torch.func.grad(loss)(params)
        count.add_(1)
        c1, c2 = 1 - o["b1"] ** count, 1 - o["b2"] ** count
        for name, g in grads.items():
            m[name].mul_(o["b1"]).add_(g, alpha=1 - o["b1"])
            v[name].mul_(o["b2"]).addcmul_(g, g, value=1 - o["b2"])
            direction = (m[name] / c1) / ((v[name] / c2).sqrt() + o["eps"])
            params[name].mul_(1 - o["lr"] * o["weight_decay"]).sub_(direction, alpha=o["lr"])

    @torch.no_grad()
    def advance(n):
        torch.set_flush_denormal(True)
        for _ in range(n):
            step(params, m, v, count)

    return advance


# Name of a form -> how to make it from a loss and parameters. "eager" leaves everything at torch's defaults.
FORMS = {
    "eager": lambda loss, params: eager(loss, params, flush=False),
    "eager foreach": lambda loss, params: eager(loss, params, foreach=True),
    "eager fused": lambda loss, params: eager(loss, params, fused=True),
    "compile": lambda loss, params: eager(torch.compile(loss), params, fused=True),
    "compile step": compiled_step,
}


def unavailable(error):
    def advance(_):
        raise error

    return advance


def make(form, loss, params):
    """`advance` of a form; one that cannot even be made fails when it is first called, and is then left out."""
    try:
        return FORMS[form](loss, params)
    except (TypeError, AttributeError, RuntimeError) as error:
        return unavailable(error)


def train():
    start, losses = parity_losses() if ARGS.work == "parity" else main_losses()
    advance, final = {}, {}
    for reading, loss in losses.items():
        for form in FORMS:
            name = f"{form}, {reading}" if reading else form
            if ARGS.form and name not in ARGS.form:
                continue
            params = {key: torch.tensor(value, requires_grad=True) for key, value in start.items()}
            advance[name] = make(form, loss, params)
            final[name] = lambda loss=loss, params=params: loss(params).item()
    times = common.time_forms(advance, ARGS.steps, ARGS.blocks)
    usual = "eager" if ARGS.work == "parity" else "eager, rows" if ARGS.order == "collapsed" else "eager, dense"
    common.report(ARGS, "torch", torch.__version__, CPU, times, lambda form: final[form](), usual)


def matmul():
    import numpy as np

    x, y = torch.randn(512, 512, dtype=DTYPE), torch.randn(512, 512, dtype=DTYPE)
    out = torch.empty_like(x)
    nx, ny, nout = x.numpy(), y.numpy(), np.empty_like(x.numpy())
    rates = {
        "torch": common.matmul_rates(lambda: torch.mm(x, y, out=out), ARGS.blocks),
        f"numpy {np.__version__}": common.matmul_rates(lambda: np.matmul(nx, ny, out=nout), ARGS.blocks),
    }
    common.report_matmul(ARGS, "torch", torch.__version__, CPU, rates)


if __name__ == "__main__":
    matmul() if ARGS.work == "matmul512" else train()
