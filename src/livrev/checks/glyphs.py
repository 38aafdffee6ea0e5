"""Check that every sign of a text can be printed: a font of the book has it."""

from collections.abc import Iterable

from livrev.diagnostics import Problem
from livrev.show.fonts import strange_signs, without_glyph


def check_glyphs(text: str, file: str) -> Iterable[Problem]:
    """Yield each sign of *text* that no font of the book has, at the line where it stands first."""
    signs = strange_signs(text)
    for sign in without_glyph(signs) if signs else ():
        line = text.count("\n", 0, signs[sign]) + 1
        code = f"U+{ord(sign):04X}"
        yield Problem(file, line, "sign", f"{sign} ({code})", "is in no font of the book", "write it in another way")
