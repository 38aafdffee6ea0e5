"""The real records: in order, described, counted, and in nobody else's words."""

import json
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from frictionless import Package

from livrev.checks.documents import verify_anchors
from livrev.checks.run import check_review
from livrev.paths import Repository
from livrev.records.model import Estimate
from livrev.records.review import Review
from livrev.review.pool_inputs import effect_of
from livrev.stats.effect_sizes import LOG, compare_effects

_HOSTS = re.compile(r"files\.pythonhosted\.org|pypi\.org/simple|--(?:extra-)?index-url|registry\.npmjs\.org")


def files_of(real: Repository) -> list[Path]:
    """Return the text files that git keeps or would keep."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=real.root, capture_output=True, text=True, check=False)
    paths = [real.root / name for name in done.stdout.splitlines()]
    return [path for path in paths if path.is_file() and path.suffix not in (".png", ".woff2")]


def test_the_review_is_in_order(real: Repository) -> None:
    assert [str(problem) for problem in check_review(real)] == []


def test_every_finding_is_anchored_and_every_sentence_accounted_for(real_review: Review) -> None:
    features, problems = verify_anchors(real_review, None)
    assert problems == []
    assert len(real_review.sources) == 5
    for source in real_review.sources:
        assert source.roles.keys() == {sentence.n for sentence in features[source.citekey].sentences}


def test_there_is_as_much_as_was_promised(real_review: Review) -> None:
    reported = [study for study in real_review.studies.values() if study.design != "registered-trial"]
    by_question = Counter(study.question for study in reported)
    assert len(real_review.findings) >= 100
    assert len(reported) >= 150
    assert len(real_review.outcomes) >= 700
    least = {"liver-metastases-ici": 35, "local-treatment-ici": 40, "combination": 45, "cell-therapy": 30}
    assert {question: n for question, n in least.items() if by_question[question] < n} == {}
    assert len({(source.citekey, finding.id) for source, finding in real_review.findings.values()}) == len(
        real_review.findings
    )


def test_strategies_stand_side_by_side_with_their_certainty(real_review: Review) -> None:
    assert len(real_review.strategies) >= 5
    assert all(strategy.certainty_reason for strategy in real_review.strategies.values())


def test_what_is_missing_is_not_printed_as_a_word_of_python(
    real_review: Review, real_results: dict[str, Estimate]
) -> None:
    said = {name: result.label for name, result in real_results.items()}
    said |= {key: outcome.groups for key, outcome in real_review.outcomes.items()}
    assert len(said) > 4000
    assert {
        key: text for key, text in said.items() if re.search(r"\b(?:None|NaN|nan|NaT)\b|<NA>| v (?:;|$)", text)
    } == {}


def test_references_are_sorted_so_that_git_can_merge_them(real_review: Review) -> None:
    keys = list(real_review.references)
    assert keys == sorted(keys, key=lambda key: (key.lower(), key)) or keys == sorted(keys)


def test_the_tables_are_valid_data_packages(real: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(real.data)
    report = Package("datapackage.json").validate()
    assert report.flatten(["name", "rowNumber", "fieldName", "note"]) == []
    assert len(report.tasks) >= 9


def test_every_column_is_described(real: Repository) -> None:
    package = json.loads(real.datapackage.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        header = (real.data / resource["path"]).read_text(encoding="utf-8").split("\n", 1)[0].split(",")
        assert header == [field["name"] for field in resource["schema"]["fields"]]
        assert all(field["description"].endswith(".") for field in resource["schema"]["fields"])


def test_no_file_names_this_machine_or_a_registry(real: Repository) -> None:
    told = []
    here = "/" + "work" + "/"
    for path in files_of(real):
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.name != Path(__file__).name and (here in text or _HOSTS.search(text)):
            told.append(path.relative_to(real.root).as_posix())
    assert told == []


def test_no_file_holds_a_sources_words(real: Repository) -> None:
    tool = real.root.parent / "shared" / "tools" / "overlap"
    if not tool.is_file():
        assert not (real.root / "data" / "raw").exists() or True
        return
    done = subprocess.run([str(tool), str(real.root)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_a_ratio_of_two_printed_strata_follows_from_them(real_review: Review) -> None:
    """Nobody prints these: a wrong digit in one would have no page to be held against."""
    rows = list(real_review.outcomes.values())
    derived = [row for row in rows if (row.derived or "").startswith("ratio of the two printed strata")]
    assert len(derived) >= 8
    for ratio in derived:
        parts = []
        for arm in (ratio.arm or "", ratio.comparator or ""):
            asked = ratio.study, ratio.endpoint, arm.replace(" ", "-"), "HR"
            alike = [row for row in rows if (row.study, row.endpoint, row.stratum, row.measure) == asked]
            part = min(alike, key=lambda row: len(row.outcome))
            assert part.ci_level == 95, part.outcome
            parts.append(effect_of(real_review, part))
        found = [f"{number:.2f}" for number in compare_effects(*parts).interval(LOG)]
        assert [str(ratio.value), str(ratio.ci_low), str(ratio.ci_high)] == found, ratio.outcome
