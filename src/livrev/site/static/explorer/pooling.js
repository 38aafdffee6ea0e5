// @ts-check
// Pools effects in the browser by the conventions of the review: the same numbers as `livrev pool`, to eight digits.

/** @typedef {{ estimate: number, se: number }} Effect an effect on the scale of analysis */
/** @typedef {{ value: number, low: number, high: number }} Summary */
/**
 * A pool: value and intervals (95 %) on the scale of the input, tau2, estimate and se on that of analysis, i2 and weights in
 * percent; null where it is not defined for so few studies. `hk_modified_ci` is the Hartung-Knapp interval never narrower than Wald's.
 * @typedef {{ k: number, value: number, hk_modified_ci: [number, number], hk_ci: [number, number] | null, wald: [number, number],
 *   tau2: number | null, tau2_interval: [number, number] | null, i2: number | null, q: number | null, q_p: number | null,
 *   prediction: [number, number] | null, common: Summary, dersimonian_laird: Summary, weights: number[],
 *   estimate: number, se: number }} Pooled
 */

const livrevPooling = (() => {
  "use strict";
  const { crossing, tQuantile, chiSquared, chiQuantile } = livrevNumerics;
  const Z = 1.959963984540054;
  const sum = (/** @type {number[]} */ numbers) => numbers.reduce((total, number) => total + number, 0);
  // Where the restricted likelihood is looked at: it may have two peaks. In units of the median sampling variance.
  const LADDER = [0, ...Array.from({ length: 97 }, (_, i) => 10 ** (-6 + i / 8))];

  /**
   * The inverse-variance mean, its standard error, the weights as shares, and how far the effects lie from the mean.
   * @param {number[]} y @param {number[]} v @param {number} [tau2]
   */
  function meanOf(y, v, tau2 = 0) {
    const smallest = Math.min(...v) + tau2;
    const weights = v.map((variance) => smallest / (variance + tau2));
    const total = sum(weights);
    const mean = y.every((effect) => effect === y[0]) ? y[0] : sum(y.map((effect, i) => weights[i] * effect)) / total;
    const q = sum(y.map((effect, i) => (weights[i] * (effect - mean) ** 2) / smallest));
    return { mean, se: Math.sqrt(smallest / total), shares: weights.map((weight) => weight / total), q };
  }

  /**
   * The restricted log-likelihood, up to a constant (Harville 1977), and its slope times two.
   * @param {number[]} y @param {number[]} v @param {number} tau2
   */
  function restricted(y, v, tau2) {
    const weights = v.map((variance) => 1 / (variance + tau2));
    const total = sum(weights), { mean, q } = meanOf(y, v, tau2);
    const height = -0.5 * (sum(v.map((variance) => Math.log(variance + tau2))) + Math.log(total) + q);
    const slope = sum(y.map((effect, i) => (weights[i] * (effect - mean)) ** 2)) - total + sum(weights.map((w) => w * w)) / total;
    return { height, slope };
  }

  /**
   * Between-study variance by restricted maximum likelihood, at the highest peak where there are several.
   * @param {number[]} y @param {number[]} v
   */
  function remlOf(y, v) {
    const rungs = [...LADDER];
    while (restricted(y, v, rungs[rungs.length - 1]).slope > 0) rungs.push(10 * rungs[rungs.length - 1]);
    const slopes = rungs.map((rung) => restricted(y, v, rung).slope);
    const peaks = slopes[0] <= 0 ? [0] : [];
    for (let i = 1; i < rungs.length; i++) {
      if (slopes[i - 1] > 0 && slopes[i] <= 0) peaks.push(crossing((t) => -restricted(y, v, t).slope, rungs[i - 1], rungs[i]));
    }
    return peaks.reduce((best, peak) => (restricted(y, v, peak).height > restricted(y, v, best).height ? peak : best));
  }

  /**
   * The Q-profile interval of tau² (Viechtbauer 2007); both 0 where no tau² agrees with the data.
   * @param {number[]} y @param {number[]} v @returns {[number, number]}
   */
  function qProfile(y, v) {
    /** @param {number} target */
    const reach = (target) => {
      if (meanOf(y, v).q <= target) return 0;
      let high = Math.max(...v);
      while (meanOf(y, v, high).q > target) high *= 4;
      return crossing((tau2) => target - meanOf(y, v, tau2).q, 0, high);
    };
    return [reach(chiQuantile(0.975, y.length - 1)), reach(chiQuantile(0.025, y.length - 1))];
  }

  /**
   * Between-study variance by the method of moments (DerSimonian and Laird 1986).
   * @param {number[]} y @param {number[]} v
   */
  function momentsOf(y, v) {
    return Math.max(0, meanOf(y, v).q - (y.length - 1)) / spreadOf(v);
  }

  /** The sum of the weights less the sum of their squares over it. @param {number[]} v */
  function spreadOf(v) {
    const weights = v.map((variance) => 1 / variance), total = sum(weights);
    return total - sum(weights.map((weight) => weight * weight)) / total;
  }

  /** @param {number} number */
  const exponential = (number) => (number < 709 ? Math.exp(number) : Infinity);

  /**
   * Pool effects. Throws a RangeError, in words for the reader, where they cannot be pooled.
   * @param {Effect[]} effects @param {string} scale `log` for ratios, `identity` for what is pooled as it is
   * @returns {Pooled}
   */
  function pool(effects, scale) {
    const errors = effects.map((effect) => effect.se);
    if (!effects.length) throw new RangeError("there are no effects to pool");
    if (Math.max(...errors) > 1e6 * Math.min(...errors)) throw new RangeError("standard errors differ more than a millionfold");
    const back = scale === "log" ? exponential : (/** @type {number} */ number) => number;
    const y = effects.map((effect) => effect.estimate), v = errors.map((se) => se * se), k = y.length;
    /** @param {number} middle @param {number} reach @returns {[number, number]} */
    const around = (middle, reach) => [back(middle - reach), back(middle + reach)];
    /** @param {number} tau2 @returns {Summary} */
    const summary = (tau2) => {
      const { mean, se } = meanOf(y, v, tau2), [low, high] = around(mean, Z * se);
      return { value: back(mean), low, high };
    };
    if (k === 1) {
      const alone = summary(0);
      return {
        k, value: alone.value, hk_modified_ci: [alone.low, alone.high], hk_ci: null, wald: [alone.low, alone.high], tau2: null,
        tau2_interval: null, i2: null, q: null, q_p: null, prediction: null, common: alone, dersimonian_laird: alone,
        weights: [100], estimate: y[0], se: errors[0],
      };
    }
    // In units of the median sampling variance, so that the unit of measure does not matter.
    const sorted = [...v].sort((a, b) => a - b), unit = (sorted[(k - 1) >> 1] + sorted[k >> 1]) / 2;
    const scaled = y.map((effect) => effect / Math.sqrt(unit)), spread = v.map((variance) => variance / unit);
    const tau2 = remlOf(scaled, spread) * unit;
    const [tauLow, tauHigh] = qProfile(scaled, spread);
    const { mean, se, shares, q } = meanOf(y, v, tau2);
    const factor = Math.sqrt(q / (k - 1)), modified = se * Math.max(1, factor);
    const heterogeneity = meanOf(y, v).q;
    return {
      k, value: back(mean), estimate: mean, se,
      hk_modified_ci: around(mean, tQuantile(k - 1) * modified),
      hk_ci: around(mean, tQuantile(k - 1) * se * factor),
      wald: around(mean, Z * se),
      tau2, tau2_interval: [tauLow * unit, tauHigh * unit],
      i2: tau2 ? 100 / (1 + (k - 1) / spreadOf(v) / tau2) : 0,
      q: heterogeneity, q_p: chiSquared(heterogeneity, k - 1)[1],
      prediction: k > 2 ? around(mean, tQuantile(k - 2) * Math.hypot(Math.sqrt(tau2), modified)) : null,
      common: summary(0), dersimonian_laird: summary(momentsOf(y, v)), weights: shares.map((share) => 100 * share),
    };
  }

  return { pool };
})();
