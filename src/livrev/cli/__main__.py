"""`python -m livrev.cli` is `livrev`."""

from livrev.cli import main

main()
