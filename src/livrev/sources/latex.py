"""Print what BibTeX holds: LaTeX becomes Unicode by pylatexenc, to which a little is added that it lacks."""

import re
import unicodedata
from typing import Any

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
from pylatexenc.latexwalker import LatexWalkerError
from pylatexenc.latexwalker import get_default_latex_context_db as get_walker_context_db
from pylatexenc.macrospec import MacroSpec

from livrev.sources.markup import is_power, strip_links
from livrev.sources.publication import clean

_RAISED = str.maketrans("0123456789+-−=()nia", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵃ")
_LOWERED = str.maketrans("0123456789+-−=()aeox", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓ")
_SIGNS = {
    "textless": "<", "textgreater": ">", "textperiodcentered": "·", "cdot": "·", "textbar": "|", "textmu": "µ",
    "textbackslash": "/", "textasciicircum": "^", "slash": "/", "textpm": "±", "texttimes": "×", "nobreakdash": "",
    "geqslant": "≥", "leqslant": "≤", "geqq": "≥", "leqq": "≤", "sim": "~",
}  # fmt: skip
_GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega"
# `_2` and `^{90}` mean something in mathematics only; there they become macros, as they are named in text.
_SCRIPT = re.compile(r"(?<!\\)([_^])\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|[^\s{}])")
_MATHS = re.compile(r"(?<!\\)\$(?:\\.|[^$\\])+\$|\\\((?:.|\n)*?\\\)")


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
    if match[2] in (r"\circ", r"{\circ}"):
        return "°"
    inner = match[2] if match[2].startswith("{") else "{" + match[2] + "}"
    return (r"\textsubscript" if match[1] == "_" else r"\textsuperscript") + inner


def _argument(node: Any, converter: LatexNodes2Text) -> str:
    arguments = node.nodeargd.argnlist if node.nodeargd else []
    return str(converter.nodelist_to_text([a for a in arguments[-1:] if a is not None])).strip()


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


def _converter() -> LatexNodes2Text:
    signs = _SIGNS | {
        f"text{name}": unicodedata.lookup(f"GREEK SMALL LETTER {_greek(name)}") for name in _GREEK.split()
    }
    macros = [MacroTextSpec(name, simplify_repl=sign) for name, sign in signs.items()]
    macros += [MacroTextSpec(name, simplify_repl=_script) for name in ("textsuperscript", "textsubscript")]
    macros += [MacroTextSpec(name, simplify_repl=_argument_of) for name in ("mbox", "hbox", "ce")]
    context = get_default_latex_context_db()
    context.add_context_category("livrev", prepend=True, macros=macros)
    return LatexNodes2Text(latex_context=context, math_mode="text", keep_comments=True)


def _greek(name: str) -> str:
    return "LAMDA" if name == "lambda" else name.upper()


def _argument_of(node: Any, l2tobj: LatexNodes2Text) -> str:
    return _argument(node, l2tobj)


def _walked() -> Any:
    context = get_walker_context_db()
    names = ("textsuperscript", "textsubscript", "mbox", "hbox", "ce")
    context.add_context_category("livrev", prepend=True, macros=[MacroSpec(name, "{") for name in names])
    return context


_CONVERTER, _WALKED = _converter(), _walked()
