"""Findings as linked data: read by PyLD without a network, one nanopublication each, and no word of a source."""

import json
from typing import Any

import pytest
from pyld import jsonld

from livrev.exports.linked import to_json_ld
from livrev.records.review import Review

BASE = "https://example.org/findings.jsonld"
SCHEMA, NP, OA, PROV = (
    "https://schema.org/", "http://www.nanopub.org/nschema#", "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/prov#",
)  # fmt: skip
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def no_network(address: str, options: Any) -> Any:
    raise AssertionError(f"{address} was asked for")


@pytest.fixture(scope="module")
def dataset(real_review: Review) -> dict[str, list[Any]]:
    options = {"base": BASE, "documentLoader": no_network}
    found: dict[str, list[Any]] = jsonld.to_rdf(json.loads(to_json_ld(real_review)), options)
    return found


def objects(graph: list[Any], predicate: str) -> list[str]:
    return [quad["object"]["value"] for quad in graph if quad["predicate"]["value"] == predicate]


def test_each_finding_is_four_graphs_and_each_graph_is_filled(
    dataset: dict[str, list[Any]], real_review: Review
) -> None:
    for finding in real_review.findings:
        for part in ("head", "assertion", "provenance", "info"):
            assert dataset[f"{BASE}#{finding}-{part}"], (finding, part)
    heads = [name for name in dataset if name.endswith("-head")]
    assert len(heads) == len(real_review.findings)
    head = dataset[f"{BASE}#echemi-01-head"]
    assert objects(head, TYPE) == [NP + "Nanopublication"]
    assert objects(head, NP + "hasAssertion") == [f"{BASE}#echemi-01-assertion"]


def test_the_assertion_is_a_claim_in_our_words(dataset: dict[str, list[Any]], real_review: Review) -> None:
    for key, (_, finding) in real_review.findings.items():
        graph = dataset[f"{BASE}#{key}-assertion"]
        assert objects(graph, TYPE) == [SCHEMA + "Claim"]
        assert objects(graph, SCHEMA + "text") == [finding.statement]


def test_provenance_leads_to_the_sentence_and_quotes_nothing(
    dataset: dict[str, list[Any]], real_review: Review
) -> None:
    for key, (source, finding) in real_review.findings.items():
        graph = dataset[f"{BASE}#{key}-provenance"]
        sentence = real_review.features[source.citekey].sentences[finding.sentence - 1]
        assert objects(graph, OA + "start") == [str(sentence.start)]
        assert objects(graph, OA + "end") == [str(sentence.end)]
        assert objects(graph, "tag:livrev@example.org,2026:term/fingerprint") == [finding.fingerprint]
        assert {SCHEMA + "ClaimReview", OA + "Annotation"} <= set(objects(graph, TYPE))
        assert objects(graph, SCHEMA + "alternateName") == [finding.verdict]
        assert len(objects(graph, SCHEMA + "citation")) == len(set(finding.settled_by))
        assert objects(graph, PROV + "wasDerivedFrom")
        assert not objects(graph, OA + "exact")


def test_it_survives_the_way_through_n_quads(review: Review) -> None:
    options = {"base": BASE, "documentLoader": no_network}
    document = json.loads(to_json_ld(review))
    quads = jsonld.normalize(document, options | {"algorithm": "URDNA2015", "format": "application/n-quads"})
    back = jsonld.from_rdf(quads, {"format": "application/n-quads"})
    assert jsonld.normalize(back, options | {"algorithm": "URDNA2015", "format": "application/n-quads"}) == quads
    assert "Of 40 patients who took cress, 12 responded." in quads and "gave 12 of 40" not in quads
