// @ts-check
// The words of a page are shown first; scripts marked as later come after them, in their order.
addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => setTimeout(() => {
  for (const later of document.querySelectorAll('script[data-later="page"]')) {
    if (later instanceof HTMLScriptElement) {
      document.body.append(Object.assign(document.createElement("script"), { src: later.src, async: false }));
    }
  }
})));
