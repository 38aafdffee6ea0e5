"""The picture that a chapter asks for: the directive `answers`, whose lines name pools and strategies of the records."""

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from livrev.atomic_write import write_atomically
from livrev.show.figures.shown import draw_inline, to_csv
from livrev.show.views.answers import draw_summary
from livrev.site.figures import link_behind, write_data
from livrev.site.shown_records import note_inputs
from livrev.site.state import build_state

_FOLDER = "pictures"


def connect(app: Sphinx) -> None:
    """Connect the directive to Sphinx; the review must have been read before."""
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
        review = build_state(self.env.app).review
        missing = [name for name in ("caption", "name", "left", "right") if name not in self.options]
        if missing:
            raise self.error(f"answers lacks {', '.join(missing)}")
        favours = (self.options["left"], self.options["right"])
        try:
            shown = draw_summary(review, list(self.content), favours=favours)
        except ValueError as error:
            raise self.error(str(error)) from error
        note_inputs(self.env)
        folder, name = review.repository.build / _FOLDER, str(self.options["name"])
        folder.mkdir(parents=True, exist_ok=True)
        place, svg = folder / f"{name}.svg", shown.to_svg()
        if not place.is_file() or place.read_text(encoding="utf-8") != svg:
            write_atomically(place, svg)
        write_data(self.env.app, name, to_csv(shown))
        image = nodes.image("", uri=f"/{review.repository.relative(place)}", alt=shown.alt, loading="lazy")
        drawing = nodes.raw("", draw_inline(shown), format="html")
        caption = nodes.caption(
            self.options["caption"], "", *self.parse_inline(self.options["caption"], lineno=self.lineno)[0]
        )
        behind = nodes.raw("", link_behind(self.env.app, self.env.docname, name, code="draw_summary("), format="html")
        both = nodes.container("", drawing, image, classes=["livrev-shown"])
        figure = nodes.figure("", both, caption, behind, classes=["livrev-answers"], align="default")
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure]
