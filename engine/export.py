"""A run's model as a folder of its own, for other programs and people."""

import shlex
from dataclasses import replace
from pathlib import Path

import msgspec

from engine import atomic
from engine.event_log import last
from engine.inference.answer import Answerer
from engine.models.lora import merge_lora
from engine.protocol import Finished
from engine.runs import Run
from engine.scenario import PRETRAINING
from engine.training import checkpoint


def write_model(folder: Path, answerer: Answerer, run: Run, *, half: bool = False) -> None:
    """Write weights, tokenizer, template and config as in a checkpoint, and `README.md`, the model card.

    Adapters are merged, in the model that is given: who reads the folder needs nothing else.

    Raises:
        StorageError: the folder cannot be written; nothing is left of it.
    """
    if answerer.spec.lora:
        merge_lora(answerer.model)
        spec = msgspec.structs.replace(answerer.spec, lora=None)
        answerer = replace(answerer, spec=spec, foundation=None)
    with atomic.folder(folder) as temporary:
        manifest = checkpoint.write(temporary, answerer, half=half)
        card = model_card(run, manifest.weights, answerer, half=half)
        (temporary / "README.md").write_text(card, encoding="utf-8")


def model_card(run: Run, weights: str, answerer: Answerer, *, half: bool = False) -> str:
    """What a stranger must know of the model, in Markdown (Mitchell et al. 2019, arXiv 1810.03993)."""
    info = run.info
    parameters = sum(weight.numel() for weight in answerer.model.parameters())
    rounded = " The weights are rounded to float16; the scores are those before." if half else ""
    lines = [
        f"# {info.scenario.title}: {info.tuning}",
        "",
        f"{type(answerer.model).__name__}, {parameters:,} parameters, made by tunetui {info.versions.tunetui} "
        f"with torch {info.versions.torch}, seed {info.seed}.{rounded}",
        "",
        *([info.scenario.about.strip(), ""] if info.scenario.about else []),
        "| split | task | exact match | right but did not stop | loss (nats a token) | examples |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for split, tasks in run.scores().items():
        for task, score in tasks.items():
            cells = (
                f"{score.exact_match:.1%}",
                f"{score.did_not_stop:.1%}",
                f"{score.loss:.4f}",
                f"{score.examples:,}",
            )
            lines.append(f"| {split} | {task or '–'} | {' | '.join(cells)} |")
    lines += [
        "",
        f"- Made by `{shlex.join(command(run))}`{_effort(run)}.",
        f"- {_data(run)}",
        f"- `model.safetensors`: the weights. SHA-256 over their names, types, shapes and bytes: `{weights}`.",
        "- `checkpoint.json`: model, tokenizer with its vocabulary, prompt template.",
        "- A scenario whose `base` names this folder starts from it.",
        f"- Run `{run.id}` of scenario `{info.name}`.",
    ]
    return "\n".join(lines) + "\n"


def command(run: Run) -> list[str]:
    """What makes the same model again, given the same scenario."""
    info = run.info
    if info.tuning == PRETRAINING:
        asked = info.scenario.pretraining.steps if info.scenario.pretraining else info.steps
        steps = [] if info.steps == asked else ["--steps", str(info.steps)]
        return ["tunetui", "pretrain", info.name, *steps]
    return ["tunetui", "train", info.name, "--tuning", info.tuning, "--seed", str(info.seed)]


def _effort(run: Run) -> str:
    finished = last(run.events_file, Finished)
    if not finished:
        return ""
    tokens = finished.tokens_per_second * finished.seconds
    threads = f"{run.info.threads} thread{'s' * (run.info.threads > 1)}"
    return (
        f": {finished.step:,} steps, {tokens:,.0f} tokens and {finished.seconds:,.0f} seconds of training "
        f"on {run.info.device} ({threads}, {run.info.precision})"
    )


def _data(run: Run) -> str:
    info = run.info
    if info.tuning == PRETRAINING:
        return f"It read text that rules write, anew for each step. It was asked questions with SHA-256 `{info.data}`."
    return f"Examples with SHA-256 `{info.data}`."
