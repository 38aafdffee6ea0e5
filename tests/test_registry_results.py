"""The results that the registry holds become lines that read like sentences, each with its place."""

from typing import Any

from service_answers import STUDY

from livrev.sources.registry import read_study
from livrev.text.quantities import find_quantities

GROUPS = [{"id": "OG000", "title": "Radish"}, {"id": "OG001", "title": "Water"}]
SIZES = [
    {"units": "Participants", "counts": [{"groupId": "OG000", "value": "30"}, {"groupId": "OG001", "value": "28"}]}
]
SURVIVAL: dict[str, Any] = {
    "type": "PRIMARY", "title": "Overall Survival", "timeFrame": "24 months", "paramType": "MEDIAN",
    "dispersionType": "95% Confidence Interval", "unitOfMeasure": "months", "groups": GROUPS, "denoms": SIZES,
    "classes": [{"categories": [{"measurements": [
        {"groupId": "OG000", "value": "12.1", "lowerLimit": "10.0", "upperLimit": "14.2"},
        {"groupId": "OG001", "value": "NA", "comment": "Not reached"},
    ]}]}],
    "analyses": [{"groupIds": ["OG000", "OG001"], "paramType": "Hazard Ratio (HR)", "paramValue": "0.71", "ciPctValue": "95",
                  "ciNumSides": "TWO_SIDED", "ciLowerLimit": "0.52", "ciUpperLimit": "0.97", "pValue": "0.03"}],
}  # fmt: skip
RESPONSE = {
    "title": "Objective Response", "paramType": "COUNT_OF_PARTICIPANTS", "unitOfMeasure": "Participants", "groups": GROUPS,
    "denoms": SIZES, "classes": [{"categories": [{"measurements": [{"groupId": "OG000", "value": "9"}]}]}],
}  # fmt: skip
RATE = {
    "title": "Rate of Control", "paramType": "NUMBER", "unitOfMeasure": "percentage of participants", "groups": GROUPS,
    "denoms": SIZES, "dispersionType": "90% Confidence Interval",
    "classes": [{"title": "Week 12", "categories": [{"measurements": [
        {"groupId": "OG001", "value": "20.5", "lowerLimit": "9.1", "upperLimit": "36.5"}]}]}],
}  # fmt: skip
HARM = {
    "eventGroups": [
        {
            "title": "Radish",
            "deathsNumAffected": 3,
            "deathsNumAtRisk": 30,
            "seriousNumAffected": 1,
            "seriousNumAtRisk": 30,
        }
    ]
}


def results() -> list[tuple[str, str]]:
    section = {"outcomeMeasuresModule": {"outcomeMeasures": [SURVIVAL, RESPONSE, RATE]}, "adverseEventsModule": HARM}
    return [(s.place, s.text) for s in read_study(STUDY | {"resultsSection": section}).body]


def test_each_result_has_its_line_and_its_place() -> None:
    assert results() == [
        ("registry results, Overall Survival, group Radish",
         "Overall Survival, Radish (n = 30): median 12.1 months (95% CI 10.0 to 14.2)."),
        ("registry results, Overall Survival, comparison",
         "Overall Survival, Radish versus Water: hazard ratio 0.71 (95% CI 0.52 to 0.97), p=0.03."),
        ("registry results, Objective Response, group Radish", "Objective Response, Radish (n = 30): 9 of 30 participants."),
        ("registry results, Rate of Control, part Week 12, group Water",
         "Rate of Control, Week 12, Water (n = 28): 20.5% (90% CI 9.1 to 36.5)."),
        ("registry results, adverse events, group Radish", "Radish: 3 of 30 participants died of any cause."),
        ("registry results, adverse events, group Radish", "Radish: 1 of 30 participants had serious adverse events."),
    ]  # fmt: skip


def test_the_lines_can_be_read_by_the_reader_of_sentences() -> None:
    lines = [text for _, text in results()]
    median = next(q for q in find_quantities(lines[0]) if q.kind == "median")
    assert (median.value, median.low, median.high, median.unit) == (12.1, 10.0, 14.2, "months")
    ratio = next(q for q in find_quantities(lines[1]) if q.kind == "HR")
    assert (ratio.value, ratio.low, ratio.high, ratio.level, ratio.p) == (0.71, 0.52, 0.97, 95, "0.03")
    share = next(q for q in find_quantities(lines[2]) if q.kind == "proportion")
    assert (share.events, share.total) == (9, 30)


def test_a_study_without_results_has_none() -> None:
    assert read_study(STUDY).body == ()
