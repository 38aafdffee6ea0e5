"""Shares of counted people, with exact intervals."""

import pandas as pd

from livrev.stats.proportions import clopper_pearson


def exact_shares(events: "pd.Series[int]", totals: "pd.Series[int]") -> pd.DataFrame:
    """Return events of totals as `share`, `ci_low` and `ci_high` in percent, and `text`, on the index of *events*.

    The 95 % intervals are those of Clopper and Pearson (doi:10.1093/biomet/26.4.404); a total of 0 gives no share.

    >>> import pandas as pd
    >>> exact_shares(pd.Series([12], index=["A"]), pd.Series([40], index=["A"])).round(1)
       share  ci_low  ci_high                    text
    A   30.0    16.6     46.5  12/40, 30 % (17 to 47)
    """
    rows = [
        (100 * some / whole, *(100 * bound for bound in clopper_pearson(int(some), int(whole))))
        if whole
        else (None,) * 3
        for some, whole in zip(events, totals, strict=True)
    ]
    frame = pd.DataFrame(rows, index=events.index, columns=["share", "ci_low", "ci_high"], dtype="float64")
    text = [
        f"{some}/{whole}, {row[0]:.0f} % ({row[1]:.0f} to {row[2]:.0f})" if whole else "none"
        for some, whole, row in zip(events, totals, frame.itertuples(index=False, name=None), strict=True)
    ]
    return frame.assign(text=text)
