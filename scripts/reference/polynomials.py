"""Coefficients of the kernels' polynomials.

exp:  p(r) with e^r = 1 + r + r^2 p(r) on |r| <= ln(2)/2
tanh: q(z) with tanh(x) = x + x z q(z), z = x^2, on |x| <= 0.55

Interpolates at Chebyshev points, which is within a small factor of the best polynomial, and prints the coefficients
(constant term first), rounded to the precision, with the largest error that this leaves in the function, in units of the
last place. Run: python scripts/reference/polynomials.py   (needs mpmath)
"""
import struct

import mpmath as mp

mp.mp.dps = 60
HALF_LN2 = mp.log(2) / 2 * (1 + mp.mpf(2) ** -20)
SMALL = mp.mpf("0.55") ** 2


def exp_rest(r):
    return mp.nsum(lambda k: r**k / mp.factorial(k + 2), [0, 40])


def tanh_rest(z):
    if z < mp.mpf(10) ** -12:
        return -mp.mpf(1) / 3 + 2 * z / 15
    x = mp.sqrt(z)
    return (mp.tanh(x) / x - 1) / z


def coefficients(f, low, high, degree):
    middle, half = (low + high) / 2, (high - low) / 2
    points = [middle + half * mp.cos(mp.pi * (2 * k + 1) / (2 * degree + 2)) for k in range(degree + 1)]
    matrix = mp.matrix([[x**j for j in range(degree + 1)] for x in points])
    return list(mp.lu_solve(matrix, mp.matrix([f(x) for x in points])))


def float32(x):
    return mp.mpf(struct.unpack("f", struct.pack("f", float(x)))[0])


def float64(x):
    return mp.mpf(float(x))


def report(name, rounded, ulp, f, low, high, degree, relative_error):
    p = [rounded(c) for c in coefficients(f, low, high, degree)]
    points = [low + (high - low) * k / 1000 for k in range(1001)]
    worst = max(abs(relative_error(x, mp.polyval(p[::-1], x))) for x in points) / ulp
    print(name, "degree", degree, "largest error", mp.nstr(worst, 3), "ulp")
    for c in p:
        print("  ", mp.nstr(c, 9 if rounded is float32 else 17))


def exp_error(r, p):
    return (1 + r + r**2 * p) / mp.exp(r) - 1


def tanh_error(z, q):
    return (1 + z * q) / (1 + z * tanh_rest(z)) - 1


ULP32, ULP64 = mp.mpf(2) ** -23, mp.mpf(2) ** -52
report("exp float32", float32, ULP32, exp_rest, -HALF_LN2, HALF_LN2, 4, exp_error)
report("exp float64", float64, ULP64, exp_rest, -HALF_LN2, HALF_LN2, 9, exp_error)
report("tanh float32", float32, ULP32, tanh_rest, mp.mpf(0), SMALL, 4, tanh_error)
report("tanh float64", float64, ULP64, tanh_rest, mp.mpf(0), SMALL, 10, tanh_error)
