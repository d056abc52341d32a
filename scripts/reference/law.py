"""The censored law of src/verdict/law.test.ts, by SciPy: `python scripts/reference/law.py` (numpy, scipy)."""

import numpy as np
from scipy.optimize import minimize
from scipy.stats import norm

x = np.repeat([0.01, 0.03, 0.1, 0.3, 1], 5)
z = np.tile([-1.2, -0.5, 0, 0.4, 1.3], 5)
time = 1500 * x**-0.8 * np.exp(0.3 * z)
observed = time <= 20_000
u, y = np.log(x), np.log(np.minimum(time, 20_000))


def negative(parameters):
    intercept, slope, log_sigma = parameters
    residual = (y - intercept - slope * u) / np.exp(log_sigma)
    return -np.sum(np.where(observed, norm.logpdf(residual) - log_sigma, norm.logsf(residual)))


def hessian(at, h=1e-4):
    n = len(at)
    out = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            e, f = np.eye(n)[i] * h, np.eye(n)[j] * h
            out[i, j] = (negative(at + e + f) - negative(at + e - f) - negative(at - e + f) + negative(at - e - f)) / (4 * h * h)
    return out


best = minimize(negative, [7, -1, -1], method="Nelder-Mead", options={"xatol": 1e-12, "fatol": 1e-13, "maxiter": 20_000, "maxfev": 20_000})
error = np.sqrt(np.diag(np.linalg.inv(hessian(best.x))))
print("slope, its error, ln(scale), its error, sigma, log likelihood, censored")
print([float(v) for v in (best.x[1], error[1], best.x[0], error[0], np.exp(best.x[2]), -best.fun)], int((~observed).sum()))
