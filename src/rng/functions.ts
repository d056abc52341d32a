/**
 * Logarithm, exponential and error functions from + - * / and Math.sqrt alone, which every engine rounds alike;
 * Math.log and Math.exp may differ between engines in their last bit, and a seed must mean the same weights everywhere.
 */

// ln 2 in two parts; the first ends in 32 zero bits, so that its product with an exponent is exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

const bytes = new DataView(new ArrayBuffer(8));

/**
 * Natural logarithm of a finite x > 0, to less than 1 ulp.
 *
 * x = 2^k (1 + f) with 1 + f in [√½, √2); with s = f / (2 + f), log(1 + f) = 2 artanh(s) = 2s + s R(s²), R a minimax
 * polynomial. Scheme and coefficients of R and ln 2: fdlibm's e_log.c, Copyright (C) 1993 by Sun Microsystems, Inc. All
 * rights reserved. Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and
 * distribute this software is freely granted, provided that this notice is preserved.
 */
export function log(x: number): number {
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984; // 2^54 brings a subnormal into the normal range
    k = -54;
  }
  bytes.setFloat64(0, x);
  const high = bytes.getUint32(0);
  k += (high >>> 20) - 1023;
  bytes.setUint32(0, (high & 0x000fffff) | 0x3ff00000);
  let m = bytes.getFloat64(0); // [1, 2)
  if (m > Math.SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  if (f === 0) return k * LN2_HIGH + k * LN2_LOW;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const half = 0.5 * f * f;
  // f - f²/2 carries the leading digits; what is added to it is small.
  return k * LN2_HIGH - (half - (s * (half + (odd + even)) + k * LN2_LOW) - f);
}

/** e^x for |x| <= 700, to 1 ulp: x = k ln 2 + r with |r| <= ln 2 / 2, and the Taylor series of e^r. */
export function exp(x: number): number {
  const k = Math.round(x / Math.LN2);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const lost = high - r - low;
  // Σ_{n>=2} r^n / n!, by Horner; r^18 / 18! is under 1e-24.
  let tail = 0;
  for (let n = 17; n >= 2; n--) tail = (1 + tail) * (r / n);
  const value = 1 + (r + (r * tail + lost));
  bytes.setUint32(0, (k + 1023) << 20);
  bytes.setUint32(4, 0);
  return value * bytes.getFloat64(0);
}

const TWO_OVER_ROOT_PI = 1.1283791670955126;

/** Error function, to 3 ulp. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a < 1) {
    // erf x = 2/√π e^-x² Σ 2^n x^(2n+1) / (1·3·5···(2n+1)): all terms positive, so nothing cancels. (DLMF 7.6.2)
    let term = a;
    let sum = a;
    for (let n = 1; term > sum * 1e-18; n++) {
      term *= (2 * a * a) / (2 * n + 1);
      sum += term;
    }
    const value = TWO_OVER_ROOT_PI * gauss(a) * sum;
    return x < 0 ? -value : value;
  }
  const value = a > 6 ? 1 : 1 - complement(a);
  return x < 0 ? -value : value;
}

/** erfc x for x >= 1 by its continued fraction e^-x²/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))). (DLMF 7.9.1) */
function complement(x: number): number {
  let fraction = x;
  for (let n = 300; n >= 1; n--) fraction = x + n / 2 / fraction;
  return (TWO_OVER_ROOT_PI / 2 / fraction) * gauss(x);
}

/** e^-x². The square of the first 24 bits is exact; what is left makes a factor near 1. */
function gauss(x: number): number {
  const head = Math.fround(x);
  return exp(-head * head) * exp((head - x) * (head + x));
}

// Polynomials in w = -log(1 - x²), highest power first, from the double-precision listing of M. Giles, "Approximating
// the erfinv function", GPU Computing Gems Jade Edition, 2011; XLA, and so JAX, evaluates the same ones.
const CENTRAL = [
  -3.64441206401782e-21, -1.6850591381820166e-19, 1.28584807152564e-18, 1.1157877678025181e-17, -1.333171662854621e-16,
  2.0972767875968562e-17, 6.637638134358324e-15, -4.054566272975207e-14, -8.151934197605472e-14, 2.6335093153082323e-12,
  -1.2975133253453532e-11, -5.415412054294628e-11, 1.0512122733215323e-9, -4.112633980346984e-9, -2.9070369957882005e-8,
  4.2347877827932404e-7, -1.3654692000834678645e-6, -0.000013882523362786469, 0.00018673420803405714,
  -0.000740702534166267, -0.006033670871430149, 0.24015818242558962, 1.6536545626831027,
];
const MIDDLE = [
  2.2137376921775787e-9, 9.075656193888539e-8, -2.7517406297064545e-7, 1.8239629214389228e-8, 1.5027403968909827627e-6,
  -4.013867526981545969e-6, 2.9234449089955446044e-6, 0.000012475304481671779, -0.000047318229009055734,
  0.00006828485145957318, 0.000024031110387097894, -0.0003550375203628475, 0.0009532893797373805,
  -0.0016882755560235047, 0.002491442096107851, -0.003751208507569241, 0.005370914553590064, 1.0052589676941592,
  3.0838856104922208,
];
const TAIL = [
  -2.7109920616438573e-11, -2.555641816996525e-10, 1.5076572693500548e-9, -3.789465440126737e-9, 7.61570120807834e-9,
  -1.496002662714924e-8, 2.914795345090108e-8, -6.771199775845234e-8, 2.2900482228026655e-7, -9.9298272942317e-7,
  0.000004526062597223154, -0.00001968177810553167, 0.00007599527703001776, -0.00021503011930044477,
  -0.00013871931833623122, 1.0103004648645344, 4.849906401408584,
];
const CENTRAL_32 = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
  0.246640727, 1.50140941,
].map(Math.fround);
const TAIL_32 = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
  1.00167406, 2.83297682,
].map(Math.fround);

/** Inverse error function for -1 < x < 1, float64. Written with (1 - x)(1 + x), which keeps its digits near ±1. */
export function erfInv(x: number): number {
  const w = -log((1 - x) * (1 + x));
  if (w < 6.25) return x * horner(CENTRAL, w - 3.125);
  if (w < 16) return x * horner(MIDDLE, Math.sqrt(w) - 3.25);
  return x * horner(TAIL, Math.sqrt(w) - 5);
}

function horner(coefficients: readonly number[], t: number): number {
  let sum = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) sum = coefficients[i] + sum * t;
  return sum;
}

/** Inverse error function in float32 arithmetic, for a float32 x with -1 < x < 1: Giles' single-precision listing. */
export function erfInv32(x: number): number {
  const w = Math.fround(-log(1 - Math.fround(x * x)));
  const central = w < 5;
  const t = central ? Math.fround(w - 2.5) : Math.fround(Math.fround(Math.sqrt(w)) - 3);
  const coefficients = central ? CENTRAL_32 : TAIL_32;
  let sum = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) sum = Math.fround(coefficients[i] + sum * t);
  return Math.fround(sum * x);
}
