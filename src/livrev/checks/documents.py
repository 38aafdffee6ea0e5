"""Check the review against the documents themselves, for whoever has them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from livrev.diagnostics import Problem
from livrev.records.review import Review
from livrev.records.text_files import read_text
from livrev.text.features import describe_document, dump_features


def find_documents(review: Review, folder: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the bytes of each source's document in *folder*, by citekey, and a problem for each that is not there."""
    documents, problems = {}, []
    for source in review.sources:
        path = folder / Path(source.document).name
        try:
            documents[source.citekey] = path.read_bytes()
        except OSError as error:
            file, line = _place(review, source.citekey)
            cure = f"put it into {folder}, or verify without --raw"
            message = f"is not to be had ({error.strerror})"
            problems.append(Problem(file, line, "document", source.document, message, cure))
    return documents, problems


def remake_features(review: Review, citekey: str, raw: bytes) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Return the features of a document read anew, and a problem for each byte that does not agree with the record."""
    file = review.repository.relative(review.repository.features / f"{citekey}.json")
    try:
        features = describe_document(citekey, raw, review.vocabulary)
    except UnicodeDecodeError as error:
        return None, [Problem(file, 1, "document", "", f"is not UTF-8 (byte {error.start})", "get the document again")]
    stored = review.features.get(citekey)
    problems = list(_compare(features, stored, file)) if stored else []
    kept, _ = read_text(review.repository.features / f"{citekey}.json", review.repository)
    if stored and not problems and kept != dump_features(features):
        problems = [
            Problem(file, 1, "features", "", "are not what code makes of the document", "delete what was added by hand")
        ]
    return features, problems


def _compare(features: dict[str, Any], stored: dict[str, Any], file: str) -> Iterable[Problem]:
    """Yield how features made anew differ from those on record, sentence by sentence."""
    if dump_features(features) == dump_features(stored):
        return
    remake = "if the document or the vocabulary changed on purpose: livrev features --raw DIR, then read the diff"
    if features["document"] != stored["document"]:
        value = features["document"]["sha256"][:16]
        yield Problem(file, 1, "sha256", value, "is not the document on record", "compare the two documents; " + remake)
    olds = {sentence["n"]: sentence for sentence in stored["sentences"]}
    for line, sentence in enumerate(features["sentences"], 3):
        old = olds.pop(sentence["n"], None)
        if old is None:
            yield Problem(file, line, "sentence", str(sentence["n"]), "is not on record", remake)
            continue
        for field in sentence:
            if sentence[field] != old.get(field):
                value = f"sentence {sentence['n']}: {sentence[field]}"
                yield Problem(file, line, field, value, f"but on record: {old.get(field)}", remake)
    for n in olds:
        yield Problem(file, 1, "sentence", str(n), "is on record, but not in the document", remake)


def _place(review: Review, citekey: str) -> tuple[str, int]:
    path = review.repository.sources / f"{citekey}.md"
    return review.repository.relative(path), review.front_matter[citekey].line_of("document")
