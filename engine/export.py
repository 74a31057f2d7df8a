"""A run's model as a folder of its own, for other programs and people."""

from pathlib import Path

from engine import atomic
from engine.inference.answer import Answerer
from engine.runs import Run
from engine.training import checkpoint


def write_model(folder: Path, answerer: Answerer, run: Run) -> None:
    """Write weights, tokenizer, template and config as in a checkpoint, and `README.md`, the model card.

    Raises:
        StorageError: the folder cannot be written; nothing is left of it.
    """
    with atomic.folder(folder) as temporary:
        manifest = checkpoint.write(temporary, answerer)
        (temporary / "README.md").write_text(model_card(run, manifest.weights, answerer), encoding="utf-8")


def model_card(run: Run, weights: str, answerer: Answerer) -> str:
    """What a stranger must know of the model, in Markdown (Mitchell et al. 2019, arXiv 1810.03993)."""
    info = run.info
    parameters = sum(weight.numel() for weight in answerer.model.parameters())
    lines = [
        f"# {info.scenario.title}: {info.tuning}",
        "",
        f"{type(answerer.model).__name__}, {parameters:,} parameters, made by tunetui {info.versions.tunetui} "
        f"with torch {info.versions.torch}, seed {info.seed}.",
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
        f"- `model.safetensors`: the weights. SHA-256 over their names, types, shapes and bytes: `{weights}`.",
        "- `checkpoint.json`: model, tokenizer with its vocabulary, prompt template.",
        "- A scenario whose `base` names this folder starts from it.",
        f"- Run `{run.id}` of scenario `{info.name}`; examples with SHA-256 `{info.data}`.",
    ]
    return "\n".join(lines) + "\n"
