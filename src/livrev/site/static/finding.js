// @ts-check
// Finds studies by name, registry number or any name of what they are about, above what the theme's search finds in the text.
// What is not found is likened to the names that there are: a letter too few or too many is forgiven.
(() => {
  "use strict";
  const records = /** @type {any} */ (window)["livrevRecords"];
  const asked = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  const place = document.getElementById("livrev-found");
  if (!records || !place) return;

  const SHOWN = 12;
  /** @param {string} text */
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const wanted = plain(asked);
  /** @param {string} text */
  const close = (text) => plain(text).replaceAll(" ", "");

  /** How well a name answers: 0 the very name, 1 its beginning, 2 words within it, 3 not at all.
   * @param {string} name */
  function rank(name) {
    const said = plain(name);
    if (said === wanted || close(name) === close(asked)) return 0;
    return said.startsWith(wanted) ? 1 : (" " + said).includes(" " + wanted) ? 2 : 3;
  }

  /** @returns {{at: number, why: string}[]} places of the studies that fit, the best first */
  function findStudies() {
    /** @type {Map<number, [number, string]>} */
    const found = new Map();
    records.studies.forEach((/** @type {any[]} */ [name, , names], /** @type {number} */ at) => {
      const best = Math.min(rank(name), ...names.map((/** @type {string} */ other) => rank(other) && 3));
      if (best < 3) found.set(at, [best, ""]);
      else if (names.some((/** @type {string} */ other) => rank(other) < 3)) found.set(at, [2, ""]);
    });
    for (const [label, names, places] of records.terms) {
      if (![label, ...names].some((name) => rank(name) === 0)) continue;
      for (const at of places) if (!found.has(at)) found.set(at, [3, label]);
    }
    const year = (/** @type {number} */ at) => records.studies[at][1] ?? 0;
    return [...found].sort(([a, [one]], [b, [other]]) => one - other || year(b) - year(a)).map(([at, [, why]]) => ({ at, why }));
  }

  /** Count the letters to add, drop, change or swap between two words; stop counting above *most*.
   * @param {string} a @param {string} b @param {number} most */
  function distance(a, b, most) {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let [before, last] = [/** @type {number[]} */ ([]), Array.from({ length: b.length + 1 }, (_, at) => at)];
    for (let i = 1; i <= a.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= b.length; j += 1) {
        const same = a[i - 1] === b[j - 1] ? 0 : 1;
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      [before, last] = [last, row];
    }
    return last[b.length];
  }

  /** @returns {string[]} up to four names that are nearly what was asked */
  function likely() {
    const word = close(asked);
    const most = word.length < 5 ? 1 : word.length < 9 ? 2 : 3;
    /** @type {Map<string, number>} */
    const near = new Map();
    const names = [...records.studies.map((/** @type {any[]} */ one) => one[0]), ...records.terms.flatMap((/** @type {any[]} */ one) => [one[0], ...one[1]])];
    for (const name of names) {
      const far = distance(word, close(name), most);
      if (far > 0 && far <= most) near.set(name, Math.min(far, near.get(name) ?? far));
    }
    return [...near].sort((a, b) => a[1] - b[1]).slice(0, 4).map(([name]) => name);
  }

  /**
   * @param {string} name
   * @param {Record<string, any>} [properties]
   * @param {(Node | string)[]} [inside]
   */
  function make(name, properties = {}, inside = []) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  }

  function show() {
    const found = findStudies();
    if (!found.length) {
      const names = likely();
      const links = names.flatMap((name, at) => [at ? ", " : "", make("a", { href: `?q=${encodeURIComponent(name)}`, textContent: name })]);
      const words = [`No study, ${records.words} is called “${asked}”.`, ...(names.length ? [" Did you mean ", ...links, "?"] : [])];
      place?.append(make("p", { className: "livrev-none" }, words));
      return;
    }
    const items = found.map(({ at, why }) => {
      const [name, year, , address] = records.studies[at];
      const reason = why && plain(why) !== wanted ? ` (${why})` : "";
      return make("li", {}, [make("a", { href: address, textContent: name }), `${year ? ` ${year}` : ""}${reason}`]);
    });
    items.slice(SHOWN).forEach((item) => (item.hidden = true));
    const box = make("section", { className: "livrev-found" }, [
      make("h2", { textContent: items.length === 1 ? "One study" : `${items.length} studies` }),
      make("ul", {}, items),
    ]);
    if (items.length > SHOWN) {
      const more = make("button", { type: "button", textContent: `Show all ${items.length}` });
      more.addEventListener("click", () => {
        items.forEach((item) => (item.hidden = false));
        items[SHOWN].querySelector("a")?.focus();
        more.remove();
      });
      box.append(more);
    }
    place?.append(box);
  }

  /** Say below each page that the theme's search finds what the page is about. @param {Element} results */
  function describe(results) {
    results.querySelectorAll("ul.search > li:not([data-said])").forEach((item) => {
      item.setAttribute("data-said", "");
      const page = item.querySelector("a")?.getAttribute("href")?.replace(/\.html.*$/, "") ?? "";
      const said = records.pages[page];
      if (said && !item.querySelector(":scope > span")) item.append(make("p", { className: "livrev-small", textContent: said }));
    });
  }

  const field = document.getElementById("livrev-asked");
  if (!wanted) return void field?.focus();
  document.title = `${asked} — ${document.title}`;
  show();
  const results = document.getElementById("search-results");
  const names = place.querySelector(".livrev-found") !== null;
  if (results) new MutationObserver(() => {
    describe(results);
    results.hidden = names && !results.querySelector("ul.search > li"); // what was found by name was found
  }).observe(results, { childList: true, subtree: true });
})();
