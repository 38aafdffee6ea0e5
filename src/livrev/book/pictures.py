"""Pictures that a chapter asks for: the directive `answers`, which draws its lines from the records.

The picture is written below `_build/` and enters the page as any other figure does, with alternative text from its numbers.
"""

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from livrev.book.roles import remember_card_page
from livrev.files import write_atomically
from livrev.library import Library
from livrev.views.answers import draw_summary

_FOLDER = "pictures"


def connect(app: Sphinx) -> None:
    """Connect the directive to Sphinx; the library must have been read before."""
    app.add_directive("answers", AnswersPicture)


class AnswersPicture(SphinxDirective):
    """Draw the answers that its lines name; the options are caption, name, and the words left and right of 1."""

    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "caption": directives.unchanged_required,
        "name": directives.unchanged_required,
        "left": directives.unchanged_required,
        "right": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return the figure; a line that cannot be drawn fails the build."""
        library: Library = self.env.app.livrev_library  # type: ignore[attr-defined]
        missing = [name for name in ("caption", "name", "left", "right") if name not in self.options]
        if missing:
            raise self.error(f"answers lacks {', '.join(missing)}")
        favours = (self.options["left"], self.options["right"])
        try:
            shown = draw_summary(library, list(self.content), favours=favours)
        except ValueError as error:
            raise self.error(str(error)) from error
        remember_card_page(self.env)
        folder = library.repository.build / _FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        place, svg = folder / f"{self.options['name']}.svg", shown.to_svg()
        if not place.is_file() or place.read_text(encoding="utf-8") != svg:
            write_atomically(place, svg)
        image = nodes.image("", uri=f"/{library.repository.relative(place)}", alt=shown.alt)
        caption = nodes.caption(
            self.options["caption"], "", *self.parse_inline(self.options["caption"], lineno=self.lineno)[0]
        )
        figure = nodes.figure("", image, caption, classes=["livrev-answers"], align="default")
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure]
