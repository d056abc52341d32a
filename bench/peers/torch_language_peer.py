"""One training step of a language model in PyTorch, on one thread: forward, loss, backward, clip, AdamW, with dropout.

python torch_language_peer.py --size small --steps 50 --json

The network is groklab's `transformer` in its published form: post-norm, attention without biases, sinusoids, an output
matrix of its own, dropout 0.1. Batches of eight sequences of 11 to 35 words are padded to the longest, as PyTorch needs
it; padding is masked from the loss, and causal attention keeps it from the rest. Times are of the processor.
"""

import argparse
import json
import math
import platform
import statistics
import sys
import time

import common

SIZES = {
    "small": dict(d=128, layers=4, heads=4, ratio=1),
    "middle": dict(d=256, layers=6, heads=8, ratio=4),
    "large": dict(d=512, layers=6, heads=8, ratio=4),
}
parser = argparse.ArgumentParser(description="Time one training step of a language model in PyTorch, on one thread.")
parser.add_argument("--size", choices=SIZES, default="small")
parser.add_argument("--steps", type=int, default=50, help="updates per block")
parser.add_argument("--blocks", type=int, default=5, help="timed blocks per form")
parser.add_argument("--cpu", type=int, help="CPU to stay on; default: the last one allowed")
parser.add_argument("--json", action="store_true", help="print the result as one line of JSON, last")
ARGS = parser.parse_args()
CPU = common.one_thread(ARGS.cpu)

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from torch import nn  # noqa: E402

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
VOCAB, PAD, DROP = 71, 0, 0.1


class Layer(nn.Module):
    def __init__(self, d, heads, ratio):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(d, 3 * d, bias=False)
        self.out = nn.Linear(d, d, bias=False)
        self.w1, self.w2 = nn.Linear(d, ratio * d), nn.Linear(ratio * d, d)
        self.ln1, self.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.drop = nn.Dropout(DROP)

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = self.qkv(x).view(n, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        z = F.scaled_dot_product_attention(q, k, v, is_causal=True, dropout_p=DROP if self.training else 0.0)
        x = self.ln1(x + self.drop(self.out(z.transpose(1, 2).reshape(n, t, d))))
        return self.ln2(x + self.drop(self.w2(self.drop(torch.relu(self.w1(x))))))


class Model(nn.Module):
    def __init__(self, d, layers, heads, ratio):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, d)
        self.layers = nn.ModuleList(Layer(d, heads, ratio) for _ in range(layers))
        self.unembed = nn.Linear(d, VOCAB)
        self.drop = nn.Dropout(DROP)
        t = torch.arange(64).unsqueeze(1)
        frequency = torch.exp(torch.arange(0, d, 2) * (-math.log(10000) / d))
        table = torch.zeros(64, d)
        table[:, 0::2], table[:, 1::2] = torch.sin(t * frequency), torch.cos(t * frequency)
        self.register_buffer("table", table)
        self.scale = math.sqrt(d)

    def forward(self, tokens):
        x = self.drop(self.embed(tokens) * self.scale + self.table[: tokens.shape[1]])
        for layer in self.layers:
            x = layer(x)
        return self.unembed(x)


def batches():
    """Endless padded batches: inputs and targets [8, longest]; targets are -100 where there is nothing to predict."""
    random = np.random.default_rng(0)
    lines = [random.integers(1, 69, 11 + random.integers(12) + random.integers(13)) for _ in range(4000)]
    while True:
        for chosen in random.permutation(len(lines)).reshape(-1, 8):
            longest = max(len(lines[i]) for i in chosen) + 1
            tokens = torch.full((8, longest), PAD)
            targets = torch.full((8, longest), -100)
            for row, i in enumerate(chosen):
                n = len(lines[i])
                tokens[row, 0] = VOCAB - 1
                tokens[row, 1 : n + 1] = torch.from_numpy(lines[i])
                targets[row, :n] = tokens[row, 1 : n + 1]
                targets[row, n] = VOCAB - 2
            yield tokens, targets


def form(compiled, **optimizer):
    torch.manual_seed(0)
    model = Model(**SIZES[ARGS.size]).train()
    run = torch.compile(model, dynamic=True) if compiled else model
    opt = torch.optim.AdamW(model.parameters(), lr=1e-4, eps=1e-7, weight_decay=0.0, **optimizer)
    source = batches()

    def advance(steps):
        for _ in range(steps):
            tokens, targets = next(source)
            opt.zero_grad(set_to_none=True)
            loss = F.cross_entropy(run(tokens).flatten(0, 1), targets.flatten(), ignore_index=-100)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()

    return advance


def main():
    makers = {
        "eager": lambda: form(False),
        "eager, foreach": lambda: form(False, foreach=True),
        "eager, fused AdamW": lambda: form(False, fused=True),
        "compiled, fused AdamW": lambda: form(True, fused=True),
    }
    times = {}
    runs = {}
    for name, make in makers.items():
        try:
            runs[name] = make()
            runs[name](10)
            times[name] = []
        except Exception as error:  # noqa: BLE001 - compilers fail in many ways, and all mean only: not available
            print(f"skipped {name}: {type(error).__name__}: {error}".splitlines()[0], file=sys.stderr)
    for _ in range(ARGS.blocks):
        for name in times:
            start = time.process_time()
            runs[name](ARGS.steps)
            times[name].append((time.process_time() - start) * 1e3 / ARGS.steps)
    forms = [
        dict(form=name, msPerStep=statistics.median(ms), min=min(ms), max=max(ms)) for name, ms in times.items()
    ]
    forms.sort(key=lambda entry: entry["msPerStep"])
    line = dict(framework="PyTorch", version=torch.__version__, size=ARGS.size, cpu=CPU, python=platform.python_version())
    line.update(forms[0], forms=forms)
    if ARGS.json:
        print(json.dumps(line), flush=True)
        return
    print(f"PyTorch {torch.__version__}, {ARGS.size}: ms of the processor per step")
    for entry in forms:
        print(f"  {entry['msPerStep']:9.3f}  (min {entry['min']:.3f}, max {entry['max']:.3f})  {entry['form']}")


main()
