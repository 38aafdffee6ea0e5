"""Start Jupyter Book without what a book never uses.

One of its checks of addresses compiles a grammar, which takes a second of every start; without it that check is left out.
"""

import sys


def main() -> None:
    """Run Jupyter Book's own command line."""
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from jupyter_book.cli.main import main as jupyter_book

    jupyter_book()


if __name__ == "__main__":
    main()
