"""Logits, loss, gradients and ten updates of small networks in PyTorch float64, for src/models/models.test.ts.

Run: python scripts/reference/models.py > src/models/reference.json   (needs torch)
"""

import itertools
import json

import torch

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(7)
P, D, H, N = 5, 4, 3, 12


def draw(*shape):
    return torch.randn(*shape, generator=generator) * 0.6


def flat(t):
    return {"shape": list(t.shape), "data": t.detach().reshape(-1).tolist()}


def factored(options):
    """The published network, computed in its natural order from one-hot rows, not in groklab's order."""
    width = D if options["collapsedHidden"] else H
    dims = {"dModel": D, "dMlp": width}
    params = {}
    embeds = ["embed.0.W_E", "embed.1.W_E"] if options["embed"] == "untied" else ["embed.W_E"]
    for name in embeds:
        params[name] = draw(P, D)
    tied = options["embed"] == "tied"
    free = options["collapsedOut"] and not (tied and width == D)
    if not tied and not free:
        params["unembed.W_U"] = draw(D, P)
    hiddens = []
    if not options["collapsedHidden"]:
        hiddens = ["mlp.W_in"] if options["tiedHidden"] else ["mlp.0.W_in", "mlp.1.W_in"]
    for name in hiddens:
        params[name] = draw(D, width)
    if not options["collapsedOut"]:
        params["mlp.W_out"] = draw(width, D)
    if free:
        params["unembed.W_U"] = draw(width, P)

    def apply(p, tokens):
        total = 0
        for i in range(2):
            x = torch.nn.functional.one_hot(tokens[:, i], P).double() @ p[embeds[i % len(embeds)]]
            total = total + (x @ p[hiddens[i % len(hiddens)]] if hiddens else x)
        h = torch.relu(total) if options["activation"] == "relu" else total**2
        if free:
            return h @ p["unembed.W_U"]
        unembed = p["embed.W_E"].T if tied else p["unembed.W_U"]
        return h @ unembed if options["collapsedOut"] else h @ p["mlp.W_out"] @ unembed

    return {**options, **dims}, params, apply


class AdamL1(torch.optim.Adam):
    """Adam on g + l1 sign(p): the published L1."""

    def __init__(self, params, l1, **rest):
        self.params, self.l1 = list(params), l1
        super().__init__(self.params, **rest)

    def step(self):
        for p in self.params:
            p.grad = p.grad + self.l1 * p.detach().sign()
        super().step()


OPTIMIZERS = {
    "adamw": (
        {"learningRate": 0.05, "beta1": 0.9, "beta2": 0.98, "eps": 1e-8, "weightDecay": 0.3},
        lambda ps: torch.optim.AdamW(ps, lr=0.05, betas=(0.9, 0.98), eps=1e-8, weight_decay=0.3),
    ),
    "adam-l1": (
        {"learningRate": 0.05, "beta1": 0.99, "beta2": 0.98, "eps": 1e-8, "l1": 0.02},
        lambda ps: AdamL1(ps, 0.02, lr=0.05, betas=(0.99, 0.98), eps=1e-8),
    ),
    "sgd": (
        {"learningRate": 0.005, "momentum": 0.9, "nesterov": True, "weightDecay": 0},
        lambda ps: torch.optim.SGD(ps, lr=0.005, momentum=0.9, nesterov=True),
    ),
}


def case(name, model, options, params, apply, inputs, labels, loss_of, optimizer):
    start = {k: flat(v) for k, v in params.items()}
    leaves = {k: v.clone().requires_grad_() for k, v in params.items()}
    logits = apply(leaves, inputs)
    loss = loss_of(logits, labels)
    grads = dict(zip(leaves, torch.autograd.grad(loss, list(leaves.values()))))
    settings, make = OPTIMIZERS[optimizer]
    opt = make(list(leaves.values()))
    for _ in range(10):
        opt.zero_grad()
        loss_of(apply(leaves, inputs), labels).backward()
        opt.step()
    return {
        "name": name,
        "model": {"name": model, **options},
        "optimizer": {"name": optimizer, **settings},
        "inputs": inputs.long().tolist(),
        "labels": labels.tolist(),
        "params": start,
        "logits": flat(logits),
        "loss": loss.item(),
        "grads": {k: flat(v) for k, v in grads.items()},
        "after": {k: flat(v) for k, v in leaves.items()},
    }


cases = []
tokens = torch.randint(0, P, (N, 2), generator=generator)
labels = (tokens[:, 0] + tokens[:, 1]) % P
switches = itertools.product(["tied", "input-tied", "untied"], [True, False], [True, False], [True, False])
for i, (embed, tied_hidden, collapsed_hidden, collapsed_out) in enumerate(switches):
    options = {
        "embed": embed,
        "tiedHidden": tied_hidden,
        "collapsedHidden": collapsed_hidden,
        "collapsedOut": collapsed_out,
        "activation": "square" if i % 3 == 2 else "relu",
    }
    options, params, apply = factored(options)
    name = " ".join(f"{k}={v}" for k, v in options.items())
    optimizer = list(OPTIMIZERS)[i % 3]
    cases.append(case(name, "factored", options, params, apply, tokens, labels, torch.nn.functional.cross_entropy, optimizer))

bits = torch.randint(0, 2, (N, 7), generator=generator)
bits[:, 6] = 1
parity = bits[:, :3].sum(1) % 2
for optimizer in OPTIMIZERS:
    params = {"mlp.W_in": draw(7, H), "mlp.W_out": draw(H, 1)}
    apply = lambda p, x: torch.relu(x.double() @ p["mlp.W_in"]) @ p["mlp.W_out"]
    bce = lambda z, y: torch.nn.functional.binary_cross_entropy_with_logits(z[:, 0], y.double())
    cases.append(case(f"bits {optimizer}", "bit-mlp", {"dMlp": H}, params, apply, bits, parity, bce, optimizer))

print(json.dumps({"p": P, "cases": cases}))
