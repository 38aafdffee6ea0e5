var DOCUMENTATION_OPTIONS = { VERSION: "", LANGUAGE: document.documentElement.lang || "en", BUILDER: "html", FILE_SUFFIX: ".html",
      LINK_SUFFIX: ".html", COLLAPSE_INDEX: false, HAS_SOURCE: false, SOURCELINK_SUFFIX: "", NAVIGATION_WITH_KEYS: false,
      SHOW_SEARCH_SUMMARY: false, ENABLE_SEARCH_SHORTCUTS: false, search_as_you_type: false };
    (({ dataset, classList }) => {
      dataset.mode = localStorage.getItem("mode") || "auto";
      dataset.theme = /^(light|dark)$/.test(dataset.mode) ? dataset.mode : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
      classList.add("scripted");
      const asked = { rel: "preload", as: "font", type: "font/woff", crossOrigin: "" }, make = () => document.createElement("link");
      if (/^http/.test(location.protocol)) document.head.append(...LETTERS.map((href) => Object.assign(make(), asked, { href })));
    })(document.documentElement);
