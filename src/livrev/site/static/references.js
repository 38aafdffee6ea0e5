// @ts-check
// Over a long list of references: its letters, and a field that leaves those that hold every word.
(() => {
  "use strict";
  const list = document.querySelector(".citation-list");
  const entries = /** @type {HTMLElement[]} */ ([...(list?.querySelectorAll(".citation") ?? [])]);
  if (!list || entries.length < 40) return;
  const plain = (/** @type {string | null} */ text) => (text ?? "").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const letters = document.createElement("nav");
  letters.className = "livrev-letters";
  letters.setAttribute("aria-label", "References by letter");
  let last = "";
  for (const entry of entries) {
    const letter = plain(entry.querySelector(".label")?.textContent ?? "").match(/\p{L}/u)?.[0].toUpperCase() ?? "";
    if (letter && letter !== last) letters.append(Object.assign(document.createElement("a"), { href: `#${entry.id}`, textContent: letter }));
    last = letter;
  }
  const field = Object.assign(document.createElement("input"), { type: "search", autocomplete: "off" });
  const label = document.createElement("label"), told = document.createElement("p");
  label.append("Filter ", field);
  told.className = "livrev-info";
  told.setAttribute("role", "status");
  field.addEventListener("input", () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let left = 0;
    for (const entry of entries) left += Number(!(entry.hidden = !words.every((word) => plain(entry.textContent).includes(word))));
    letters.hidden = words.length > 0;
    told.textContent = words.length ? `${left} of ${entries.length} references` : "";
  });
  const bar = document.createElement("div");
  bar.className = "livrev-filters";
  bar.append(label, told);
  list.before(bar, letters);
})();
