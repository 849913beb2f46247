"""Commands about sweeps: sweep, merge, status, show, replay, sensitivity."""

from pathlib import Path
from typing import Annotated

import typer

from cosim.cli.app import (
    BAD_INPUT,
    FAILED,
    Changes,
    Format,
    Jobs,
    Printed,
    app,
    check_file,
    console,
    leave,
    overrides,
    plain_errors,
    progress,
    show_text,
    show_written,
    study_errors,
)
from cosim.cli.speaking import say, spoken

Folder = Annotated[Path, typer.Argument(help="Folder of a sweep.", show_default=False)]
Number = Annotated[int, typer.Argument(min=0, help="Number of the run.", show_default=False)]
AcceptCode = Annotated[
    bool, typer.Option("--accept-code", help="Go on although other code or libraries made the runs that are there.")
]


@app.command()
def sweep(
    experiment: Annotated[str, typer.Argument(help="A shipped experiment's name, or a TOML file.", show_default=False)],
    jobs: Jobs = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Time a few runs; say how many there are, how long, how large.")
    ] = False,
    replicates: Annotated[
        int | None, typer.Option("--replicates", "-r", min=1, help="Replicates  [default: the experiment's].")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Seed of the study  [default: the experiment's].")
    ] = None,
    changes: Changes = None,
    shard: Annotated[str | None, typer.Option("--shard", metavar="I/N", help="Run the I-th of N parts only.")] = None,
    dask: Annotated[
        str | None, typer.Option("--dask", metavar="ADDRESS", help="Use a Dask scheduler, such as tcp://host:8786.")
    ] = None,
    timeout: Annotated[
        float | None, typer.Option("--timeout", help="Seconds after which a run counts as failed  [default: none].")
    ] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Make failed runs again.")] = False,
    max_failures: Annotated[
        int | None, typer.Option("--max-failures", min=0, help="Stop once more runs than this have failed.")
    ] = None,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first run that fails.")] = False,
    accept_code: AcceptCode = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder of the study  [default: results/local/NAME].")
    ] = None,
) -> None:
    """Run an experiment: scenarios at every point of a design. The same command again goes on where it was."""
    with plain_errors(), study_errors():
        from cosim.report.sweeps import estimate_text, stopped_text
        from cosim.study.running import cores
        from cosim.study.sweep import How, folder_of, plan_sweep, run_plan
        from cosim.study.sweep.estimating import estimate

        if timeout is not None and not timeout > 0:
            leave(say("--timeout: {seconds:g} is no time; give seconds above 0", seconds=timeout), BAD_INPUT)
        plan = plan_sweep(experiment, replicates, seed, overrides(changes), shard)
        folder = folder_of(plan, output)
        if dry_run:
            with progress():
                found = estimate(plan)
            typer.echo(estimate_text(plan, found, jobs or cores(), folder, spoken()))
            return
        limit = 0 if fail_fast else max_failures
        how = How(
            jobs=jobs, dask=dask, timeout=timeout, max_failures=limit, retry_failed=retry_failed,
            accept_code=accept_code,
        )  # fmt: skip
        with progress() as tell:
            study = run_plan(plan, folder, how, tell)
        typer.echo(say("study: {folder}", folder=study.path), err=True)
        state = study.state
        if study.stopped or state.counts()["failed"]:
            leave(
                stopped_text(study.stopped, state, spoken()),
                BAD_INPUT if study.stopped.startswith("stopped by") else FAILED,
            )


@app.command()
def merge(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders of shards, or the folder that holds them.", show_default=False)
    ],
    accept_code: AcceptCode = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder of the whole  [default: the one that holds them].")
    ] = None,
) -> None:
    """Put the shards of a sweep together, as if it had never been divided."""
    with plain_errors(), study_errors():
        from cosim.study.sweep import merge as merge_shards

        study = merge_shards(folders, output, accept_code)
        counts = study.state.counts()
        merged = {"folder": study.path, "runs": sum(counts.values()), "failed": counts["failed"]}
        typer.echo(say("study: {folder} ({runs} runs, {failed} failed)", **merged), err=True)


@app.command()
def status(folder: Folder, printed: Printed = Format.text) -> None:
    """Show how far a sweep is, and what went wrong in it."""
    with plain_errors(), study_errors():
        from cosim.report.sweeps import print_status, status_as_json
        from cosim.study.sweep import StudyFolder, status_of

        study = StudyFolder(folder)
        found = status_of(study)
        if printed is Format.json:
            typer.echo(status_as_json(study, found))
        else:
            print_status(study, found, console(), spoken())


@app.command()
def show(folder: Folder, run: Number, printed: Printed = Format.text) -> None:
    """Show all that is known of one run: what it was, what came out, what went wrong."""
    with plain_errors(), study_errors():
        from cosim.report.sweeps import print_run, run_as_json
        from cosim.study.sweep import StudyFolder, show_run

        study = StudyFolder(folder)
        found = show_run(study, run)
        if printed is Format.json:
            typer.echo(run_as_json(found))
        else:
            print_run(study, found, console(), spoken())


@app.command()
def replay(
    folder: Folder,
    run: Number,
    people: Annotated[
        Path | None, typer.Option("--people", help="Folder of the files of people  [default: where they were].")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="CSV file for all measures of every month.")
    ] = None,
) -> None:
    """Make one run of a sweep again, by itself, and check that it is the same to the last bit."""
    with plain_errors(), study_errors(), progress():
        from cosim.report.sweeps import replay_text
        from cosim.study.one_run import Failure
        from cosim.study.sweep import StudyFolder
        from cosim.study.sweep import replay as replay_run

        check_file(output)
        again = replay_run(StudyFolder(folder), run, people)
        typer.echo(replay_text(again, spoken()))
        if isinstance(again.outcome, Failure):
            leave(again.outcome.trace, FAILED)
        if output is not None:
            show_text(again.outcome.months.to_csv(index=False), output)
        if again.differs:
            raise typer.Exit(FAILED)


@app.command()
def sensitivity(
    folder: Folder,
    outcome: Annotated[
        list[str] | None, typer.Option("--outcome", help="This outcome alone; may be repeated  [default: all].")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for tables and figures  [default: `sensitivity` in the sweep's]."),
    ] = None,
    printed: Printed = Format.text,
) -> None:
    """Show which factors matter (designs of Morris and Sobol), and where a reform wins or loses."""
    with plain_errors(), study_errors():
        from cosim.report.analysis import analyse, as_json, print_analysis, write_analysis
        from cosim.study.sweep import StudyFolder

        study = StudyFolder(folder)
        found = analyse(study, outcome)
        try:
            show_written(write_analysis(found, study, output))
        finally:
            if printed is Format.json:
                typer.echo(as_json(found))
            else:
                print_analysis(found, console(), spoken())
