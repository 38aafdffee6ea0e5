"""Print how hard each chapter is to read, beside the founding documents where their folder is given.

Run it as `python benchmarks/reading.py [FOLDER]`; FOLDER (default: data/raw) holds the documents as text.
Flesch's reading ease: 60 to 70 is plain, 30 to 50 difficult. The grade is Flesch and Kincaid's, in school years. Both see
nothing but the length of words and sentences: they cannot tell a clear sentence from a muddled one.
"""

import re
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from livrev.checks.prose import read_prose
from livrev.paths import find_repository
from livrev.records.text_files import read_chapters
from livrev.text.features import split_sentences

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its patterns are not raw strings
    import readability  # type: ignore[import-untyped]

_RESULT = re.compile(r"\{result\}`[^`]*`")
_ROLE = re.compile(r"\{[\w:.-]+\}`[^`]*`")
_TABLE = re.compile(r"^\|.*$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_PLAIN_WORDS = re.compile(r"\*\*In plain words\.\*\*(.*?)(?=\n\n|\Z)", re.DOTALL)
_SHORTEST = 4  # words; a shorter piece is a label, not a sentence


def sentences_of_chapter(text: str) -> list[str]:
    """Return the sentences of a chapter as they are read: a number in place of a result, no citation, no table."""
    spoken = _LINK.sub(r"\1", _ROLE.sub("", _RESULT.sub("7", _TABLE.sub("", text))))
    return sentences_of(read_prose(spoken))


def sentences_of(text: str) -> list[str]:
    """Return the sentences of *text* that have four words at least."""
    said = (" ".join(text[start:end].split()) for start, end in split_sentences(text))
    return [sentence for sentence in said if len(words(sentence)) >= _SHORTEST]


def words(text: str) -> list[str]:
    """Return the words and numbers of *text*."""
    return re.findall(r"[\w⁺'’-]+", text)


def measure(sentences: Sequence[str]) -> tuple[float, float, float]:
    """Return reading ease, school grade, and words a sentence."""
    said = readability.getmeasures("\n".join(" ".join(words(sentence)) for sentence in sentences), lang="en")
    grades = said["readability grades"]
    return grades["FleschReadingEase"], grades["Kincaid"], said["sentence info"]["words_per_sentence"]


def row(name: str, sentences: Sequence[str]) -> str:
    """Return one line of the table."""
    if not sentences:
        return f"{name:<44}{'no sentences':>37}"
    ease, grade, length = measure(sentences)
    longest = max(len(words(sentence)) for sentence in sentences)
    return f"{name:<44}{len(sentences):>9}{ease:>7.0f}{grade:>7.1f}{length:>7.1f}{longest:>8}"


def main(folder: Path) -> None:
    """Print the table: chapters, their summaries in plain words, and the documents in *folder*."""
    print(f"{'reading':<44}{'sentences':>9}{'ease':>7}{'grade':>7}{'words':>7}{'longest':>8}")
    chapters = read_chapters(find_repository())[0]
    for file, text in chapters.items():
        print(row(file, sentences_of_chapter(text)))
    plain = [found[1] for text in chapters.values() if (found := _PLAIN_WORDS.search(text))]
    print(row("in plain words, all chapters", [said for text in plain for said in sentences_of_chapter(text)]))
    documents = sorted(folder.glob("*.txt")) if folder.is_dir() else []
    for number, path in enumerate(documents, 1):
        print(row(f"founding document {number}", sentences_of(path.read_text(encoding="utf-8"))))
    if not documents:
        print(f"the founding documents are not in {folder}; give their folder to see them beside")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else find_repository().data / "raw")
