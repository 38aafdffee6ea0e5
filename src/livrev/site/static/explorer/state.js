// @ts-check
// What the reader asked for, as a record and as the part of the address after #, so that a view can be shared.

/**
 * @typedef {{ pool: string, question: string, condition: string, strategy: string, design: string, endpoint: string,
 *   contrast: string, certainty: string, risk: string, from: string, to: string, text: string, plot: string, map: string, order: string,
 *   page: string, out: string[], network: string, by: string, gone: string[] }} View
 */

const livrevState = (() => {
  "use strict";
  const FILTERS = /** @type {const} */ (["question", "condition", "strategy", "design", "endpoint", "contrast", "certainty", "risk", "from", "to", "text"]);
  const PLOTS = ["pools", "ratio", "difference", "share", "months"], MAPS = ["condition", "design"];
  /** @returns {View} */
  const empty = () => ({
    pool: "", question: "", condition: "", strategy: "", design: "", endpoint: "", contrast: "", certainty: "", risk: "", from: "", to: "",
    text: "", plot: "", map: "", order: "", page: "", out: [], network: "", by: "", gone: [],
  });

  /** Whether anything narrows what is shown. @param {View} view */
  const narrowed = (view) => FILTERS.some((name) => view[name]);

  /** @param {View} view */
  function toHash(view) {
    const parts = Object.entries(view)
      .filter(([, value]) => value.length)
      .map(([name, value]) => `${name}=${encodeURIComponent(Array.isArray(value) ? value.join(",") : value).replace(/%2C/g, ",")}`);
    return parts.length ? `#${parts.join("&")}` : "#";
  }

  /**
   * Read a view, leaving out what this edition does not hold; `unknown` names what was left out.
   * @param {string} hash @param {Evidence} evidence @returns {{ view: View, unknown: string[] }}
   */
  function fromHash(hash, evidence) {
    const view = empty();
    /** @type {string[]} */
    const unknown = [];
    // An address may name the condition as the records do.
    const own = (/** @type {string} */ word) => word === evidence.condition.column ? "condition" : word;
    for (const [asked, said] of new URLSearchParams(hash.replace(/^#/, "").replace(/\+/g, "%2B"))) {
      if (!said) continue;
      const name = own(asked), value = asked === "map" ? own(said) : said;
      const many = name === "out" || name === "gone";
      const good = many ? value.split(",").filter((id) => evidence.studies.some((study) => study.id === id) || (name === "gone" && evidence.treatments.has(id)))
        : fits(name, value, evidence) ? [value] : [];
      if (many) view[name] = [...new Set(good)];
      else if (good.length) /** @type {any} */ (view)[name] = value;
      if (!good.length) unknown.push(`${name}=${value}`.slice(0, 80));
    }
    return { view, unknown };
  }

  /** @param {string} name @param {string} value @param {Evidence} evidence */
  function fits(name, value, evidence) {
    if (name === "pool") return evidence.pools.some((pool) => pool.id === value);
    if (name === "network") return evidence.networks.some((network) => network.id === value);
    if (name === "by") return evidence.networks.some((network) => Object.hasOwn(network.readings, value));
    if (name === "certainty") return evidence.certainties.includes(value);
    if (name === "from" || name === "to") return /^(19|20)\d\d$/.test(value);
    if (name === "page") return /^\d{1,4}$/.test(value);
    if (name === "order") return /^[0-6]\.(asc|desc)$/.test(value);
    if (name === "text") return value.length <= 200;
    if (name === "plot") return PLOTS.includes(value);
    if (name === "map") return MAPS.includes(value);
    return Boolean(evidence.terms[name]?.some(([id]) => id === value)) && FILTERS.includes(/** @type {any} */ (name));
  }

  return { empty, narrowed, toHash, fromHash, FILTERS };
})();
