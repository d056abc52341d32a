"""One computation that uses every op, in PyTorch: value and gradients, for src/tensor/reference.test.ts.

Writes test/reference/composed.json. Run: python scripts/reference/composed.py   (needs torch)
"""
import json
import os

import torch

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)
N, V, D = 11, 6, 5

params = {
    "A": torch.randn(V, D),
    "B": torch.randn(V, D),
    "w": torch.randn(D),
    "b": torch.randn(D),
    "u": torch.randn(N),
}
tokens = torch.randint(0, V, (N, 3))
labels = torch.randint(0, D, (N,))
bits = torch.randint(0, 2, (N,))
for t in params.values():
    t.requires_grad_(True)
A, B, w, b, u = params.values()

x = A[tokens[:, 0]] + B[tokens[:, 1]] + A[tokens[:, 2]]  # [N, D]
y = torch.tanh(x * w + b)  # [N, D]
z = (y * torch.softmax(x, -1) + torch.sin(x) / torch.sqrt(b * b + 1)) * 3 - torch.cos(w)  # [N, D]
crossEntropy = torch.nn.functional.cross_entropy(z, labels)
spread = torch.log_softmax(z.t(), -1).mean()  # over rows: [D, N]
peak = torch.relu(x.max(0).values - 0.25).sum() + x.max(1).values.mean()
rows = torch.exp(A[labels % V].sum(1) * 0.1) + torch.log((B[labels % V] ** 2).mean(1) + 1)  # [N]
binary = torch.nn.functional.binary_cross_entropy_with_logits(u * rows, bits.double())
clipped = torch.where(bits == 1, 1, -1) * u * 9  # margins
p = torch.sigmoid(clipped).clamp(1e-2, 1 - 1e-2)
loss = crossEntropy - 0.1 * spread + 0.01 * peak + binary - 0.5 * torch.log(p).mean()
loss.backward()

out = {
    "tokens": tokens.flatten().tolist(),
    "labels": labels.tolist(),
    "bits": bits.tolist(),
    "params": {k: {"shape": list(t.shape), "data": t.detach().flatten().tolist()} for k, t in params.items()},
    "parts": {
        "crossEntropy": crossEntropy.item(),
        "spread": spread.item(),
        "peak": peak.item(),
        "binary": binary.item(),
        "clipped": -torch.log(p).mean().item(),
    },
    "loss": loss.item(),
    "grads": {k: t.grad.flatten().tolist() for k, t in params.items()},
}
path = os.path.join(os.path.dirname(__file__), "..", "..", "test", "reference", "composed.json")
with open(path, "w") as file:
    json.dump(out, file, indent=1)
    file.write("\n")
