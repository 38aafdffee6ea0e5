"""How strong a confounder that nobody measured would have to be to explain an observed ratio away: the E-value."""

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class EValue:
    """E-value of an estimate, and of the limit of its interval that lies nearer to 1 (1 where the interval holds 1)."""

    estimate: float
    limit: float


def e_value(
    value: float, low: float, high: float, *, measure: Literal["RR", "OR", "HR"] = "RR", common_outcome: bool = True
) -> EValue:
    """Return the E-value of a ratio *value* with its interval *low* to *high*, from an observational study.

    It is the risk ratio that an unmeasured confounder needs with both exposure and outcome to explain the estimate away,
    beyond what was adjusted for. Where the outcome is common (above 15 % at the end of follow-up), an OR is taken to
    the risk ratio by its square root, an HR by (1 - 0.5^√HR)/(1 - 0.5^√(1/HR)); where it is rare, both stand for it.
    Source: VanderWeele and Ding 2017, https://doi.org/10.7326/M16-2607. Raises ValueError where the numbers are no ratio
    with its interval.

    >>> found = e_value(3.9, 1.8, 8.7)
    >>> round(found.estimate, 2), round(found.limit, 2)
    (7.26, 3.0)
    """
    if not (0 < low <= value <= high and math.isfinite(high)):
        raise ValueError(f"{value:g} ({low:g} to {high:g}) is no ratio with its interval; they lie above 0, in order")
    nearer = 1.0 if low <= 1 <= high else low if low > 1 else high
    return EValue(*(_explain(_as_risk_ratio(ratio, measure, common_outcome)) for ratio in (value, nearer)))


def _as_risk_ratio(ratio: float, measure: str, common_outcome: bool) -> float:
    if measure == "RR" or not common_outcome:
        return ratio
    if measure == "OR":
        return math.sqrt(ratio)
    # 1 - 0.5^x, exactly where x is small
    return math.expm1(-math.log(2) * math.sqrt(ratio)) / math.expm1(-math.log(2) * math.sqrt(1 / ratio))


def _explain(risk_ratio: float) -> float:
    above = max(risk_ratio, 1 / risk_ratio)
    return above + math.sqrt(above * (above - 1))
