"""An index that finds a study by its name, its registry number, its citekey, or any name of a term that it is about."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

from livrev.records.review import Review
from livrev.show.views.evidence import condition_group
from livrev.site.build_cache import recall_or_make
from livrev.site.state import build_state
from livrev.text.entities import find_entities

SCRIPTS = ("search-records.js", "finding.js")
_DESCRIPTION = re.compile('<meta name="description" content="([^"]*)"')


def connect(app: Sphinx) -> None:
    """Put the index, and what asks it, on the page of the search."""
    app.add_search_language(English)
    for name in SCRIPTS:
        app.add_js_file(name, loading_method="defer")
    app.connect("build-finished", _write)


class English(SearchEnglish):
    """The English of Sphinx' search, which looks for the stem of a word once, not each time that the book says it."""

    def init(self, options: dict[str, str]) -> None:
        """Make the stemmer."""
        super().init(options)
        self.stem = cache(super().stem)  # type: ignore[method-assign]


def search_index(review: Review) -> dict[str, Any]:
    """Return what the browser searches.

    A study is [name, year, other names, address]; a term is [label, other names, places of the studies that name it], those
    without a study left out.
    """
    studies: list[list[Any]] = []
    mentions: dict[tuple[str, str], list[int]] = {}
    for place, study in enumerate(review.studies.values()):
        names = [*study.nct, study.citekey, *study.other_citekeys, *([study.pmid] if study.pmid else []), study.study]
        cited = (review.references[key] for key in (study.citekey, *study.other_citekeys) if key in review.references)
        names += [f"{reference.first_author} {reference.year}" for reference in cited]
        studies.append([study.name, study.year, names, f"studies/{study.study}.html"])
        text = f"{study.name}; {(study.model_extra or {}).get('arms') or ''}"
        found = {tuple(entity.entity.split(":", 1)) for entity in find_entities(text, review.vocabulary)}
        found |= {(condition_group(review), condition) for condition in study.condition}
        for group, term in sorted(found):
            if group in review.settings.search.groups:
                mentions.setdefault((group, term), []).append(place)
    places = {key: place for place, key in enumerate(review.studies)}
    for outcome in review.outcomes.values():
        if review.vocabulary.terms["endpoints"][outcome.endpoint].synonyms:
            told = mentions.setdefault(("endpoints", outcome.endpoint), [])
            if places[outcome.study] not in told:
                told.append(places[outcome.study])
    terms = [
        [review.vocabulary.terms[group][term].label, list(review.vocabulary.terms[group][term].synonyms), places]
        for (group, term), places in sorted(mentions.items())
    ]
    return {"studies": studies, "terms": terms, "words": review.settings.search.words}


def _write(app: Sphinx, error: Exception | None) -> None:
    """Write the index as a classic script, which a page opened from the disk can load."""
    if error is None and app.builder.format == "html":
        review = build_state(app).review
        index = recall_or_make(review.repository, "search", lambda: search_index(review))
        index["pages"] = dict(_descriptions(Path(app.outdir), app.env.found_docs))
        text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
        (Path(app.outdir) / "_static" / SCRIPTS[0]).write_text(f"window.livrevRecords = {text};\n", encoding="utf-8")


def _descriptions(html: Path, pages: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each page with what its head says that it is about."""
    for page in sorted(pages):
        place = html / f"{page}.html"
        found = _DESCRIPTION.search(place.read_text(encoding="utf-8")) if place.is_file() else None
        if found:
            yield page, unescape(found[1])
