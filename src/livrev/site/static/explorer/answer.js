// @ts-check
// The answer of a pool in words, beside its plot: the number, how sure we are, what to mind, and every other convention.
const livrevAnswer = (() => {
  "use strict";
  const { full, span, many, noEffect, kindOf } = livrevWords;

  /** @param {string} name @param {Record<string, string>} attributes @param {(Node | string)[]} children */
  function html(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  /** One sentence, which is also what a screen reader hears when a study is left out. @param {Shown} shown */
  function sentence(shown) {
    const pool = /** @type {Pool} */ (shown.pool), { pooled } = shown;
    if (!pooled) return shown.why;
    const changed = pooled.k < pool.members.length;
    const side = sideOf(pool, pooled), before = changed ? sideOf(pool, pool.whole) : side;
    const name = pool.unit[0].toUpperCase() + pool.unit.slice(1);
    const turn = !changed || !side ? "" : side === before ? ` As with all studies, the interval ${side}.` : ` The answer changes: the interval ${side}; with all studies it ${before}.`;
    return `${name} ${full(pool, pooled.value, pooled.hk_modified_ci)}, ${many(pooled.k, "study", "studies")}${changed ? ` of ${pool.members.length}` : ""}.${turn}`;
  }

  /** Where the interval of a ratio or difference lies, in words. @param {Pool} pool @param {Pooled} pooled */
  function sideOf(pool, pooled) {
    const none = noEffect(kindOf(pool)), [low, high] = pooled.hk_modified_ci;
    if (none === null) return "";
    return high < none ? `lies below ${none}` : low > none ? `lies above ${none}` : `holds ${none}`;
  }

  /** @param {Shown} shown @param {View} view @param {(changes: Partial<View>) => void} remember keeps a choice in the address @returns {Node[]} */
  function build(shown, view, remember) {
    const pool = /** @type {Pool} */ (shown.pool), { pooled } = shown;
    const parts = [
      html("p", { class: "ex-number" }, sentence(shown)),
      html("p", {}, html("strong", {}, `Certainty: ${pool.certainty}. `), `${pool.because}. Judged for the whole pool, not for a part of it.`),
      ...(pooled ? [...people(pool, pooled, view, remember), ...target(pool, pooled, view, remember)] : []),
      html("p", {}, html("strong", {}, "Caution: "), pool.caution, " ", html("a", { href: `../${pool.place}` }, "The book on this pool")),
    ];
    if (pooled) parts.push(conventions(pool, pooled));
    return parts;
  }

  /**
   * What the answer means for 1000 people; of a ratio the reader chooses the risk in the second group.
   * @param {Pool} pool @param {Pooled} pooled @param {View} view @param {(changes: Partial<View>) => void} remember
   * @returns {Node[]}
   */
  function people(pool, pooled, view, remember) {
    const spans = [pooled.value, ...pooled.hk_modified_ci];
    if (pool.measure === "proportion") {
      const [value, low, high] = spans.map((share) => (1000 * share).toFixed(0));
      return [html("p", { class: "ex-people" }, html("strong", {}, "Of 1000 people: "), `${value} (${low} to ${high}).`)];
    }
    if (!["HR", "RR", "OR"].includes(pool.measure)) {
      const why = kindOf(pool) === "difference" ? "A difference needs no risk: it is the effect in each patient." : `A ${pool.unit} compares two effects; it has no number of people of its own.`;
      return [html("p", { class: "ex-people ex-small" }, why)];
    }
    const first = pool.baselines[0], start = view.baseline || (first ? first.risk.toFixed(0) : "");
    const input = /** @type {HTMLInputElement} */ (html("input", { type: "number", min: "1", max: "999", step: "any", value: start }));
    const which = /** @type {HTMLSelectElement} */ (html("select", {}, ...pool.baselines.map((one, at) => html("option", { value: String(at) }, whose(one))), html("option", { value: "" }, "a risk of your own")));
    const matching = pool.baselines.findIndex((one) => one.risk.toFixed(0) === Number(start).toFixed(0));
    which.value = matching < 0 ? "" : String(matching);
    const said = html("output", {});
    function tell() {
      const risk = Number(input.value) / 1000;
      if (!(risk > 0 && risk < 1)) {
        said.textContent = input.value ? "Give a number between 0 and 1000." : "No arm of these studies prints this risk at a time: set one.";
        return;
      }
      const [value, low, high] = spans.map((ratio) => 1000 * among(pool.measure, risk, ratio));
      const more = (/** @type {number} */ number) => `${Math.abs(number - 1000 * risk).toFixed(0)} ${number < 1000 * risk ? "fewer" : "more"}`;
      said.textContent = `${value.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)}): ${more(value)} (${more(low)} to ${more(high)}).`;
    }
    input.addEventListener("input", () => { which.value = ""; remember({ baseline: fitting(input.value) }); tell(); });
    which.addEventListener("change", () => {
      const one = pool.baselines[Number(which.value)];
      if (which.value && one) input.value = one.risk.toFixed(0);
      remember({ baseline: which.value === "0" ? "" : fitting(input.value) });
      tell();
    });
    tell();
    const [with_, without] = pool.contrast === "treatment" ? ["with", "without"] : ["in the first-named group", "in the other"];
    return [html("p", { class: "ex-people" }, html("strong", {}, "Of 1000 people, "), html("label", {}, `${without}: `, input), ` ${with_}: `, said, html("br", {}), html("label", { class: "ex-small" }, `The risk ${without}: `, which))];
  }

  /** A risk of 1000 that an address can hold, or nothing. @param {string} value */
  const fitting = (value) => (Number(value) > 0 && Number(value) < 1000 ? String(Number(value)) : "");

  /** @param {Baseline} one */
  const whose = (one) => `${one.source}${one.months === null ? "" : `, by month ${one.months}`}: ${one.risk.toFixed(0)}`;

  /** A risk under a ratio: survival to the power of a hazard ratio, odds times an odds ratio, a risk times a risk ratio.
   * @param {string} measure @param {number} risk @param {number} ratio */
  function among(measure, risk, ratio) {
    if (measure === "HR") return 1 - (1 - risk) ** ratio;
    if (measure === "OR") return (risk * ratio) / (1 - risk + risk * ratio);
    return Math.min(1, risk * ratio);
  }

  /**
   * Of which effect the interval is sure: the target of the book, which the reader may change.
   * @param {Pool} pool @param {Pooled} pooled @param {View} view @param {(changes: Partial<View>) => void} remember @returns {Node[]}
   */
  function target(pool, pooled, view, remember) {
    const none = noEffect(kindOf(pool)), [low, high] = pooled.hk_modified_ci;
    if (none === null) return [];
    const said = html("span", { role: "status" });
    const input = /** @type {HTMLInputElement} */ (html("input", { type: "number", step: "0.05", value: view.threshold || String(pool.threshold ?? none), class: "ex-target" }));
    function tell() {
      const at = Number(input.value), below = at <= none && high < at, above = at >= none && low > at;
      const short = at < none ? low >= at : at > none ? high <= at : false;
      said.textContent = input.value === "" ? "" : below || above ? "the whole interval lies beyond it." : short ? "no part of the interval lies beyond it." : "the interval holds it.";
    }
    input.addEventListener("input", () => { remember({ threshold: input.value }); tell(); });
    tell();
    return [html("p", {}, html("label", {}, html("strong", {}, "Target: "), at(pool, none), " Try an effect beyond ", input), " ", said)];
  }

  /** @param {Pool} pool @param {number} none */
  const at = (pool, none) => pool.threshold === null ? `certainty that there is any effect (a side of ${none}).` : `certainty that the effect lies beyond ${pool.threshold}.`;

  /** @param {Pool} pool @param {Pooled} pooled */
  function conventions(pool, pooled) {
    const effects = pool.scale !== "logit", { common, dersimonian_laird: laird } = pooled;
    /** @param {[number, number] | null} interval */
    const bounds = (interval) => (interval ? span(pool, interval) : "not defined");
    const p = pooled.q_p === null ? "" : pooled.q_p < 0.001 ? "p < 0.001" : `p = ${pooled.q_p.toFixed(3)}`;
    const rows = [
      [effects ? "Random effects (REML), modified Hartung-Knapp" : "Binomial-normal model", full(pool, pooled.value, pooled.hk_modified_ci, "")],
      ...(pooled.hk_ci ? [["The same, plain Hartung-Knapp", bounds(pooled.hk_ci)], ["The same, Wald", bounds(pooled.wald)]] : []),
      ["Prediction interval", pooled.k > 3 ? bounds(pooled.prediction) : "from four studies on"],
      ["Common effect", full(pool, common.value, [common.low, common.high], "")],
      ["DerSimonian-Laird", full(pool, laird.value, [laird.low, laird.high], "")],
      ["Variance between studies, tau²", pooled.tau2 === null ? "not defined" : `${pooled.tau2.toFixed(4)}${pooled.tau2_interval ? ` (${pooled.tau2_interval.map((x) => x.toFixed(4)).join(" to ")})` : ""}`],
      ["I²", pooled.i2 === null ? "not defined" : `${pooled.i2.toFixed(0)} %`],
      ["Test of heterogeneity", pooled.q === null ? "not defined" : `Q ${pooled.q.toFixed(2)}, ${p}`],
    ];
    const body = html("tbody", {}, ...rows.map(([name, value]) => html("tr", {}, html("th", { scope: "row" }, name), html("td", {}, value))));
    const head = html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "By"), html("th", { scope: "col" }, "95 %")));
    return html("details", {}, html("summary", {}, "The same under every convention"), html("table", { class: "ex-conventions" }, head, body), html("p", { class: "ex-small" }, `Why these studies stand together: ${pool.rule}`));
  }

  return { build, sentence, html, among };
})();
