"""Plan what adding a publication changes: the new text of every file, before any is written.

Entry, rows and note of a source are drafts, all marked unread: a person must read them.
"""

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from livrev.records.review import Review
from livrev.records.tables import append_lines, append_rows, csv_line
from livrev.sources.draft_tables import MARKS, RATIOS, Draft, draft_rows, draft_study, read_by_machine, study_draft
from livrev.sources.entry import insert_entry, make_key, write_entry
from livrev.sources.publication import STATES, Publication, Unreadable, address_of, read_address
from livrev.text.features import SentenceFeatures, dump_features
from livrev.text.numbers import quantity_to_json
from livrev.text.vocabulary import Vocabulary
from livrev.transaction import NewText, held_in

_REGISTERS = ("Crossref", "PubMed")
_LANGUAGES = {"eng": "English", "en": "English", "ger": "German", "de": "German", "fre": "French", "fr": "French",
              "chi": "Chinese", "zh": "Chinese", "jpn": "Japanese", "ja": "Japanese", "spa": "Spanish", "es": "Spanish"}  # fmt: skip
_KINDS = {"meta-analysis": "review", "review": "review", "editorial": "editorial", "comment": "editorial", "news": "news"}  # fmt: skip
_SAID = {"n": "number of patients", "p": "p", "dose": "dose", "date": "date", "median": "median", "rate": "rate",
         "proportion": "proportion", "HR": "hazard ratio", "OR": "odds ratio", "RR": "risk ratio"}  # fmt: skip


@dataclass(frozen=True)
class Addition:
    """What is to be written, and what a person should know of it: the draft, and how many *rows* of results it has."""

    draft: Draft
    rows: int
    texts: Mapping[Path, NewText]


def plan_addition(review: Review, publication: Publication, *, today: datetime.date, asked: bool) -> Addition:
    """Return the change that adds *publication* to *review*.

    *asked* says that services were asked today, and that their silence about a retraction means something; a file may be old.

    Raises Unreadable where it has no title or no author, where its address is none of the web, and where its text is longer
    than any paper.
    """
    if not publication.title.strip():
        raise Unreadable("no title was found; give it with --title")
    # a whole book is named by its editors where it has no author
    publication = replace(publication, authors=publication.authors or publication.editors)
    if not publication.authors:
        cure = 'give each with --author "Family, Given", or the publishing body with --author'
        raise Unreadable(f"no author was found; {cure}")
    repository, tables = review.repository, {name: rows.table for name, rows in review.tables.items()}
    drafted = (path.stem for folder in (repository.drafts, repository.features) for path in folder.glob("*"))
    key = make_key(publication, [*review.references, *drafted])
    # what comes from a service or a saved answer is looked at once more, wherever it was read
    read_address("address", [publication.address])
    # where a person reads the source, for rows and notes: a file seldom says so, its numbers do
    found = replace(publication, address=publication.address or address_of(publication))
    draft = read_by_machine(key, found, review.vocabulary)
    rows = draft_rows(draft)
    study = draft_study(draft, tables["studies"].columns, review.settings.condition.column)
    bibliography = repository.references.read_bytes().decode("utf-8")
    texts = {
        repository.references: insert_entry(bibliography, key, write_entry(key, publication, today=today)),
        repository.features / f"{key}.json": dump_features(draft.features),
        repository.drafts / f"{key}.md": _draft_note(draft),
        repository.drafts / f"{key}.csv": _to_csv([*tables["outcomes"].names, *MARKS], rows),
        study_draft(repository, key): _to_csv([*tables["studies"].names, *MARKS], [study]),
        repository.raw / f"{key}.txt": draft.text,
    }
    if publication.doi:
        path, row = repository.data / tables["retractions"].path, _looked_up(key, publication, today if asked else None)
        lines = path.read_bytes().decode("utf-8").splitlines(keepends=True)  # no cell of a sound table has a line break
        later = (n for n, line in enumerate(lines) if n and line.partition(",")[0].strip('"').lower() > key.lower())
        place = next(later, len(lines))
        before = append_lines("".join(lines[:place]), [csv_line(tables["retractions"].names, row)])
        texts[path] = before + "".join(lines[place:])
    return Addition(draft, len(rows), {path: NewText(text, held_in(path)) for path, text in texts.items()})


def _to_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    return append_rows(",".join(columns) + "\n", columns, rows)


def _looked_up(key: str, publication: Publication, asked_on: datetime.date | None) -> dict[str, str]:
    """Return the row that says whether the registers of retractions list the DOI, where they were asked."""
    registers = [name for name in _REGISTERS if name in publication.service.split(", ")]
    row = {"citekey": key, "doi": publication.doi, "state": "unchecked"}
    if asked_on and registers:
        row |= {"state": "none", "checked_on": asked_on.isoformat(), "where": "; ".join(registers)}
        if against := publication.against:
            kind = against[0].kind
            notice = next((notice.doi for notice in against if notice.kind == kind and notice.doi), "")
            note = f"Listed as {kind}; the notice is to be read."
            row |= {"state": STATES[kind], "notice_doi": notice, "note": note}
    return row


def _draft_note(draft: Draft) -> str:
    """Return the draft of a source note: the form of data/sources/, with `read: no` and gaps where a person decides.

    It says what numbers and terms a sentence holds, in words of this package, and none of the sentence's own. It leaves open
    what a machine must not decide: which arm, which contrast, which population, and whether the number is meant so.
    """
    publication = draft.publication
    found = [(sentence, place) for sentence, place, _ in draft.sentences() if sentence.quantities]
    silent = [sentence.n for sentence, _, _ in draft.sentences() if not sentence.quantities]
    lines = [
        "---",
        f"citekey: {draft.key}",
        "read: no  # by a person; while it says no, livrev check fails",
        f"kind: {_kind(publication)}",
        f"title: {_quoted(publication.title)}",
        f"document: {_quoted(f'{draft.key}.txt')}",
        f"language: {_quoted(_LANGUAGES.get(publication.language.lower()[:3], publication.language or 'not said'))}",
        "reports_on: []",
        "read_on:  # the day on which a person read it",
        f"from: {_quoted(publication.service)}",
        f"address: {_quoted(publication.address)}",
        *(f"notice: {_quoted(said)}" for said in notices_of(publication)),
        f"nothing_found_in: {_quoted(_ranges(silent))}  # sentences in which no quantity was found: read them too",
        "findings:" if found else "findings: []",
    ]
    for count, (sentence, place) in enumerate(found, 1):
        lines += [
            f"- id: {draft.study}-{count:02d}",
            f"  sentence: {sentence.n}",
            f'  fingerprint: "{sentence.fingerprint}"',
            "  read: no",
            f"  place: {_quoted(place)}",
            f"  machine_found: {_quoted(_describe(sentence, draft.vocabulary))}",
            "  statement:  # in your own words",
        ]
    lines += ["---", "", "Draft made by `livrev add`. What the machine found is a hint, not a reading.", ""]
    return "\n".join(lines)


def notices_of(publication: Publication) -> list[str]:
    """Return what is said against a publication: retractions first, then concerns and corrections."""
    numbered = ((n.kind, n.date, n.doi or (f"PMID {n.pmid}" if n.pmid else "")) for n in publication.against)
    return [" ".join(filter(None, parts)) for parts in numbered]


def _describe(sentence: SentenceFeatures, vocabulary: Vocabulary) -> str:
    ratios = [quantity for quantity in sentence.quantities if quantity.kind in RATIOS]
    said = "; ".join(
        _describe_quantity(quantity_to_json(quantity))
        for quantity in sentence.quantities
        if quantity.kind != "p" or not any(r.start <= quantity.start and quantity.end <= r.end for r in ratios)
    )
    names = dict.fromkeys(vocabulary.label(*entity.split(":", 1)).lower() for entity in sentence.entities)
    return f"{said}. Names: {', '.join(names)}" if names else said


def _describe_quantity(quantity: Mapping[str, object]) -> str:
    kind, level = str(quantity["kind"]), "{level} % " if "level" in quantity else ""
    value = "{value} %" if kind in ("proportion", "rate") else "{value}"
    forms = {  # by the fields that each needs
        "events": "{events} of {total}" if "total" in quantity else "{events}",
        "value": f"({value})" if "events" in quantity else value,
        "unit": "{unit}",
        "low high": f"({level}interval {{low}} to {{high}})",
        "p": "{p}" if kind == "p" else "p {p}",
    }
    said = (form.format_map(quantity) for needed, form in forms.items() if quantity.keys() >= {*needed.split()})
    return " ".join((_SAID.get(kind, kind), *said))


def _kind(publication: Publication) -> str:
    """Return the kind of source as the services classify it; a person may differ."""
    if publication.registry:
        return "registry"
    kinds, otherwise = " ".join(publication.kinds).lower(), "news"
    if publication.journal or publication.booktitle:
        otherwise = "primary"
    return next((kind for word, kind in _KINDS.items() if word in kinds), otherwise)


def _quoted(text: str) -> str:
    """Return *text* as a YAML string in double quotes; JSON's are such, and no text can break out of them."""
    return json.dumps(text, ensure_ascii=False).replace("\u2028", " ").replace("\u2029", " ")


def _ranges(numbers: list[int]) -> str:
    """Return sentence numbers as `1-3, 5`."""
    by_run = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    runs = ([number for _, number in run] for _, run in by_run)
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
