"""`tunetui check`."""

from typing import TYPE_CHECKING, Any

import click

from tui.options import json_option, scenario_argument

if TYPE_CHECKING:
    from engine.tuning_check import TuningFinding


@click.command("check")
@scenario_argument()
@json_option("Print an object: scenario, title, path, examples, findings, problems.")
@click.pass_context
def command(ctx: click.Context, scenario: str, as_json: bool) -> None:
    """Look for mistakes before training.

    SCENARIO is the name of a scenario or the path of a scenario file. Its file is checked first, then its examples:
    duplicates, contradictions, leaks into what is held out, text that does not fit the model. Exit status 2 says that
    it cannot be trained; warnings alone leave it at 0.
    """
    from engine.dataset import build, counts
    from engine.errors import InputError
    from engine.scenario import tunings_of
    from engine.scenario_file import load
    from engine.scenario_library import find
    from engine.tuning_check import check_tunings
    from tui.json_output import print_json
    from tui.plain_text import plain_text

    facts: dict[str, Any] = {"scenario": scenario, "problems": []}
    try:
        path = find(scenario)
        facts |= {"scenario": path.stem, "path": str(path)}
        loaded = load(path)
        examples = build(loaded, path.parent)
        findings = check_tunings(loaded, examples)
    except InputError as error:
        if not as_json:
            raise
        print_json(facts | {"problems": error.problems})
        ctx.exit(2)
    if as_json:
        print_json(facts | {"title": loaded.title, "examples": counts(examples), "findings": findings})
    else:
        click.echo(plain_text(f"{loaded.title}: {path}") + "\n")
        click.echo(count_table(counts(examples)))
        for finding in findings:
            click.echo("\n" + paragraph(finding, everywhere=len(finding.tunings) == len(tunings_of(loaded))))
        if not findings:
            click.echo("\nNothing is wrong with it.")
    ctx.exit(2 if any(one.finding.severity == "error" for one in findings) else 0)


def count_table(counts: dict[str, dict[str, int]]) -> str:
    """How many examples each split and task has."""
    from tui.plain_text import plain_text
    from tui.table import table

    rows = [[split, plain_text(task) or "-", f"{n:,}"] for split, tasks in counts.items() for task, n in tasks.items()]
    return table(["split", "task", "examples"], rows, right=["examples"])


def paragraph(one: "TuningFinding", everywhere: bool) -> str:
    """A finding with its hint and its first cases, one a line."""
    from tui.plain_text import plain_text

    finding = one.finding
    place = "" if everywhere else f" (tuning {', '.join(one.tunings)})"
    lines = [f"{finding.severity.capitalize()}: {finding.message}{place}; {finding.hint}"]
    for case in finding.first:
        lines.append(f"  example {case.row}: {case.text}" if case.row else f"  {case.text}")
    if finding.count > len(finding.first):
        lines.append(f"  and {finding.count - len(finding.first):,} more")
    return "\n".join(map(plain_text, lines))
