"""Write the findings as linked data: one graph a finding, after the pattern of nanopublications.

Each finding is an assertion (a schema.org Claim in our own words), its provenance (the sentence it was drawn from, as a
Web Annotation with position and fingerprint, and the review of the claim) and its publication info. No word of a source
is in it. Terms that no known vocabulary has bear a name of our own (a tag, not an address). The context is inside the
file, so that it is read without a network; names are relative to the file's address.
"""

import json
from pathlib import Path
from typing import Any

from livrev.records.model import Finding, Source
from livrev.records.plain_yaml import Mapping, read_mapping
from livrev.records.review import Review
from livrev.review.studies import mark_of

Node = dict[str, Any]
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
AUTHOR = "#contributors"


def to_json_ld(review: Review) -> str:
    """Return every finding as JSON-LD: the works that are named, then four graphs a finding."""
    found = review.findings.values()
    keys = dict.fromkeys(key for source, finding in found for key in (source.citekey, *finding.settled_by))
    config = read_mapping(review.repository.config, review.repository)[0] or Mapping()
    author = {"@id": AUTHOR, "@type": "Organization", "name": str(config.get("author") or config.get("title"))}
    graph = [author, *(_work(review, key) for key in keys)]
    for source, finding in found:
        graph += nanopublication(review, source, finding)
    context = json.loads(Path(__file__).with_name("context.json").read_text(encoding="utf-8"))
    return json.dumps({"@context": context, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def nanopublication(review: Review, source: Source, finding: Finding) -> list[Node]:
    """Return head, assertion, provenance (with its sentence) and publication info of one finding, each a graph of its own."""
    name, day, work = f"#{finding.id}", source.read_on.isoformat(), _iri(review, source.citekey)
    features = review.features[source.citekey]
    sentence = features.sentences[finding.sentence - 1]
    head = {
        "@id": name, "@type": "np:Nanopublication", "hasAssertion": f"{name}-assertion",
        "hasProvenance": f"{name}-provenance", "hasPublicationInfo": f"{name}-info",
    }  # fmt: skip
    assertion = {
        "@id": f"{name}-claim", "@type": "Claim", "identifier": finding.id, "text": finding.statement, "inLanguage": "en",
        "about": review.vocabulary.label("topics", finding.topic), "appearance": {"@id": work},
        "population": finding.population, "direction": finding.direction, "statementType": finding.type,
    }  # fmt: skip
    derived = {"@id": f"{name}-assertion", "wasDerivedFrom": work, "wasAttributedTo": AUTHOR, "generatedAtTime": day}
    selector = {
        "@type": "oa:TextPositionSelector", "start": sentence.start, "end": sentence.end, "sentence": finding.sentence,
        "fingerprint": finding.fingerprint,
    }  # fmt: skip
    state = {"@type": "oa:State", "sha256": features.document.sha256}
    anchor = {
        "@id": f"{name}-anchor", "@type": "oa:Annotation", "hasBody": f"{name}-claim",
        "hasTarget": {"@type": "oa:SpecificResource", "hasSource": work, "hasState": state, "hasSelector": selector},
    }  # fmt: skip
    rating = {"@type": "Rating", "alternateName": finding.verdict, "ratingExplanation": finding.explanation}
    verdict: Node = {
        "@id": f"{name}-review", "@type": "ClaimReview", "itemReviewed": {"@id": f"{name}-claim"}, "datePublished": day,
        "claimReviewed": finding.statement, "author": {"@id": AUTHOR}, "reviewRating": rating,
        "citation": [{"@id": _iri(review, key)} for key in finding.settled_by],
    }  # fmt: skip
    if finding.altered_by:
        verdict["alteredBy"] = finding.altered_by
    info = {"@id": name, "created": day, "license": LICENCE, "wasAttributedTo": AUTHOR}
    parts = {"head": [head], "assertion": [assertion], "provenance": [derived, anchor, verdict], "info": [info]}
    return [{"@id": f"{name}-{part}", "@graph": nodes} for part, nodes in parts.items()]


def _work(review: Review, key: str) -> Node:
    reference = review.references[key]
    work = {
        "@id": _iri(review, key), "@type": "CreativeWork", "identifier": key, "name": reference.plain("title"),
        "livrev:year": reference.year, "url": reference.plain("url"), "creativeWorkStatus": mark_of(review, key),
    }  # fmt: skip
    return {name: said for name, said in work.items() if said or name == "name"}


def _iri(review: Review, key: str) -> str:
    """Return the name of a document in linked data: its DOI, its address, or a name of our own."""
    reference = review.references[key]
    if doi := reference.plain("doi"):
        return f"https://doi.org/{doi}"
    return reference.plain("url") or f"#{key}"
