"""A number as its source prints it (`0.50`, not 0.5), and the measures in which results are reported, pooled and computed."""

import re
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any, Literal, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


class Printed(float):
    """A float that remembers its digits. Arithmetic with it gives plain floats; `str` gives the text.

    Made from the text of a cell, or from a number, whose shortest digits then stand for what was printed.
    Raises ValueError where the text is no decimal number.
    """

    __slots__ = ("text",)
    text: str

    def __new__(cls, number: str | float) -> Self:
        text = str(number)
        if isinstance(number, Real) and not isinstance(number, bool | Printed):
            text = format(Decimal(repr(float(number))), "f").removesuffix(".0")
        if isinstance(number, bool) or not isinstance(number, str | Real) or not _NUMBER.fullmatch(text):
            raise ValueError("is not a number; write digits and a decimal point")
        made = super().__new__(cls, text)
        made.text = text
        return made

    @property
    def decimals(self) -> int:
        """How many digits stand behind the decimal point."""
        return len(self.text.partition(".")[2])

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Printed({self.text!r})"

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (self.text,)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let a record have a field of this type, filled from a text or a number."""
        return core_schema.no_info_plain_validator_function(cls, json_schema_input_schema=core_schema.float_schema())


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its name in words, its unit, its kind, and how many decimals a number has that we computed in it."""

    name: str
    unit: str
    kind: Literal["ratio", "share", "months", "difference", "count"]
    precision: int

    @property
    def times(self) -> int:
        """By how much a computed value is multiplied before it is shown: shares are shown in percent."""
        return 100 if self.kind == "share" else 1


MEASURES = {
    "HR": Measure("hazard ratio", "", "ratio", 2),
    "OR": Measure("odds ratio", "", "ratio", 2),
    "RR": Measure("risk ratio", "", "ratio", 2),
    "ratio-of-HR": Measure("ratio of hazard ratios", "", "ratio", 2),
    "RD": Measure("risk difference", "percentage points", "difference", 1),
    "MD": Measure("mean difference", "", "difference", 2),
    "SMD": Measure("standardised mean difference", "", "difference", 2),
    "proportion": Measure("percent of patients", "%", "share", 0),
    "percent": Measure("percent of patients", "%", "share", 0),
    "rate-at-time": Measure("rate", "%", "share", 0),
    "median-months": Measure("median", "months", "months", 1),
    "count": Measure("number", "", "count", 0),
}


def measure_of(name: str) -> Measure:
    """Return the measure called *name*; one that only this review knows (`other:…`) is shown by its name, without a unit."""
    return MEASURES.get(name) or Measure(name.removeprefix("other:"), "", "difference", 2)


RATIOS = tuple(name for name, measure in MEASURES.items() if measure.kind == "ratio")
DIFFERENCES = tuple(name for name, measure in MEASURES.items() if measure.kind == "difference")
SHARES = ("proportion", "percent")
"""Shares of a stated total, which can be counted; a rate at a time is read off a curve."""
