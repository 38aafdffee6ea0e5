"""One page for each study and each founding document, and an index of each that can be filtered.

The theme would take long to make hundreds of pages one by one: it makes one, empty, and the others are that page with their text.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from livrev.checks.citations import cited_in
from livrev.checks.prose import roles_in
from livrev.records.model import Source, Study
from livrev.records.review import Review
from livrev.records.safe_text import allowed_address
from livrev.records.text_files import read_chapters
from livrev.review.pools import pool_evidence
from livrev.review.studies import awaited_trials, months_overdue, search_day
from livrev.show.figures.scale import strip_of
from livrev.show.format import format_count, format_outcome, within_sentence
from livrev.show.names import BASIS, cite, link_study, retraction_of, say_code, say_conditions
from livrev.show.tables import Link
from livrev.show.views import cards
from livrev.show.views.bias import appraise_study
from livrev.show.views.explorer import DIFFERENCE, RATIO, drawn_numbers
from livrev.site.build_cache import digest_all, digest_files
from livrev.site.edition import cite_part
from livrev.site.rendering import Page, render
from livrev.site.roles import over_time_of
from livrev.site.state import build_state, inputs_of
from livrev.transaction import write_atomically, write_if_changed

_TITLE = "livrev-shell-title"
_REMARKS = ("flag", "over_time", "derived", "older", "later")  # what is said of a result beside it, where there is any
_STATE = ".records"  # below the build: what the pages were made from


def names_used(chapters: dict[str, str]) -> list[tuple[Link, list[str]]]:
    """Return each of *chapters*, texts by file name, as its title and place, with the keys that it cites and the names in its roles."""
    used = []
    for file, text in chapters.items():
        title = next((line[2:].strip() for line in text.splitlines() if line.startswith("# ")), "")
        said = [name for _, names, _ in roles_in(text, "result", "evidence") for name in names.split(",")]
        names = {key for key, _ in cited_in(text)} | {name.partition("|")[0].rstrip("\\").strip() for name in said}
        used.append((Link(title, re.sub(r"\.(md|ipynb)$", ".html", file)), sorted(names)))
    return used


def uses_by_record(review: Review, chapters: dict[str, str]) -> dict[str, list[Link]]:
    """Return, for each study, outcome, finding, pool and citekey, the chapters that name it, in their order.

    A study is used where one of its results is, and where a pool holds one.
    """
    pools = {f"pool.{key}": {one.outcome for one in pooled.outcomes} for key, pooled in pool_evidence(review).items()}
    uses: dict[str, list[Link]] = defaultdict(list)
    for chapter, names in names_used(chapters):
        found = set(names)
        for name in names:
            kind, _, rest = name.partition(".")
            if kind == "pool":
                pool = name if name in pools else name.rpartition(".")[0]
                found |= {pool, *pools.get(pool, set())}
            elif kind in ("outcome", "study"):
                found.add(rest.removesuffix(".exact").removesuffix(".n"))
        found |= {review.outcomes[key].study for key in found if key in review.outcomes}
        for key in found:
            uses[key].append(chapter)
    return uses


def collect_pages(app: Sphinx) -> Iterator[Page]:
    """Yield the indexes and the empty pages, then fill these with every study and document, for the search to find their words.

    Where all of them stand already there is nothing to do.
    """
    review = build_state(app).review
    kept = review.repository.build / _STATE
    index, made_from = Path(app.outdir) / "studies" / "index.html", _state(app)
    if kept.is_file() and index.is_file() and kept.read_text(encoding="utf-8") == made_from:
        return
    kept.unlink(missing_ok=True)
    unsaid = "<p>Where the page of a study says nothing of a retraction, that was not looked up yet.</p>"
    for folder, title, note, shown in (
        ("studies", "All studies", unsaid, cards.show_all_studies(review)),
        ("outcomes", "All reported results", "", cards.show_all_outcomes(review)),
        ("sources", "All findings of the founding documents", "", cards.show_all_findings(review)),
    ):
        body = f"<section><h1>{title}</h1>{note}{shown.to_html()}</section>"
        yield f"{folder}/index", {"title": title, "body": body}, "page.html"
    for folder, about in (
        ("studies", "what it is, what was reported, and where this book uses it."),
        ("sources", "what it says, and what became of each statement when it was checked."),
    ):
        context = {"title": _TITLE, "body": _body(folder), "description": f"{_TITLE}: {about}"}
        yield f"{folder}/shell", context, "page.html"
    uses, pools = uses_by_record(review, read_chapters(review.repository)[0]), pools_by_study(review)
    _fill_pages(app, "studies", "All studies", "results as reported", [
        (key, one.name, study_page(review, one, uses, pools.get(key, ()), marks=over_time_of(app)))
        for key, one in review.studies.items()
    ])  # fmt: skip
    _fill_pages(app, "sources", "All findings", "its findings", [
        (one.citekey, one.title, source_page(review, one, uses)) for one in review.sources
    ])  # fmt: skip
    write_atomically(kept, made_from)


def _body(folder: str) -> str:
    return f"<p>livrev-shell-of-{folder}</p>"  # by which page_assets knows what the pages will need


def _state(app: Sphinx) -> str:
    """Return a digest of all that these pages show: the inputs, what surrounds every page, and where chapters use a record."""
    repository = build_state(app).review.repository
    around = [repository.config, repository.contents, repository.citation, repository.root / "CHANGELOG.md"]
    seen = (
        inputs_of(app),
        app.builder.build_info.config_hash,  # type: ignore[attr-defined]
        digest_files(file for file in around if file.is_file()),
        sorted((page, title.astext()) for page, title in app.env.titles.items()),
        names_used(read_chapters(repository)[0]),
    )
    return digest_all(seen)


def _fill_pages(app: Sphinx, folder: str, index: str, part: str, pages: Sequence[tuple[str, str, str]]) -> None:
    """Write name, title and body of each of *pages* into *folder*, where what else there is goes.

    Below the body stand how to cite it as *part* of the book, and the ways to its neighbours and to the *index* of all.
    """
    empty = Path(app.outdir) / folder / "shell.html"
    shell, gone = empty.read_text(encoding="utf-8"), {*empty.parent.glob("*.html")} - {empty.with_name("index.html")}
    for before, (name, title, body), after in zip([None, *pages], pages, [*pages[1:], None], strict=False):
        place = empty.with_name(f"{name}.html")
        cited = cite_part(app, f"{title}: {part}", f"{folder}/{place.name}")
        around = render("around.html", folder=folder, index=index, before=before, after=after)
        filled = shell.replace(f"{folder}/shell", f"{folder}/{name}").replace(_TITLE, escape(title))
        write_if_changed(place, filled.replace(_body(folder), f"<section>\n{body}\n{cited}{around}\n</section>"))
        gone.discard(place)
    for place in gone:
        place.unlink()


def pools_by_study(review: Review) -> dict[str, list[Link]]:
    """Return, for each study, the pools that hold a result of it."""
    held: dict[str, list[Link]] = defaultdict(list)
    for key, pooled in pool_evidence(review).items():
        for study in dict.fromkeys(outcome.study for outcome in pooled.outcomes):
            held[study].append(Link(pooled.plan.title, cards.place_of_pool(review, key)))
    return held


def study_page(
    review: Review, study: Study, uses: Mapping[str, list[Link]], pools: Sequence[Link] = (), *,
    marks: Mapping[str, tuple[str, str]] | None = None,
) -> str:  # fmt: skip
    """Return the article of one study as HTML: what it is, what was reported, and where the book uses it.

    *marks* says how its ratios change over time, and why.
    """
    label, question = review.vocabulary.label, review.settings.question(study.question)
    own = [(outcome, *drawn_numbers(outcome)) for outcome in review.outcomes.values() if outcome.study == study.study]
    reported = [(outcome, kind, (value, low, high)) for outcome, kind, value, low, high in own]
    ratios = strip_of([span for _, kind, span in reported if kind == RATIO], linear=False)
    later = {outcome.supersedes: outcome for outcome, _, _ in reported if outcome.supersedes}
    groups: dict[str, dict[str, Any]] = {}
    for endpoint in dict.fromkeys(outcome.endpoint for outcome, _, _ in reported):
        here = [one for one in reported if one[0].endpoint == endpoint]
        strips = {
            RATIO: ratios if any(kind == RATIO for _, kind, _ in here) else None,
            DIFFERENCE: strip_of([span for _, kind, span in here if kind == DIFFERENCE], linear=True),
        }
        rows = [
            {
                "it": outcome, "who": f"{outcome.groups}; {within_sentence(say_code(review, 'strata', outcome.stratum))}",
                "basis": BASIS.get(outcome.basis, outcome.basis), "address": allowed_address(outcome.address),
                "strip": strips.get(kind), "span": span, "flag": f"flagged: {outcome.flag_reason}" if outcome.flag else "",
                "derived": outcome.derived, "later": later.get(outcome.outcome), "older": review.outcomes.get(outcome.supersedes or ""),
                "over_time": ": ".join((marks or {}).get(outcome.outcome, ())) if outcome.outcome not in later else "",
            }
            for outcome, kind, span in here
        ]  # fmt: skip
        groups[label("endpoints", endpoint)] = {"rows": rows, "strips": [strip for strip in strips.values() if strip]}
    return render(
        "study.html", study=study, designs=label("designs", study.design), conditions=say_conditions(review, study.condition),
        facts=_study_facts(review, study), groups=groups, count=len(reported),
        drawn=any(group["strips"] for group in groups.values()),
        remarked=any(row[remark] for group in groups.values() for row in group["rows"] for remark in _REMARKS),
        say=format_outcome, appraised=list(appraise_study(review, study)), registered=study.design == "registered-trial",
        uses=uses.get(study.study, []), pools=pools, notebook=f"notebooks/{question.notebook}.html",
        retraction=retraction_of(review, study.citekey, warn=True),
    )  # fmt: skip


def _study_facts(review: Review, study: Study) -> list[tuple[str, str | Link]]:
    extra, question = study.model_extra or {}, review.settings.question(study.question)
    facts: list[tuple[str, Any]] = [
        ("Question", Link(question.label, f"../chapters/{question.chapter}.html")),
        *((name, extra.get(name.lower())) for name in ("Arms", "Phase", "Masking", "Country")),
        ("Primary endpoint", ", ".join(say_code(review, "endpoints", one) for one in extra.get("primary_endpoint") or ())),
        ("Its result", extra.get("primary_result")),
        *(("Registered as", Link(nct, f"https://clinicaltrials.gov/study/{nct}")) for nct in study.nct),
        ("PubMed", Link(study.pmid, f"https://pubmed.ncbi.nlm.nih.gov/{study.pmid}/") if study.pmid else None),
        ("Publication", cite(review, study.citekey)),
        *(("Later or further report", cite(review, key)) for key in study.other_citekeys),
        ("Part of", link_study(review, whole) if (whole := review.studies.get(study.part_of or "")) else None),
        ("Read in", Link(f"{BASIS.get(study.basis, study.basis)}, {study.read_on}", study.address)),
        ("Note", extra.get("note")),
        ("Retraction", retraction_of(review, study.citekey)),
    ]  # fmt: skip
    for trial in (trial for trial in review.trials.values() if trial.study == study.study):
        day = search_day(review)
        late = months_overdue(trial, day) if day and trial.nct in awaited_trials(review) else None
        overdue = "" if late is None else f", {format_count(late, 'month')} before the last search ({day})"
        facts += [
            ("Sponsor", trial.sponsor), ("Allocation", trial.allocation), ("State", trial.status),
            ("Completion", trial.completion and trial.completion + overdue), ("Record of", trial.record_date),
            ("Record read", Link(str(trial.read_on), trial.address)), ("On the record", trial.note),
        ]  # fmt: skip
    shown = [(name, said) for name, said in facts if said and str(said) != "NA"]
    return [(name, said if isinstance(said, Link) else str(said)) for name, said in shown]


def source_page(review: Review, source: Source, uses: Mapping[str, list[Link]]) -> str:
    """Return the article of one founding document as HTML: what it is, and each thing that it says."""
    features, verdicts = review.features[source.citekey], Counter(finding.verdict for finding in source.findings)
    findings = [
        {
            **finding.model_dump(), "settled": [cite(review, key) for key in finding.settled_by],
            "uses": uses.get(finding.id, []), "place": allowed_address(cards.place_in_source(review, source, finding)),
            "population": f"about {review.settings.populations[finding.population]}",
        }
        for finding in source.findings
    ]  # fmt: skip
    facts: list[tuple[str, str | Link]] = [
        ("Document", cite(review, source.citekey)),
        ("Sentences", str(len(features.sentences))),
        *(("Reports on", cite(review, key)) for key in source.reports_on),
        *((verdict.replace("-", " ").capitalize(), str(count)) for verdict, count in verdicts.items()),
        *((("Retraction", said),) if (said := retraction_of(review, source.citekey)) else ()),
    ]
    return render("source.html", source=source, about=source.about.strip(), facts=facts, findings=findings)
