"""A table of studies, as spreadsheets and statistics programs save it: read where it has one meaning, else refused.

The answers of the first part were computed with metafor 3.8-1: `escalc`, then `rma(method="REML", test="adhoc")`.
"""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livrev.diagnostics import ReviewError
from livrev.stats.pool_report import analyse
from livrev.stats.study_table import Studies, read_studies

HEADER = "study,value,ci_low,ci_high\n"
TWO = "A,0.75,0.60,0.93\nB,0.8,0.62,1.03\n"
THREE = TWO + "C,0.7,0.5,0.98\n"
OF_TWO = (2, 0.77096, 0.26306, 2.259479)
OF_THREE = (3, 0.756544, 0.545758, 1.048742)
ARMS = "A,4,119,11,139\nB,6,306,29,303\nC,12,150,20,148\n"
ERRORS = "A,-0.88,0.32\nB,-1.58,0.19\nC,-0.4,0.2\n"


def read(text: str | bytes, measure: str = "HR") -> Studies:
    return read_studies("t.csv", text if isinstance(text, bytes) else text.encode(), measure)


def refuse(text: str | bytes, measure: str = "HR") -> str:
    with pytest.raises(ReviewError) as error:
        read(text, measure)
    assert "; " in str(error.value), "a cure is missing"
    return str(error.value)


@pytest.mark.parametrize(
    ("measure", "text", "answer"),
    [
        ("HR", "Study,Value,CI_low,CI_high\n" + TWO, OF_TWO),
        ("HR", "Study,HR,Lower,Upper\n" + TWO, OF_TWO),
        ("HR", "study\tvalue\tci_low\tci_high\n" + TWO.replace(",", "\t"), OF_TWO),
        ("HR", "sep=;\nstudy;value;ci_low;ci_high\n" + TWO.replace(",", ";").replace(".", ","), OF_TWO),
        ("HR", "study;value;ci_low;ci_high\n" + THREE.replace(",", ";").replace(".", ","), OF_THREE),
        ("HR", "study,value,ci_low,ci_high\n" + THREE.replace("0.7", "0·7").replace("0.93", "0·93"), OF_THREE),
        ("HR", "study,value,ci\nA,0.75,0.60–0.93\nB,0.80,0.62–1.03\nC,0.7,0.5-0.98\n", OF_THREE),
        ("HR", '"","study","value","ci_low","ci_high"\n"1","A",0.75,0.6,0.93\n"2","B",0.8,0.62,1.03\n"3","C",NA,NA,NA\n', OF_TWO),
        ("OR", "study,ai,n1i,ci,n2i\n" + ARMS, (3, 0.354973, 0.077009, 1.636245)),
        ("RR", "study,events1,total1,events2,total2\n" + ARMS, (3, 0.383014, 0.086415, 1.69761)),
        ("RD", "study,events1,total1,events2,total2\n" + ARMS, (3, -0.064944, -0.126378, -0.003509)),
        ("generic", "study,yi,vi\n" + ERRORS, (3, -0.965396, -2.575651, 0.644859)),
        ("generic", "study,value,se\n" + ERRORS, (3, -0.95931, -2.511007, 0.592388)),
        ("MD", "study,mean1,sd1,n1,mean2,sd2,n2\nA,55,47,155,75,64,156\nB,27,7,31,29,4,32\nC,64,17,75,119,29,71\n",
         (3, -25.579575, -93.283875, 42.124725)),
        ("OR", 'Table 1\n,Experimental,,Control,,,Odds Ratio\nStudy or Subgroup,Events,Total,Events,Total,Weight,"M-H, Random, 95% CI"\n'
         'A,4,119,11,139,20%,"0.40 [0.13, 1.30]"\nB,6,306,29,303,40%,"0.19 [0.08, 0.46]"\nC,12,150,20,148,40%,"0.56 [0.26, 1.18]"\n'
         'Total (95% CI),,575,,590,100%,"0.35 [0.10, 1.60]"\nTotal events,22,,60,,,\n', (3, 0.354973, 0.077009, 1.636245)),
        ("SMD", ",Treatment,,,Control,,\nStudy,Mean,SD,N,Mean,SD,N\nA,55,47,155,75,64,156\nB,27,7,31,29,4,32\nC,64,17,75,119,29,71\n",
         (3, -1.004373, -3.821201, 1.812455)),
        ("HR", "| study | HR | 99.9% CrI |\n|:---|---:|---|\n| A | 0.75 | 0.60-0.93 |\n| B | 0.80 | 0.62-1.03 |\n",
         (2, 0.77096, 0.406334, 1.462786)),
        ("HR", "Author (year),HR,lower,upper,Confidence\nA (2019),0.75,0.60,0.93,90% CI\n"
         "B (2020),0.8,0.62,1.03,95\nC (2020),0.7,0.5,0.98,95\n",
         (3, 0.757582, 0.533107, 1.076577)),
        ("proportion", 'study,events,total\nA,"1,024","12,345"\nB,30,400\nC,12,90\n', (3, 0.083054, 0.078403, 0.087955)),
        ("proportion", "study,events,total\nA,3.0,20.0\nB,2.0,31.0\nC,5.0,12.0\n", (3, 0.164615, 0.06087, 0.374641)),
    ],
)  # fmt: skip
def test_the_tables_of_meta_analysts_give_what_metafor_gives(measure, text, answer):
    pool = analyse(read(text, measure)).pool
    assert (pool.k, pool.value, *pool.hk_modified_ci) == pytest.approx(answer, abs=1e-6)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_names_survive_the_encoding(encoding):
    studies = read(("study,value,ci_low,ci_high\n" + TWO.replace("A,", "Müller,")).encode(encoding))
    assert studies.effects[0].study == "Müller"


def same_as_plain(text: str | bytes, measure: str = "HR") -> bool:
    plain = read("study,value,ci_low,ci_high\n" + TWO, measure)
    found = read(text, measure)
    return [(e.estimate, e.se) for e in found.effects] == [(e.estimate, e.se) for e in plain.effects]


@pytest.mark.parametrize(
    "header",
    [
        "Trial,Hazard ratio,95% CI lower,95% CI upper", "STUDY,hr,LCL,UCL", "Study ID,aHR,ci.lb,ci.ub", "study,HR,lower .95,upper .95",
        "study,estimate,conf.low,conf.high", "slab,HR,LL,UL", "Author,HR,CI low,CI high", "study,HR,Lower limit,Upper limit",
        "studlab,HR,CI_lower_95,CI_upper_95", ",HR,lower bound,upper bound", "Studie,Wert,untere Grenze,obere Grenze",
        "study,HR,L95,U95", "study,HR,2.5 %,97.5 %", "study,HR,CI_min,CI_max",
    ],
)  # fmt: skip
def test_the_usual_names_of_columns_are_known(header):
    assert same_as_plain(header + "\n" + TWO)


@pytest.mark.parametrize(
    "text",
    [
        'study,HR (95% CI)\nA,0.75 (0.60–0.93)\nB,"0.8 [0.62, 1.03]"\n',
        "study;HR;95% CI\nA;0,75;0,60-0,93\nB;0,8;0,62-1,03\n",
        'study,value,interval\nA,0.75,"(0.60, 0.93)"\nB,0.8,0.62 to 1.03\n',
        'study,HR,CI\nA,0.75,0.60-0.93\nB,"0.8 (0.62, 1.03)",\n',
        "author,year,HR,low,high\nA,2019,0.75,0.60,0.93\nB,2020,0.8,0.62,1.03\n",
        "study;HR;95%-KI\nA;0,75;0,60 bis 0,93\nB;0,8;(0,62)-(1,03)\n",
        "Table 2: overall survival\n\nstudy,value,ci_low,ci_high\nA,0.75,0.60,0.93\nB,0.8,0.62,1.03\nSource: registry\n",
        "\ufeffstudy,value,ci_low,ci_high,,\r\nA,0.75,0.60,0.93,,\r\n,,,,,\r\nB,0.8,0.62,1.03,,\r\n",
    ],
)
def test_what_has_one_meaning_is_read(text):
    assert same_as_plain(text)


def test_author_and_year_name_a_study():
    names = [
        effect.study for effect in read("Author,Year,yi,vi\nRoe,2019,0.1,0.2\nRoe,2020,0.1,0.2\n", "generic").effects
    ]
    assert names == ["Roe 2019", "Roe 2020"]


def test_the_level_is_taken_from_column_header_or_cell():
    at_90 = read("study,value,ci_low,ci_high,ci_level\nA,0.75,0.60,0.93,90%\n").effects
    assert at_90[0].se > read("study,value,ci_low,ci_high\nA,0.75,0.60,0.93\n").effects[0].se
    assert read("study,HR (90% CI)\nA,0.75 (0.60-0.93)\n").effects == at_90
    assert read("study,HR,lower 90% CI,upper 90% CI\nA,0.75,0.60,0.93\n").effects == at_90
    assert read("study,HR,CI\nA,0.75,90% CI 0.60-0.93\n").effects == at_90
    assert "contradicts" in refuse("study,HR (95% CI)\nA,0.75 (90% CI 0.60-0.93)\n")
    assert "name two levels, 90 and 95" in refuse("study,HR,lower 90% CI,upper 95% CI\nA,0.75,0.60,0.93\n")


def test_counts_may_come_as_four_cells():
    four = read("study,ai,bi,ci,di\nA,4,115,11,128\n", "OR").effects
    assert four == read("study,ai,n1i,ci,n2i\nA,4,119,11,139\n", "OR").effects
    assert four == read("study,event.e,n.e,event.c,n.c\nA,4,119,11,139\n", "OR").effects
    assert (
        four
        == read("study,events treatment,total treatment,events control,total control\nA,4,119,11,139\n", "OR").effects
    )
    assert four[0].estimate == pytest.approx(math.log(4 * 128 / (115 * 11)))


def test_under_a_ratio_yi_is_its_logarithm():
    text = "study,yi,sei\nA,-0.4,0.2\n"
    assert analyse(read(text, "HR")).pool.value == pytest.approx(math.exp(-0.4))
    assert analyse(read(text, "MD")).pool.value == pytest.approx(-0.4)
    assert read("study,logHR,seTE\nA,-0.4,0.2\n").effects == read(text).effects


def test_an_error_that_says_it_is_of_the_logarithm_stands_beside_the_ratio():
    assert read("study,HR,SE(logHR)\nA,0.75,0.2\n").effects == read(f"study,yi,sei\nA,{math.log(0.75)},0.2\n").effects
    assert "is no ratio" in refuse("study,HR,se_log_hr\nA,-0.3,0.2\n")


def test_a_count_may_have_its_percentage_beside_it():
    assert read("study,events,total\nA,3 (15%),20\n", "proportion").counts[0].events == 3


def test_what_was_read_in_another_way_is_noted():
    notes = " ".join(read("Trial;HR;low;high\nA;0,75;0,60;0,93\nB;NA;;n/a\n").notes)
    for said in (
        "a comma was read as the decimal point (0,75)",
        "value from “HR”",
        "B (line 3) has no numbers and was left out",
    ):
        assert said in notes


def test_an_interval_at_95_is_shown_as_printed():
    studies = read("study,value,ci_low,ci_high,ci_level\nA,0.75,0.60,0.93,95\nB,0.75,0.60,0.93,90\n")
    assert studies.intervals[0] == (0.75, 0.60, 0.93)
    assert studies.intervals[1][1] < 0.60


@pytest.mark.parametrize(
    ("measure", "text", "said"),
    [
        ("HR", "study,value,se\nA,0.75,0.1\n", "call the logarithm of the ratio yi and its error sei"),
        ("HR", "study,yi,ci.lb,ci.ub\nA,-0.3,-0.5,-0.1\n", "the limits may be those of the ratio or of its logarithm"),
        ("HR", "study,value,ci_low,ci_high\nA,-0.29,-0.51,-0.07\n", "give the ratio itself, not its logarithm"),
        ("OR", "study,HR,low,high\n" + TWO, "pool them with --measure HR"),
        ("generic", "study,HR,low,high\n" + TWO, "pool them with --measure HR"),
        ("HR", "study,ai,n1i,ci,n2i\n" + ARMS, "with --measure OR, RR or RD"),
        ("generic", "study,ai,n1i,ci,n2i\n" + ARMS, "with --measure OR, RR or RD"),
        ("proportion", "study,ai,n1i,ci,n2i\n" + ARMS, "pool them with --measure OR, RR or RD"),
        ("HR", "study,mean1,sd1,n1,mean2,sd2,n2\nA,5,4,15,7,6,16\n", "with --measure MD or SMD"),
        ("OR", "study,events1,total1,events2\nA,4,119,11\n", "lacks total2"),
        ("SMD", "study,mean1,n1,mean2,sd2,n2\nA,5,15,7,6,16\n", "lacks sd1"),
        ("generic", "study,yi\nA,5\n", "lacks vi"),
        ("HR", "value,ci_low,ci_high\n0.75,0.60,0.93\n", "lacks study"),
        ("OR", "study,events,total,events,total\nA,4,119,11,139\n", "two groups are written study,events1,total1"),
        ("HR", '"study,value,ci_low,ci_high"\n"A,0.75,0.60,0.93"\n', "without quotation marks around a whole row"),
        ("HR", "study value ci_low ci_high\nA 0.75 0.60 0.93\n", "commas, semicolons or tabs"),
        ("HR", "study,HR,estimate,low,high\nA,0.75,0.7,0.60,0.93\n", "HR and estimate may each be value"),
        ("HR", "study,value,ci_low,ci_high,group\nA,0.75,0.60,0.93,x\n", "looks like subgroup"),
        ("HR", "study,value,ci_low,ci_high\nA,NA,0.60,0.93\n", "t.csv:2 value: NA is no number"),
        ("HR", "study,value,ci_low,ci_high\nA,NA,NA,NA\n", "holds no studies"),
        ("HR", "study,value,ci\nA,0.75,0.60\n", "t.csv:2 interval: 0.60 is no interval"),
        ("HR", "study,value,ci\nA,1.3,0.60-0.93\n", "does not hold the value"),
        ("MD", "study;value;ci_low;ci_high\nA;1,024;1,000;1,100\n", "t.csv:2 value: 1,024 may be 1024 or 1.024"),
        ("generic", "study,yi,vi\nA,5,0\n", "t.csv:2 vi: 0 is not above 0"),
        ("generic", "study,yi,vi,sei\nA,5,0.04,0.4\n", "is not the root of vi (0.04)"),
        ("MD", "study,mean1,sd1,n1,mean2,sd2,n2\nA,5,0,15,7,6,16\n", "t.csv:2 sd1: 0 cannot be pooled"),
        ("RR", "study,ai,n1i,ci,n2i\nA,20,19,11,139\n", "t.csv:2 events1: 20 is more than the total 19"),
        ("RR", "study,ai,n1i,ci,n2i\nA,0,0,11,139\n", "leaves nothing to pool"),
        ("RR", "study,ai,n1i,ci,n2i\nA,1.5,19,11,139\n", "t.csv:2 events1: 1.5 is no count"),
        ("HR", "study,value,ci_low,ci_high\nKEYNOTE 1,0.75,0.60,0.93\nkeynote  1,0.8,0.6,1\n", "is in line 2 already"),
        ("HR", "study,value,ci_low,ci_high,ci_level\nA,0.75,0.60,0.93,90\nB,0.8,0.62,1.03,\n",
         "t.csv:3 ci_level: is empty for B, the others have 90"),
        ("HR", HEADER + "A,0.5,0.9,0.3\n", "t.csv:2 ci_low: 0.9 cannot be pooled: the lower limit"),
        ("HR", HEADER + "A,0.5,0.5,0.5\n", "t.csv:2 ci_low: 0.5 cannot be pooled"),
        ("OR", HEADER + "A,0,0,0.9\n", "t.csv:2 value: 0 cannot be pooled: a ratio and its interval lie above 0"),
        ("RR", HEADER + "A,0.5,-0.1,0.9\n", "t.csv:2 ci_low: -0.1"),
        ("HR", HEADER + "A,,0.3,0.9\n", "t.csv:2 value: is empty"),
        ("HR", HEADER + "A,nan,0.3,0.9\n", "t.csv:2 value: nan is no number"),
        ("HR", HEADER + "A,1e999,0.3,0.9\n", "is no number"),
        ("HR", HEADER + "A,0,75,0,3,0,9\n", "has 7 cells where the header has 4"),
        ("HR", HEADER + ",0.5,0.3,0.9\n", "study: is empty"),
        ("HR", HEADER, "holds no studies"),
        ("HR", "", "holds no studies"),
        ("HR", "study,value\nA,0.5\n", "lacks ci_low, ci_high"),
        ("HR", "study,value,value,ci_low,ci_high\nA,1,1,0.5,2\n", "is repeated"),
        ("HR", "study,value,ci_low,ci_high,cilvel\nA,0.5,0.3,0.9,90\n", "cilvel looks like ci_level"),
        ("HR", "study,value,ci_low,ci_high,ci_level\nA,0.5,0.3,0.9,0.95\n", "ci_level: 0.95 cannot be pooled"),
        ("HR", "study,value,ci_low,ci_high,ci_level\nA,0.5,0.3,0.9,100\n", "ci_level: 100"),
        ("HR", "study,value,ci_low,ci_high,subgroup\nA,0.5,0.3,0.9,x\nB,0.5,0.3,0.9,\n", "t.csv:3 subgroup: is empty"),
        ("HR", "study,events,total\nA,3,20\n", "--measure proportion"),
        ("proportion", "study,events,total\nA,0,0\n", "t.csv:2 total: 0"),
        ("proportion", "study,events,total\nA,-1,20\n", "-1 is no count"),
        ("proportion", "study,events,total\nA,,20\n", "events: is empty"),
        ("HR", HEADER + 'A,"0.5,0.3,0.9\n', "close every quotation mark"),
        ("proportion", "study,events,total\nA,3,20\nB,2,31\nC,5,12\nTotal,10,63\n",
         "t.csv:5 study: Total is the sum of the other rows"),
        ("HR", HEADER + TWO + "FE model (I² = 0%),0.77,0.65,0.91\n", "FE model (I² = 0%) is what the other rows give together"),
        ("HR", "Hazard ratios (90% CI)\n" + HEADER + TWO, "t.csv:1 row: Hazard ratios (90% CI) names a level of 90 %"),
        ("HR", HEADER + TWO + "Note: intervals are 99% CI,,,\n", "t.csv:4 row: Note: intervals are 99% CI names a level of 99 %"),
        ("HR", "study,HR,lower,upper,CI %\nA,0.75,0.60,0.93,90\nB,0.8,0.62,1.03,95\n", "CI % looks like ci_level"),
        ("HR", "study,measure,value,ci_low,ci_high\nA,HR,0.75,0.60,0.93\nB,OR,0.8,0.62,1.03\n", "t.csv:3 measure: OR is not HR"),
        ("RD", "study,RD (%),low,high\nA,-5,-8,-2\n", "t.csv:2 value: -5 is no risk difference"),
        ("HR", HEADER + "A,75%,60%,93%\n", "t.csv:2 value: 75% is no number; write 0.75 for 75 %"),
        ("HR", "study,HR\nA,HR 0.75 (95% CI 0.60-0.93)\nB,0.75 (0.60-0.93)\n", "is no number; write a plain number"),
        ("HR", "study,value,ci\nA,0.75,0.60-0.93\nB,1.5,01-Feb\n", "t.csv:3 interval: 01-Feb is no interval; a spreadsheet made a date"),
        ("proportion", "study,events,total\nA,15%,20\n", "15% is no count; write a whole number of patients"),
        ("proportion", "study,events,total\nA,none,20\n", "none is no count; write a whole number of patients, or leave"),
        ("OR", "study,arm,events,total\nA,drug,4,119\nA,control,11,139\n", "put both groups of a study into one row: study,events1"),
        ("MD", "study,mean1,se1,n1,mean2,se2,n2\nA,55,4.7,155,75,6.4,156\n", "the standard error times the root of the number"),
        ("OR", "study,a,b,c,d\nA,4,115,11,128\n", "(or study,events1,total1,events2,total2)"),
        ("HR", '{"study": "A"}', "is JSON"),
    ],
)  # fmt: skip
def test_what_has_two_meanings_or_none_is_refused_with_the_cure_that_fits(measure, text, said):
    assert said in refuse(text, measure)


@pytest.mark.parametrize(
    ("measure", "text", "said"),
    [
        ("proportion", "study,events,total\nA,3,20\nB,2,31\nRoe,5,51\n", "Roe (line 4): is the sum of the other rows"),
        ("proportion", "study,events,total,subgroup\nA,3,20,x\nB,2,31,x\nC,5,51,x\nD,5,50,y\n", "C (line 4): is the sum of the other"),
        ("proportion", "study,events,total\nA,3,20\nB,2,31\nC,5,51\nD,1,9\n", "C (line 4): is the sum of the 2 rows before it"),
        ("OR", "study,ai,n1i,ci,n2i\nA,4,119,11,139\nB,6,306,29,303\nC,10,425,40,442\n", "C (line 4): is the sum"),
        ("HR", "study,value,ci_low,ci_high\n" + TWO + "Overall (95% CI),0.7,0.5,1\n", "is named like a summary"),
    ],
)  # fmt: skip
def test_a_row_that_sums_up_others_is_warned_of(measure, text, said):
    assert said in " ".join(read(text, measure).notes)


@pytest.mark.parametrize(
    ("measure", "text", "said"),
    [
        ("HR", HEADER + TWO + "B 2019 update,0.8,0.62,1.03\n", "B 2019 update (line 4): has the numbers of B"),
        ("OR", "study,ai,n1i,ci,n2i\nAbel low,4,119,11,139\nAbel high,6,120,11,139\nC,12,150,20,148\n",
         "Abel high (line 3): has the second group of Abel low"),
        ("HR", HEADER + TWO + "C,80,62,103\n", "C (line 4): lies far off"),
        ("HR", HEADER + "A,75,60,93\n", "A (line 2): lies far off"),
        ("MD", "study,mean1,sd1,n1,mean2,sd2,n2\nA,5.5,1.2,155,7.5,1.4,156\nB,5400,1100,155,7600,1500,156\n", "in another unit"),
        ("SMD", "study,mean1,sd1,n1,mean2,sd2,n2\nA,55,1.2,155,75,1.4,156\nB,27,7,31,29,4,32\n", "are they standard errors"),
        ("RD", "study,yi,sei\nA,-5,1.5\n", "yi -5 is no risk difference, which lies between -1 and 1; are these percentage"),
        ("HR", "study,HR,low,high,alpha\nA,0.75,0.60,0.93,0.1\n", "columns not read: alpha"),
    ],
)  # fmt: skip
def test_a_row_that_repeats_another_or_is_in_another_unit_is_warned_of(measure, text, said):
    assert said in " ".join(read(text, measure).notes)


def test_studies_that_are_no_sum_are_not_warned_of():
    assert read("study,ai,n1i,ci,n2i\n" + ARMS, "OR").notes == ()
    assert read("study,events,total\nA,0,20\nB,2,31\nC,2,31\n", "proportion").notes == ()


def test_rows_that_are_alike_by_chance_are_not_warned_of():
    assert read("study,ai,n1i,ci,n2i\nStudy 1,4,119,11,139\nStudy 2,4,119,9,140\n", "OR").notes == ()
    assert read("study,yi,sei\nAbel,0.1,0.2\nBond,0.1,0.2\n", "generic").notes == ()
    rows = "Abel,5,1,10,1,1,10\nBond,6,9,5,5,9,5\nCole,7,9,5,5,9,5\nDole,7,9,9,5,9,9\n"
    assert (
        read("study,mean1,sd1,n1,mean2,sd2,n2\n" + rows, "SMD")
        .notes[0]
        .startswith("Abel (line 2): has means 4 standard")
    )
    assert len(read("study,mean1,sd1,n1,mean2,sd2,n2\n" + rows, "SMD").notes) == 1


def test_two_arms_without_events_are_pooled_as_escalc_does_and_noted():
    studies = read("study,ai,n1i,ci,n2i\nA,0,20,0,22\nB,4,30,5,31\n", "OR")
    assert (studies.effects[0].estimate, studies.effects[0].se ** 2) == pytest.approx((0.0931, 4.0932), abs=5e-5)
    assert "no patient of both arms has the event" in studies.notes[0]


# Laws

ROWS = st.lists(
    st.tuples(st.integers(30, 300), st.integers(5, 25), st.integers(5, 400)).map(
        lambda cents: tuple(f"{number / 100:.2f}" for number in (cents[0], cents[0] - cents[1], cents[0] + cents[2]))
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@settings(max_examples=40)
@given(ROWS)
def test_a_table_means_the_same_however_it_is_saved(rows):
    named = [(f"Trial {i}", *row) for i, row in enumerate(rows)]
    header = ("study", "HR", "lower", "upper")
    plain = read("\n".join(",".join(cells) for cells in (header, *named)))
    german = "sep=;\r\n" + "\r\n".join(";".join(cells) for cells in (header, *named)).replace(".", ",")
    tabs = "\n".join("\t".join(cells) for cells in (header, *named))
    in_one = "study;HR (95% CI)\n" + "\n".join(f"{name};{value} ({low}–{high})" for name, value, low, high in named)
    dots = "\n".join(",".join(cells) for cells in (header, *named)).replace(".", "·")
    for text in (
        german.encode("utf-16"),
        tabs,
        in_one,
        in_one.replace(".", ","),
        dots.encode("cp1252"),
        german.encode("cp1252"),
    ):
        assert read(text).effects == plain.effects


CELL = st.sampled_from(
    ["", "A", "NA", "0.75", "0,75", "1,024", "0.6–0.9", "0.75 (0.6; 0.9)", '"', "–", "95%", "1e999", "²", "\x00"]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(CELL | st.text(max_size=5), max_size=6), max_size=5),
    st.sampled_from(
        [
            "study,value,ci_low,ci_high",
            "study;HR;95% CI",
            "study,ai,n1i,ci,n2i",
            "study\tevents\ttotal",
            "study,yi,vi",
            "",
        ]
    ),
    st.sampled_from(["HR", "OR", "MD", "proportion", "generic"]),
)
def test_whatever_a_table_holds_it_is_read_or_refused_with_a_cure(cells, header, measure):
    separator = next((mark for mark in ";\t" if mark in header), ",")
    text = "\n".join([header, *(separator.join(row) for row in cells)])
    try:
        studies = read(text.encode("utf-8", "surrogatepass"), measure)
    except ReviewError as error:
        assert all(problem.cure and problem.message for problem in error.problems)
    else:
        assert studies.effects or studies.counts
