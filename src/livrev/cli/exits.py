"""Commands, one module each; here is what they share: the review to work on, and how a failure is said."""

import sys
from typing import NoReturn

import click

from livrev.diagnostics import NOT_CHECKED, Problem, say_folded
from livrev.paths import Repository, RepositoryNotFound, find_repository
from livrev.transaction import ChangeFailed, finish_change


def fail(message: str, status: int = 1) -> NoReturn:
    """Say *message* on standard error and end with *status*."""
    click.echo(message, err=True)
    sys.exit(status)


def repository_of(context: click.Context) -> Repository:
    """Return the review that the command was called for; end with status 2 where there is none.

    A change that an earlier command was interrupted in is finished first, so that nobody reads half of it.
    """
    try:
        repository = find_repository(context.obj)
        finished = finish_change(repository)
    except RepositoryNotFound as error:
        fail(str(error), 2)
    except ChangeFailed as error:
        fail(f"an interrupted change could not be finished: {error}")
    if finished:
        click.echo(f"finished an interrupted change: {', '.join(finished)}", err=True)
    return repository


def report(problems: list[Problem]) -> None:
    """Print *problems*, causes first, and end with status 1 where there are any."""
    for line in say_folded(problems):
        click.echo(line)
    if problems:
        own = [problem for problem in problems if not problem.after]
        rest = sum(1 for problem in problems if problem.after and problem.field != NOT_CHECKED)
        files = len({problem.file for problem in own})
        said = f"{len(own)} problem{'s' * (len(own) > 1)} in {files} file{'s' * (files > 1)}"
        fail(
            said + (f"; {rest} more follow{'s' * (rest == 1)} from {'them' if len(own) > 1 else 'it'}" if rest else "")
        )
