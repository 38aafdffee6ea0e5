"""Read one reference in JSON: CSL-JSON, or an answer of Crossref, Europe PMC or ClinicalTrials.gov saved to a file."""

import json
from typing import Any

from livrev.sources.addresses import read_address
from livrev.sources.markup import plain_title, read_fragment
from livrev.sources.names import read_name, space_initials
from livrev.sources.publication import (
    Author,
    Publication,
    Unreadable,
    clean,
    clean_doi,
    find_ncts,
    find_pmcid,
    find_pmid,
    find_year,
    page_range,
    place_in,
)
from livrev.sources.services.clinicaltrials import read_study
from livrev.sources.services.crossref import read_work
from livrev.sources.services.europepmc import read_result

_KINDS = "CSL-JSON, or an answer of Crossref, Europe PMC or ClinicalTrials.gov"


def read_json_file(text: str) -> Publication:
    """Return the one publication that JSON describes. Raises Unreadable."""
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Unreadable(f"is JSON that cannot be read ({error}); export it again") from None
    kind, items = _find_items(data)
    if len(items) != 1:
        raise Unreadable(
            f"is {kind} and holds {len(items) or 'no'} references; give a file with one reference ({_KINDS})"
        )
    try:
        return _READERS[kind](items[0])
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable(f"is an answer of {kind} that {error}; save it again") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose names stand once each. Raises Unreadable."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"says {twice} twice of one thing; keep one of the two", value=f'"{twice}"')
    return found


def _refuse_constant(said: str) -> None:
    raise Unreadable(f"holds {said}, which is no value; export it again", value=said)


def _find_items(data: Any) -> tuple[str, list[Any]]:
    """Return what wrote *data*, and the publications in it."""
    whole = data if isinstance(data, dict) else {}
    message = whole.get("message", whole)
    if isinstance(message, dict) and ("message-type" in whole or _is_work(message)):
        works = message.get("items")
        return "Crossref", [work for work in works if isinstance(work, dict)] if isinstance(works, list) else [message]
    if isinstance(results := whole.get("resultList"), dict):
        found = results.get("result")
        return "Europe PMC", found if isinstance(found, list) else []
    if "protocolSection" in whole:
        return "ClinicalTrials.gov", [whole]
    if isinstance(studies := whole.get("studies"), list):
        return "ClinicalTrials.gov", studies
    if "authorList" in whole and "title" in whole:
        return "Europe PMC", [whole]
    if isinstance(data, list) and data and all(isinstance(item, dict) and "protocolSection" in item for item in data):
        return "ClinicalTrials.gov", data
    items = data if isinstance(data, list) else whole.get("items", [whole])
    return "CSL-JSON", [item for item in items if isinstance(item, dict) and item.get("title")] if isinstance(
        items, list
    ) else []


def _is_work(data: dict[str, Any]) -> bool:
    """Tell a work as Crossref stores it from CSL-JSON: its title is a list."""
    return isinstance(data.get("title"), list) and isinstance(data.get("DOI"), str)


def _read_item(item: dict[str, Any]) -> Publication:
    def plain(*fields: str) -> str:
        for field in fields:
            value = item.get(field)
            value = value[0] if isinstance(value, list) and value else value
            if isinstance(value, str | int | float) and not isinstance(value, bool) and clean(str(value)):
                return clean(str(value))
        return ""

    abstract, note = read_fragment(plain("abstract")), plain("note", "extra")
    kinds = tuple(filter(None, (plain("type"),)))
    pmid = plain("PMID")
    return place_in(
        Publication(
            title=plain_title(plain("title")),
            authors=_names(item.get("author")),
            editors=_names(item.get("editor") or item.get("container-author")),
            year=_year(item.get("issued")) or _year(item.get("published-print")) or _year(item.get("published")),
            volume=plain("volume"),
            number=plain("issue", "number"),
            pages=page_range(plain("page", "number-of-pages")) if plain("page") else plain("article-number"),
            publisher=plain("publisher"),
            doi=clean_doi(plain("DOI")) or clean_doi(note if "doi" in note.lower() else ""),
            pmid=pmid if pmid.isdigit() else find_pmid(f"PMID: {pmid}", note),
            pmcid=find_pmcid(plain("PMCID"), note),
            nct=find_ncts(note, *(section.text for section in abstract)),
            abstract=abstract,
            kinds=kinds,
            language=plain("language"),
            address=read_address("URL", [plain("URL")]),
            service="CSL-JSON",
        ),
        plain_title(plain("container-title", "collection-title", "container-title-short")),
    )


def _names(authors: Any) -> tuple[Author, ...]:
    found = (_name(author) for author in (authors if isinstance(authors, list) else []))
    return tuple(author for author in found if author)


def _name(author: Any) -> Author | None:
    if not isinstance(author, dict):
        return None

    def part(*names: str) -> str:
        return clean(" ".join(str(author[name]) for name in names if isinstance(author.get(name), str)))

    if body := part("literal") or part("name"):
        return Author(body, group=True)
    family, given = part("dropping-particle", "non-dropping-particle", "family"), space_initials(part("given"))
    return Author(family, given, suffix=part("suffix")) if family and given else read_name(family or given)


def _year(issued: Any) -> int | None:
    if not isinstance(issued, dict):
        return None
    parts = issued.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
        return find_year(str(parts[0][0]))
    return find_year(*(str(issued.get(name) or "") for name in ("raw", "literal")))


_READERS = {
    "CSL-JSON": _read_item, "Crossref": read_work, "Europe PMC": read_result, "ClinicalTrials.gov": read_study,
}  # fmt: skip
