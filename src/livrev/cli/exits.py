"""What commands share: the review to work on, how a failure is said, and how a file is written for whoever called."""

import difflib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from livrev.diagnostics import NOT_CHECKED, Problem, Refused, ReviewError, say_folded, say_os_error
from livrev.paths import Repository, find_repository
from livrev.transaction import finish_change, write_atomically, write_if_changed

if TYPE_CHECKING:
    from livrev.records.review import Review

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)
FORMAT = click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)


class Commands(click.Group):
    """Commands that end with what is wrong with the review, or with a file, and not with how Python came to know."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a pipe that its reader closed is no failure of it."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except OSError as error:
            fail(say_os_error(error))
        except Refused as error:
            fail(printable(str(error)), error.status)
        except ReviewError as error:
            report(error.problems)
            return None


def fail(message: str, status: int = 1) -> NoReturn:
    """Say *message* on standard error and end with *status*."""
    click.echo(message, err=True)
    sys.exit(status)


def repository_of() -> Repository:
    """Return the review that the command was called for.

    A change that an earlier command was interrupted in is finished first, so that nobody reads half of it.
    """
    repository = find_repository(click.get_current_context().find_root().params["root"])
    if finished := finish_change(repository):
        click.echo(f"finished an interrupted change: {', '.join(finished)}", err=True)
    return repository


def open_review() -> "Review":
    """Return what that review holds, read and checked."""
    from livrev.records.review import load_review

    return load_review(repository_of())


def report(problems: list[Problem]) -> None:
    """Print *problems*, causes first, and end with status 1 where there are any."""
    for line in say_folded(problems):
        click.echo(line)
    if problems:
        own = [problem for problem in problems if not problem.after]
        rest = sum(1 for problem in problems if problem.after and problem.field != NOT_CHECKED)
        files = len({problem.file for problem in own})
        said = f"{len(own)} problem{'s' * (len(own) > 1)} in {files} file{'s' * (files > 1)}"
        them = "them" if len(own) > 1 else "it"
        fail(said + (f"; {rest} more follow{'s' * (rest == 1)} from {them}" if rest else ""))


def write_file(path: Path, text: str, cure: str = "choose another place", *, status: int = 1) -> None:
    """Write *text* to *path*, or delete an older file where there is nothing to write; end where the system refuses."""
    try:
        if text:
            write_atomically(path, text)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        fail(f"{path}: cannot be written ({error.strerror}); {cure}", status)


def renew(repository: Repository, path: Path, text: str) -> None:
    """Write *text* to *path* where that changes it, and say whether it did."""
    written = write_if_changed(path, text)
    click.echo(f"{repository.relative(path)}: {'written' if written else 'unchanged'}")


def show_changes(repository: Repository, texts: Mapping[Path, str]) -> None:
    """Print what *texts* would change as a unified diff, file by file; what git does not keep is named only."""
    for path, text in texts.items():
        name = repository.relative(path)
        if path.is_relative_to(repository.raw):
            click.echo(
                f"(and {name}: {len(text):,} characters of the text itself, for your eyes; git does not keep it)"
            )
            continue
        old = path.read_bytes().decode("utf-8") if path.exists() else ""
        before = f"a/{name}" if path.exists() else "/dev/null"
        for line in difflib.unified_diff(old.splitlines(), text.splitlines(), before, f"b/{name}", lineterm=""):
            click.echo(printable(line))


def printable(text: str) -> str:
    """Return *text* so that a terminal shows it and obeys nothing in it."""
    return "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text)
