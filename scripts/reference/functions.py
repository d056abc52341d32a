"""True values of the functions that the kernels compute, for src/tensor/accuracy.test.ts.

Writes test/reference/functions.json: for each function triples [x, y, rest], where y is the float64 nearest to f(x) and
y + rest is f(x) to about 32 digits. Points cover every exponent, the ends of the range and the known hard cases.
Run: python scripts/reference/functions.py   (needs mpmath)
"""
import json
import math
import os
import random

import mpmath as mp

mp.mp.prec = 1300  # sin and cos of 1e308 need the digits of pi that far
random.seed(20240229)


def spread(low, high, count, signed=True):
    """Numbers with random digits, exponents spread evenly from low to high."""
    points = []
    for i in range(count):
        exponent = low + (high - low) * i // (count - 1)
        x = math.ldexp(1 + random.random(), exponent)
        points.append(-x if signed and random.random() < 0.5 else x)
    return points


half_ln2 = [k * math.log(2) / 2 for k in (1, -1, 3, -3, 5, -101, 1001, -1401)]
quarter_turns = [k * math.pi / 2 for k in (1, 2, 3, 4, 5, -7, 1e3, 1e6, -1e9)]
points = {
    "exp": spread(-60, 8, 150)
    + half_ln2
    + [709.7, 709.782712893384, -708.3, -708.4, -720.5, -740.25, -744.4, -745.1, -745.1332191019411],
    "log": spread(-1074, 1023, 120, signed=False) + [1 + s * 2.0**-k for k in range(1, 53, 3) for s in (1, -1)],
    "log1p": spread(-1070, 900, 90, signed=False) + spread(-30, 8, 90, signed=False),
    "tanh": spread(-60, 5, 150) + [19.0, -22.5, 0.549, 0.55],
    "sin": spread(-60, 4, 90) + spread(5, 1023, 60) + quarter_turns + [6381956970095103.0 * 2.0**797],
    "cos": spread(-60, 4, 90) + spread(5, 1023, 60) + quarter_turns + [6381956970095103.0 * 2.0**797],
}

result = {}
for name, xs in points.items():
    rows = []
    for x in xs:
        value = getattr(mp, name)(mp.mpf(x))
        nearest = float(value)
        rows.append([x, nearest, float(value - mp.mpf(nearest))])
    result[name] = rows

path = os.path.join(os.path.dirname(__file__), "..", "..", "test", "reference", "functions.json")
with open(path, "w") as file:
    lines = ",\n".join(f'"{name}": [\n' + ",\n".join(json.dumps(r) for r in rows) + "\n]" for name, rows in result.items())
    file.write("{\n" + lines + "\n}\n")
