// @ts-check
// Fits a network of treatments in the browser by the conventions of the review: the same numbers as `livrev network`, to eight digits.

/**
 * A contrast of a study on the scale of analysis; `cov` is that of any two of its contrasts, where it does not give all pairs.
 * @typedef {{ study: string, a: string, b: string, estimate: number, se: number, cov: number | null }} Contrast
 * @typedef {{ arms: string[], y: number[], v: number[][] }} ArmContrasts the first arm is what the others are set against
 * @typedef {{ studies: number, treatments: string[], tau2: number | null, i2: number | null, q: number, q_df: number,
 *   q_p: number | null, design: { q: number, df: number, p: number } | null,
 *   estimates: { treatment: string, value: number, low: number, high: number }[] }} Network
 */

const livrevNetwork = (() => {
  "use strict";
  const { crossing, chiSquared } = livrevNumerics;
  const Z = 1.959963984540054;
  // Where the restricted likelihood is looked at, in units of the median sampling variance.
  const LADDER = [0, ...Array.from({ length: 97 }, (_, i) => 10 ** (-6 + i / 8))];
  const sum = (/** @type {number[]} */ numbers) => numbers.reduce((total, number) => total + number, 0);
  const product = (/** @type {number[][]} */ m, /** @type {number[]} */ x) => m.map((row) => sum(row.map((cell, i) => cell * x[i])));

  /** The inverse of a positive definite matrix, and the logarithm of its determinant. @param {number[][]} matrix */
  function invert(matrix) {
    const size = matrix.length, work = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
    let log = 0;
    for (let i = 0; i < size; i++) {
      const pivot = work[i][i];
      log += Math.log(pivot);
      work[i] = work[i].map((cell) => cell / pivot);
      for (let k = 0; k < size; k++) {
        const by = work[k][i];
        if (k !== i && by) work[k] = work[k].map((cell, j) => cell - by * work[i][j]);
      }
    }
    return { inverse: work.map((row) => row.slice(size)), log };
  }

  /** @param {Contrast[]} rows of one study @returns {ArmContrasts} */
  function gather(rows) {
    const arms = [...new Set(rows.flatMap((row) => [row.b, row.a]))];
    const named = (/** @type {string} */ arm) => 1000 * rows.filter((row) => row.a === arm || row.b === arm).length + rows.filter((row) => row.b === arm).length;
    const base = arms.reduce((best, arm) => (named(arm) > named(best) ? arm : best)), others = arms.filter((arm) => arm !== base);
    const pair = (/** @type {string} */ x, /** @type {string} */ y) => rows.find((row) => (row.a === x && row.b === y) || (row.a === y && row.b === x));
    const found = others.map((arm) => /** @type {Contrast} */ (pair(arm, base)));
    const y = found.map((row) => (row.b === base ? row.estimate : -row.estimate)), square = found.map((row) => row.se ** 2);
    const v = others.map((first, i) => others.map((second, j) => {
      if (i === j) return square[i];
      const between = pair(first, second);
      return between ? (square[i] + square[j] - between.se ** 2) / 2 : Number(found[i].cov);
    }));
    return { arms: [base, ...others], y, v };
  }

  /** Rows of the design: one a contrast, one column a treatment but the reference. @param {ArmContrasts} study @param {string[]} columns */
  const design = ({ arms }, columns) => arms.slice(1).map((arm) => columns.map((name) => Number(name === arm) - Number(name === arms[0])));

  /** Weighted least squares at one tau². @param {ArmContrasts[]} studies @param {string[]} columns @param {number} tau2 */
  function fitAt(studies, columns, tau2) {
    const parts = studies.map((study) => {
      const x = design(study, columns), v = study.v.map((row, i) => row.map((cell, j) => cell + (i === j ? tau2 : tau2 / 2)));
      return { x, y: study.y, ...invert(v) };
    });
    const cells = columns.map((_, p) => columns.map((__, q) => sum(parts.map(({ x, inverse }) => sum(x.map((row, i) => row[p] && row[p] * sum(inverse[i].map((w, j) => w * x[j][q]))))))));
    const score = columns.map((_, p) => sum(parts.map(({ x, y, inverse }) => { const weighted = product(inverse, y); return sum(x.map((row, i) => row[p] * weighted[i])); })));
    const { inverse: covariance, log } = invert(cells), estimates = product(covariance, score);
    const residuals = parts.map(({ x, y }) => { const fitted = product(x, estimates); return y.map((value, i) => value - fitted[i]); });
    const q = sum(parts.map(({ inverse }, s) => { const weighted = product(inverse, residuals[s]); return sum(residuals[s].map((r, i) => r * weighted[i])); }));
    return { parts, estimates, covariance, residuals, q, height: -0.5 * (sum(parts.map((part) => part.log)) + log + q) };
  }

  /** The slope of the restricted log-likelihood, times two. @param {ArmContrasts[]} studies @param {string[]} columns @param {number} tau2 */
  function slopeAt(studies, columns, tau2) {
    const { parts, covariance, residuals } = fitAt(studies, columns, tau2);
    return sum(parts.map(({ x, inverse }, s) => {
      const shared = inverse.map((_, i) => inverse.map((__, j) => (i === j ? 1 : 0.5)));
      const weighted = inverse.map((row) => shared.map((_, j) => sum(row.map((cell, k) => cell * shared[k][j]))));
      const middle = weighted.map((row) => inverse.map((_, j) => sum(row.map((cell, k) => cell * inverse[k][j]))));
      const around = (/** @type {number[]} */ left, /** @type {number[]} */ right) => { const turned = product(middle, right); return sum(left.map((cell, i) => cell * turned[i])); };
      const columnsOf = columns.map((_, p) => x.map((row) => row[p]));
      return around(residuals[s], residuals[s]) - sum(weighted.map((row, i) => row[i]))
        + sum(covariance.map((row, p) => sum(row.map((cell, k) => cell && cell * around(columnsOf[k], columnsOf[p])))));
    }));
  }

  /** tau² by restricted maximum likelihood, at the highest peak. @param {ArmContrasts[]} studies @param {string[]} columns */
  function remlOf(studies, columns) {
    const variances = studies.flatMap(({ v }) => v.map((row, i) => row[i])).sort((a, b) => a - b), k = variances.length;
    const unit = (variances[(k - 1) >> 1] + variances[k >> 1]) / 2, root = Math.sqrt(unit);
    const scaled = studies.map(({ arms, y, v }) => ({ arms, y: y.map((value) => value / root), v: v.map((row) => row.map((cell) => cell / unit)) }));
    const heights = LADDER.map((rung) => fitAt(scaled, columns, rung).height), best = heights.indexOf(Math.max(...heights));
    const low = LADDER[Math.max(best - 1, 0)], high = LADDER[Math.min(best + 1, LADDER.length - 1)];
    const slope = (/** @type {number} */ tau2) => slopeAt(scaled, columns, tau2);
    if (best === 0 && slope(0) <= 0) return 0;
    return unit * (slope(low) > 0 && slope(high) < 0 ? crossing((tau2) => -slope(tau2), low, high) : LADDER[best]);
  }

  /** Treatments that hang together with the first, by the studies. @param {ArmContrasts[]} studies @param {string} first */
  function reached(studies, first) {
    const found = new Set([first]);
    for (let before = 0; before < found.size; ) {
      before = found.size;
      for (const { arms } of studies) if (arms.some((arm) => found.has(arm))) arms.forEach((arm) => found.add(arm));
    }
    return found;
  }

  /**
   * Fit a network. Throws a RangeError, in words for the reader, where the contrasts make none.
   * @param {Contrast[]} contrasts @param {string} reference @param {string} scale `log` for ratios @returns {Network}
   */
  function fit(contrasts, reference, scale) {
    const studies = [...new Set(contrasts.map((row) => row.study))].map((study) => gather(contrasts.filter((row) => row.study === study)));
    const treatments = [...new Set(studies.flatMap(({ arms }) => arms))].sort();
    if (!treatments.includes(reference)) throw new RangeError(`nothing is left that was compared with ${reference}`);
    const together = reached(studies, reference), apart = treatments.filter((name) => !together.has(name));
    if (apart.length) throw new RangeError(`no study that is left joins ${apart.join(", ")} to ${reference}`);
    const columns = treatments.filter((name) => name !== reference), common = fitAt(studies, columns, 0);
    const q_df = sum(studies.map(({ arms }) => arms.length - 1)) - columns.length, q = q_df ? common.q : 0;
    const tau2 = q_df ? remlOf(studies, columns) : null, random = tau2 ? fitAt(studies, columns, tau2) : common;
    const back = scale === "log" ? Math.exp : (/** @type {number} */ number) => number;
    /** @type {Map<string, ArmContrasts[]>} */
    const designs = new Map();
    for (const study of studies) { const key = [...study.arms].sort().join("|"); designs.set(key, [...(designs.get(key) ?? []), study]); }
    const within = sum([...designs.values()].map((some) => (some.length > 1 ? fitAt(some, [...some[0].arms].sort().slice(1), 0).q : 0)));
    const df = sum([...designs.values()].map(([study]) => study.arms.length - 1)) - columns.length, between = Math.max(0, common.q - within);
    return {
      studies: studies.length, treatments, tau2, q, q_df, q_p: q_df ? chiSquared(q, q_df)[1] : null,
      i2: q_df ? (q > 0 ? Math.max(0, (q - q_df) / q) : 0) : null, design: df ? { q: between, df, p: chiSquared(between, df)[1] } : null,
      estimates: treatments.map((treatment) => {
        const at = columns.indexOf(treatment), middle = at < 0 ? 0 : random.estimates[at], reach = at < 0 ? 0 : Z * Math.sqrt(random.covariance[at][at]);
        return { treatment, value: back(middle), low: back(middle - reach), high: back(middle + reach) };
      }),
    };
  }

  return { fit };
})();
