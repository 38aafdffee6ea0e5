"""Begin the row of a study from its reference: what the reference knows is filled, the rest is for a person."""

import csv
import io
from dataclasses import dataclass
from itertools import product
from string import ascii_lowercase

from livrev.diagnostics import Refused, suggest
from livrev.new.chapter import plain_words
from livrev.paths import Repository
from livrev.records.bibliography import Reference, read_bibliography
from livrev.records.model import IDENTIFIER
from livrev.records.settings import read_settings
from livrev.records.tables import append_rows, read_schema

_STATUS = {"article": "published", "inproceedings": "conference", "proceedings": "conference"}


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """The row of a new study, the table with it, and the columns that must still be filled."""

    row: dict[str, str]
    table: str
    to_fill: tuple[str, ...]


def plan_study(repository: Repository, citekey: str, *, name: str = "", question: str = "") -> StudyPlan:
    """Return the row for the reference *citekey*; nothing is written, and no cell is filled that the reference does not know.

    *name* is what readers call the study, and its identifier is made from it; without one both are author and year.
    Raises Refused for a reference that is not there, a study that is on record, and a question of another review.
    """
    schema, problems = read_schema(repository)
    references, found = read_bibliography(repository.references, repository)
    settings, _, wrong = read_settings(repository)
    if settings is None or not schema:
        raise Refused("\n".join(map(str, [*problems, *found, *wrong])))
    if citekey not in references:
        cure = f"{suggest(citekey, references, '', most=3, likeness=0.5)} livrev add takes a publication in".strip()
        raise Refused(f"{citekey} is not in references.bib; {cure}")
    if question and question not in settings.questions:
        raise Refused(f"{question} is no question of this review; use one of {', '.join(settings.questions)}")
    if len(settings.questions) == 1:
        [question] = settings.questions
    table = schema["studies"]
    text = (repository.data / table.path).read_bytes().decode("utf-8")
    known = list(csv.DictReader(io.StringIO(text, newline="")))
    row = _fill(references[citekey], name, question)
    for study, column in product(known, ("citekey", "doi", "pmid", "nct")):
        numbers = {part.strip().lower() for part in row[column].split(";") if part.strip()}
        others = study["other_citekeys"] if column == "citekey" else ""
        if numbers & {part.strip().lower() for part in f"{study[column]};{others}".split(";")}:
            known_as = f"{citekey} is on record as {study['study']} (the same {column})"
            raise Refused(f"{known_as}; a further report of it goes into its other_citekeys")
    names = (f"{row['study']}{letter}" for letter in ("", *ascii_lowercase[1:]))
    row["study"] = next(name for name in names if all(name != study["study"] for study in known))
    written = append_rows(text, table.names, [{name: cell for name, cell in row.items() if name in table.names}])
    return StudyPlan(row, written, tuple(c.name for c in table.columns if c.required and not row.get(c.name)))


def _fill(reference: Reference, name: str, question: str) -> dict[str, str]:
    year = str(reference.year or "")
    name = " ".join(name.split()) or f"{reference.first_author} {year}".strip()
    identifier = "-".join(plain_words(name.partition(" (")[0]))
    if not IDENTIFIER.fullmatch(identifier):
        raise Refused(f"no plain letter of {name!r} can name a study; give a name with --name")
    trial = reference.key.startswith("NCT")
    return {
        "study": identifier, "name": name, "citekey": reference.key, "doi": reference.plain("doi"),
        "pmid": reference.plain("pmid"), "nct": reference.plain("nct") or (reference.key if trial else ""),
        "question": question, "year": year, "status": "registered" if trial else _STATUS.get(reference.type, ""),
        "design": "registered-trial" if trial else "", "address": reference.plain("url"),
        "read_on": reference.plain("urldate") if reference.plain("url") else "",
    }  # fmt: skip
