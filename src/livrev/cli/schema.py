"""`livrev schema`: what editors need to complete and check records while one types."""

import click

from livrev.cli.exits import report, repository_of


@click.command()
@click.pass_context
def schema(context: click.Context) -> None:
    """Make data/schema/ again: JSON Schema for source notes, vocabulary and settings, from the records' own rules.

    Editors find them by the line `# yaml-language-server: $schema=…` at the head of a file, or by .vscode/settings.json.
    """
    from livrev.atomic_write import write_atomically
    from livrev.records.json_schema import make_schemas
    from livrev.records.review import read_vocabulary
    from livrev.records.settings import read_settings

    repository = repository_of(context)
    vocabulary, problems = read_vocabulary(repository)
    settings, _, found = read_settings(repository)
    report(problems + found)
    assert vocabulary is not None and settings is not None
    repository.schemas.mkdir(exist_ok=True)
    for name, text in make_schemas(vocabulary, settings).items():
        path = repository.schemas / name
        changed = not path.exists() or path.read_bytes() != text.encode()
        if changed:
            write_atomically(path, text)
        click.echo(f"{repository.relative(path)}: {'written' if changed else 'unchanged'}")
