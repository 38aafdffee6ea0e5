"""Measure the built book as a phone on a slow line gets it: Lighthouse's four scores, and the weight of every page."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from serving import compress, serve

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "_build" / "html"
PLACE = ROOT / "_build" / "lighthouse"
PAGES = (
    "chapters/index.html", "chapters/radiotherapy.html", "notebooks/radiotherapy.html", "chapters/explorer.html",
    "studies/imbrave150.html",
)  # fmt: skip
KINDS = {"performance": "speed", "accessibility": "access", "best-practices": "practices", "seo": "seo"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
LOADED = re.compile(
    r"""<(?:script|img)\b[^>]*?\bsrc="([^"]+)"|<link\b[^>]*?rel="(?:stylesheet|icon)"[^>]*?href="([^"]+)\""""
)
HEAVIEST = 5


def main() -> None:
    """Print both tables; say what is missing where the first cannot be made."""
    if not (HTML / "index.html").is_file():
        sys.exit("the book is not built: make book")
    weigh_pages()
    print(flush=True)
    command, missing = find_lighthouse()
    if command is None:
        print(f"Lighthouse not run: {missing}")
        return
    print(f"{'Lighthouse, mobile, compressed':<36}" + "".join(f"{name:>11}" for name in KINDS.values()), flush=True)
    with serve(HTML) as address:
        for page in PAGES:
            if (HTML / page).is_file():
                scores = measure(command, address + page)
                print(f"{page:<36}" + "".join(f"{score:>11.2f}" for score in scores), flush=True)


def weigh_pages() -> None:
    """Print the heaviest pages, compressed, each with all that it loads."""
    weights = sorted(((weight(page), page) for page in HTML.rglob("*.html")), reverse=True)
    print(f"{len(weights)} pages, compressed, with all that each loads: kB")
    for size, page in weights[:HEAVIEST]:
        print(f"{page.relative_to(HTML).as_posix():<54}{size / 1000:>6.0f}")
    print(f"{'the middle page':<54}{weights[len(weights) // 2][0] / 1000:>6.0f}")


def weight(page: Path) -> int:
    """Return the bytes of a page and of all that it loads, compressed."""
    named = {a or b for a, b in LOADED.findall(page.read_text(encoding="utf-8"))}
    files = {(page.parent / name.partition("?")[0]).resolve() for name in named if not name.startswith("data:")}
    return sum(len(compress(file)) for file in {page, *files} if file.is_file())


def find_lighthouse() -> tuple[list[str] | None, str]:
    """Return the command of Lighthouse, fetched by name through npm where there is none; or what is missing."""
    if not any(map(shutil.which, BROWSERS)) and "CHROME_PATH" not in os.environ:
        return None, "no Chromium (apt install chromium, or give its place in CHROME_PATH)"
    if "LIGHTHOUSE" in os.environ:
        return [os.environ["LIGHTHOUSE"]], ""
    program = PLACE / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        if shutil.which("npm") is None:
            return None, "no npm (install Node.js 20 or newer, or give the program in LIGHTHOUSE)"
        PLACE.mkdir(parents=True, exist_ok=True)
        fetch = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--prefix", str(PLACE), "lighthouse"]
        fetched = subprocess.run(fetch, capture_output=True, text=True, check=False)
        if fetched.returncode:
            return None, f"npm could not fetch it: {(fetched.stderr.strip().splitlines() or ['no reason given'])[0]}"
    return [str(program)], ""


def measure(command: list[str], address: str) -> list[float]:
    """Return the four scores of one page, 0 to 1."""
    browser = os.environ.get("CHROME_PATH") or next(filter(None, map(shutil.which, BROWSERS)))
    done = subprocess.run(
        [*command, address, "--output=json", "--quiet", f"--chrome-flags={FLAGS}", f"--only-categories={','.join(KINDS)}"],
        capture_output=True, text=True, check=False, env={**os.environ, "CHROME_PATH": browser},
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"Lighthouse failed on {address}:\n{done.stderr[-2000:]}")
    categories = json.loads(done.stdout)["categories"]
    return [categories[kind]["score"] or 0.0 for kind in KINDS]


if __name__ == "__main__":
    main()
