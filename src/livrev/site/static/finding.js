// @ts-check
// Finds studies by name, registry number or any name of what they are about, and the parts of the pages that have the words,
// each with the words in their sentence. What nothing is called is likened to the names that there are.
(() => {
  "use strict";
  const records = /** @type {any} */ (window)["livrevRecords"];
  /** @type {Record<string, [string, string, string][]>} */
  const texts = /** @type {any} */ (window)["livrevTexts"] ?? {};
  const asked = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  const place = document.getElementById("livrev-found"), results = document.getElementById("search-results");
  if (!records || !place || !results) return;

  const STUDIES = 12, PAGES = 10, AROUND = 110;
  /** Letters and digits in lower case without marks, all else a space; each stays where it was. @param {string} text */
  const fold = (text) => text.toLowerCase().replace(/[^\x00-\x7f]/g, (one) => one.normalize("NFKD").replace(/\p{M}/gu, "")[0] ?? " ")
    .replace(/[^a-z0-9\u0370-\u03ff\u0400-\u04ff\u3040-\u9fff]/g, " ");
  /** @param {string} text */
  const plain = (text) => fold(text.normalize("NFKD").replace(/\p{M}/gu, "")).replace(/ +/g, " ").trim();
  /** @param {string} text */
  const close = (text) => plain(text).replaceAll(" ", "");

  /** How well a name answers: 0 the very name, 1 its beginning, 2 words within it, 3 not at all. @param {string} name @param {string} wanted */
  function rank(name, wanted) {
    const said = plain(name);
    if (said === wanted || close(name) === wanted.replaceAll(" ", "")) return 0;
    return said.startsWith(wanted) ? 1 : (" " + said).includes(" " + wanted) ? 2 : 3;
  }

  /** The terms of that very name. @param {string} wanted @returns {[string, string[], number[], string][]} */
  const termsCalled = (wanted) => records.terms.filter((/** @type {any[]} */ [label, names]) => [label, ...names].some((name) => rank(name, wanted) === 0));

  /** @param {string} wanted @returns {{at: number, why: string}[]} places of the studies that fit, the best first */
  function findStudies(wanted) {
    /** @type {Map<number, [number, string]>} */
    const found = new Map();
    records.studies.forEach((/** @type {any[]} */ [name, , names], /** @type {number} */ at) => {
      const best = Math.min(rank(name, wanted), ...names.map((/** @type {string} */ other) => rank(other, wanted) && 3));
      if (best < 3) found.set(at, [best, ""]);
      else if (names.some((/** @type {string} */ other) => rank(other, wanted) < 3)) found.set(at, [2, ""]);
    });
    for (const [label, , places] of termsCalled(wanted)) for (const at of places) if (!found.has(at)) found.set(at, [3, label]);
    const year = (/** @type {number} */ at) => records.studies[at][1] ?? 0;
    return [...found].sort(([a, [one]], [b, [other]]) => one - other || year(b) - year(a)).map(([at, [, why]]) => ({ at, why }));
  }

  /** A pattern for a word and its forms. @param {string} word */
  const formsOf = (word) => new RegExp(`(?<![a-z0-9])${word.length > 3 ? word.replace(/(?:ies|es|s)$/, "") : word}${word.length > 2 ? "[a-z0-9]*" : "(?![a-z0-9])"}`, "g");

  /** @typedef {{ page: string, title: string, anchor: string, heading: string, said: string, hits: [number, number][], score: number }} Found */
  /** The best part of each page that has every word, or the phrase. @param {string} wanted @returns {Found[]} */
  function findPages(wanted) {
    const words = wanted.split(" ").map(formsOf);
    /** @type {Found[]} */
    const pages = [];
    for (const [page, parts] of Object.entries(texts)) {
      const title = parts[0]?.[1] ?? "";
      /** @type {Found | null} */
      let best = null;
      for (const [anchor, heading, said] of parts) {
        const folded = fold(said), above = `${fold(title)} ${fold(heading)}`;
        const found = words.map((word) => [...folded.matchAll(word)]);
        if (!words.every((word, at) => found[at].length || above.match(word))) continue;
        const phrase = [...folded.matchAll(new RegExp(`(?<![a-z0-9])${wanted}`, "g"))];
        const headed = words.filter((word) => fold(heading).match(word)).length;
        const score = (phrase.length ? 20 : 0) + 12 * headed + found.reduce((sum, some) => sum + Math.min(some.length, 4), 0) + (page.startsWith("chapters/") ? 8 : 0);
        const hits = (phrase.length ? phrase : found.flat()).map((hit) => /** @type {[number, number]} */ ([hit.index, hit.index + hit[0].length]));
        if (!best || score > best.score) best = { page, title, anchor, heading, said, hits: hits.sort(([a], [b]) => a - b), score };
      }
      if (best) pages.push(best);
    }
    return pages.sort((a, b) => b.score - a.score);
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

  /** @returns {string[]} up to four names that are nearly what was asked, the nearest first */
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

  /** A list of which the first few are shown until all are asked for. @param {string} head @param {HTMLElement[]} items @param {number} most */
  function list(head, items, most) {
    items.slice(most).forEach((item) => (item.hidden = true));
    const box = make("section", { className: "livrev-found" }, [make("h2", { textContent: head }), make("ul", {}, items)]);
    if (items.length > most) {
      const more = make("button", { type: "button", textContent: `Show all ${items.length}` });
      more.addEventListener("click", () => {
        items.forEach((item) => (item.hidden = false));
        items[most].querySelector("a")?.focus();
        more.remove();
      });
      box.append(more);
    }
    return box;
  }

  /** The words around the first place where they stand near each other, each marked. @param {Found} found */
  function excerpt({ said, hits }) {
    if (!hits.length) return said.length > 2 * AROUND ? `${said.slice(0, 2 * AROUND)}…` : said;
    const inside = (/** @type {number} */ at) => hits.filter(([from]) => from >= at && from < at + 2 * AROUND).length;
    const first = hits.reduce((best, [from]) => (inside(from) > inside(best) ? from : best), hits[0][0]);
    const from = first < AROUND ? 0 : said.indexOf(" ", first - AROUND) + 1, to = Math.min(said.length, first + 2 * AROUND);
    /** @type {(Node | string)[]} */
    const parts = [from ? "… " : ""];
    let at = from;
    for (const [begin, end] of hits) {
      if (begin < at || end > to) continue;
      parts.push(said.slice(at, begin), make("mark", { textContent: said.slice(begin, end) }));
      at = end;
    }
    const end = to < said.length ? Math.max(at, said.lastIndexOf(" ", to)) : to;
    return make("p", {}, [...parts, said.slice(at, end), end < said.length ? " …" : ""]);
  }

  /** @param {Found} found @param {string} wanted */
  function pageItem(found, wanted) {
    const { page, title, anchor, heading } = found;
    const href = `${page}?highlight=${encodeURIComponent(wanted)}#${anchor}`;
    const link = make("a", { href, textContent: title });
    const part = heading === title ? [] : [make("span", { className: "livrev-small", textContent: ` › ${heading}` })];
    return make("li", {}, [link, ...part, excerpt(found)]);
  }

  const field = /** @type {HTMLInputElement | null} */ (document.getElementById("livrev-asked"));
  if (!plain(asked)) return void field?.focus();
  if (field) field.value = asked;
  document.title = `${asked} — ${document.title}`;

  let wanted = plain(asked), studies = findStudies(wanted), pages = findPages(wanted);
  if (!studies.length && !pages.length) {
    const names = likely();
    const others = names.slice(1).flatMap((name, at) => [at ? ", " : " Or did you mean ", make("a", { href: `?q=${encodeURIComponent(name)}`, textContent: name })]);
    const instead = names.length ? [" This is for ", make("a", { href: `?q=${encodeURIComponent(names[0])}`, textContent: names[0] }), ".", ...others, ...(others.length ? ["?"] : [])] : [];
    place.append(make("p", { className: "livrev-none" }, [`No study, ${records.words} is called “${asked}”, and no page says it.`, ...instead]));
    if (names.length) [wanted] = [plain(names[0])], studies = findStudies(wanted), pages = findPages(wanted);
  }
  const terms = termsCalled(wanted);
  for (const [label] of terms) {
    for (const found of findPages(plain(label))) if (!pages.some(({ page }) => page === found.page)) pages.push(found);
  }
  const views = records.explorer ? terms.map(([label, , , view]) => make("li", {}, [make("a", { href: `${records.explorer}#${encodeURI(view)}`, textContent: label })])) : [];
  if (views.length) place.append(list("In the explorer", views, 4));
  const items = studies.map(({ at, why }) => {
    const [name, year, , address] = records.studies[at];
    const reason = why && plain(why) !== wanted ? ` (${why})` : "";
    return make("li", {}, [make("a", { href: address, textContent: name }), `${year ? ` ${year}` : ""}${reason}`]);
  });
  if (items.length) place.append(list(items.length === 1 ? "One study" : `${items.length} studies`, items, STUDIES));
  if (pages.length) results.append(list(pages.length === 1 ? "One page" : `${pages.length} pages`, pages.map((found) => pageItem(found, wanted)), PAGES));
})();
