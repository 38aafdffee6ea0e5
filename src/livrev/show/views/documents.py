"""The founding documents as tables and figures: what they are, how they were read, what they claim."""

import re
from collections import Counter

from livrev.exports import finding_rows, source_rows
from livrev.records.model import Finding
from livrev.records.review import Review
from livrev.review.anchors import measure_coverage
from livrev.review.arithmetic import hold_against_each_other
from livrev.review.retraction_effects import mark_of
from livrev.show.figures import ShownFigure, draw_chain, draw_counts
from livrev.show.figures.citation_chain import Link as Step
from livrev.show.format import format_effect, format_number
from livrev.show.tables import Link, ShownTable, show_table
from livrev.stats.proportions import clopper_pearson

VERDICTS = ("confirmed", "imprecise", "corrected", "inconsistent", "not-verifiable", "opinion")


def address_of(review: Review, citekey: str) -> Link | str:
    """Return a link to the document behind *citekey*, or its key where no address is known; a retraction is said."""
    reference = review.references.get(citekey)
    if reference is None:
        return citekey
    mark = mark_of(review, citekey)
    shown = f"{citekey} [{mark}]" if mark else citekey
    if doi := reference.plain("doi"):
        return Link(shown, f"https://doi.org/{doi}")
    if nct := reference.plain("nct"):
        return Link(shown, f"https://clinicaltrials.gov/study/{nct.split(';')[0].strip()}")
    url = reference.plain("url")
    return Link(shown, url) if url.startswith("http") else shown


def show_sources(review: Review) -> ShownTable:
    """Return one row a founding document: what it is, and how much it says."""
    rows = [{**row, "source": address_of(review, row["source"])} for row in source_rows(review)]
    columns = {
        "source": "Source", "kind": "Kind", "title": "Title", "year": "Year", "language": "Language",
        "reports_on": "Reports on", "sentences": "Sentences", "findings": "Findings", "confirmed": "Confirmed",
    }  # fmt: skip
    caption = "The five founding documents"
    return show_table(rows, name="table-sources", caption=caption, columns=columns, download="sources.csv")


def show_coverage(review: Review) -> ShownTable:
    """Return how the sentences of each document are accounted for."""
    rows = []
    for source in review.sources:
        coverage = measure_coverage(source, review.features[source.citekey])
        rows.append(
            {
                "source": source.citekey,
                "sentences": coverage.sentences,
                "claims": coverage.claims,
                "furniture": coverage.furniture,
                "repeats": coverage.repeats,
                "open": coverage.sentences - coverage.accounted,
            }
        )
    columns = {
        "source": "Source", "sentences": "Sentences", "claims": "Claim something", "furniture": "Page furniture",
        "repeats": "Repetition", "open": "Not accounted for",
    }  # fmt: skip
    return show_table(rows, name="table-coverage", caption="Every sentence is accounted for", columns=columns)


def show_layers(review: Review, citekey: str) -> ShownTable:
    """Return the three reading layers of one document, sentence by sentence: what it is, its numbers, its entities."""
    source = next(source for source in review.sources if source.citekey == citekey)
    role: dict[int, str] = {n: f"furniture: {item.what}" for item in source.furniture for n in item.sentences}
    role |= {repeat.sentence: f"repeats {repeat.of}" for repeat in source.repeats}
    for finding in source.findings:
        role[finding.sentence] = ", ".join(filter(None, [role.get(finding.sentence), finding.id]))
    rows = [
        {
            "n": sentence["n"],
            "role": role.get(sentence["n"], ""),
            "numbers": sentence["numbers"],
            "quantities": [_say_quantity(quantity) for quantity in sentence["quantities"]],
            "entities": [_label(review, entity) for entity in sentence["entities"]],
        }
        for sentence in review.features[citekey]["sentences"]
    ]
    columns = {
        "n": "Sentence",
        "role": "Accounted for as",
        "numbers": "Numbers",
        "quantities": "Quantities",
        "entities": "Entities",
    }
    name = f"table-layers-{citekey.lower()}"
    return show_table(rows, name=name, caption=f"Three reading layers of {citekey}", columns=columns)


def _say_quantity(quantity: dict) -> str:  # type: ignore[type-arg]
    value = quantity.get("value", "")
    if "events" in quantity:
        value = f"{quantity['events']}/{quantity['total']}"
    interval = f" ({quantity['low']} to {quantity['high']})" if "low" in quantity else ""
    return f"{quantity['kind']} {value}{interval} {quantity.get('unit', '')}".strip()


def _label(review: Review, entity: str) -> str:
    group, _, id_ = entity.partition(":")
    return review.vocabulary.label(group, id_)


def show_findings(review: Review, *, topic: str | None = None, name: str = "table-findings") -> ShownTable:
    """Return the findings (of one *topic*) as people read them."""
    rows = [
        {
            **row,
            "id": Link(row["id"], f"../sources/{review.findings[row['id']][0].citekey}.html#{row['id']}"),
            "topic": review.vocabulary.label("topics", row["topic"]),
            "settled_by": row["settled_by"],
        }
        for row in finding_rows(review)
        if topic in (None, row["topic"])
    ]
    columns = {
        "id": "Finding", "statement": "What the document says", "topic": "Topic", "direction": "Direction",
        "population": "Population", "verdict": "Verdict", "altered_by": "Changed by",
        "explanation": "Why this verdict", "settled_by": "Settled by",
    }  # fmt: skip
    if topic:
        columns.pop("topic")
    label = review.vocabulary.label("topics", topic).lower() if topic else ""
    caption = f"Findings on {label}" if topic else "All findings of the founding documents"
    filters = [field for field in ("topic", "direction", "population", "verdict") if field in columns]
    return show_table(rows, name=name, caption=caption, columns=columns, filters=filters, download="findings.csv")


def draw_verdicts(review: Review, *, by: str = "topic") -> ShownFigure:
    """Draw the number of findings by topic (or by source, type …), coloured by verdict."""
    pairs = []
    for source, finding in review.findings.values():
        row = _short(source.citekey) if by == "source" else str(getattr(finding, by))
        if by == "topic":
            row = review.vocabulary.label("topics", row)
        pairs.append((row, finding.verdict))
    return draw_counts(pairs, of="findings", by="verdict", order=VERDICTS)


def _short(citekey: str) -> str:
    """Return who and when of a citekey, as a label beside a bar: `Doe2020cress` is Doe 2020."""
    return re.sub(r"^(\D+)(\d{4}).*", r"\1 \2", citekey)


def show_alterations(review: Review) -> ShownTable:
    """Return the findings that changed on the way, with what changed them."""
    rows = [row for row in finding_rows(review) if row["altered_by"]]
    columns = {
        "id": "Finding", "altered_by": "Changed by", "verdict": "Verdict", "statement": "What the document says",
        "explanation": "What the settling source says", "settled_by": "Settled by",
    }  # fmt: skip
    caption = "What translation, retelling and omission did"
    return show_table(
        rows, name="table-alterations", caption=caption, columns=columns, filters=["altered_by", "verdict"]
    )


def show_arithmetic(review: Review) -> ShownTable:
    """Return the arithmetic of the documents, computed, beside what they print."""
    words = {
        "percent-of": "{a} as a share of {b}",
        "share-of": "{b} % of {a}",
        "implied-total": "total of which {a} is {b} %",
    }
    rows = [
        {
            "finding": result.finding,
            "sum": words.get(result.operation, "days from {a} to {b}").format(a=result.a, b=result.b),
            "expected": f"{format_number(result.expected, 1)} {result.unit or ''}".strip(),
            "printed": f"{format_number(result.printed)} {result.unit or ''}".strip(),
            "agrees": "yes" if result.agrees else "no",
            "reading": result.reading,
        }
        for result in hold_against_each_other(review)
    ]
    columns = {
        "finding": "Finding", "sum": "Sum", "expected": "Gives", "printed": "Printed", "agrees": "Agrees", "reading": "Reading",
    }  # fmt: skip
    caption = "The documents' arithmetic, computed again"
    return show_table(rows, name="table-arithmetic", caption=caption, columns=columns, filters=["agrees"])


def show_retelling(review: Review) -> ShownTable:
    """Return the chain of each document from its primary publication, with what each step changed."""
    rows = [
        {**record, "place": address_of(review, record["citekey"]) if record["citekey"] else record["place"]}
        for record in review.tables["retelling"].records
    ]
    columns = {
        "document": "Document", "step": "Step", "what": "What", "place": "Where", "date": "When", "changed": "What this step changed",
    }  # fmt: skip
    return show_table(rows, name="table-retelling", caption="From publication to founding document", columns=columns)


def draw_retelling(review: Review, document: str) -> ShownFigure:
    """Draw the chain of one document; a step whose change begins with `start` begins a message."""
    steps = [
        Step(
            record["what"], record["place"], record["date"] or "", record["changed"].removeprefix("start: "),
            first=record["changed"].startswith("start"), seen=record["citekey"] is not None,
        )
        for record in review.tables["retelling"].records
        if record["document"] == document
    ]  # fmt: skip
    source = next((source for source in review.sources if source.citekey == document), None)
    return draw_chain(steps, of=f"“{source.title}”" if source else document)


def show_trust(review: Review) -> ShownTable:
    """Return, for each kind of source, how many of its findings could be settled and how many of those were confirmed."""
    rows = []
    for source in review.sources:
        settled = [f for f in source.findings if f.verdict in ("confirmed", "imprecise", "corrected", "inconsistent")]
        claims = [f for f in settled if f.type in ("result", "mechanism")]
        rows.append(
            {
                "source": address_of(review, source.citekey),
                "kind": source.kind,
                "findings": len(source.findings),
                "settled": _share(settled),
                "claims": _share(claims),
                "altered": sum(1 for finding in source.findings if finding.altered_by),
            }
        )
    columns = {
        "source": "Document", "kind": "Kind", "findings": "Findings", "settled": "Confirmed of all settled (95 % CI)",
        "claims": "Of results and mechanisms settled", "altered": "Changed on the way",
    }  # fmt: skip
    caption = "How far each document could be trusted; one document is no sample of its kind"
    return show_table(rows, name="table-trust", caption=caption, columns=columns)


def _share(findings: list[Finding]) -> str:
    """Return how many of *findings* were confirmed, with an exact interval."""
    if not findings:
        return "none settled"
    confirmed = sum(1 for finding in findings if finding.verdict == "confirmed")
    low, high = clopper_pearson(confirmed, len(findings))
    return f"{confirmed}/{len(findings)}, {format_effect(100 * confirmed / len(findings), 100 * low, 100 * high, unit='%')}"


def count_by(review: Review, field: str) -> Counter[str]:
    """Return how many findings there are for each value of *field*."""
    return Counter(str(getattr(finding, field)) for _, finding in review.findings.values())
