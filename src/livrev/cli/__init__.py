"""The command line: check, verify, extract, export and build a review."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from livrev.cli.accept import accept
from livrev.cli.add import add
from livrev.cli.exits import fail as _fail
from livrev.cli.exits import report as _report
from livrev.cli.exits import repository_of as _repository
from livrev.cli.export import export
from livrev.cli.links import links
from livrev.cli.network import network
from livrev.cli.new import new
from livrev.cli.pool import pool
from livrev.cli.release import release
from livrev.cli.retractions import retractions
from livrev.cli.running import colab, notebook
from livrev.cli.schema import schema
from livrev.cli.screen import screen
from livrev.cli.snapshot import snapshot
from livrev.cli.watch import watch
from livrev.diagnostics import Problem, ReviewError, say_os_error
from livrev.progress import told_to

if TYPE_CHECKING:
    from livrev.text.vocabulary import Vocabulary

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


class _Commands(click.Group):
    """Commands that end with one line where the system refuses a file, and not with how Python came to know."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a pipe that its reader closed is no failure of it."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except OSError as error:
            _fail(say_os_error(error))


@click.group(cls=_Commands, context_settings=_CONTEXT)
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the review (default: the one that the working folder lies in).",
)
@click.version_option(package_name="livrev")
@click.pass_context
def main(context: click.Context, root: Path | None) -> None:
    """Check the evidence of a living review, read papers, export records, and build the book."""
    context.obj = root


@main.command()
@click.option("--finished", is_flag=True, help="Let what is left to write in a chapter count as a problem.")
@click.option(
    "--stored", is_flag=True, help="Check, too, that notebooks are stored as text and the bibliography is sorted."
)
@click.pass_context
def check(context: click.Context, finished: bool, stored: bool) -> None:
    """Check every record, number, anchor, citation and chapter; change nothing.

    Prints one line a problem (file:line field: value, what is wrong; the cure) and exits 1 where there is any. What is left to
    write in a draft chapter is said, and stops a release, not a build.
    """
    from livrev.checks.book_files import find_unwritten
    from livrev.checks.run import check_review

    repository = _repository(context)
    left = find_unwritten(repository)
    with told_to(lambda step: click.echo(f"  … {step}", err=True)):
        problems = check_review(repository, stored=stored)
    _report(problems + (left if finished else []))
    for place in left:
        click.echo(f"{place.file}:{place.line} {place.field}: {place.value or place.cure}")
    click.echo("check: nothing wrong" + (f", {len(left)} places left to write" if left else ""))


@main.command()
@click.option(
    "--raw",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the documents themselves; without it the features on record are used.",
)
@click.pass_context
def verify(context: click.Context, raw: Path | None) -> None:
    """Prove that every finding stands in its sentence and every sentence is accounted for.

    With --raw the documents are read again, and must reproduce data/features/ byte for byte.
    """
    from livrev.checks.documents import verify_anchors
    from livrev.records.review import load_review

    try:
        coverage, problems = verify_anchors(load_review(_repository(context)), raw)
    except ReviewError as error:
        _report(error.problems)
        return
    click.echo(
        f"{'document':<30}{'sentences':>10}{'claims':>8}{'furniture':>11}{'repeats':>9}{'accounted':>11}{'findings':>10}"
    )
    for row in coverage:
        share = f"{row.accounted}/{row.sentences}"
        click.echo(
            f"{row.citekey:<30}{row.sentences:>10}{row.claims:>8}{row.furniture:>11}{row.repeats:>9}{share:>11}{row.findings:>10}"
        )
    _report(problems)
    total = sum(row.findings for row in coverage)
    against = f"the documents in {raw}" if raw else "data/features (give --raw DIR to read the documents themselves)"
    click.echo(f"verify: {total} findings in {len(coverage)} documents hold against {against}")


@main.command()
@click.option(
    "--raw",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the documents.",
)
@click.pass_context
def features(context: click.Context, raw: Path) -> None:
    """Make data/features/ again from the documents in a folder."""
    from livrev.atomic_write import write_atomically
    from livrev.checks.documents import find_documents
    from livrev.records.review import read_review
    from livrev.text.features import describe_document, dump_features

    repository = _repository(context)
    review, problems = read_review(repository)
    if review is None:
        _report(problems)
        return
    documents, problems = find_documents(review, raw)
    for citekey, content in documents.items():
        path = repository.features / f"{citekey}.json"
        try:
            text = dump_features(describe_document(citekey, content, review.vocabulary))
        except UnicodeDecodeError as error:
            message = f"is not UTF-8 (byte {error.start})"
            name = review.repository.relative(path)
            problems.append(Problem(name, 1, "document", citekey, message, "get the document again"))
            continue
        changed = not path.exists() or path.read_text(encoding="utf-8") != text
        if changed:
            write_atomically(path, text)
        click.echo(f"{repository.relative(path)}: {'written' if changed else 'unchanged'}")
    _report(problems)


@main.command()
@click.argument("file", type=click.File("rb"))
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def extract(context: click.Context, file: BinaryIO, format_: str) -> None:
    """Find quantities and entities in a plain text FILE (- for standard input), with character offsets."""
    from livrev.text import extract as read

    vocabulary = _vocabulary(context)
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _fail(f"{file.name}: not UTF-8 text (byte {error.start}); save it as UTF-8")
    found = read(text, vocabulary)
    if format_ == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for item in found:
        facts = "  ".join(f"{k}={v}" for k, v in item.items() if k not in ("kind", "start", "end"))
        start, end = int(str(item["start"])), int(str(item["end"]))
        stretch = " ".join(text[start:end].split())
        click.echo(f"{start:>7}  {item['kind']:<11}{facts}   “{stretch}”")
    click.echo(f"{len(found)} found")


def _vocabulary(context: click.Context) -> "Vocabulary":
    from livrev.records.review import read_vocabulary

    vocabulary, problems = read_vocabulary(_repository(context))
    _report(problems)
    assert vocabulary is not None
    return vocabulary


@main.command()
@click.argument("notebooks", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def store(context: click.Context, notebooks: tuple[Path, ...]) -> None:
    """Execute NOTEBOOKS (default: all) and store their output as text, for readers, git and nbval."""
    from concurrent.futures import ThreadPoolExecutor

    from nbclient.exceptions import CellExecutionError

    from livrev.site.kernel import missing_module
    from livrev.site.notebook_outputs import store_outputs

    paths = list(notebooks) or _repository(context).notebook_files()
    with ThreadPoolExecutor(max_workers=2) as pool:
        running = {path: pool.submit(store_outputs, path) for path in paths}
        for path, future in running.items():
            try:
                click.echo(f"{path.name}: {'stored' if future.result() else 'unchanged'}")
            except CellExecutionError as error:
                _fail(f"{path.name}: {error}\n{missing_module(error)}the notebook was left as it was")
            except OSError as error:
                _fail(f"{say_os_error(error)}\n{path.name}: the notebook was left as it was")
            except (ValueError, RuntimeError) as error:
                _fail(f"{path.name}: cannot be run ({error}); livrev check names what is wrong with it")


@main.command()
@click.option("--jobs", default=2, show_default=True, help="Notebooks executed at a time.")
@click.option("--pdf/--no-pdf", default=True, show_default=True, help="Whether to make the PDF.")
@click.option("--clean", is_flag=True, help="Forget earlier builds first.")
@click.pass_context
def build(context: click.Context, jobs: int, pdf: bool, clean: bool) -> None:
    """Build the book: check, execute notebooks, HTML, PDF.

    With LIVREV_REPOSITORY (https://github.com/OWNER/NAME) in the environment, notebooks get buttons to Binder and Colab;
    LIVREV_BASE_URL is where the book itself will stand.
    """
    from livrev.site.build import BuildFailed, build_book

    try:
        build_book(_repository(context), jobs=jobs, pdf=pdf, clean=clean, report=click.echo)
    except BuildFailed as error:
        _fail(str(error))


for _command in (
    accept, add, colab, export, links, network, new, notebook, pool, release, retractions, schema, screen, snapshot, watch,
):  # fmt: skip
    main.add_command(_command)
