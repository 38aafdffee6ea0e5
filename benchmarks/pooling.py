"""Measure pooling: one pool of 1,000 studies and 10,000 bootstrapped pools, beside PyMARE and, with R, metafor."""

import importlib.util
import json
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from livrev.records.review import load_review
from livrev.review.results import compute_results
from livrev.stats.effect_sizes import LOG, Effect
from livrev.stats.pooling import estimate_reml, pool_effects

Vector = NDArray[np.float64]
MANY, BOOTSTRAPS, PER_POOL = 1000, 10_000, 20
PACKAGES = "suppressMessages({review(metafor); review(jsonlite)})"
R_SCRIPT = f"""{PACKAGES}
data <- fromJSON(commandArgs(TRUE)[1])
took <- c(system.time(rma(data$many[1,], sei = data$many[2,], test = "adhoc"))[[3]],
  system.time(for (i in seq_along(data$drawn)) try(suppressWarnings(rma(
    data$few[1, data$drawn[[i]] + 1], sei = data$few[2, data$drawn[[i]] + 1], test = "adhoc")), TRUE))[[3]])
cat(took)
"""


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(1)
    many, few = make_studies(rng, MANY), make_studies(rng, PER_POOL)
    drawn = rng.integers(PER_POOL, size=(BOOTSTRAPS, PER_POOL))
    pool_with_livrev(*few)
    estimate_reml(few[0], few[1] ** 2)
    print(f"{'seconds':<42}{f'{MANY} studies':>16}{f'{BOOTSTRAPS} bootstraps':>18}{'ms a bootstrap':>16}")
    report("livrev, whole pool (every convention)", *measure(pool_with_livrev, many, few, drawn))
    report("livrev, REML alone", *measure(lambda y, se: estimate_reml(y, se**2), many, few, drawn))
    pymare = find_pymare()
    if pymare is None:
        print("PyMARE is not installed")
    else:
        pymare(*few)
        report("PyMARE, REML and Q, Wald interval", *measure(pymare, many, few, drawn))
    times = measure_metafor(many, few, drawn)
    if times is None:
        print("R with metafor and jsonlite is not installed")
    else:
        report("metafor, REML with Hartung-Knapp", *times)
    measure_registry()


def measure_registry() -> None:
    """Print how long it takes to compute every number that the book may print, from the records on."""
    review = load_review()
    compute_results(review)
    started = time.perf_counter()
    results = compute_results(review)
    print(
        f"{'every Result of the book (limit 2 s)':<42}{time.perf_counter() - started:>16.2f}{len(results):>12} Results"
    )


def make_studies(rng: np.random.Generator, k: int) -> tuple[Vector, Vector]:
    """Return effects and standard errors of *k* studies."""
    se = np.exp(rng.uniform(np.log(0.08), np.log(0.5), k))
    return rng.normal(-0.3, np.hypot(se, 0.2)), se


def pool_with_livrev(effects: Vector, errors: Vector) -> None:
    """Pool as `livrev pool` does, without leaving studies out."""
    pool_effects([Effect("", float(y), float(se)) for y, se in zip(effects, errors, strict=True)], scale=LOG)


def find_pymare() -> Callable[[Vector, Vector], object] | None:
    """Return a function that pools with PyMARE, or None where it is not installed."""
    if importlib.util.find_spec("pymare") is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymare import Dataset
        from pymare.estimators import VarianceBasedLikelihoodEstimator

    def pool(effects: Vector, errors: Vector) -> object:
        data = Dataset(y=effects[:, None], v=errors[:, None] ** 2)
        return VarianceBasedLikelihoodEstimator(method="REML").fit_dataset(data).summary().get_fe_stats()

    return pool


def measure(
    pool: Callable[[Vector, Vector], object],
    many: tuple[Vector, Vector],
    few: tuple[Vector, Vector],
    drawn: NDArray[np.int64],
) -> tuple[float, float]:
    """Return the seconds that *pool* takes for many studies at once, and for every bootstrap."""
    started = time.perf_counter()
    pool(*many)
    once = time.perf_counter() - started
    started = time.perf_counter()
    for rows in drawn:
        pool(few[0][rows], few[1][rows])
    return once, time.perf_counter() - started


def measure_metafor(
    many: tuple[Vector, Vector], few: tuple[Vector, Vector], drawn: NDArray[np.int64]
) -> tuple[float, float] | None:
    """Return the same of metafor, start of R not counted, or None where it is not installed."""
    rscript = shutil.which("Rscript")
    if rscript is None or subprocess.run([rscript, "-e", PACKAGES], capture_output=True, check=False).returncode:
        return None
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.json"
        lists = {"many": np.array(many).tolist(), "few": np.array(few).tolist()}
        # As a list of rows, so that R reads each bootstrap as a vector.
        data.write_text(
            json.dumps({**lists, "drawn": {str(i): rows.tolist() for i, rows in enumerate(drawn)}}), "utf-8"
        )
        done = subprocess.run([rscript, "-e", R_SCRIPT, str(data)], capture_output=True, text=True, check=True)
    once, all_of_them = done.stdout.split()
    return float(once), float(all_of_them)


def report(name: str, once: float, all_of_them: float) -> None:
    """Print one line of the table."""
    print(f"{name:<42}{once:>16.4f}{all_of_them:>18.2f}{1000 * all_of_them / BOOTSTRAPS:>16.3f}", flush=True)


if __name__ == "__main__":
    main()
