"""The risk of bias as traffic lights, whose signs need no colour to be told apart, and of one study as facts with their pages."""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import NamedTuple

from livrev.records.model import Study
from livrev.records.readings import FACTS, NO_INFORMATION, BiasFact
from livrev.records.review import Review
from livrev.records.safe_text import allowed_address
from livrev.review.bias import Judged, domain_facts, facts_for, judge_all
from livrev.review.pools import Pooled
from livrev.show.figures.grid import Place, draw_grid
from livrev.show.figures.sheet import BAND, BLUE, GROUND, INK, MUTED, VERMILION, Sheet
from livrev.show.figures.shown import ShownFigure, show
from livrev.show.format import cut_label, within_sentence

# Of each level: its sign, the ground and the edge of the light, and the ink of the sign.
LIGHTS = {
    "low": ("+", BLUE, BLUE, GROUND),
    "some concerns": ("!", BAND, VERMILION, INK),
    "high": ("–", VERMILION, VERMILION, GROUND),
    "no information": ("?", GROUND, MUTED, MUTED),
}
_SIZE, _STEP = 13.0, 48.0  # points: a light, and from one to the next at most
_REACH = _SIZE / 4.5  # from the middle of a sign to its ends
_KEY = "+ low risk · ! some concerns · – high risk · ? no information"


def draw_bias(pooled: Pooled) -> ShownFigure:
    """Draw the risk of bias of each study of *pooled*, in the order of its forest plot. Raises ValueError where none is judged."""
    members = sorted(pooled.members, key=lambda member: member.effect.estimate)
    judged = {cut_label(one.study, 60): pooled.bias[one.key] for one in members if one.key in pooled.bias}
    return draw_traffic_lights(judged)


def draw_judged(review: Review, tool: str, studies: Iterable[str] | None = None) -> ShownFigure:
    """Draw every result that *tool* judges, or those of some *studies*. Raises ValueError where none is judged."""
    kept, label = set(review.studies if studies is None else studies), review.vocabulary.label
    rows = {}
    for study, endpoint, _, judged in judge_all(review):
        if judged.tool == tool and study in kept:
            name = cut_label(review.studies[study].name.partition(" (")[0], 60)
            rows[f"{name}, {within_sentence(label('endpoints', endpoint))}" if endpoint else name] = judged
    return draw_traffic_lights(rows, what="results")


def draw_traffic_lights(rows: Mapping[str, Judged], *, what: str = "studies") -> ShownFigure:
    """Draw one row of lights a label, by what was judged: a light a domain, and one for all. Raises ValueError without a row."""
    if not rows:
        raise ValueError("no facts on bias are on record for these studies")
    first = next(iter(rows.values()))
    tool, columns = first.tool, (*first.domains, "overall")
    levels = {label: {**one.domains, "overall": one.overall} for label, one in rows.items()}

    def paint(sheet: Sheet, left: float, y: float, width: float, cell: Place) -> int:
        (label, column), x = cell, left + width / 2
        found = levels[label]
        if column == columns[0]:  # one mark a row
            domains = ", ".join(f"{name} {found[name]}" for name in columns[:-1])
            sheet.mark(f"{label}: {found['overall']} overall; {domains}", {"study": label, "tool": tool, **found})
        mark = len(sheet.marks) - 1
        sign, face, edge, ink = LIGHTS[found[column]]
        sheet.dot(x, y, mark, size=_SIZE, ink=edge, face=face)
        # Some are drawn, not written: letters in the colour of the page are no letters to whoever checks contrast.
        style = {"color": ink, "linewidth": 1.8, "solid_capstyle": "butt", "zorder": 3}
        if sign in "+–":
            sheet.line([x - _REACH, x + _REACH], [y, y], mark, **style)
        else:
            sheet.write(x, y, sign, bold=True, ink=ink, align="center", mark=mark)
        if sign == "+":
            sheet.line([x, x], [y - _REACH, y + _REACH], mark, **style)
        return mark

    cells = set(product(rows, columns))
    return show(
        lambda sheet: draw_grid(sheet, list(rows), columns, cells, paint, deep=_SIZE, widest=_STEP, notes=[_KEY]),
        alt=f"Risk of bias of {len(rows)} {what} by {tool}.",
    )


class Domain(NamedTuple):
    """One domain of a study as its page shows it: name, sign and level, why judged otherwise, and the facts below it."""

    name: str
    sign: str
    level: str
    reason: str
    facts: tuple[tuple[str, str, str, str | None], ...]


class Appraised(NamedTuple):
    """A result of a study by one tool: what it is, its level overall, and those of its domains that were not shown before."""

    title: str
    overall: str
    domains: tuple[Domain, ...]


def appraise_study(review: Review, study: Study) -> Iterable[Appraised]:
    """Yield a study's risk of bias by tool: each pooled result, or the study where none is; a domain as before is not shown again."""
    label = review.vocabulary.label
    shown: set[tuple[str, Domain]] = set()
    for _, endpoint, stratum, judged in judge_all(review, study.study):
        said = f", {within_sentence(label('endpoints', endpoint))}" if endpoint else ""
        said += f", {within_sentence(label('strata', stratum))}" if stratum != "all" else ""
        facts, others, domains = facts_for(review, study.study, judged.tool, endpoint), list(FACTS[judged.tool]), []
        for name, level in judged.domains.items():
            asked = domain_facts(judged.tool, name)
            others = [fact for fact in others if fact not in asked]
            domains.append(Domain(name, LIGHTS[level][0], level, judged.reasons.get(name, ""), _say(facts, asked)))
        domains.append(Domain("also known", "", "", "", _say(facts, others)))
        new = tuple(domain for domain in domains if (judged.tool, domain) not in shown)
        shown |= {(judged.tool, domain) for domain in new}
        yield Appraised(f"{judged.tool}{said}", judged.overall, new)


def _say(facts: dict[str, BiasFact], names: Iterable[str]) -> tuple[tuple[str, str, str, str | None], ...]:
    unknown = (NO_INFORMATION, "", None)
    said = {name: (fact.value, fact.words, allowed_address(fact.address or "")) for name, fact in facts.items()}
    return tuple((name, *said.get(name, unknown)) for name in names)
