// @ts-check
// Finds studies by name, registry number or any name of a drug or cancer, above what the theme's search finds in the text.
(() => {
  "use strict";
  const records = /** @type {any} */ (window)["livrevRecords"];
  const asked = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  const place = document.getElementById("search-results");
  if (!records || !asked || !place) return;

  /** @param {string} text */
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, " ").trim();
  const wanted = plain(asked);
  /** @param {string} text */
  const holds = (text) => (" " + plain(text)).includes(" " + wanted);

  /** @type {Map<number, string>} place of a study and why it was found */
  const found = new Map();
  records.studies.forEach((/** @type {any[]} */ [name, , names], /** @type {number} */ at) => {
    if (holds(name) || names.some(holds)) found.set(at, "");
  });
  for (const [label, names, places] of records.terms) {
    if (![label, ...names].some((name) => plain(name) === wanted)) continue;
    for (const at of places) if (!found.has(at)) found.set(at, label);
  }
  if (!found.size) return;

  const box = document.createElement("section");
  box.className = "livrev-found";
  const head = document.createElement("h2");
  head.textContent = found.size === 1 ? "One study" : `${found.size} studies`;
  const list = document.createElement("ul");
  for (const [at, why] of found) {
    const [name, year, , address] = records.studies[at];
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = address;
    link.textContent = name;
    item.append(link, [year ? ` ${year}` : "", why && plain(why) !== wanted ? ` (${why})` : ""].join(""));
    list.append(item);
  }
  box.append(head, list);
  place.before(box);
})();
