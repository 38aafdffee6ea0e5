// @ts-check
// How a single table, result or finding is cited: the citation of this edition, with its own title and address; how a figure is
// put into another page.
(() => {
  "use strict";
  const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById("livrev-citing"));
  if (!template) return;
  const card = document.createElement("div");
  card.className = "livrev-card livrev-citing-part";
  card.popover = "auto";
  document.body.append(card);

  /** The words of an element without its links to itself. @param {Element | null | undefined} element */
  function words(element) {
    const copy = /** @type {Element | undefined} */ (element?.cloneNode(true));
    copy?.querySelectorAll(".headerlink, .livrev-cite-one").forEach((link) => link.remove());
    return (copy?.textContent ?? "").replace(/\s+/g, " ").trim().replace(/\.$/, "");
  }

  /** @param {string} title @param {string} id */
  function show(title, id) {
    const deep = (document.documentElement.dataset["content_root"] ?? "").split("../").length;
    const address = `${location.pathname.split("/").slice(-deep).join("/")}#${id}`;
    const forms = /** @type {DocumentFragment} */ (/** @type {HTMLTemplateElement} */ (template).content.cloneNode(true));
    for (const form of forms.querySelectorAll("p")) {
      form.textContent = (form.textContent ?? "").replaceAll("{title}", title).replaceAll("{place}", address);
      form.tabIndex = 0;
    }
    open("Cite this", forms);
  }

  /** @param {string} said @param {Node} what */
  function open(said, what) {
    card.replaceChildren(Object.assign(document.createElement("strong"), { className: "livrev-head", textContent: said }), what);
    card.showPopover();
  }

  /** The piece of HTML that shows a figure elsewhere, and leads back to it. @param {HTMLAnchorElement} picture @param {Element} figure */
  function embed(picture, figure) {
    const title = words(figure.querySelector("figcaption p")), here = location.href.replace(/#.*$/, "");
    const image = Object.assign(document.createElement("img"), { src: picture.href, alt: title }), link = document.createElement("a");
    Object.assign(link, { href: `${here}#${figure.id}` }).append(image);
    return Object.assign(document.createElement("p"), { textContent: link.outerHTML, tabIndex: 0 });
  }

  /** @param {string} title @param {string} id */
  function button(title, id) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "livrev-cite-one", textContent: "cite" });
    made.setAttribute("aria-label", `Cite: ${title}`.slice(0, 160));
    made.addEventListener("click", () => show(title, id));
    return made;
  }

  const page = [...document.querySelectorAll("h1")].map(words).find(Boolean) ?? document.title;
  document.querySelectorAll(".livrev-results tr[id]").forEach((row) => {
    const endpoint = words(row.parentElement?.querySelector("th[scope=rowgroup]")), cells = /** @type {HTMLTableRowElement} */ (row).cells;
    const said = [...cells].find((cell) => cell.dataset["said"] !== undefined);
    cells[0].append(" ", button(`${page}: ${endpoint}, ${words(cells[0])}: ${words(said)}`, row.id));
  });
  document.querySelectorAll("figure[id] a[download$='.svg']").forEach((link) => {
    const picture = /** @type {HTMLAnchorElement} */ (link), figure = /** @type {Element} */ (link.closest("figure"));
    const made = Object.assign(document.createElement("button"), { type: "button", className: "livrev-cite-one", textContent: "Embed" });
    made.addEventListener("click", () => open("Put this figure into a page", embed(picture, figure)));
    link.after(" · ", made);
  });
  document.querySelectorAll(".livrev-finding[id]").forEach((one) => {
    one.querySelector("h3")?.append(" ", button(words(one.querySelector("h3")), one.id));
  });
  document.querySelectorAll("article .livrev-table[id]").forEach((table) => {
    const figure = table.closest("figure[id]"), title = words((figure ?? table).querySelector("figcaption p, caption"));
    const line = document.createElement("p");
    line.className = "livrev-download";
    const link = Object.assign(document.createElement("a"), { className: "headerlink livrev-copy", href: `#${figure?.id || table.id}`, textContent: "Copy link" });
    line.append(link, " · ", button(title, figure?.id || table.id));
    table.append(line);
  });
})();
