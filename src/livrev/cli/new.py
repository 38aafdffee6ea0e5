"""`livrev new`: begin a chapter."""

import difflib
import tempfile
from pathlib import Path

import click

from livrev.cli.exits import fail, repository_of
from livrev.paths import Repository


@click.group()
def new() -> None:
    """Begin something that a person then writes."""


@new.command()
@click.argument("title")
@click.option("--name", default="", help="Name of its files, without folder and ending (default: made from TITLE).")
@click.option("--question", default="", help="Question of data/studies.csv whose studies the notebook is to show.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.pass_context
def chapter(context: click.Context, title: str, name: str, question: str, dry_run: bool) -> None:
    """Make a chapter, its notebook and their entries in the contents; the book builds with them at once.

    TITLE is the question that the chapter answers, for instance "Do booster shots help?". The chapter has the shape of
    all others and says in each part what is to be written; the notebook has been run. A name that is taken is refused.

    \b
    livrev new chapter "Does exercise help?"
    livrev new chapter "Does exercise help?" --name exercise --question QUESTION
    livrev check    # says what is left to write
    """
    from livrev.new.chapter import ChapterRefused, plan_chapter

    repository = repository_of(context)
    try:
        _check_question(repository, question)
        plan = plan_chapter(repository, title, stem=name, question=question)
    except ChapterRefused as error:
        fail(str(error))
    words, working = repository.chapters / f"{plan.stem}.md", repository.notebooks / f"{plan.stem}.ipynb"
    import nbformat

    if dry_run:
        notebook = nbformat.writes(plan.notebook) + "\n"
        texts = {words: plan.chapter, working: notebook, repository.contents: plan.contents}
        for path, text in texts.items():
            before = path.read_bytes().decode() if path.exists() else ""
            source = repository.relative(path) if before else "/dev/null"
            changes = difflib.unified_diff(
                before.splitlines(keepends=True), text.splitlines(keepends=True), source, repository.relative(path)
            )
            click.echo("".join(changes), nl=False)
        click.echo("nothing was written, and the notebook was not run (--dry-run)", err=True)
        return
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    from livrev.site.kernel import run_notebook
    from livrev.site.notebook_outputs import as_stored
    from livrev.transaction import ChangeFailed, NewText, digest_of, write_together

    held = {path: digest_of(path) for path in (words, working, repository.contents)}
    click.echo("the notebook is run …", err=True)
    repository.build.mkdir(exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(
            dir=repository.build, prefix=".new-"
        ) as folder:  # within the review, out of sight
            staged = Path(folder) / working.name
            nbformat.write(plan.notebook, staged)
            stored = as_stored(run_notebook(staged))
    except (CellExecutionError, CellTimeoutError, RuntimeError) as error:
        fail(f"the new notebook fails: {error}\nnothing was written; livrev check says what is wrong with the records")
    texts = {words: plan.chapter, working: stored, repository.contents: plan.contents}
    try:
        write_together(repository, {path: NewText(text, held[path]) for path, text in texts.items()})
    except ChangeFailed as error:
        fail(str(error))
    for path in texts:
        click.echo(repository.relative(path))
    click.echo("now write the chapter; livrev check says what is left, livrev build makes the book", err=True)


def _check_question(repository: Repository, question: str) -> None:
    """Raise ChapterRefused where no study on record bears *question*."""
    from livrev.diagnostics import ReviewError
    from livrev.new.chapter import ChapterRefused
    from livrev.records.review import load_review
    from livrev.show.views.evidence import QUESTIONS

    if not question:
        return
    try:
        asked = {study.question for study in load_review(repository).studies.values()} & set(QUESTIONS)
    except ReviewError as error:
        raise ChapterRefused(f"{error}\nmend the records first") from error
    if question not in asked:
        raise ChapterRefused(f"{question} is no question with studies on record; use one of {', '.join(sorted(asked))}")
