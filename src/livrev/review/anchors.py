"""Prove that every finding is anchored: its sentence exists, still says the same, and holds the finding's numbers.

And that every sentence of a document is accounted for: by a finding, as furniture, or as a repetition.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from livrev.diagnostics import Problem
from livrev.records.model import Source
from livrev.records.plain_yaml import Mapping
from livrev.text.features import numbers_in


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the sentences of one document are accounted for."""

    citekey: str
    sentences: int
    claims: int
    furniture: int
    repeats: int
    findings: int

    @property
    def accounted(self) -> int:
        """The number of sentences that are one of the three."""
        return self.claims + self.furniture + self.repeats


def measure_coverage(source: Source, features: dict[str, Any]) -> Coverage:
    """Count the sentences of *source* by what accounts for them."""
    return Coverage(
        source.citekey,
        len(features["sentences"]),
        len({finding.sentence for finding in source.findings}),
        len({n for item in source.furniture for n in item.sentences}),
        len({repeat.sentence for repeat in source.repeats}),
        len(source.findings),
    )


def check_anchors(source: Source, front_matter: Mapping, features: dict[str, Any], file: str) -> Iterable[Problem]:
    """Yield what is wrong with the anchors of *source*, given the features of its document."""
    sentences = {sentence["n"]: sentence for sentence in features["sentences"]}
    for finding, record in zip(source.findings, front_matter["findings"], strict=True):
        sentence = sentences.get(finding.sentence)
        if sentence is None:
            cure = f"the document has {len(sentences)} sentences"
            yield Problem(file, record.line_of("sentence"), "sentence", str(finding.sentence), "does not exist", cure)
            continue
        if finding.fingerprint != sentence["fingerprint"]:
            others = [n for n, other in sentences.items() if other["fingerprint"] == finding.fingerprint]
            cure = (
                f"it is the fingerprint of sentence {others[0]}: mend the number"
                if others
                else f"read sentence {finding.sentence} again; if {finding.id} holds, write {sentence['fingerprint']}"
            )
            line = record.line_of("fingerprint")
            yield Problem(file, line, "fingerprint", finding.fingerprint, f"is stale ({finding.id})", cure)
        if finding.derived is None:
            for number in numbers_in(finding.statement):
                if number not in sentence["numbers"]:
                    held = ", ".join(sentence["numbers"]) or "no number"
                    cure = f"the sentence holds {held}; mend it, or say how under derived"
                    message = f"does not stand in sentence {finding.sentence} ({finding.id})"
                    yield Problem(file, record.line_of("statement"), "statement", number, message, cure)
    yield from _check_accounting(source, front_matter, set(sentences), file)


def _check_accounting(source: Source, front_matter: Mapping, known: set[int], file: str) -> Iterable[Problem]:
    """Yield each sentence that nothing, or more than one kind of thing, accounts for."""
    kinds: dict[int, set[str]] = {n: set() for n in known}
    ids = {finding.id for finding in source.findings}
    entries = [(f.sentence, "a finding", front_matter.line_of("findings")) for f in source.findings]
    for number, item in enumerate(source.furniture):
        line = front_matter["furniture"][number].line
        entries += [(n, "furniture", line) for n in item.sentences]
    for number, repeat in enumerate(source.repeats):
        line = front_matter["repeats"][number].line
        entries.append((repeat.sentence, "a repetition", line))
        if repeat.of not in ids:
            yield Problem(
                file, line, "of", repeat.of, "is no finding of this document", "name the finding that is repeated"
            )
    complained = set()
    for n, kind, line in entries:
        if n in kinds:
            kinds[n].add(kind)
        elif kind != "a finding" and line not in complained:
            complained.add(line)
            yield Problem(file, line, "sentences", str(n), "does not exist", f"the document has {len(known)} sentences")
    for n, found in sorted(kinds.items()):
        if len(found) != 1:
            said = " and ".join(sorted(found)) if found else "not accounted for"
            cure = "make it a finding, furniture, or a repetition: one of the three"
            yield Problem(file, front_matter.line, "sentence", str(n), f"is {said}", cure)
