"""What the search finds in: studies by any of their names, terms by any of theirs, and every word of the pages.

Sphinx' own index knows which page has a word, but not where: it is not made.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from lxml import html as lxml_html
from sphinx.application import Sphinx

from livrev.records.review import Review
from livrev.show.names import condition_group
from livrev.site.explorer import to_script
from livrev.site.rendering import Page
from livrev.site.state import build_state, kept_state
from livrev.text.vocabulary import find_entities
from livrev.transaction import write_if_changed

SCRIPTS = ("search-records.js", "search-texts.js", "finding.js")
_RECORDS, _TEXTS = "livrevRecords", "livrevTexts"
_UNSAID = {"script", "style", "pre", "nav", "svg", "button"}
_UNSAID_CLASSES = {"headerlink", "livrev-card", "livrev-notes", "livrev-minutes", "livrev-citing-part", "hide"}
_APART = {"p", "li", "td", "th", "dt", "dd", "br", "caption", "figcaption", "div"}
_ADDRESS = re.compile(r"(?:URL: |doi:)?(?:https?://|\b10\.\d{4,}/)\S+")
_LONG = 30  # rows; a longer table has a search of its own, and repeats what the pages of its studies say
_HEADS = {"h1", "h2", "h3", "h4", "h5", "h6"}


def search_index(review: Review) -> dict[str, Any]:
    """Return what the browser searches.

    A study is [name, year, other names, address]; a term is [label, other names, places of the studies that name it, what the
    explorer calls it], those without a study left out.
    """
    studies: list[list[Any]] = []
    mentions: dict[tuple[str, str], dict[int, None]] = {}
    conditions = condition_group(review)
    # The filter of the explorer that shows what a term stands for; for all others its field of words.
    filters = {"endpoints": "endpoint", "strategies": "strategy", "designs": "design", conditions: "condition"}
    for place, study in enumerate(review.studies.values()):
        names = [*study.nct, study.citekey, *study.other_citekeys, *([study.pmid] if study.pmid else []), study.study]
        cited = (review.references[key] for key in (study.citekey, *study.other_citekeys) if key in review.references)
        names += [f"{reference.first_author} {reference.year}" for reference in cited]
        studies.append([study.name, study.year, names, f"studies/{study.study}.html"])
        text = f"{study.name}; {(study.model_extra or {}).get('arms') or ''}"
        named = [entity.entity.partition(":")[::2] for entity in find_entities(text, review.vocabulary)]
        found = {(group, term) for group, term in named if group in review.settings.search.groups}
        found |= {(conditions, condition) for condition in study.condition} | {("designs", study.design)}
        for mention in found | {("strategies", strategy) for strategy in study.strategy}:
            mentions.setdefault(mention, {})[place] = None
    places = {key: place for place, key in enumerate(review.studies)}
    for outcome in review.outcomes.values():
        for mention in {("endpoints", outcome.endpoint), ("strata", outcome.stratum)} - {("strata", "all")}:
            mentions.setdefault(mention, {})[places[outcome.study]] = None
    terms = []
    for (group, name), told in sorted(mentions.items()):
        if (term := review.vocabulary.terms[group].get(name)) is None:  # a word that the records alone use
            continue
        view = f"{filters[group]}={name}" if group in filters else f"text={term.label}"
        terms.append([term.label, list(term.synonyms), list(told), view])
    return {"studies": studies, "terms": terms, "words": review.settings.search.words}


def page_texts(page: str) -> Iterator[list[str]]:
    """Yield [place, heading, words] of each part of a page, given as HTML, the last first; the first heading is its title."""
    article = page[page.find("<article") : page.rfind("</article>")]
    if not article:
        return
    root = lxml_html.fromstring(article)
    for element in list(root.iter()):
        long = element.tag == "table" and sum(1 for _ in element.iter("tr")) > _LONG
        if long or element.tag in _UNSAID or _UNSAID_CLASSES & set(element.get("class", "").split()):
            element.drop_tree()
        elif element.tag in _APART:
            element.tail = f" {element.tail or ''}"
    for part in [*root.iter("section")][::-1]:
        heading = " ".join("".join(part[0].itertext()).split()) if len(part) and part[0].tag in _HEADS else ""
        words = " ".join(_ADDRESS.sub("", "".join(part.itertext())).split())
        if heading:
            part.drop_tree()
            yield [part.get("id") or "", heading, words.removeprefix(heading).strip()]


def write_names(app: Sphinx, env: Any) -> None:
    """Write the names among the assets: there they are before the pages, which name their digest."""
    review = build_state(app).review
    index = search_index(review)
    index["explorer"] = next((f"{page}.html" for page in kept_state(env).explorer_pages), "")
    write_if_changed(review.repository.build / "assets" / SCRIPTS[0], to_script(index, _RECORDS))


def collect_search(app: Sphinx) -> Iterator[Page]:
    """Write the words of all pages, which are there by now, then yield the page of the search, which is our own.

    Names and words are classic scripts, which a page opened from the disk can load. The words of a page that was not written
    again since the last script stand in that.
    """
    out = Path(app.outdir)
    script, known, written = out / "_static" / SCRIPTS[1], {}, 0
    with suppress(OSError, ValueError):
        known = json.loads(script.read_text(encoding="utf-8").removeprefix(f"window.{_TEXTS} = ").removesuffix(";\n"))
        written = script.stat().st_mtime_ns
    texts = {}
    pages = [*(out / f"{page}.html" for page in sorted(app.env.found_docs)), *sorted(out.glob("sources/[!i]*.html"))]
    for page in (page for page in pages if page.is_file()):
        name = page.relative_to(out).as_posix()
        same = name in known and page.stat().st_mtime_ns < written
        texts[name] = known[name] if same else list(page_texts(page.read_text(encoding="utf-8")))[::-1]
    script.write_text(to_script(texts, _TEXTS), encoding="utf-8")
    yield "search", {"title": "Search"}, "search.html"
