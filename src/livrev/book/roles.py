"""Roles with which a chapter prints numbers: ``{result}`findings.count` `` or ``{result}`outcome.x|full` ``."""

from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from livrev.synthesis.results import nearest_names
from livrev.synthesis.wording import FORMS, say


class ResultRole(SphinxRole):
    """Print a named Result in one of the forms of wording; an unknown name or form fails the build at its line."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number as a span whose title says what it is and what it rests on."""
        name, _, form = (part.strip() for part in self.text.partition("|"))
        results: dict[str, Any] = self.env.app.livrev_results  # type: ignore[attr-defined]
        pages = getattr(self.env, "livrev_result_pages", set()) | {self.env.docname}
        self.env.livrev_result_pages = pages  # type: ignore[attr-defined]
        if name not in results:
            near = nearest_names(name, results)
            return self._fail(f"no Result is called {name}" + (f"; near it: {', '.join(near)}" if near else ""))
        estimate = results[name]
        try:
            text = say(estimate, form or "short")
        except ValueError as error:
            return self._fail(f"{error} (forms: {', '.join(FORMS)})")
        rests = ", ".join(estimate.rests_on[:4]) + (
            f" and {len(estimate.rests_on) - 4} more" if len(estimate.rests_on) > 4 else ""
        )
        node = nodes.inline(self.rawtext, text, classes=["livrev-result"])
        node["title"] = f"{estimate.label}; {estimate.method}; rests on {rests}"
        return [node], []

    def _fail(self, message: str) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        report = self.inliner.reporter.error(message, line=self.lineno)
        return [self.inliner.problematic(self.rawtext, self.rawtext, report)], [report]
