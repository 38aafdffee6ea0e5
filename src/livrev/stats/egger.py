"""Egger's regression: do smaller studies report other effects?"""

from collections.abc import Sequence
from dataclasses import dataclass

from livrev.stats.effect_sizes import Effect, Interval

FEWEST = 10


@dataclass(frozen=True, slots=True)
class Egger:
    """Egger's intercept with its 95 % interval and test: t on k-2 degrees of freedom."""

    intercept: float
    se: float
    interval: Interval
    t: float
    df: int
    p: float


def regress_on_precision(effects: Sequence[Effect]) -> Egger | None:
    """Return Egger's classical regression (Egger 1997), as metafor's `regtest(model="lm")`; None below ten studies.

    Effects are regressed on their standard errors with inverse-variance weights and multiplicative dispersion; the
    slope is Egger's intercept. Raises ValueError where the standard errors, or the effects, do not vary.
    """
    if len(effects) < FEWEST:
        return None
    from meta_analyze import MetaAnalysisError, meta_analysis

    # The regression lives in one place of the engine, on a fitted result; the fit itself is not used.
    fitted = meta_analysis(
        effect=[effect.estimate for effect in effects], standard_error=[effect.se for effect in effects], model="common"
    )
    try:
        found = fitted.egger_test(confidence_level=0.95)
    except MetaAnalysisError as error:
        raise ValueError(f"Egger's regression cannot be made: {error}") from error
    return Egger(
        intercept=found.intercept,
        se=found.intercept_standard_error,
        interval=found.intercept_ci,
        t=found.statistic,
        df=found.df,
        p=found.pvalue,
    )
