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

  /** @param {Shown} shown @returns {Node[]} */
  function build(shown) {
    const pool = /** @type {Pool} */ (shown.pool), { pooled } = shown;
    const parts = [
      html("p", { class: "ex-number" }, sentence(shown)),
      html("p", {}, html("strong", {}, `Certainty: ${pool.certainty}. `), `${pool.because}. Judged for the whole pool, not for a part of it.`),
      ...(pooled ? target(pool, pooled) : []),
      html("p", {}, html("strong", {}, "Caution: "), pool.caution, " ", html("a", { href: `../${pool.place}` }, "The book on this pool")),
    ];
    if (pooled && pool.baseline) parts.push(people(pool, pooled, pool.baseline));
    if (pooled) parts.push(conventions(pool, pooled));
    return parts;
  }

  /** What the ratio means for 100 people, whose risk without the treatment the reader may change. @param {Pool} pool @param {Pooled} pooled @param {Baseline} baseline */
  function people(pool, pooled, baseline) {
    const input = /** @type {HTMLInputElement} */ (html("input", { type: "number", min: "1", max: "99", step: "any", value: baseline.risk.toFixed(1) }));
    const said = html("output", {}), when = baseline.months === null ? "" : ` by month ${baseline.months}`;
    /** Survival to the power of a hazard ratio; a risk times a risk ratio. @param {number} risk @param {number} ratio */
    const among = (risk, ratio) => (pool.measure === "HR" ? 100 * (1 - (1 - risk / 100) ** ratio) : Math.min(100, risk * ratio));
    const tell = () => {
      const risk = Number(input.value);
      const [value, ...bounds] = [pooled.value, ...pooled.hk_modified_ci].map((ratio) => among(risk, ratio).toFixed(0));
      said.textContent = risk > 0 && risk < 100 ? `${value} (${bounds.join(" to ")})` : "a number between 0 and 100";
    };
    input.addEventListener("input", tell);
    tell();
    const label = html("label", {}, `Of 100 people, without${when}: `, input);
    return html("p", { class: "ex-people" }, label, ", with: ", said, html("span", { class: "ex-small" }, ` The risk without is that of ${baseline.source}; set your own.`));
  }

  /**
   * Of which effect the interval is sure: the target of the book, which the reader may change.
   * @param {Pool} pool @param {Pooled} pooled @returns {Node[]}
   */
  function target(pool, pooled) {
    const none = noEffect(kindOf(pool)), [low, high] = pooled.hk_modified_ci;
    if (none === null) return [];
    const said = html("span", { role: "status" });
    const input = /** @type {HTMLInputElement} */ (html("input", { type: "number", step: "0.05", value: String(pool.threshold ?? none), class: "ex-target" }));
    function tell() {
      const at = Number(input.value), below = at <= none && high < at, above = at >= none && low > at;
      const short = at < none ? low >= at : at > none ? high <= at : false;
      said.textContent = input.value === "" ? "" : below || above ? "the whole interval lies beyond it." : short ? "no part of the interval lies beyond it." : "the interval holds it.";
    }
    input.addEventListener("input", tell);
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

  return { build, sentence, html };
})();
