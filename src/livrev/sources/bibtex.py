"""Read one entry of BibTeX or biblatex: what it inherits by crossref, its pieces joined, its names parted, its LaTeX printed.

Entries are pybtex's work, names are bibtexparser's, LaTeX is pylatexenc's, to which a little is added that it lacks.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import replace
from typing import Any

from bibtexparser.middlewares.names import parse_single_name_into_parts
from pybtex.bibtex.utils import split_name_list
from pybtex.database.input.bibtex import LowLevelParser
from pybtex.utils import CaseInsensitiveDict
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
from pylatexenc.latexwalker import LatexWalkerError
from pylatexenc.latexwalker import get_default_latex_context_db as get_walker_context_db
from pylatexenc.macrospec import MacroSpec

from livrev.sources.fields import BODY_END, SUFFIX, Fields, read_name, read_names, with_subtitle
from livrev.sources.markup import is_power, strip_links
from livrev.sources.publication import Author, Publication, Unreadable, clean

# What begins an entry: its key may be missing, or hold a space.
_KEY = re.compile(r"^(\s*@\s*\w+\s*[{(])\s*([^\s,={}()]*)[^,={}()\n]*,", re.MULTILINE)
_NEXT_FIELD = re.compile(r"\s*([A-Za-z-]+)\s*=")
# A value that somebody wrote without braces or quotes, on a line of its own: pages, a DOI, a day. A number and a word need none.
_BARE = re.compile(
    r"(?m)^(\s*[A-Za-z-]+\s*=\s*)(?!\d+\s*[,}\n]|[A-Za-z]\w*\s*[,}#\n])([^\s\"{},#=][^\"{},#=\n]*?)(?=\s*,?\s*(?:\}\s*)?$)"
)
# A line that a % takes out, between fields or entries; within a value such a line is text.
_COMMENT = re.compile(
    r"(?m)^[ \t]*%(?:[^\n]*\n(?=\s*(?:%|[A-Za-z-]+\s*=|@))|[^\n{}]*\n(?=\s*\}))"
    r"|(?<=,)[ \t]*%[^\n]*\n(?=\s*(?:[A-Za-z-]+\s*=|\}\s*$))"
)
# An accent without braces: for whoever parts names it must have them, since its tilde is no space.
_ACCENT = re.compile(r"(?<!\{)\\([`'^\"~=.])\s*(\{\\?[A-Za-z]+\}|\\[ij](?![A-Za-z])|[A-Za-z])")
# Fields that name parents, and what their fields are called in a child, as biblatex and BibTeX have it.
_LINKS = {"crossref": {"title": "booktitle", "subtitle": "booksubtitle"}, "xdata": {}}
_VERBATIM = ("doi", "url", "eprint", "pmid", "pmcid", "nct", "howpublished")
_FIELDS = {
    "title": "title", "subtitle": "subtitle", "year": "year date issued", "volume": "volume", "number": "number issue",
    "journal": "journal journaltitle shortjournal booktitle maintitle", "pages": "pages eid articleno art_number article-number",
    "publisher": "publisher institution organization school", "doi": "doi", "pmid": "pmid", "pmcid": "pmcid", "nct": "nct",
    "notes": "note annote addendum url", "abstract": "abstract", "language": "language langid", "terms": "keywords",
    "address": "url howpublished",
}  # fmt: skip
_SUBTITLES = {"booktitle": "booksubtitle", "journal": "journalsubtitle", "journaltitle": "journalsubtitle"}
_RAISED = str.maketrans("0123456789+-−=()nia", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵃ")
_LOWERED = str.maketrans("0123456789+-−=()aeox", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓ")
_SIGNS = {
    "textless": "<", "textgreater": ">", "textperiodcentered": "·", "cdot": "·", "textbar": "|", "textmu": "µ",
    "textbackslash": "/", "textasciicircum": "^", "slash": "/", "textpm": "±", "texttimes": "×", "nobreakdash": "",
    "geqslant": "≥", "leqslant": "≤", "geqq": "≥", "leqq": "≤", "sim": "~",
}  # fmt: skip
# \textalpha and the like; Unicode spells lambda without its b
_GREEK = {f"text{name.lower().replace('lamda', 'lambda')}": letter for letter in "αβγδεζηθικλμνξοπρστυφχψω"
          for name in [unicodedata.name(letter).rpartition(" ")[2]]}  # fmt: skip
# `_2` and `^{90}` mean something in mathematics only; there they become macros, as they are named in text.
_SCRIPT = re.compile(r"(?<!\\)([_^])\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|[^\s{}])")
_MATHS = re.compile(r"(?<!\\)\$(?:\\.|[^$\\])+\$|\\\((?:.|\n)*?\\\)")


def read_bibtex(text: str) -> Publication:
    """Return the one entry of a file of BibTeX; parents that it refers to may stand beside it. Raises Unreadable."""
    text = _KEY.sub(lambda head: f"{head[1]}{head[2] or 'none'},", _BARE.sub(r"\1{\2}", _COMMENT.sub("\n", text)))
    strings = CaseInsensitiveDict()
    parser = LowLevelParser(text, macros=strings, handle_error=lambda error: _refuse(error.parser))
    parser.substitute_macro = lambda word: strings.get(word, word)
    entries = []
    for kind, (key, *said) in parser:
        if not key or not said or kind.lower() == "string":
            continue
        fields: dict[str, str] = {}
        for name, pieces in said[0]:
            if name.lower() in fields:
                places = re.compile(rf"(?i)(?<![\w-]){re.escape(name)}\s*=").finditer(text, parser.command_start)
                lines = [text.count("\n", 0, place.start()) + 1 for place in places][:2]
                said = f"is repeated in the entry (lines {' and '.join(map(str, lines))}); keep one of the two"
                raise Unreadable(f"{name.lower()} {said}", line=max(lines, default=0))
            fields[name.lower()] = "".join(pieces)
        entries.append((kind.lower(), key.lower(), fields))
    by_key = {key: fields for _, key, fields in entries}
    parents = {key for fields in by_key.values() for link in _LINKS for key in _parents_of(fields, link)}
    wanted = [(kind, key) for kind, key, _ in entries if key not in parents or len(entries) == 1]
    if len(wanted) != 1:
        raise Unreadable(f"is BibTeX and holds {len(wanted) or 'no'} references; give a file with one reference")
    kind, key = wanted[0]
    return _publication(kind, _inherit(by_key, key))


def _refuse(parser: Any) -> None:
    """Raise Unreadable for what *parser* stumbled over, unless it is a sign before the entry, as in an address of e-mail."""
    if parser.current_entry_key is None:
        return
    if parser.current_field_name and (after := _NEXT_FIELD.match(parser.text, parser.pos)):
        line = parser.text.count("\n", 0, after.end()) + 1
        raise Unreadable(f"lacks a comma between {parser.current_field_name} and {after[1]}; add it", line=line)
    raise Unreadable("is BibTeX that cannot be read (an open brace, a missing comma?); export it again")


def _publication(kind: str, raw: dict[str, str]) -> Publication:
    authors, editors = (_authors(raw.pop(name, "")) for name in ("author", "editor"))
    printed = {name: (undo_escapes if name in _VERBATIM else undo_latex)(said) for name, said in raw.items()}
    fields = defaultdict(str, printed)
    for name, below in _SUBTITLES.items():
        fields[name] = with_subtitle(fields[name], fields[below])
    if "pmid" in (fields["eprinttype"].lower(), fields["archiveprefix"].lower()):
        fields["pmid"] = fields["pmid"] or fields["eprint"]
    if "doi.org/" in fields["url"]:
        fields["doi"] = fields["doi"] or fields["url"]
    fields["howpublished"] = "".join(re.findall(r"\S+://\S+", fields["howpublished"])[:1])
    table = _FIELDS if kind == "article" else _FIELDS | {"booktitle": "booktitle maintitle"}
    found = Fields("BibTeX", table, lambda name: [fields[name]]).publication(kinds=(kind,))
    return replace(found, authors=authors, editors=editors)


def _parents_of(fields: dict[str, str], link: str) -> list[str]:
    return [key.strip().lower() for key in fields.get(link, "").split(",")]


def _inherit(by_key: dict[str, dict[str, str]], key: str, seen: frozenset[str] = frozenset()) -> dict[str, str]:
    fields = dict(by_key[key])
    for link, renamed in _LINKS.items():
        for parent in _parents_of(by_key[key], link):
            if parent in by_key and parent not in seen | {key}:
                for field, value in _inherit(by_key, parent, seen | {key}).items():
                    fields.setdefault(renamed.get(field, field), value)
    return fields


def _authors(names: str) -> tuple[Author, ...]:
    joined = _ACCENT.sub(r"{\\\1\2}", " ".join(names.replace(" AND ", " and ").split()))
    joined = joined if " and " in joined or "&" in joined else joined.replace(";", " and ")
    if " and " not in joined and joined.count(",") > 1 and not joined.startswith("{") and "=" not in joined:
        if len(several := read_names([undo_latex(joined)], given_first=True)) > 1:
            return several
        if not SUFFIX.fullmatch(joined.split(",")[1].strip()):
            raise Unreadable("author holds several names parted by commas; part them by and", value="author")
    return tuple(filter(None, map(_author, split_name_list(joined))))


def _author(name: str) -> Author | None:
    if not name or undo_latex(name).lower().rstrip(".") in ("others", "et al", ""):
        return None
    if re.match(r"(?:family|given|prefix|suffix|useprefix)\w*\s*=", name):  # biblatex's family=Beispiel, prefix=van de
        pairs = (part.partition("=") for part in re.split(r",\s*(?=[a-z-]+\s*=)", name))
        said = {field.strip().lower(): undo_latex(value.strip().strip('"')) for field, _, value in pairs}
        family, given = f"{said.get('prefix', '')} {said.get('family', '')}".strip(), said.get("given", "")
        return Author(family, given, group="given" not in said, suffix=said.get("suffix", ""))
    if re.fullmatch(r"\{(?:[^{}]|\{[^{}]*\})*\}", name) and not re.match(r"\{\\", name):
        return Author(undo_latex(name), group=True)
    parts = parse_single_name_into_parts(name, strict=False)
    family, given = undo_latex(" ".join([*parts.von, *parts.last])), undo_latex(" ".join(parts.first))
    if not given or (not parts.jr and re.fullmatch(r"(?i)(?:jr|sr)\.?|I{2,3}|IV", given)):
        return read_name(f"{family}, {given}" if given else family, given_first=bool(given))
    # a name without a comma may have the initials behind, or be a body's: nobody's family is AB
    if "," not in name and re.fullmatch(rf"[A-Z]{{1,3}}|(?:[A-Z]\.){{1,3}}|{BODY_END}", " ".join(parts.last)):
        return read_name(undo_latex(name))
    return Author(family, given, suffix=undo_latex(" ".join(parts.jr)))


def undo_latex(text: str) -> str:
    """Return *text* as it is printed, on one line: no macro, no brace, no link."""
    if not re.search(r"[\\{}$~%`']|--", text):
        return clean(text)
    plain = re.sub(r"(?<!\\)%", r"\\%", strip_links(text))
    plain = _MATHS.sub(lambda maths: _SCRIPT.sub(_name_script, maths.group()), plain)
    try:
        printed = _CONVERTER.latex_to_text(plain, latex_context=_WALKED, tolerant_parsing=True)
    except (LatexWalkerError, IndexError, AttributeError, TypeError, RecursionError):  # a macro without its argument
        printed = re.sub(r"\\(?:[A-Za-z]+\s*|(?=.))", "", plain)
    return clean(printed.translate(str.maketrans("", "", "{}")))


def undo_escapes(text: str) -> str:
    r"""Return an address or a number without the escapes of LaTeX: `a{\_}b` is a_b, and `~` stays."""
    text = re.sub(r"\\textasciitilde\s*(?:\{\})?|\\~\s*\{\s*\}", "~", re.sub(r"\{(\\?[_%&#~])\}", r"\1", text))
    return clean(re.sub(r"\\([%&#_$~{}])", r"\1", strip_links(text)).strip("{} "))


def _name_script(match: re.Match[str]) -> str:
    inner = match[2].removeprefix("{").removesuffix("}") if match[2].startswith("{") else match[2]
    macro = r"\textsubscript" if match[1] == "_" else r"\textsuperscript"
    return "°" if inner == r"\circ" else f"{macro}{{{inner}}}"


def _argument(node: Any, l2tobj: LatexNodes2Text) -> str:
    arguments = node.nodeargd.argnlist if node.nodeargd else []
    return str(l2tobj.nodelist_to_text([a for a in arguments[-1:] if a is not None])).strip()


def _script(node: Any, l2tobj: LatexNodes2Text) -> str:
    """Return a raised or lowered stretch in the letters that Unicode has for it; a power of a number keeps its caret."""
    said = _argument(node, l2tobj)
    if node.macroname == "textsuperscript":
        before = node.parsing_state.s[: node.pos].rstrip("${ ")
        if is_power(before, said):
            return f"^{said}"
        moved = said.translate(_RAISED)
    else:
        moved = said.translate(_LOWERED)
    return moved if all(ord(character) > 127 for character in moved) else said


_READ = {"textsuperscript": _script, "textsubscript": _script, "mbox": _argument, "hbox": _argument, "ce": _argument}
_PRINTED, _WALKED = get_default_latex_context_db(), get_walker_context_db()
_MACROS = [MacroTextSpec(name, simplify_repl=printed) for name, printed in (_SIGNS | _GREEK | _READ).items()]
_PRINTED.add_context_category("livrev", prepend=True, macros=_MACROS)
_WALKED.add_context_category("livrev", prepend=True, macros=[MacroSpec(name, "{") for name in _READ])
_CONVERTER = LatexNodes2Text(latex_context=_PRINTED, math_mode="text", keep_comments=True)
