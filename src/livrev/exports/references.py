"""Write the bibliography as reference managers and citation processors read it: BibTeX, RIS and CSL-JSON."""

import json
import re
from typing import Any

from livrev.records.review import Reference, Review
from livrev.review.retraction_effects import mark_of

_RIS_TYPES = {"article": "JOUR", "online": "ELEC", "inproceedings": "CPAPER", "incollection": "CHAP", "book": "BOOK"}
_CSL_TYPES = {
    "article": "article-journal",
    "online": "webpage",
    "inproceedings": "paper-conference",
    "incollection": "chapter",
    "book": "book",
}
_OTHERS = "others"
_ESCAPED = re.compile(r"\\([%&#_${}])")


def to_bibtex(review: Review) -> str:
    """Return the bibliography as it is kept."""
    return review.repository.references.read_text(encoding="utf-8")


def split_names(authors: str) -> list[str]:
    """Return the names of a BibTeX author field, `Family, Given` each; braces around a group stay, `others` is left out."""
    names, depth, name = [], 0, ""
    for word in re.split(r"(\s+and\s+)", authors):
        if depth == 0 and word.strip() == "and":
            names.append(name)
            name = ""
            continue
        name += word
        depth += word.count("{") - word.count("}")
    return [name.strip() for name in [*names, name] if name.strip() not in ("", _OTHERS)]


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text).replace("{", "").replace("}", "").replace("--", "–").strip()


def _where(reference: Reference) -> str:
    return next(
        (_plain(v) for f in ("journal", "booktitle", "organization", "howpublished") if (v := reference.plain(f))), ""
    )


def _notes(review: Review, reference: Reference) -> list[str]:
    said = [_plain(reference.fields.get("note", ""))]
    if mark := mark_of(review, reference.key):
        said.append(f"State: {mark}")
    if "and others" in reference.fields.get("author", ""):
        said.append("The list of authors is not complete.")
    return [note for note in said if note]


def to_ris(review: Review) -> str:
    """Return the bibliography as RIS, one record a reference, in its order."""
    return "".join(ris_by_key(review).values())


def ris_by_key(review: Review) -> dict[str, str]:
    """Return the record in RIS of each reference, by its key."""
    return {key: _ris(review, reference) for key, reference in review.references.items()}


def _ris(review: Review, reference: Reference) -> str:
    first, _, last = reference.plain("pages").partition("--")
    tags = [("TY", _RIS_TYPES.get(reference.type, "GEN")), ("ID", reference.key)]
    for tag, field in (("AU", "author"), ("A2", "editor")):
        tags += [
            (tag, ", ".join(filter(None, name))) for name in map(_parts, split_names(reference.fields.get(field, "")))
        ]
    tags += [
        ("TI", _plain(reference.fields.get("title", ""))),
        ("T2", _where(reference)),
        ("PY", str(reference.year or "")),
        ("VL", reference.plain("volume")),
        ("IS", reference.plain("number")),
        ("SP", first),
        ("EP", last),
        ("DO", reference.plain("doi")),
        ("AN", reference.plain("pmid")),
        ("UR", reference.plain("url")),
        *(("N1", note) for note in _notes(review, reference)),
    ]
    return "".join(f"{tag}  - {value}\n" for tag, value in tags if value) + "ER  - \n\n"


def csl_items(review: Review) -> list[dict[str, Any]]:
    """Return the bibliography as CSL items."""
    return [_csl(review, reference) for reference in review.references.values()]


def to_csl_json(review: Review) -> str:
    """Return the bibliography as CSL-JSON."""
    return json.dumps(csl_items(review), ensure_ascii=False, indent=1) + "\n"


def _csl(review: Review, reference: Reference) -> dict[str, Any]:
    item = {
        "id": reference.key,
        "type": _CSL_TYPES.get(reference.type, "document"),
        "title": _plain(reference.fields.get("title", "")),
        "author": [_csl_name(name) for name in split_names(reference.fields.get("author", ""))],
        "editor": [_csl_name(name) for name in split_names(reference.fields.get("editor", ""))],
        "issued": {"date-parts": [[reference.year]]} if reference.year else None,
        "container-title": _where(reference),
        "volume": reference.plain("volume"),
        "issue": reference.plain("number"),
        "page": reference.plain("pages").replace("--", "-"),
        "DOI": reference.plain("doi"),
        "PMID": reference.plain("pmid"),
        "PMCID": reference.plain("pmcid"),
        "URL": reference.plain("url"),
        "note": " ".join(_notes(review, reference)),
    }
    return {key: value for key, value in item.items() if value}


def _csl_name(name: str) -> dict[str, str]:
    family, given, suffix = _parts(name)
    if not given:
        return {"literal": family}
    return {"family": family, "given": given} | ({"suffix": suffix} if suffix else {})


def _parts(name: str) -> tuple[str, str, str]:
    """Return family, given names and suffix of a name of BibTeX; of a body its name alone."""
    if name.startswith("{") and name.endswith("}"):
        return _plain(name), "", ""
    family, *rest = (_plain(part) for part in re.split(r",(?![^{]*\})", name))
    return family, (rest or [""])[-1], rest[0] if len(rest) > 1 else ""
