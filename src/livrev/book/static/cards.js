// @ts-check
// The theme takes the Escape key for its search, wherever one is; an open evidence card gets it first.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const card = /** @type {HTMLElement | null} */ (document.querySelector(".livrev-card:popover-open"));
  if (!card) return;
  event.stopPropagation();
  card.hidePopover();
}, true);
