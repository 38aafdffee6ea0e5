"""Check what is said of the founding documents: every finding is anchored, every sentence accounted for, every sum computed.

An anchored finding has a sentence that exists, still says the same, and holds its numbers. A sentence is accounted for by a
finding, as furniture, or as a repetition. Whoever has the documents checks them all against these (`livrev verify --raw`).
"""

import collections.abc as abc
from collections.abc import Iterable
from functools import partial
from itertools import zip_longest
from pathlib import Path

from livrev.diagnostics import Problem
from livrev.records.model import ArithmeticClaim, Source
from livrev.records.plain_yaml import Mapping
from livrev.records.review import Review
from livrev.records.text_files import read_text
from livrev.text.features import DocumentFeatures, describe_document, dump_features, numbers_in


def verify_anchors(review: Review, folder: Path | None) -> tuple[dict[str, DocumentFeatures], list[Problem]]:
    """Check every anchor against the documents in *folder*, or against the features on record where it is None.

    Return what each source was checked against, by its citekey, and what is wrong.
    """
    features = dict(review.features)
    documents, problems = find_documents(review, folder) if folder else ({}, [])
    for citekey, raw in documents.items():
        remade, found = remake_features(review, citekey, raw)
        problems += found
        features |= {citekey: remade} if remade else {}
    return features, sorted({*problems, *check_anchors_of(review, features)})


def check_anchors_of(review: Review, features: abc.Mapping[str, DocumentFeatures] | None = None) -> Iterable[Problem]:
    """Yield what is wrong with the anchors of every source, by the *features* of its document (default: those on record)."""
    known = review.features if features is None else features
    for source in review.sources:
        if (key := source.citekey) in known:
            file = review.repository.relative(review.repository.sources / f"{key}.md")
            yield from check_anchors(source, review.front_matter[key], known[key], file)


def find_documents(review: Review, folder: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the bytes of each source's document in *folder*, by citekey, and a problem for each that is not there."""
    documents, problems = {}, []
    for source in review.sources:
        try:
            documents[source.citekey] = (folder / Path(source.document).name).read_bytes()
        except OSError as error:
            file = review.repository.relative(review.repository.sources / f"{source.citekey}.md")
            line = review.front_matter[source.citekey].line_of("document")
            message, cure = f"is not to be had ({error.strerror})", f"put it into {folder}, or verify without --raw"
            problems.append(Problem(file, line, "document", source.document, message, cure))
    return documents, problems


def remake_features(review: Review, citekey: str, raw: bytes) -> tuple[DocumentFeatures | None, list[Problem]]:
    """Return the features of a document read anew, and a problem for each byte that does not agree with the record."""
    path = review.repository.features / f"{citekey}.json"
    problem = partial(Problem, review.repository.relative(path))
    try:
        features = describe_document(citekey, raw, review.vocabulary)
    except UnicodeDecodeError as error:
        return None, [problem(1, "document", "", f"is not UTF-8 (byte {error.start})", "get the document again")]
    stored = review.features.get(citekey)
    problems = list(_compare(features, stored, problem)) if stored else []
    if stored and not problems and read_text(path, review.repository)[0] != dump_features(features):
        said = ("are not what code makes of the document", "delete what was added by hand")
        problems = [problem(1, "features", "", *said)]
    return features, problems


def _compare(features: DocumentFeatures, stored: DocumentFeatures, problem: "partial[Problem]") -> Iterable[Problem]:
    """Yield how features made anew differ from those on record, sentence by sentence."""
    if dump_features(features) == dump_features(stored):
        return
    remake = "if the document or the vocabulary changed on purpose: livrev features --raw DIR, then read the diff"
    if features.document != stored.document:
        value = features.document.sha256[:16]
        yield problem(1, "sha256", value, "is not the document on record", "compare the two documents; " + remake)
    both = zip_longest(features.sentences, stored.sentences)  # each counts from 1
    for n, (sentence, old) in enumerate(both, 1):
        if sentence is None or old is None:
            said = "is not on record" if sentence else "is on record, but not in the document"
            yield problem(n + 2, "sentence", str(n), said, remake)
            continue
        before = old.model_dump(mode="json")
        for field, now in sentence.model_dump(mode="json").items():
            if now != before[field]:
                yield problem(n + 2, field, f"sentence {n}: {now}", f"but on record: {before[field]}", remake)


def check_anchors(source: Source, front_matter: Mapping, features: DocumentFeatures, file: str) -> Iterable[Problem]:
    """Yield what is wrong with the anchors of *source*, given the features of its document."""
    problem = partial(Problem, file)
    sentences = {sentence.n: sentence for sentence in features.sentences}
    for finding, record in zip(source.findings, front_matter["findings"], strict=True):
        n, sentence = finding.sentence, sentences.get(finding.sentence)
        if sentence is None:
            cure = f"the document has {len(sentences)} sentences"
            yield problem(record.line_of("sentence"), "sentence", str(n), "does not exist", cure)
            continue
        if finding.fingerprint != sentence.fingerprint:
            other = next((n for n, other in sentences.items() if other.fingerprint == finding.fingerprint), None)
            cure = f"read sentence {n} again; if {finding.id} holds, write {sentence.fingerprint}"
            cure = f"it is the fingerprint of sentence {other}: mend the number" if other else cure
            line = record.line_of("fingerprint")
            yield problem(line, "fingerprint", finding.fingerprint, f"is stale ({finding.id})", cure)
        for number in numbers_in(finding.statement) if finding.derived is None else ():
            if number not in sentence.numbers:
                held = ", ".join(sentence.numbers) or "no number"
                cure = f"the sentence holds {held}; mend it, or say how under derived"
                message = f"does not stand in sentence {n} ({finding.id})"
                yield problem(record.line_of("statement"), "statement", number, message, cure)
    yield from _account(source, front_matter, set(sentences), problem)


def _account(source: Source, front_matter: Mapping, known: set[int], problem: "partial[Problem]") -> Iterable[Problem]:
    """Yield each sentence that nothing, or more than one kind of thing, accounts for."""
    kinds: dict[int, set[str]] = {n: set() for n in known}
    ids, gone = {finding.id for finding in source.findings}, dict[int, int]()
    entries = [(finding.sentence, "a finding", 0) for finding in source.findings]
    for item, record in zip(source.furniture, front_matter.get("furniture", ()), strict=True):
        entries += [(n, "furniture", record.line) for n in item.sentences]
    for repeat, record in zip(source.repeats, front_matter.get("repeats", ()), strict=True):
        entries.append((repeat.sentence, "a repetition", record.line))
        if repeat.of not in ids:
            cure = "name the finding that is repeated"
            yield problem(record.line, "of", repeat.of, "is no finding of this document", cure)
    for n, kind, line in entries:
        if n in kinds:
            kinds[n].add(kind)
        elif kind != "a finding":
            gone.setdefault(line, n)
    for line, n in gone.items():
        yield problem(line, "sentences", str(n), "does not exist", f"the document has {len(known)} sentences")
    for n, found in sorted(kinds.items()):
        if len(found) != 1:
            said = " and ".join(sorted(found)) if found else "not accounted for"
            cure = "make it a finding, furniture, or a repetition: one of the three"
            yield problem(front_matter.line, "sentence", str(n), f"is {said}", cure)


def check_arithmetic(review: Review) -> Iterable[Problem]:
    """Yield checks that cannot be computed."""
    for claim, problem in review.located(ArithmeticClaim):
        try:
            _ = claim.expected
        except (ValueError, ZeroDivisionError) as error:
            yield problem("a, b", f"{claim.a}, {claim.b}", f"cannot be computed ({error})", "mend them")
