// @ts-check
// What opens beside the text: the evidence for a sentence, a reference, a definition. By mouse on hover, by keyboard on focus,
// by finger on a tap; Escape closes. Without this script evidence opens by its button, and links lead to where they point.
(() => {
  "use strict";
  const WAIT = 250, GRACE = 350, GAP = 8;
  const OPENERS = ".livrev-mark, a.livrev-cite, a.livrev-term";
  /** @type {{card: HTMLElement, opener: HTMLElement, kept: boolean, home: Node | null, next: Node | null} | null} */
  let open = null;
  let timer = 0, pointer = "mouse", closing = false;

  /** @param {Element} opener */
  const cardOf = (opener) => document.getElementById(
    opener.getAttribute("popovertarget") ?? "note-" + decodeURIComponent(/** @type {HTMLAnchorElement} */ (opener).hash.slice(1)),
  );
  /** @param {EventTarget | null} target @param {string} what @returns {HTMLElement | null} */
  const within = (target, what) => target instanceof Element ? target.closest(what) : null;

  document.querySelectorAll("a.livrev-cite, a.livrev-term").forEach((link) => {
    const card = cardOf(link);
    if (card) link.setAttribute("aria-describedby", card.id);
  });

  /** Put the card below the line that it belongs to, or above it where there is more room: never on it. */
  function place() {
    if (!open) return;
    const { card, opener } = open;
    const lines = [...opener.getClientRects()];
    const first = lines[0], last = lines[lines.length - 1];
    if (!first || last.bottom < 0 || first.top > innerHeight) return hide();
    card.style.maxHeight = "";
    const width = document.documentElement.clientWidth, { width: wide, height: high } = card.getBoundingClientRect();
    const below = innerHeight - last.bottom - 2 * GAP, above = first.top - 2 * GAP;
    const under = high <= below || below >= above;
    const height = Math.min(high, under ? below : above);
    card.style.maxHeight = `${height}px`;
    card.style.left = `${Math.max(GAP, Math.min(last.left - 2 * GAP, width - wide - GAP))}px`;
    card.style.top = `${under ? last.bottom + GAP : first.top - GAP - height}px`;
  }

  /** @param {HTMLElement} opener @param {boolean} kept whether it stays until it is closed */
  function show(opener, kept) {
    clearTimeout(timer);
    if (open?.opener === opener) { open.kept ||= kept; return; }
    hide();
    const card = cardOf(opener);
    if (!card?.showPopover) return;
    const { parentNode: home, nextSibling: next } = card;
    if (card.classList.contains("livrev-note")) opener.after(card); // so that the keyboard comes to it next
    card.classList.add("livrev-beside");
    open = { card, opener, kept, home, next };
    card.showPopover();
    place();
  }

  function hide() {
    clearTimeout(timer);
    const was = open;
    open = null;
    closing = true; // focus goes back to the opener, which shall not open again
    if (was?.card.matches(":popover-open")) was.card.hidePopover();
    closing = false;
    if (was && was.card.parentNode !== was.home) was.home?.insertBefore(was.card, was.next);
  }

  addEventListener("pointerdown", (event) => { pointer = event.pointerType || "mouse"; }, true);
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    clearTimeout(timer);
    const opener = within(event.target, OPENERS);
    if (opener) timer = setTimeout(() => show(opener, false), WAIT);
    else if (open && !open.kept && !within(event.target, ".livrev-card, .livrev-note")) timer = setTimeout(hide, GRACE);
  });
  document.addEventListener("focusin", (event) => {
    if (closing) return;
    const opener = within(event.target, "a.livrev-cite, a.livrev-term");
    if (opener?.matches(":focus-visible")) show(opener, false);
    else if (open && !open.kept && !open.card.contains(/** @type {Node} */ (event.target)) && event.target !== open.opener) hide();
  });
  document.addEventListener("click", (event) => {
    const opener = within(event.target, OPENERS);
    if (!opener || !cardOf(opener)?.showPopover) return;
    const mark = opener.matches(".livrev-mark");
    if (!mark && pointer === "mouse") return; // a mouse has seen the note already, and follows the link
    if (!mark && event.detail === 0) return; // so does the Enter key
    event.preventDefault();
    if (mark && open?.opener === opener && open.kept) hide();
    else show(opener, true);
  }, true);
  // Closed by a click elsewhere, or because another one opened.
  document.addEventListener("toggle", (event) => {
    if (/** @type {any} */ (event).newState === "closed" && open && event.target === open.card) hide();
  }, true);
  // The theme takes the Escape key for its search, wherever one is; what is open gets it first.
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    event.preventDefault();
    hide();
  }, true);
  addEventListener("scroll", (event) => { if (event.target !== open?.card) place(); }, { capture: true, passive: true });
  addEventListener("resize", place);

  // The sign beside a heading, a finding or a result copies its address.
  const said = document.createElement("div");
  said.className = "livrev-said";
  said.setAttribute("role", "status");
  document.body.append(said);

  /** @param {string} text @returns {Promise<boolean>} */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      field.style.cssText = "position:fixed;opacity:0";
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  }

  document.addEventListener("click", async (event) => {
    const link = /** @type {HTMLAnchorElement | null} */ (within(event.target, "a.headerlink"));
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    said.textContent = await copy(link.href) ? "Link copied" : "The link is now in the address bar";
    setTimeout(() => { said.textContent = ""; }, 2500);
  });
})();
