// @ts-check
// Student's t and chi-squared for whole degrees of freedom, to about fourteen digits; nothing here knows of studies.
const livrevNumerics = (() => {
  "use strict";

  /**
   * Find where an increasing function crosses zero between two places, to the last digit of a double.
   * Halving the interval is slow and cannot fail; where the places are far apart it halves their ratio.
   * @param {(x: number) => number} f @param {number} low @param {number} high
   */
  function crossing(f, low, high) {
    for (let step = 0; step < 2200; step++) {
      const middle = low > 0 && high > 4 * low ? Math.sqrt(low) * Math.sqrt(high) : low + (high - low) / 2;
      if (middle <= low || middle >= high) break;
      if (f(middle) < 0) low = middle;
      else high = middle;
    }
    return Math.abs(f(low)) < Math.abs(f(high)) ? low : high;
  }

  /**
   * Probability that |T| stays below t (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4: finite sums in the angle).
   * @param {number} t @param {number} df a whole number from 1
   */
  function tInside(t, df) {
    const root = Math.sqrt(df), cosine = root / Math.hypot(root, t), sine = t / Math.hypot(root, t);
    const odd = df % 2 === 1;
    let term = odd ? cosine : 1, sum = df === 1 ? 0 : term;
    for (let n = odd ? 3 : 2; n <= df - 2; n += 2) {
      term *= ((n - 1) / n) * cosine * cosine;
      sum += term;
    }
    return odd ? (2 / Math.PI) * (Math.atan2(t, root) + sine * sum) : sine * sum;
  }

  /** @type {Map<number, number>} */
  const known = new Map();

  /**
   * How many standard errors a 95 % interval reaches by Student's t.
   * @param {number} df a whole number from 1
   */
  function tQuantile(df) {
    if (df === 1) return Math.tan(Math.PI * 0.475);
    const found = known.get(df) ?? crossing((t) => tInside(t, df) - 0.95, 1.9, 5);
    known.set(df, found);
    return found;
  }

  /**
   * Logarithm of the gamma function at a whole or half number (its recurrence, from gamma(1) = 1 and gamma(1/2) = √π).
   * @param {number} x
   */
  function logGamma(x) {
    let sum = x % 1 === 0 ? 0 : Math.log(Math.PI) / 2;
    for (let at = x % 1 === 0 ? 1 : 0.5; at < x; at++) sum += Math.log(at);
    return sum;
  }

  /**
   * Probability below and above x under chi-squared with df degrees of freedom: the incomplete gamma function by its series
   * where x is small (DLMF 8.11.4) and by its continued fraction where it is large (DLMF 8.9.2, summed as Lentz does).
   * @param {number} x @param {number} df @returns {[number, number]}
   */
  function chiSquared(x, df) {
    const a = df / 2, half = x / 2;
    if (!(half > 0)) return [0, 1];
    if (!Number.isFinite(half)) return [1, 0];
    const front = Math.exp(a * Math.log(half) - half - logGamma(a));
    if (half < a + 1) {
      let term = 1 / a, sum = term;
      for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) sum += term *= half / (a + n);
      return [front * sum, 1 - front * sum];
    }
    let b = half + 1 - a, c = 1e300, d = 1 / b, h = d;
    for (let n = 1; n < 10000; n++) {
      const an = -n * (n - a);
      b += 2;
      d = 1 / (an * d + b);
      c = b + an / c;
      h *= c * d;
      if (Math.abs(c * d - 1) < 1e-16) break;
    }
    return [1 - front * h, front * h];
  }

  /**
   * The value below which chi-squared lies with a probability.
   * @param {number} probability @param {number} df
   */
  function chiQuantile(probability, df) {
    const upper = probability > 0.5;
    const miss = (/** @type {number} */ x) => {
      const [below, above] = chiSquared(x, df);
      return upper ? 1 - probability - above : below - probability;
    };
    let high = df + 10;
    while (miss(high) < 0) high *= 2;
    return crossing(miss, 0, high);
  }

  return { crossing, tQuantile, chiSquared, chiQuantile };
})();
