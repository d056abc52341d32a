"""Logits, loss, gradients and updates of small language models in PyTorch float64, for src/models/transformer.test.ts, and
single operations for src/tensor/ops/*.test.ts.

Run: python scripts/reference/transformer.py > src/models/reference-transformer.json   (needs torch)

The network is built of PyTorch's own parts, one sequence at a time, without packing: torch.nn.functional's layer norm,
scaled_dot_product_attention and cross_entropy.
"""

import json
import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(11)
VOCAB, EOS, SOS = 9, 7, 8
SEQUENCES = [[3, 1, 2, 5, 4], [6], [2, 2, 6, 1, 1, 3, 5, 4, 1], [5, 6, 4]]
D, HEADS, LAYERS, WIDE = 8, 2, 2, 12


def draw(*shape, scale=0.4):
    return torch.randn(*shape, generator=generator) * scale


def flat(t):
    return {"shape": list(t.shape), "data": t.detach().reshape(-1).tolist()}


def parameters(options):
    p = {"embed.W_E": draw(VOCAB, D)}
    if options["positions"] == "learned":
        p["pos_embed.W_pos"] = draw(12, D)
    for i in range(LAYERS):
        for name in ("W_Q", "W_K", "W_V"):
            p[f"blocks.{i}.attn.{name}"] = draw(HEADS, D, D // HEADS)
        p[f"blocks.{i}.attn.W_O"] = draw(HEADS, D // HEADS, D)
        for norm in ("ln1", "ln2"):
            p[f"blocks.{i}.{norm}.w"] = 1 + draw(D)
            p[f"blocks.{i}.{norm}.b"] = draw(D)
        p[f"blocks.{i}.mlp.W_in"] = draw(D, WIDE)
        p[f"blocks.{i}.mlp.b_in"] = draw(WIDE)
        p[f"blocks.{i}.mlp.W_out"] = draw(WIDE, D)
        p[f"blocks.{i}.mlp.b_out"] = draw(D)
    if options["norm"] == "pre":
        p["ln_final.w"] = 1 + draw(D)
        p["ln_final.b"] = draw(D)
    if not options["tied"]:
        p["unembed.W_U"] = draw(D, VOCAB)
    p["unembed.b_U"] = draw(VOCAB)
    return p


def sinusoids(rows):
    table = torch.zeros(rows, D)
    t = torch.arange(rows).unsqueeze(1)
    frequency = torch.exp(torch.arange(0, D, 2) * (-math.log(10000) / D))
    table[:, 0::2] = torch.sin(t * frequency)
    table[:, 1::2] = torch.cos(t * frequency)
    return table


def apply(p, options, tokens):
    """Logits of one sequence with SOS in front, [rows, VOCAB]."""
    x = p["embed.W_E"][tokens]
    if options["embedScale"] == "root-width":
        x = x * math.sqrt(D)
    if options["positions"] == "learned":
        x = x + p["pos_embed.W_pos"][: len(tokens)]
    if options["positions"] == "sinusoid":
        x = x + sinusoids(len(tokens))

    def norm(name, y):
        return F.layer_norm(y, (D,), p[f"{name}.w"], p[f"{name}.b"], 1e-5)

    def attention(i, y):
        q, k, v = (torch.einsum("td,hde->hte", y, p[f"blocks.{i}.attn.{n}"]) for n in ("W_Q", "W_K", "W_V"))
        z = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return torch.einsum("hte,hed->td", z, p[f"blocks.{i}.attn.W_O"])

    def mlp(i, y):
        m = f"blocks.{i}.mlp."
        return F.linear(torch.relu(F.linear(y, p[m + "W_in"].T, p[m + "b_in"])), p[m + "W_out"].T, p[m + "b_out"])

    for i in range(LAYERS):
        if options["norm"] == "post":
            x = norm(f"blocks.{i}.ln1", x + attention(i, x))
            x = norm(f"blocks.{i}.ln2", x + mlp(i, x))
        else:
            x = x + attention(i, norm(f"blocks.{i}.ln1", x))
            x = x + mlp(i, norm(f"blocks.{i}.ln2", x))
    if options["norm"] == "pre":
        x = norm("ln_final", x)
    return x @ (p["embed.W_E"].T if options["tied"] else p["unembed.W_U"]) + p["unembed.b_U"]


def loss_of(p, options):
    rows = torch.cat([apply(p, options, torch.tensor([SOS, *s])) for s in SEQUENCES])
    targets = torch.tensor([t for s in SEQUENCES for t in (*s, EOS)])
    return rows, F.cross_entropy(rows, targets)


def case(**options):
    options = {"norm": "post", "positions": "sinusoid", "embedScale": "root-width", "tied": False, **options}
    start = parameters(options)
    leaves = {k: v.clone().requires_grad_() for k, v in start.items()}
    rows, loss = loss_of(leaves, options)
    grads = dict(zip(leaves, torch.autograd.grad(loss, list(leaves.values()))))
    opt = torch.optim.AdamW(leaves.values(), lr=0.01, betas=(0.9, 0.999), eps=1e-7, weight_decay=0.1)
    norms = []
    for _ in range(10):
        opt.zero_grad()
        loss_of(leaves, options)[1].backward()
        norms.append(torch.nn.utils.clip_grad_norm_(leaves.values(), 0.5).item())
        opt.step()
    return {
        "options": {**options, "dModel": D, "nHeads": HEADS, "nLayers": LAYERS, "mlpRatio": WIDE / D},
        "params": {k: flat(v) for k, v in start.items()},
        "logits": flat(rows),
        "loss": loss.item(),
        "grads": {k: flat(v) for k, v in grads.items()},
        "norms": norms,
        "after": {k: flat(v) for k, v in leaves.items()},
    }


cases = [
    case(),
    case(norm="pre", positions="learned", embedScale="one"),
    case(tied=True, positions="none"),
]
print(json.dumps({"vocabSize": VOCAB, "eos": EOS, "sos": SOS, "sequences": SEQUENCES, "cases": cases}))
