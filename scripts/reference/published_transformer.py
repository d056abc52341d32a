"""A small network by the published parameter names of Murty et al. (2023) and its logits, in PyTorch float64, for
src/models/transformer-published.test.ts. With three tensors of the decoder that is never used.

Run: python scripts/reference/published_transformer.py > src/models/reference-published-transformer.json   (needs torch)
"""

import json
import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(5)
VOCAB, D, HEADS, LAYERS, WIDE = 9, 6, 2, 2, 12
SEQUENCE = [8, 3, 1, 2, 5, 4, 4]


def draw(*shape):
    return torch.randn(*shape, generator=generator) * 0.4


def flat(t):
    return {"shape": list(t.shape), "data": t.reshape(-1).tolist()}


def norm(state, name, x):
    return F.layer_norm(x, (D,), state[name + ".weight"], state[name + ".bias"], 1e-5)


state = {"input_embedding.weight": draw(VOCAB, D), "output_map.weight": draw(VOCAB, D), "output_map.bias": draw(VOCAB)}
for i in range(LAYERS):
    layer = f"trafo.encoder.layers.{i}."
    state[layer + "self_attn.data_to_kv.weight"] = draw(2 * D, D)
    state[layer + "self_attn.data_to_q.weight"] = draw(D, D)
    state[layer + "self_attn.multi_head_merge.weight"] = draw(D, D)
    for name, rows, columns in (("linear1", WIDE, D), ("linear2", D, WIDE)):
        state[f"{layer}{name}.weight"], state[f"{layer}{name}.bias"] = draw(rows, columns), draw(rows)
    for name in ("norm1", "norm2"):
        state[f"{layer}{name}.weight"], state[f"{layer}{name}.bias"] = 1 + draw(D), draw(D)

t = torch.arange(len(SEQUENCE)).unsqueeze(1)
angle = t * torch.exp(torch.arange(0, D, 2) * (-math.log(10000) / D))
table = torch.stack([torch.sin(angle), torch.cos(angle)], dim=2).reshape(len(SEQUENCE), D)
x = state["input_embedding.weight"][torch.tensor(SEQUENCE)] * math.sqrt(D) + table
for i in range(LAYERS):
    layer = f"trafo.encoder.layers.{i}."
    q = (x @ state[layer + "self_attn.data_to_q.weight"].T).view(-1, HEADS, D // HEADS)
    kv = (x @ state[layer + "self_attn.data_to_kv.weight"].T).view(-1, HEADS, 2, D // HEADS)
    q, k, v = (a.transpose(0, 1) for a in (q, kv[:, :, 0], kv[:, :, 1]))
    z = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(0, 1).reshape(-1, D)
    x = norm(state, layer + "norm1", x + z @ state[layer + "self_attn.multi_head_merge.weight"].T)
    h = torch.relu(F.linear(x, state[layer + "linear1.weight"], state[layer + "linear1.bias"]))
    x = norm(state, layer + "norm2", x + F.linear(h, state[layer + "linear2.weight"], state[layer + "linear2.bias"]))
logits = F.linear(x, state["output_map.weight"], state["output_map.bias"])

dead = {f"trafo.decoder.layers.0.{name}": draw(2) for name in ("norm1.weight", "norm1.bias", "norm3.weight")}
buffers = {"int_seq": torch.arange(4.0), "pos.pe": draw(1, 4, D)}
arrays = {k: flat(v) for k, v in {**state, **dead, **buffers}.items()}
print(json.dumps({"heads": HEADS, "sequence": SEQUENCE, "arrays": arrays, "logits": flat(logits)}))
