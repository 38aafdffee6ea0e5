"""Kinds of sentences that once were misread, or not read at all: what must be found in each, and what must not."""

import pytest

from livrev.text.numbers import Quantity
from livrev.text.quantities import find_quantities


def words(found: Quantity) -> str:
    """Say a quantity as the cases below do: `HR 0.75 (0.62 to 0.92)`, `n 610`, `proportion 2/11`, `rate 93.9 at 1 year`."""
    value = (
        f"{found.events}/{found.total}"
        if found.total
        else f"{found.value:g}"
        if isinstance(found.value, float)
        else found.p
    )
    interval = f" ({found.low:g} to {found.high:g})" if found.low is not None and found.high is not None else ""
    unit = f" {found.unit}" if found.unit else ""
    return f"{found.kind} {value}{interval}{unit}"


CASES = {
    # number words
    "Six hundred and ten patients were enrolled.": (["n 610"], ["n 10", "n 6"]),
    "Four hundred and twenty-six women finished the course.": (["n 426"], ["n 26"]),
    "One thousand two hundred patients were screened.": (["n 1200"], ["n 1", "n 200"]),
    "Two hundred patients were treated.": (["n 200"], ["n 2"]),
    "Several hundred and ten patients came.": ([], ["n 10"]),
    "Fifty-two percent (95% CI 40 to 64) and five per cent responded.": (
        ["proportion 52 (40 to 64)", "proportion 5"],
        ["proportion 2"],
    ),
    "A hundred and five adults took part.": (["n 105"], ["n 5"]),
    "One-hundred-and-twelve patients and twelve hundred controls came.": (["n 112", "n 1200"], ["n 12"]),
    "Overall, 125, 64, and 26 patients were treated with A, B and C.": (["n 125", "n 64", "n 26"], []),
    "In 2015, 64 and 26 patients were treated.": (["n 64", "n 26"], ["n 2015"]),
    # two times
    "OS was 84.8% (95% CI 80.9-88.7) and 67.2% (61.3-73.1) at 6 and 12 months, respectively, with A.": (
        ["rate 84.8 (80.9 to 88.7) at 6 months", "rate 67.2 (61.3 to 73.1) at 12 months"],
        [],
    ),
    "Survival at 6 months and 1 year was 85% and 67%, respectively, with A and 72% and 55% with B.": (
        ["rate 85 at 6 months", "rate 67 at 1 year", "rate 72 at 6 months", "rate 55 at 1 year"],
        [],
    ),
    "Survival at 1, 2 and 3 yr was 77, 30 and 27%.": (["rate 77 at 1 year", "rate 30 at 2 years"], []),
    "OS rates were 85.2 ± 4.5% and 31.1% ± 5.9% at 1 and 3 years.": (
        ["rate 85.2 at 1 year", "rate 31.1 at 3 years"],
        ["proportion 4.5", "proportion 5.9"],
    ),
    "Mean adherence was 85 ± 10%.": ([], ["proportion 85", "proportion 10"]),
    "There was a 12-month OS of 67.2% (v 54.6%).": (["rate 67.2 at 12 months", "rate 54.6 at 12 months"], []),
    "The 1-year and 2-year relapse-free survival rates were 93.9% and 84.3% in arm A and 94.4% and 88.4% in arm B.": (
        ["rate 93.9 at 1 year", "rate 84.3 at 2 years", "rate 94.4 at 1 year", "rate 88.4 at 2 years"],
        ["rate 93.9 at 2 years"],
    ),
    "Survival at 6 months and 1 year was 80% and 60%.": (["rate 80 at 6 months", "rate 60 at 1 year"], []),
    "The 1- and 3-year OS were 90% v 85% and 60% v 50%.": (
        ["rate 90 at 1 year", "rate 85 at 1 year", "rate 60 at 3 years", "rate 50 at 3 years"],
        ["rate 85 at 3 years"],
    ),
    "At one, three and five years, survival was 85%, 60% and 44%, and freedom from relapse 75%, 45% and 30%.": (
        ["rate 75 at 1 year", "rate 45 at 3 years", "rate 30 at 5 years"],
        ["rate 75 at 5 years", "rate 45 at 5 years"],
    ),
    "The 1- and 3-year OS were 90% and 60%, and RFS was 55%.": (["rate 60 at 3 years"], ["rate 55 at 3 years"]),
    "Event-free survival at 24 months was 66% in arm A, as compared with 57% in arm B.": (
        ["rate 66 at 24 months", "rate 57 at 24 months"],
        ["proportion 57"],
    ),
    "Overall survival was 80% at 1, 60% at 2 and 40% at 3 years.": (
        ["rate 80 at 1 year", "rate 60 at 2 years", "rate 40 at 3 years"],
        [],
    ),
    "Survival was 80% at 1, and 60% at 2 years.": (["rate 80 at 1 year", "rate 60 at 2 years"], []),
    "Survival was 80% at 1, 60% and 40% at 3 years.": (
        [],
        ["rate 80 at 3 years", "rate 60 at 3 years", "rate 60 at 1 year"],
    ),
    "Survival rates were 80% (1 year), 60% (2 years) and 40% (3 years).": (
        ["rate 80 at 1 year", "rate 60 at 2 years", "rate 40 at 3 years"],
        ["rate 60 at 1 year", "rate 40 at 2 years"],
    ),
    # differences are no rates
    "The absolute 5-year survival benefit was 5.4%.": ([], ["rate 5.4 at 5 years", "proportion 5.4"]),
    "The difference in 5-year survival was 8% (95% CI 2-14%).": (
        [],
        ["rate 8 (2 to 14) at 5 years", "proportion 8 (2 to 14)"],
    ),
    "The gain in 2-year survival was 11%.": ([], ["rate 11 at 2 years", "proportion 11"]),
    "Clinical benefit was 40% in both arms.": (["proportion 40"], []),
    "The 2-year OS was not reached in 40% of patients.": ([], ["rate 40 at 2 years"]),
    "The median survival of the 40% who responded was long.": ([], ["median 40 %"]),
    # numbered groups
    "The ORs for quartiles 2, 3 and 4 were 1.21 (95% CI 0.80-1.83), 1.45 (0.97-2.17) and 1.88 (1.25-2.83).": (
        ["OR 1.21 (0.8 to 1.83)", "OR 1.45 (0.97 to 2.17)", "OR 1.88 (1.25 to 2.83)"],
        ["OR 2", "OR 3", "OR 4"],
    ),
    "HRs for tertiles 2, and 3 were 1.2 and 1.5.": (["HR 1.2", "HR 1.5"], ["HR 2", "HR 3"]),
    # times beside people
    "In both arms, 15 minutes after allocation, women filled in a form.": ([], ["n 15"]),
    "For 24 hours before surgery patients fasted.": ([], ["n 24"]),
    "At 12-15 months 301 participants had data.": (["n 301"], ["n 15"]),
    # one of three arms
    "Patients were assigned to one of 3 treatment arms.": ([], ["proportion 1/3"]),
    "Mice were randomised to one of four groups.": ([], ["proportion 1/4"]),
    "Trials ran in 2 of 3 countries.": ([], ["proportion 2/3"]),
    # units
    "Doxorubicin 35 mg m-2 and cisplatin 100 mg m−2 were given.": (["dose 35 mg/m2", "dose 100 mg/m2"], ["dose 35 mg"]),
    "They received 2 mg kg(-1) or 3 g per m2.": (["dose 2 mg/kg", "dose 3 g/m2"], ["dose 2 mg", "dose 3 g"]),
    "They received 10 mg kg−1 every two weeks.": (["dose 10 mg/kg"], ["dose 10 mg"]),
    "A marker fell (median change = 0.8 mg/L).": (["median 0.8 mg/L"], ["median 0.8 mg"]),
    # differences are no doses
    "Weight gain did not differ (mean difference −14 g/week; 95% CI −32 to 4; p = 0.12).": (
        ["p 0.12"],
        ["dose 14 g/week"],
    ),
    "The change was 5 mg (95% CI 2 to 8).": ([], ["dose 5 mg"]),
    "Prednisolone was tapered by 5 mg per week.": ([], ["dose 5 mg/week"]),
    # other languages
    "La mediana fue de 24,6 meses (IC 95 %: 20,1-28,9) y el HR fue 0,75 (IC 95 %: 0,62-0,92).": (
        ["median 24.6 (20.1 to 28.9) months", "HR 0.75 (0.62 to 0.92)"],
        ["proportion 95"],
    ),
    # a group before its count
    "In the verum group 462 subjects were included. In the control arm 120 women finished treatment.": (
        ["n 462", "n 120"],
        [],
    ),
    "In arm 2 patients rested.": ([], ["n 2"]),
    # one sign for several
    "The rates were 93.4 and 66.0 % in groups A and B.": (["proportion 93.4", "proportion 66"], []),
    "Response rates were 11 vs. 16%.": (["proportion 11", "proportion 16"], []),
    "Completion was 79.8 and 81.2%, respectively.": (["proportion 79.8", "proportion 81.2"], []),
    "At week 6 and 12% of patients had left.": (["proportion 12"], ["proportion 6"]),
    "Between 11 and 16% left.": ([], ["proportion 11"]),
    "Events were seen in 56.5 and 55.1 percent of patients.": (["proportion 56.5", "proportion 55.1"], []),
    "ORR = 30%; DCR = 61%.": (["proportion 30", "proportion 61"], []),
    "(I2 = 89%, 82%, and 66%; power = 80%)": ([], ["proportion 89", "proportion 82", "proportion 66", "proportion 80"]),
    "We assumed 10% dropout; cells were kept in 5% CO2.": ([], ["proportion 10", "proportion 5"]),
    "Power was 80% to detect an HR of 0.70.": ([], ["proportion 80", "HR 0.7"]),
    # medians by another name
    "Median OS was not reached (95% CI, 12.1-NE) vs 13.9 months (10.2-15.8).": (
        ["median 13.9 (10.2 to 15.8) months"],
        [],
    ),
    "Median OS was not estimable (NE) (95% CI 14.9-NE) in A vs 13.2 months in B.": (["median 13.2 months"], []),
    "Median OS was 15.5 (95% CI 12.1-not reached) months.": (["median 15.5 months"], ["median 15.5 days"]),
    "Median OS was shorter in A (15.8 months) than that in B (31.4 months, P = .004).": (
        ["median 15.8 months", "median 31.4 months"],
        [],
    ),
    "Median PFS was 5.6 mo (A) vs 2.8 mo (B).": (["median 5.6 months", "median 2.8 months"], []),
    "Median survival: 14.2 mo. vs 9.9 mo.": (["median 14.2 months", "median 9.9 months"], []),
    "Median OS was 1.2 years longer with A.": ([], ["median 1.2 years"]),
    "We assumed an expected median OS of 12 months.": ([], ["median 12 months"]),
    "The MST was 45.42 months vs 57.59 months (P = 0.016).": (["median 45.42 months", "median 57.59 months"], []),
    "Median PFS (95% CI) was 12.1 (10.0-14.2) months.": (["median 12.1 (10 to 14.2) months"], []),
    "The median age was 61 years (34-78).": ([], ["median 61 (34 to 78) years"]),
    # intervals without a label
    "Estimates (95% confidence intervals) of relapse were placebo, 39.1% (32.2% to 46.0%) and drug, 29.3% (22.3% to 36.2%).": (
        ["proportion 39.1 (32.2 to 46)", "proportion 29.3 (22.3 to 36.2)"],
        [],
    ),
    "ORR was 27.3% (95% CI 22.5-32.5) vs 11.9% (7.4-18.0; p<0.001).": (
        ["proportion 27.3 (22.5 to 32.5)", "proportion 11.9 (7.4 to 18)"],
        [],
    ),
    "Overall survival at 12 months was 67.2% (61.3 to 73.1).": (["rate 67.2 (61.3 to 73.1) at 12 months"], []),
    "A median of 30% (20-45) of cells were dead.": ([], ["proportion 30 (20 to 45)"]),
    # other ratios
    "They agreed (ARR 1.10, 95% CI 1.02-1.20). IRR 1.3 (95% CI 1.1-1.6); SIR 2.1 (95% CI 1.5-2.9); PR 1.4 (95% CI 1.1-1.8).": (
        ["RR 1.1 (1.02 to 1.2)", "RR 1.3 (1.1 to 1.6)", "RR 2.1 (1.5 to 2.9)", "RR 1.4 (1.1 to 1.8)"],
        [],
    ),
    "There were PR 2.0 times as often.": ([], ["RR 2"]),
    "The odds rose at both visits (OR 2.37, 95% CI; 1.20 - 4.68) and (2.04, 95% CI; 1.03 - 4.06) respectively.": (
        ["OR 2.37 (1.2 to 4.68)", "OR 2.04 (1.03 to 4.06)"],
        [],
    ),
    "The HR was 0.63 (0.50-0.79; one-sided p<0.0001).": (["HR 0.63 (0.5 to 0.79)"], []),
    "The sub-HR was 0.74 [CI95: 0.58; 0.94].": (["HR 0.74 (0.58 to 0.94)"], []),
    "HR 0.74 95% CI [0.58 0.94]": (["HR 0.74 (0.58 to 0.94)"], []),
    "The HR for PFS was 0.59 and for OS 0.66.": (["HR 0.59", "HR 0.66"], []),
    "The RR, DCR and PFS were 0.17 (0.15-0.19), 0.58 (0.55-0.61) and 3.2 months.": ([], ["RR 0.17 (0.15 to 0.19)"]),
    "The OR and HR were 2.1 (1.1-4.0) and 0.6 (0.4-0.9).": ([], ["HR 2.1 (1.1 to 4)"]),
    # more nouns for people
    "In 1,075 EXAMPLE 2D participants there was none.": (["n 1075"], []),
    "A total of 223 infants and 60 newborns were analysed; 114 heavy smokers and 45 nurses joined.": (
        ["n 223", "n 60", "n 114", "n 45"],
        [],
    ),
    # cells
    "A median of 19.9 × 10^8 engineered cells was infused.": (["dose 1.99e+09 cells"], []),
    "They got 5 x 10e7 cells, and then 2 × 106 CAR T cells/kg.": (["dose 5e+07 cells", "dose 2e+06 cells/kg"], []),
    # the interval beside the share
    "17 (20%; 95% CI 12-30) of 86 and 5 (8% [95% CI 3-17]) of 65 patients responded.": (
        ["proportion 17/86 (12 to 30)", "proportion 5/65 (3 to 17)"],
        ["n 86"],
    ),
    "Two patients of 13 responded.": (["proportion 2/13"], ["n 2"]),
    "Two patients of 45 years left.": ([], ["proportion 2/45"]),
    # the whole first
    "Of the 11 evaluable patients, two had partial responses.": (["proportion 2/11"], []),
    "Of 40 women treated, twelve (30%) responded.": ([], []),
    "Among the 24 patients, six (25%) died.": (["n 24", "proportion 25"], ["proportion 6/24"]),
    "(P = 0.04, 0.002 and <0.001, respectively; p=0,03; 0.5%)": (["p 0.04", "p 0.002", "p <0.001"], ["p 0"]),
    "The HR was between 0.6 and 0.7.": ([], ["HR 0.6", "HR 0.7"]),
    # a p with a name
    "The effect did not differ by sex (P for interaction, 0.137), nor by age (interaction P value, 0.44).": (
        ["p 0.137", "p 0.44"],
        [],
    ),
    # what PubMed's own records print beside results
    "Density was 0.98 vs. 1.04 g/cm2 and the yield 0.26 g/g.": ([], ["dose 1.04 g", "dose 0.26 g"]),
    "They excreted 10.1 +/- 3.9 mg and got 5 mg/100 ml.": ([], ["dose 3.9 mg", "dose 5 mg"]),
    "Risk rose per 5 μg·m-3 (HR 1.2, 95% CI 1.1-1.3).": (["HR 1.2 (1.1 to 1.3)"], ["dose 5 μg"]),
    "They took 2 × 10^6 cells; stool held 8 X 10(7) cells/g.": (["dose 2e+06 cells"], ["dose 1e+07 cells"]),
    "A 73-year-old male patient and a 3-month-old patient came.": ([], ["n 73", "n 3"]),
    "We treated 24 women under age 40; one patient died.": (["n 24", "n 1"], ["n 40"]),
    "Over 85 590 000 individuals fell ill.": (["n 8.559e+07"], ["n 590000"]),
    "A sum of 1,393 doctor-patient dialogues and 60 patient visits was read.": ([], ["n 1393", "n 60"]),
    "Levels rose by 16% (95% CI, 2.1%, 33.1%) and 38%.": ([], ["proportion 2.1", "proportion 33.1", "proportion 38"]),
    "Sensitivity was 79% (95% CI 0.67-0.92).": (["proportion 79"], []),
    "Survival was 53% at 9 years for those aged ≥25 years.": (["rate 53 at 9 years"], ["rate 53 at 25 years"]),
    "Survival mattered: over 12 years 28% had surgery.": ([], ["rate 28 at 12 years"]),
    "The one- and two-year survival rates were both 90% in A and 86% in B.": ([], ["rate 86 at 2 years"]),
    "RR 0.75 (95% CI 0.57-0.98), with a number needed to treat of 7.2 (95% CI 3.7-135).": (
        ["RR 0.75 (0.57 to 0.98)"],
        ["RR 7.2 (3.7 to 135)"],
    ),
    "HR (22.85 ± 3.13) rose, HR50 and RR1 did not; terms were virus OR 2019-nCoV.": ([], ["HR 22.85", "HR 50", "RR 1"]),
    "Median PFS and OS were 3.8 and 8.1 months (95% CI 2.9-4.8 and 6.8-9.5).": (
        ["median 3.8 months", "median 8.1 months"],
        ["median 8.1 (2.9 to 4.8) months"],
    ),
    "The median vein was punctured for 30 minutes.": ([], ["median 30 minutes"]),
    # limits, changes, choices
    "Survival of more than 2 Gy per fraction is seen.": ([], ["dose 2 Gy/fraction"]),
    "From 1/2010 to 12/2015, 230 patients came.": (["n 230"], ["proportion 1/2010", "proportion 12/2015"]),
    "HbA1c fell from 8.2% to 7.1% and weight by 4%.": ([], ["proportion 7.1", "proportion 4"]),
    "It was taken by 40% of the women.": (["proportion 40"], []),
    "He scored 27/30; the acuity was 20/40.": ([], ["proportion 27/30", "proportion 20/40"]),
    "Risk was higher in women (HR 1.4; 95% CI 1.1-1.8) but not in men (0.9; 95% CI 0.7-1.2).": (
        ["HR 1.4 (1.1 to 1.8)", "HR 0.9 (0.7 to 1.2)"],
        [],
    ),
    "TP53 (63.2%) led, then KRAS (35.8%); I2 = 72% and I2 (44%).": (
        ["proportion 63.2", "proportion 35.8"],
        ["proportion 72", "proportion 44"],
    ),
    "There were decreases in the activity of 24%; a 0.1% NBT solution was used.": (
        [],
        ["proportion 24", "proportion 0.1"],
    ),
    # a point that parts thousands where a comma parts decimals
    "Die mediane Dosis war 1.200 mg, das mediane CRP 12,5 mg/l.": (["median 1200 mg", "median 12.5 mg/l"], []),
    "La mediana fue de 1.234 días.": ([], ["median 1.234 days"]),
}


@pytest.mark.parametrize("text", CASES)
def test_it_reads_what_is_there_and_nothing_else(text: str) -> None:
    wanted, forbidden = CASES[text]
    found = [words(quantity) for quantity in find_quantities(text)]
    assert [one for one in wanted if one not in found] == [], found
    assert [one for one in forbidden if one in found] == [], found
