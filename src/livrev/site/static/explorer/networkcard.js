// @ts-check
// The card of the networks: which one, how its arms are read, what is left out, and what follows, fitted again at each tick.

/**
 * @typedef {{ id: string, title: string, unit: string, reference: string, favours: [string, string], rule: string, caution: string,
 *   readings: Record<string, Contrast[]> }} Plan
 * @typedef {{ plan: Plan, by: string, studies: string[], treatments: string[], fitted: Network | null, why: string }} ShownNetwork
 */

const livrevNetworkCard = (() => {
  "use strict";
  const { fixed, many } = livrevWords, { html } = livrevAnswer;

  /** What a view asks for, the first network and reading where it names none. @param {Evidence} evidence @param {View} view @returns {ShownNetwork | null} */
  function choose(evidence, view) {
    const plan = evidence.networks.find((one) => one.id === view.network) ?? evidence.networks[0];
    if (!plan) return null;
    const by = plan.readings[view.by] ? view.by : Object.keys(plan.readings)[0], contrasts = plan.readings[by];
    const left = contrasts.filter((row) => ![row.study, row.a, row.b].some((name) => view.gone.includes(name)));
    const shown = {
      plan, by, studies: [...new Set(contrasts.map((row) => row.study))],
      treatments: [...new Set(contrasts.flatMap((row) => [row.a, row.b]))].filter((name) => name !== plan.reference).sort(),
    };
    try {
      return { ...shown, fitted: livrevNetwork.fit(left, plan.reference, "log"), why: "" };
    } catch (error) {
      return { ...shown, fitted: null, why: `These make no network: ${error instanceof RangeError ? error.message : "an unknown reason"}.` };
    }
  }

  /** One sentence, which is also what a screen reader hears. @param {ShownNetwork} shown */
  function sentence({ studies, fitted, why }) {
    if (!fitted) return why;
    const spread = fitted.i2 === null ? "No comparison rests on two studies, so disagreement cannot be measured." : `I² ${(100 * fitted.i2).toFixed(0)} %.`;
    const p = fitted.design && (fitted.design.p < 0.001 ? "p < 0.001" : `p = ${fitted.design.p.toFixed(2)}`);
    const loops = p ? `Direct against indirect evidence: ${p}.` : "There is no loop, so consistency cannot be tested.";
    return `${many(fitted.studies, "study", "studies")} of ${studies.length}, ${fitted.treatments.length} treatments. ${spread} ${loops}`;
  }

  /** @param {ShownNetwork} shown @returns {Forest | null} */
  function forest({ plan, fitted }) {
    if (!fitted) return null;
    const lines = fitted.estimates.filter((row) => row.treatment !== plan.reference).sort((a, b) => a.value - b.value).map(({ treatment, value, low, high }) => {
      const numbers = `${fixed(value, 2)} (${fixed(low, 2)} to ${fixed(high, 2)})`;
      return { label: treatment, value, low, high, numbers, tip: `${treatment} against ${plan.reference}: ${plan.unit} ${fixed(value, 2)} (95 % CI ${fixed(low, 2)} to ${fixed(high, 2)})` };
    });
    return {
      kind: "ratio", name: plan.title, said: lines.map((row) => row.tip).join(". "), blocks: [{ title: "", lines }], favours: plan.favours,
      scale: `${plan.unit} against ${plan.reference}, log scale`, notes: [],
    };
  }

  /**
   * Boxes to tick, a name each. @param {HTMLElement} place @param {[string, string][]} names value and words
   * @param {string[]} gone @param {(name: string) => void} toggle
   */
  function boxes(place, names, gone, toggle) {
    const focused = place.contains(document.activeElement) ? /** @type {HTMLInputElement} */ (document.activeElement).value : "";
    const labels = names.map(([value, words]) => {
      const box = /** @type {HTMLInputElement} */ (html("input", { type: "checkbox", value }));
      box.checked = !gone.includes(value);
      box.addEventListener("change", () => toggle(value));
      return html("label", {}, box, ` ${words}`);
    });
    place.replaceChildren(/** @type {Node} */ (place.firstElementChild), ...labels);
    if (focused) /** @type {HTMLElement | null} */ (place.querySelector(`input[value="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  }

  return { choose, sentence, forest, boxes };
})();
