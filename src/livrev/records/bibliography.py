"""Read references.bib with bibtexparser, and say what bibtexparser would pass over in silence."""

import datetime
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from bibtexparser import model as blocks
from bibtexparser.entrypoint import parse_string

from livrev.diagnostics import Problem
from livrev.paths import Repository
from livrev.records.model import CITEKEY
from livrev.records.safe_text import HTML, check_hidden, fault_of
from livrev.records.text_files import read_text

# What a field may hold, in parts divided by semicolons, and the cure.
_DOI = r"""10\.\d{4,9}/[^\s"'\\^`{}|<>]+"""
_FORMS = {
    "doi": (_DOI, "write the bare DOI, from 10. on (a < in it as %3C, a > as %3E)"),
    "pmid": (r"[1-9]\d{0,7}", "write the digits only"),
    "nct": (r"NCT\d{8}", "write NCT and eight digits"),
    "year": (r"(?:19|20)\d\d|n\.d\.", "write four digits, or n.d. where the document bears no date"),
}
# What LaTeX would take for a link, a file or a definition; a page would be given the link as it stands.
_COMMANDS = re.compile(
    r"\\(?:url|href|nolinkurl|hyperref|input|include|verbatiminput|write|openout|openin|def|let|csname|catcode)\b"
)
_CURES = {
    "title": "add the title",
    "author": "add the authors, or the publishing body in double braces",
    "year": "add it, or write n.d. where the document bears no date",
    "journal": "add it, or make it @misc where the journal is not known",
    "booktitle": "add the title of the proceedings, or make it @misc",
}
_ALSO = {"article": ("journal",), "inproceedings": ("booktitle",)}  # without which the list of references cannot be set
_PLAIN = str.maketrans("", "", "{}")
# Other commas than those of Family, Given and Family, Jr, Given
_SEVERAL = re.compile(r",(?! *(?:[JS]r\.?|[IV]+) *,)[^,]*,|\s[A-Z]{1,3}(?:,| *$)(?<!,).*,")


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the bibliography: its key, type, fields as printed, and the line on which it begins."""

    key: str
    type: str
    fields: dict[str, str]
    line: int

    def plain(self, field: str) -> str:
        """Return a field without its braces, or an empty string."""
        return self.fields.get(field, "").translate(_PLAIN).strip()

    @property
    def year(self) -> int | None:
        """The year of the document; None where it bears no date."""
        return int(self.fields["year"]) if self.fields.get("year", "").isdigit() else None

    @property
    def first_author(self) -> str:
        """The family name of the first author or the name of a group, or the `shortauthor` by which the text calls it."""
        return re.split(r"\s+and\s+|,", self.plain("shortauthor") or self.plain("author"))[0].strip()


def read_bibliography(path: Path, repository: Repository) -> tuple[dict[str, Reference], list[Problem]]:
    """Return the references by key, in the order of the file, and every problem of the file."""
    name = repository.relative(path)
    text, problems = read_text(path, repository)
    if problems:
        return {}, problems
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it would log is said below, with its line
    parsed = parse_string(text, append_middleware=[])
    problems = [*(_explain(block, name) for block in parsed.failed_blocks), *check_hidden(text, name)]
    references: dict[str, Reference] = {}
    for entry in parsed.entries:
        fields = {field.key.lower(): re.sub(r"\s+", " ", str(field.value)) for field in entry.fields}
        reference = Reference(entry.key, entry.entry_type.lower(), fields, (entry.start_line or 0) + 1)
        references[entry.key] = reference
        lines = {field.key.lower(): (field.start_line or 0) + 1 for field in entry.fields}
        problems += _check_entry(reference, name, lines)
    problems += _check_braces(text, name, {p.line for p in problems if "braces" in p.message})
    return references, [*problems, *_check_identities(references, name)]


def _explain(block: blocks.ParsingFailedBlock, name: str) -> Problem:
    problem = partial(Problem, name, (block.start_line or 0) + 1)
    if isinstance(block, blocks.DuplicateBlockKeyBlock):
        first = (block.previous_block.start_line or 0) + 1
        cure = f"the first stands at line {first}: delete one of the two, or give it a key of its own"
        return problem("key", block.key, "stands twice, and all later entries would be lost", cure)
    if isinstance(block, blocks.DuplicateFieldKeyBlock):
        return problem("field", ", ".join(sorted(block.duplicate_keys)), "stands twice in one entry", "keep one")
    first_line = "".join((block.raw or "").strip().splitlines()[:1])
    said = f"cannot be parsed ({getattr(block.error, 'abort_reason', block.error)})"
    return problem("entry", first_line, said, "close every { and put a comma after every field", cause=True)


def _check_braces(text: str, name: str, known: set[int]) -> Iterator[Problem]:
    """Yield each entry whose braces do not balance, but those at *known* lines; bibtexparser may swallow what follows."""
    starts = [m.start() for m in re.finditer(r"^@\w+\s*\{", text, re.MULTILINE)] + [len(text)]
    for start, end in pairwise(starts):
        plain = re.sub(r"\\[{}]", "", text[start:end])
        line, missing = text.count("\n", 0, start) + 1, plain.count("{") - plain.count("}")
        if missing and line not in known:
            cure = f"{'close' if missing > 0 else 'delete'} {abs(missing)} brace{'s' if abs(missing) > 1 else ''}"
            value = text[start:end].splitlines()[0]
            yield Problem(name, line, "braces", value, "has unbalanced braces", cure, cause=True)


def _check_entry(reference: Reference, name: str, lines: dict[str, int]) -> Iterator[Problem]:
    """Yield what is wrong with the fields of one entry, which stand at these *lines*."""
    fields, today = reference.fields, datetime.date.today()

    def problem(field: str, message: str, cure: str) -> Problem:
        value = fields.get(field, reference.key if field == "key" else "")
        return Problem(name, lines.get(field, reference.line), field, value, message, cure)

    if not CITEKEY.fullmatch(reference.key):
        yield problem("key", "is not a citekey", "write AuthorYYYYword in plain letters and digits")
    for required in ("title", "author", "year", *_ALSO.get(reference.type, ())):
        if not reference.plain(required):
            yield problem(required, "is missing", _CURES[required])
    dated = re.search(r"\d{4}", "" if reference.key.startswith("NCT") else reference.key)
    if dated and reference.year and abs(reference.year - int(dated[0])) > 1:
        yield problem("year", f"is not that of the key {reference.key}", "mend the one that is wrong")
    for author in re.split(r"\s+and\s+", re.sub(r"\{.*?\}", "", fields.get("author", ""))):
        if re.search(r"\bet al\b", author):
            yield problem("author", "holds et al.", "write “and others” for those who are not named")
        elif _SEVERAL.search(author):
            yield problem("author", "runs names together", "write Family, Given and Family, Given")
    for field, (pattern, cure) in _FORMS.items():
        if field in fields and not all(re.fullmatch(pattern, part.strip()) for part in fields[field].split(";")):
            yield problem(field, "is not well formed", cure)
    for field, said in fields.items():
        if field == "url" and (fault := fault_of(said)):
            yield problem(field, *fault)
        if command := _COMMANDS.search(said):
            yield problem(field, f"holds the command {command.group()}", "write the words; the address goes into url")
        elif field not in ("url", "doi") and HTML.search(said):
            yield problem(field, "holds HTML", "write plain words, or ‹ for a < before a letter")
    if (reference.year or 0) > today.year + 1:
        yield problem("year", "lies in the future", "give the year of the document")
    if "urldate" in fields:
        try:
            if datetime.datetime.strptime(reference.plain("urldate"), "%Y-%m-%d").date() > today:
                yield problem("urldate", "lies in the future", "give the day on which it was read")
        except ValueError:
            yield problem("urldate", "is not a date", "write YYYY-MM-DD")


def _check_identities(references: dict[str, Reference], name: str) -> Iterator[Problem]:
    """Yield one document under two keys (the same DOI or PMID twice), and keys that differ in case alone."""
    for field in ("key", "doi", "pmid"):
        seen: dict[str, Reference] = {}
        for reference in references.values():
            value = (reference.key if field == "key" else reference.plain(field)).lower()
            other = seen.setdefault(value, reference)
            said = (value, f"names two entries ({reference.key})", f"it is also {other.key}: keep one entry")
            if field == "key":
                cure = f"the other stands at line {other.line}: BibTeX takes the two for one"
                said = (reference.key, f"is {other.key} in other letters", cure)
            if value and other is not reference:
                yield Problem(name, reference.line, field, *said)
