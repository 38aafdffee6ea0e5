"""The same thing is counted once: every page that says how many studies there are asks one function."""

from livrev.frames.open_review import OpenReview
from livrev.records.model import Estimate
from livrev.records.review import Review
from livrev.review.studies import counted_studies
from livrev.show.views.cards import show_all_studies
from livrev.show.views.explorer import STUDY, explorer_data


def test_a_part_a_synthesis_and_a_registered_trial_are_no_further_study(real_review: Review) -> None:
    counted = counted_studies(real_review)
    assert 0 < len(counted) < len(real_review.studies)
    left_out = [study for key, study in real_review.studies.items() if key not in counted]
    assert {"registered-trial", "meta-analysis"} <= {study.design for study in left_out}
    assert all(study.part_of or study.design not in ("rct", "case-series") for study in left_out)
    assert not any(study.part_of for study in counted.values())


def test_the_frame_and_the_explorer_count_the_same_for_every_strategy(real_review: Review) -> None:
    counted = OpenReview(real_review).counted(OpenReview(real_review).studies)
    frame = counted.explode("strategy")["strategy"].value_counts().to_dict()
    sent = [dict(zip(STUDY, row, strict=True)) for row in explorer_data(real_review)["studies"]]
    explorer: dict[str, int] = {}
    for study in sent:
        for strategy in study["strategies"] if study["counted"] else ():
            explorer[strategy] = explorer.get(strategy, 0) + 1
    assert explorer == frame and len(explorer) > 10


def test_front_page_list_and_explorer_print_one_number(real_review: Review, real_results: dict[str, Estimate]) -> None:
    results, counted = real_results, counted_studies(real_review)
    assert results["studies.reported"].value == len(counted)
    for question in real_review.settings.questions:
        studies = [study for study in counted.values() if study.question == question]
        assert results[f"studies.question.{question}"].value == len(studies)
    assert show_all_studies(real_review).caption.startswith(f"{len(counted)} studies, and ")
