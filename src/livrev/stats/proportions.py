"""Exact intervals for small series."""


def clopper_pearson(events: int, total: int, *, level: float = 95) -> tuple[float, float]:
    """Return the exact interval of a proportion as two shares from 0 to 1 (Clopper and Pearson 1934).

    *level* is in percent. Raises ValueError where events lies outside 0 to total, or total is not positive.
    """
    from scipy.stats import beta

    if total <= 0 or not 0 <= events <= total:
        raise ValueError(f"{events} of {total} is no proportion")
    tail = (1 - level / 100) / 2
    low = 0.0 if events == 0 else float(beta.ppf(tail, events, total - events + 1))
    high = 1.0 if events == total else float(beta.ppf(1 - tail, events + 1, total - events))
    return low, high
