"""Read one reference in JSON: CSL-JSON, or what Crossref, Europe PMC and ClinicalTrials.gov answer, from them or from a file.

Fields of an answer are taken strictly: what is absent is empty, and what is of another kind than it used to be is said.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from livrev.sources.identifiers import read_address
from livrev.sources.markup import plain_title, read_fragment
from livrev.sources.names import read_name, read_names, space_initials
from livrev.sources.publication import (
    Author,
    Notice,
    Publication,
    Unreadable,
    clean,
    clean_doi,
    doi_address,
    find_ncts,
    find_pmcid,
    find_pmid,
    find_year,
    kind_of_notice,
    page_range,
    place_in,
)
from livrev.sources.registry import read_study
from livrev.sources.service_fields import items_at, needed, text_at

_KINDS = "CSL-JSON, or an answer of Crossref, Europe PMC or ClinicalTrials.gov"
_NOTICES = ("retraction in", "erratum in", "expression of concern in", "corrected and republished in", "update in")


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
    # a work as Crossref stores it is told from CSL-JSON by its title, which is a list
    if isinstance(message, dict) and (
        "message-type" in whole or (isinstance(message.get("title"), list) and isinstance(message.get("DOI"), str))
    ):
        works = message.get("items")
        return "Crossref", [work for work in works if isinstance(work, dict)] if isinstance(works, list) else [message]
    if isinstance(results := whole.get("resultList"), dict):
        found = results.get("result")
        return "Europe PMC", found if isinstance(found, list) else []
    if "authorList" in whole and "title" in whole:
        return "Europe PMC", [whole]
    studies = whole.get("studies", data if isinstance(data, list) else [whole])
    registered = isinstance(studies, list) and bool(studies) and all(_is_study(study) for study in studies)
    if registered or isinstance(whole.get("studies"), list):
        return "ClinicalTrials.gov", studies
    items = data if isinstance(data, list) else whole.get("items", [whole])
    items = items if isinstance(items, list) else []
    return "CSL-JSON", [item for item in items if isinstance(item, dict) and item.get("title")]


def _is_study(item: Any) -> bool:
    return isinstance(item, dict) and "protocolSection" in item


def _read_item(item: dict[str, Any]) -> Publication:
    def plain(*fields: str) -> str:
        for field in fields:
            value = item.get(field)
            value = value[0] if isinstance(value, list) and value else value
            if isinstance(value, str | int | float) and not isinstance(value, bool) and clean(str(value)):
                return clean(str(value))
        return ""

    note, pmid = plain("note", "extra"), plain("PMID")
    return place_in(
        Publication(
            title=plain_title(plain("title")),
            authors=_names(item.get("author")),
            editors=_names(item.get("editor") or item.get("container-author")),
            year=_year(item.get("issued")) or _year(item.get("published-print")) or _year(item.get("published")),
            volume=plain("volume"),
            number=plain("issue", "number"),
            pages=page_range(plain("page")) or plain("article-number"),
            publisher=plain("publisher"),
            doi=clean_doi(plain("DOI")) or clean_doi(note if "doi" in note.lower() else ""),
            pmid=pmid if pmid.isdigit() else find_pmid(f"PMID: {pmid}", note),
            pmcid=find_pmcid(plain("PMCID"), note),
            nct=find_ncts(note),
            abstract=read_fragment(plain("abstract")),
            kinds=tuple(filter(None, (plain("type"),))),
            language=plain("language"),
            address=read_address("URL", [plain("URL")]),
            service="CSL-JSON",
        ),
        plain_title(plain("container-title", "collection-title", "container-title-short")),
    )


def _names(authors: Any) -> tuple[Author, ...]:
    found = (_name(author) for author in (authors if isinstance(authors, list) else []) if isinstance(author, dict))
    return tuple(author for author in found if author)


def _name(author: dict[str, Any]) -> Author | None:
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


def read_work(work: Any) -> Publication:
    """Return what Crossref stores of a work. Raises ValueError where it lacks what every work has."""
    doi = needed(clean_doi(text_at(work, "DOI")), "message.DOI")
    titles = [plain_title(str(title)) for title in items_at(work, "title")]
    subtitles = [plain_title(str(title)) for title in items_at(work, "subtitle")]
    if titles and subtitles and subtitles[0] and subtitles[0].lower() not in titles[0].lower():
        titles[0] = f"{titles[0]}: {subtitles[0]}"
    abstract = read_fragment(text_at(work, "abstract"))
    if len(abstract) > 1 and abstract[0].label.lower() == "abstract" and not abstract[0].text:
        abstract = abstract[1:]
    held_by = [plain_title(str(name)) for name in items_at(work, "container-title")]
    numbers = [text_at(item, "clinical-trial-number") for item in items_at(work, "clinical-trial-number")]
    return place_in(
        Publication(
            title=needed(titles[0] if titles else "", f"message.title of {doi}").rstrip("."),
            authors=tuple(filter(None, (_contributor(author) for author in items_at(work, "author")))),
            year=_year_of_work(work),
            editors=tuple(filter(None, (_contributor(author) for author in items_at(work, "editor")))),
            volume=text_at(work, "volume"),
            number=text_at(work, "issue"),
            pages=page_range(text_at(work, "page")) or text_at(work, "article-number"),
            publisher=text_at(work, "publisher"),
            doi=doi,
            nct=find_ncts(*numbers),
            abstract=abstract,
            kinds=tuple(filter(None, (text_at(work, "type"),))),
            language=text_at(work, "language"),
            address=doi_address(doi),
            service="Crossref",
            notices=tuple(_updates(work)),
        ),
        held_by[0] if held_by else "",
    )


def _contributor(author: Any) -> Author | None:
    if family := text_at(author, "family"):
        return Author(family, text_at(author, "given"), suffix=text_at(author, "suffix"))
    body = text_at(author, "name") or text_at(author, "given")
    return Author(body, group=True) if body else None


def _year_of_work(work: Any) -> int | None:
    for field in ("published-print", "issued", "published-online", "published", "created"):
        dates = items_at(work, field, "date-parts")
        if dates and isinstance(dates[0], list) and dates[0] and isinstance(dates[0][0], int):
            return dates[0][0]
    return None


def _updates(work: Any) -> Iterator[Notice]:
    for field in ("updated-by", "update-to"):
        for item in items_at(work, field):
            said = text_at(item, "type") or text_at(item, "label")
            date = text_at(item, "updated", "date-time")[:10]
            doi = clean_doi(text_at(item, "DOI"))
            yield Notice(kind_of_notice(said), said, doi, date=date, is_notice=field == "update-to")


def read_result(result: Any) -> Publication:
    """Return one result of a search in Europe PMC. Raises ValueError where it lacks what every record has."""
    source, number = text_at(result, "source"), text_at(result, "id")
    year = text_at(result, "journalInfo", "yearOfPublication") or text_at(result, "pubYear")
    book, pmid = text_at(result, "bookOrReportDetails", "comprisingTitle"), text_at(result, "pmid")
    return Publication(
        title=needed(plain_title(text_at(result, "title")), "title").rstrip("."),
        authors=tuple(_signed(author) for author in items_at(result, "authorList", "author"))
        or read_names([text_at(result, "authorString").rstrip(".")]),
        year=int(year) if year.isdigit() else None,
        journal="" if book else text_at(result, "journalInfo", "journal", "title") or text_at(result, "journalTitle"),
        booktitle=book,
        volume=text_at(result, "journalInfo", "volume") or text_at(result, "journalVolume"),
        number=text_at(result, "journalInfo", "issue") or text_at(result, "issue"),
        pages=page_range(text_at(result, "pageInfo")),
        publisher=text_at(result, "bookOrReportDetails", "publisher"),
        doi=clean_doi(text_at(result, "doi")),
        pmid=pmid if pmid.isdigit() else "",
        pmcid=find_pmcid(text_at(result, "pmcid")),
        abstract=read_fragment(text_at(result, "abstractText")),
        kinds=tuple(clean(str(kind)) for kind in items_at(result, "pubTypeList", "pubType")),
        language=text_at(result, "language"),
        address=f"https://europepmc.org/article/{source}/{number}"
        if re.fullmatch(r"\w+/[\w.-]+", f"{source}/{number}")
        else "",
        service="Europe PMC",
        open_text=text_at(result, "isOpenAccess") == "Y" and text_at(result, "inEPMC") == "Y",
        notices=tuple(_comments(result)),
    )


def _signed(author: Any) -> Author:
    family = "" if (body := text_at(author, "collectiveName")) else text_at(author, "lastName")
    if family:
        return Author(family, text_at(author, "firstName") or text_at(author, "initials"))
    return Author(body or needed(text_at(author, "fullName"), "the name of an author"), group=True)


def _comments(result: Any) -> Iterator[Notice]:
    for item in items_at(result, "commentCorrectionList", "commentCorrection"):
        said = text_at(item, "type")
        if said.lower() in _NOTICES:
            pmid = text_at(item, "id") if text_at(item, "source") == "MED" else ""
            yield Notice(kind_of_notice(said), said, clean_doi(text_at(item, "reference")), pmid)


_READERS = {
    "CSL-JSON": _read_item, "Crossref": read_work, "Europe PMC": read_result, "ClinicalTrials.gov": read_study,
}  # fmt: skip
