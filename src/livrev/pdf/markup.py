"""Let pandoc translate the book into Typst's markup, and keep every character of it from being read as code."""

import hashlib
import json
import re
from functools import cache
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

import pypandoc

from livrev.atomic_write import write_atomically
from livrev.pdf.failure import PdfFailed

Node = dict[str, Any]
_WORDS = {"Str", "Space", "SoftBreak"}
_SEAM = "livrev-seam-between-pages"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def write_markup(pages: list[str], *, kept: Path | None = None) -> str:
    """Return the HTML of *pages* as Typst markup that calls the functions of the template.

    Pages that did not change since the last build are taken from the folder *kept*. Raises PdfFailed with pandoc's own
    words where pandoc fails.
    """
    files = [_file_of(html, kept) for html in pages]
    missing = [html for html, file in zip(pages, files, strict=True) if file is None or not file.is_file()]
    made = iter(_translate(missing))
    markups = []
    for file in files:
        if file is not None and file.is_file():
            markups.append(file.read_text(encoding="utf-8"))
        else:
            markups.append(next(made))
            if file is not None:
                write_atomically(file, markups[-1])
    if kept is not None:
        for old in set(kept.glob("*.typ")) - set(files):
            old.unlink()
    return "\n\n".join(markups)


def _file_of(html: str, kept: Path | None) -> Path | None:
    """Return where the markup of *html* is kept: its name tells page, pandoc and this module."""
    if kept is None:
        return None
    kept.mkdir(parents=True, exist_ok=True)
    return kept / f"{hashlib.sha256(html.encode() + _this_module()).hexdigest()[:32]}.typ"


@cache
def _this_module() -> bytes:
    return version("pypandoc_binary").encode() + Path(__file__).read_bytes()


def _translate(pages: list[str]) -> list[str]:
    """Translate *pages* in one go: pandoc takes longer to start than to translate one."""
    if not pages:
        return []
    html = f"<p>{_SEAM}</p>".join(pages)
    try:
        document = json.loads(pypandoc.convert_text(html, "json", format="html-auto_identifiers"))
        document["blocks"] = _blocks(document["blocks"])
        markup = str(pypandoc.convert_text(json.dumps(document), "typst", format="json", extra_args=["--wrap=none"]))
    except OSError as error:
        raise PdfFailed(
            f"pandoc is missing ({error}); install the environment again: pip install pypandoc-binary"
        ) from error
    except RuntimeError as error:
        raise PdfFailed(f"pandoc could not translate the pages of the book:\n{error}") from error
    return markup.split(f'#"{_SEAM}";')


def quote(text: str) -> str:
    """Return *text* as a string of Typst's code."""
    text = _CONTROL.sub(" ", text)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _raw_block(code: str) -> Node:
    return {"t": "RawBlock", "c": ["typst", code]}


def _raw(code: str) -> Node:
    return {"t": "RawInline", "c": ["typst", code]}


def _label(name: str) -> str:
    return f"<{name}>" if name else ""


def _blocks(nodes: list[Node]) -> list[Node]:
    return [new for node in nodes for new in _block(node)]


def _block(node: Node) -> list[Node]:
    kind: str = node["t"]
    content: Any = node.get("c")
    if kind == "Div":
        return _division(*content)
    if kind == "Header":
        level, (name, _, _), inlines = content
        return [{"t": "Header", "c": [level, [name, [], []], _inlines(inlines)]}]
    if kind == "Figure":
        return _figure(*content)
    if kind == "Table":
        return _table(content)
    if kind == "DefinitionList":
        return _terms(content)
    return [{"t": kind, "c": _walk(content)}] if content is not None else [node]


def _division(attributes: list[Any], blocks: list[Node]) -> list[Node]:
    """Return a marked division as a call of the template, mathematics as mathematics, any other without its box."""
    values = dict(attributes[2])
    if "tex" in values:
        return [{"t": "Para", "c": _formula("DisplayMath", values["tex"])}]
    inside = _blocks(blocks)
    if "typst" in values:
        return [_raw_block(f"#{values['typst']}["), *inside, _raw_block("]")]
    return inside


def _figure(attributes: list[Any], caption: list[Any], blocks: list[Node]) -> list[Node]:
    said = _blocks(caption[1])
    return [
        _raw_block("#figure(kind: image, ["), *_blocks(blocks), _raw_block("],"),
        *_caption(said), _raw_block(f") {_label(attributes[0])}"),
    ]  # fmt: skip


def _caption(said: list[Node]) -> list[Node]:
    return [_raw_block("caption: ["), *said, _raw_block("],")] if said else []


def _table(content: list[Any]) -> list[Node]:
    """Return the table as a call with the widths and alignments that were measured, and its head to be repeated."""
    attributes, (_, caption), columns, (_, head), bodies, (_, foot) = content
    values = dict(attributes[2])
    given = values.get("columns", "").split()
    if len(given) != len(columns):
        given = ["l:1fr"] * len(columns)
    aligns = {"l": "left", "r": "right"}
    made = [
        _raw_block(f"columns: ({''.join(f'{item[2:]}, ' for item in given)}),"),
        _raw_block(f"align: ({''.join(f'{aligns[item[0]]}, ' for item in given)}),"),
    ]
    if head:
        made += [_raw_block("table.header("), *_rows(head), _raw_block("),")]
    for _, _, intermediate, rows in bodies:
        made += _rows(intermediate) + _rows(rows)
    said = _blocks(caption)
    numbered = 'numbering: "1", supplement: [Table], ' if said and "numbered" not in values else ""
    note = f"table-note({quote(values['note'])}); set block(spacing: 5pt); " if "note" in values else ""
    return [
        _raw_block(f"#figure(kind: table, {numbered}{{{note}table("), *made, *_rows(foot), _raw_block(")},"),
        *_caption(said), _raw_block(f") {_label(attributes[0])}"),
    ]  # fmt: skip


def _rows(rows: list[Any]) -> list[Node]:
    """Return the cells of *rows*, one after the other."""
    made: list[Node] = []
    for _, cells in rows:
        for _, _, down, across, blocks in cells:
            spans = [f"rowspan: {down}"] * (down > 1) + [f"colspan: {across}"] * (across > 1)
            made += [
                _raw_block(f"table.cell({', '.join(spans)})[" if spans else "["),
                *_blocks(blocks),
                _raw_block("],"),
            ]
    return made


def _terms(items: list[Any]) -> list[Node]:
    """Return a list of terms; several terms of one definition stand in one line."""
    made = [_raw_block("#terms(")]
    for term, definitions in items:
        inlines = _inlines([{"t": "Str", "c": ", "} if node["t"] == "LineBreak" else node for node in term])
        made += [_raw_block("terms.item(["), {"t": "Plain", "c": inlines}, _raw_block("], [")]
        made += [new for blocks in definitions for new in _blocks(blocks)] + [_raw_block("]),")]
    return [*made, _raw_block(")")]


def _walk(content: Any) -> Any:
    """Translate whatever blocks and inlines *content* holds."""
    if isinstance(content, list):
        if content and all(isinstance(item, dict) and "t" in item for item in content):
            return _inlines(content) if _is_inline(content[0]) else _blocks(content)
        return [_walk(item) for item in content]
    return content


_INLINE = {
    "Str", "Space", "SoftBreak", "LineBreak", "Emph", "Strong", "Underline", "Strikeout", "Superscript", "Subscript",
    "SmallCaps", "Quoted", "Cite", "Code", "Math", "RawInline", "Link", "Image", "Note", "Span",
}  # fmt: skip


def _is_inline(node: Node) -> bool:
    return node["t"] in _INLINE


def _inlines(nodes: list[Node]) -> list[Node]:
    """Translate *nodes*; a run of words becomes one string, so that none of it can be read as markup."""
    made: list[Node] = []
    for words, run in groupby(nodes, lambda node: node["t"] in _WORDS):
        if words:
            made.append(_raw(f"#{quote(_text(list(run)))};"))
        else:
            made += [new for node in run for new in _inline(node)]
    return made


def _inline(node: Node) -> list[Node]:
    kind: str = node["t"]
    content: Any = node.get("c")
    if kind == "Span":
        return _span(*content)
    if kind == "Image":
        (_, _, _), said, (source, _) = content
        return [_raw(f"#picture({quote(source)}, {quote(_text(said))});")]
    if kind == "Link":
        _, inlines, target = content
        return [{"t": "Link", "c": [["", [], []], _inlines(inlines), target]}]
    return (
        [{"t": kind, "c": _walk(content)}]
        if isinstance(content, list) and kind not in ("Code", "Math", "RawInline")
        else [node]
    )


def _span(attributes: list[Any], inlines: list[Node]) -> list[Node]:
    name, classes, pairs = attributes
    values = dict(pairs)
    if "anchor" in classes:
        return [_raw(f"#[#metadata(none){_label(name)}];")] if name else []
    if "tex" in values:
        return _formula("InlineMath", values["tex"])
    inside = _inlines(inlines)
    mark = [_raw(f"#[#metadata(none){_label(name)}];")] if name else []
    if "typst" in values:
        return [*mark, _raw(f"#{values['typst']}["), *inside, _raw("];")]
    return [*mark, *inside]


def _formula(kind: str, tex: str) -> list[Node]:
    """Return a formula whose source is read aloud where it cannot be seen."""
    return [_raw(f"#formula({quote(tex)})["), {"t": "Math", "c": [{"t": kind}, tex]}, _raw("];")]


def _text(inlines: list[Node]) -> str:
    """Return the plain text of *inlines*."""
    return "".join(str(item["c"]) if item["t"] == "Str" else " " for item in inlines)
