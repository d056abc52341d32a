"""Coefficients of the exponential kernels: p(r) with e^r = 1 + r + r^2 p(r) on |r| <= ln(2)/2.

Interpolates (e^r - 1 - r) / r^2 at Chebyshev points, which is within a small factor of the best polynomial, and prints the
coefficients (constant term first) with the largest error relative to e^r, in units of the last place.
Run: python scripts/reference/exp-polynomial.py   (needs mpmath)
"""
import struct

import mpmath as mp

mp.mp.dps = 60
BOUND = mp.log(2) / 2 * (1 + mp.mpf(2) ** -20)


def target(r):
    return mp.nsum(lambda k: r**k / mp.factorial(k + 2), [0, 40])


def coefficients(degree):
    points = [BOUND * mp.cos(mp.pi * (2 * k + 1) / (2 * degree + 2)) for k in range(degree + 1)]
    matrix = mp.matrix([[x**j for j in range(degree + 1)] for x in points])
    return list(mp.lu_solve(matrix, mp.matrix([target(x) for x in points])))


def rounded32(x):
    return mp.mpf(struct.unpack("f", struct.pack("f", float(x)))[0])


for name, degree, rounded, ulp in (
    ("float32", 4, rounded32, mp.mpf(2) ** -23),
    ("float64", 9, lambda x: mp.mpf(float(x)), mp.mpf(2) ** -52),
):
    p = [rounded(c) for c in coefficients(degree)]
    error = 0
    for k in range(-500, 501):
        r = BOUND * k / 500
        value = 1 + r + r**2 * mp.polyval(p[::-1], r)
        error = max(error, abs(value / mp.exp(r) - 1) / ulp)
    print(name, "largest error", mp.nstr(error, 3), "ulp")
    for c in p:
        print("  ", mp.nstr(c, 9 if name == "float32" else 17))
