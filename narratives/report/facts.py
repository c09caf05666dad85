"""The methods paragraph and the limits, said from what the run recorded: nothing here is written by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from narratives.displays.words import joined, number
from narratives.messages import say
from narratives.transcript import Role

if TYPE_CHECKING:
    from narratives.agency import Review
    from narratives.displays.material import Material
    from narratives.study import Study

__all__ = ["citation", "limits", "methods"]

_SHOWN = 12


def citation(version: str) -> str:
    """How to cite the software; the same words as ``CITATION.cff``."""
    title = "narratives: short narratives in Danish interviews"
    return f"The narratives maintainers (2026). {title} (version {version}). MIT."


def methods(study: Study, review: Review | None = None, seed: int = 0) -> tuple[str, ...]:
    """Sentences of the methods paragraph, in the language in force.

    Args:
        study: its ``run.json`` tells what was done.
        review: people's codes that were used beside the model's.
        seed: of the draws behind intervals.
    """
    run = study.run
    told = [
        say("report.methods.find", **_finding(run)),
        say("report.methods.code", **_coding(study)),
        *_accuracy(study),
        say("report.methods.measure", seed=seed),
        f"{say('report.methods.verdicts')} {say('agency.verdict.rules')}",
        say("report.methods.tests"),
    ]
    if review is not None:
        coded = review.coded
        coders = joined(sorted(coded["coder"].dropna().astype(str).unique())) if "coder" in coded else "?"
        told.append(say("report.methods.human", count=coded["narrative_id"].nunique(), coders=coders))
    versions = ", ".join(f"{name} {version}" for name, version in run.get("versions", {}).items())
    return (*told, say("report.methods.versions", versions=versions))


def _finding(run: Mapping[str, Any]) -> dict[str, object]:
    segmenter, settings = run.get("segmenter", {}), run.get("settings", {})
    roles = [_role(str(role)) for role in settings.get("roles", (Role.PARTICIPANT.value,))]
    return {
        "transcripts": run["counts"]["transcripts"],
        "narratives": run["counts"]["narratives"],
        "version": run.get("versions", {}).get("narratives", "?"),
        "date": str(run.get("finished", "?"))[:10],
        "roles": say("report.and").join([", ".join(roles[:-1]), roles[-1]] if len(roles) > 1 else roles),
        "segmenter": segmenter.get("pipeline", "?"),
        "segmenter_revision": str(segmenter.get("revision", "?"))[:_SHOWN],
        "threshold": number(float(settings.get("threshold") or float("nan"))),
        "min_words": settings.get("min_words", "?"),
    }


def _accuracy(study: Study) -> Iterator[str]:
    """How right the model was where it was measured, of each ranked variable."""
    known = study.run.get("model", {}).get("measured") or {}
    ranked = [variable for variable in study.codebook.spoken.variables if variable.ranked and variable.name in known]
    told = [
        say("report.methods.accuracy.variable", variable=variable.label, **_rounded(known[variable.name]))
        for variable in ranked
        if {"n", "macro_f1", "kappa", "ece"} <= known[variable.name].keys()
    ]
    if told:
        texts = int(max(known[variable.name].get("n", 0) for variable in ranked))
        yield say("report.methods.accuracy", texts=texts, figures="; ".join(told))


def _rounded(figures: Mapping[str, float]) -> dict[str, str]:
    return {name: number(value) for name, value in figures.items()}


def _role(role: str) -> str:
    try:
        return say(f"report.role.{role}")
    except KeyError:
        return role


def _coding(study: Study) -> dict[str, object]:
    model, codebook = study.run.get("model", {}), study.run["codebook"]
    waiting = int(study.narratives["needs_review"].sum()) if "needs_review" in study.narratives else 0
    return {
        "model": model.get("name", "?"),
        "revision": str(model.get("revision", "?"))[:_SHOWN],
        "codebook": codebook.get("name", "?"),
        "codebook_version": codebook.get("version", "?"),
        "codebook_sha": str(codebook.get("sha256", "?"))[:_SHOWN],
        "variables": joined(variable.label for variable in study.codebook.spoken.variables),
        "review": f"{waiting}/{len(study.narratives)}",
    }


def limits(study: Study, material: Material, review: Review | None = None) -> tuple[str, ...]:
    """What a reader must keep in mind, in the language in force."""
    return tuple(_limits(study, material, review))


def _limits(study: Study, material: Material, review: Review | None) -> Iterator[str]:
    yield say("report.limits.model")
    if review is None:
        yield say("report.limits.no_review")
    cells = material.profiles.drop_duplicates(["person", "wave"])
    counts = cells.loc[cells["n"] > 0, "n"]
    if len(counts):
        yield say("report.limits.few", least=counts.min(), most=counts.max())
    empty = cells[cells["n"] == 0]
    if len(empty):
        yield say("report.limits.missing", cells=_cells(empty["person"].tolist(), empty["wave"].tolist()))
    if len(study.omitted):
        yield say("report.limits.omitted", count=len(study.omitted))
    if len(study.problems):
        yield say("report.limits.problems", count=len(study.problems))
    if any(role != material.line for role in study.run.get("settings", {}).get("roles", ())):
        yield say("report.limits.professionals")
    yield say("report.limits.selection")


def _cells(persons: Sequence[str], waves: Sequence[int]) -> str:
    return ", ".join(f"{person} ({wave})" for person, wave in zip(persons, waves, strict=True))
