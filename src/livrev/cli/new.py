"""`livrev new`: begin a review, a chapter, a study."""

import tempfile
from pathlib import Path

import click

from livrev.cli.exits import fail, open_review, repository_of


@click.group()
def new() -> None:
    """Begin something that a person then writes."""


@new.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", required=True, help="Title of the review and of its book.")
@click.option("--question", "questions", multiple=True, required=True, help='As name="Label"; give it once for each.')
@click.option("--author", default="the authors", show_default=True, help="Who writes it.")
@click.option("--condition", default="condition", show_default=True, help="What the patients have, in one word or two.")
@click.option("--conditions", default="", help="The same for several (default: with an s).")
def review(folder: Path, title: str, questions: tuple[str, ...], author: str, condition: str, conditions: str) -> None:
    """Begin a review in FOLDER, which must not exist yet or be empty: every file that a checked book needs.

    It has a chapter for each question, one notebook, all tables with their columns, and one example study, which its
    README.md says how to delete.

    \b
    livrev new review back-pain --title "Exercise for back pain" --question exercise="Does exercise help?"
    livrev --root back-pain check
    livrev --root back-pain build
    """
    from livrev.new.chapter import stem_of
    from livrev.new.review import begin_review

    named: dict[str, str] = {}
    for question in questions:
        name, found, label = question.partition("=")
        name, label = (name.strip(), label) if found else (stem_of(question), question)
        if name in named:
            fail(f'two questions are called {name}; give each a name of its own, as name="Label"')
        named[name] = label
    click.echo("the review is written, and its notebook is run …", err=True)
    begin_review(folder, title, named, author=author, condition=(condition, conditions or f"{condition}s"))
    click.echo(f"{folder}")
    click.echo(f"now read {folder}/README.md; livrev --root {folder} check says what is left", err=True)


@new.command()
@click.argument("citekey")
@click.option("--name", default="", help="Name under which readers know it (default: first author and year).")
@click.option("--question", default="", help="The question of the review that it serves best.")
def study(citekey: str, name: str, question: str) -> None:
    """Begin the row of a study in data/studies.csv from the reference CITEKEY.

    What the reference knows is filled; what a person must look up is named. A study that is on record is refused.

    \b
    livrev new study Roe2019trial
    livrev new study Roe2019trial --name "Roe 2019 (CRESS-1)" --question exercise
    """
    from livrev.new.study import plan_study
    from livrev.transaction import NewText, held_in, write_together

    repository = repository_of()
    table = repository.data / "studies.csv"
    held = held_in(table)
    plan = plan_study(repository, citekey, name=name, question=question)
    write_together(repository, {table: NewText(plan.table, held)})
    click.echo("\n".join(f"{column}: {value}" for column, value in plan.row.items() if value))
    where = f"{repository.relative(table)}:{plan.table.count(chr(10))}"
    click.echo(f"{where}: now fill {', '.join(plan.to_fill)}, and what else is known", err=True)


@new.command()
@click.argument("title")
@click.option("--name", default="", help="Name of its files, without folder and ending (default: made from TITLE).")
@click.option("--question", default="", help='Whose studies the notebook is to show; one that is new, as name="Label".')
def chapter(title: str, name: str, question: str) -> None:
    """Make a chapter, its notebook, their entries in the contents, and the question if it is new; the book builds at once.

    TITLE is the question that the chapter answers, for instance "Do booster shots help?". The chapter has the shape of
    all others and says in each part what is to be written; the notebook has been run. A name that is taken is refused.

    \b
    livrev new chapter "Does exercise help?"
    livrev new chapter "Does exercise help?" --name exercise --question QUESTION
    livrev new chapter "Do injections help?" --question injections="Injections"
    livrev check    # says what is left to write
    """
    from livrev.new.chapter import plan_chapter

    repository = repository_of()
    if question:
        open_review()
    question, _, label = (part.strip() for part in question.partition("="))
    plan = plan_chapter(repository, title, stem=name, question=question, label=label)
    from nbclient.exceptions import CellExecutionError

    from livrev.site.kernel import as_stored, run_notebook
    from livrev.transaction import NewText, held_in, write_together

    held = {path: held_in(path) for path in plan.texts}
    click.echo("the notebook is run …", err=True)
    repository.build.mkdir(exist_ok=True)
    try:
        # within the review, out of sight
        with tempfile.TemporaryDirectory(dir=repository.build, prefix=".new-") as folder:
            staged = Path(folder) / plan.working.name
            staged.write_text(plan.texts[plan.working], encoding="utf-8")
            plan.texts[plan.working] = as_stored(run_notebook(staged))
    except (CellExecutionError, RuntimeError) as error:
        fail(f"the new notebook fails: {error}\nnothing was written; livrev check says what is wrong with the records")
    write_together(repository, {path: NewText(text, held[path]) for path, text in plan.texts.items()})
    for path in plan.texts:
        click.echo(repository.relative(path))
    click.echo("now write the chapter; livrev check says what is left, livrev build makes the book", err=True)
