"""Commands, one module each; here is what they share: the review to work on, and how a failure is said."""

import sys
from typing import NoReturn

import click

from livrev.paths import Repository, RepositoryNotFound, find_repository
from livrev.problems import Problem


def fail(message: str, status: int = 1) -> NoReturn:
    """Say *message* on standard error and end with *status*."""
    click.echo(message, err=True)
    sys.exit(status)


def repository_of(context: click.Context) -> Repository:
    """Return the review that the command was called for; end with status 2 where there is none."""
    try:
        return find_repository(context.obj)
    except RepositoryNotFound as error:
        fail(str(error), 2)


def report(problems: list[Problem]) -> None:
    """Print *problems* and end with status 1 where there are any."""
    for problem in problems:
        click.echo(str(problem))
    if problems:
        files = len({problem.file for problem in problems})
        fail(f"{len(problems)} problem{'s' * (len(problems) > 1)} in {files} file{'s' * (files > 1)}")
