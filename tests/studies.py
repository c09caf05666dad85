"""Studies made up for tests: persons, waves, probabilities, and sources with true offsets."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from narratives.codebook import Codebook, load_codebook
from narratives.cues import VALUES
from narratives.files import sha256_of
from narratives.study import Study
from narratives.study.evidence import CUE_COLUMNS, WORD_COLUMNS
from narratives.study.folder import StudyFolder
from narratives.study.tables import (
    INTERVIEW_COLUMNS,
    NARRATIVE_COLUMNS,
    OMITTED_COLUMNS,
    PROBLEM_COLUMNS,
    coding_columns,
    parse_spans,
)
from narratives.study.writing import write_csv, write_parquet

SAID = (
    "De sendte mig i praktik på et lager, så nu kan jeg mærke, at jeg duer til noget, og jeg står op om morgenen",
    "Min sagsbehandler sagde, at jeg måske kunne få et fleksjob, men jeg tror ikke på det, før jeg ser det på skrift",
    "Jeg ringede selv til kommunen og sagde, at jeg ville i gang igen, og så fik jeg en mentor, jeg kan snakke med",
    "Det er jo dem, der bestemmer, og jeg kan ikke gøre andet end at vente på, at der kommer et brev i min e-Boks",
    "Om et år arbejder jeg i et køkken, det har jeg bestemt mig for, og min søster siger, at jeg skal holde fast",
)


def make_study(
    folder: Path,
    persons: int = 2,
    waves: int = 3,
    n: int = 5,
    *,
    seed: int = 0,
    codebook: Codebook | None = None,
    silent: tuple[tuple[str, int], ...] = (),
    absent: tuple[tuple[str, int], ...] = (),
    professionals: bool = False,
    mark: str = "",
    flat: bool = False,
) -> Study:
    """A study folder as ``annotate`` leaves it.

    Args:
        silent: (person, wave) interviewed, but without narratives.
        absent: (person, wave) not interviewed.
        professionals: also narratives that a caseworker tells, one for each interview.
        flat: whether all codes of every narrative are equally probable.
        mark: put into every narrative and speaker's text, e.g. markup that must be escaped.
    """
    book = codebook or load_codebook()
    rng = np.random.default_rng(seed)
    store = StudyFolder(folder)
    rows, interviews = [], []
    for person in (f"p{number:02d}" for number in range(1, persons + 1)):
        for wave in range(1, waves + 1):
            if (person, wave) in absent:
                continue
            count = 0 if (person, wave) in silent else n
            text, told = _interview(person, wave, count, professionals, mark)
            name = f"{person}-{wave}"
            store.write_source(name, text)
            rows += [_narrative(name, person, wave, item, text) | _codes(book, rng, flat=flat) for item in told]
            interviews.append(_held(name, person, wave, text, len(told)))
    _write(store, book, rows, interviews)
    return Study(folder)


def explain_made_up(study: Study, words: int = 5) -> None:
    """The tables ``evidence`` and ``cues`` as ``narratives evidence`` writes them, each word in its true place.

    As many words for each ranked variable, and as many cues, as the shipped model gives on the sample interviews.
    """
    rng, model = np.random.default_rng(0), study.run["model"]
    found, cues = [], []
    for row in study.narratives.to_dict("records"):
        about = {name: row[name] for name in ("narrative_id", "transcript", "person", "wave")}
        start, end = parse_spans(row["spans"])[0]
        told = list(re.finditer(r"\w+", study.source(row["transcript"])[start:end]))
        for variable in (variable for variable in study.codebook.variables if variable.ranked):
            chosen = [told[place] for place in rng.choice(len(told), words, replace=False)]
            places = [{"word": word[0], "start": start + word.start(), "end": start + word.end()} for word in chosen]
            falls = sorted(rng.uniform(0.01, 0.3, words).round(4), reverse=True)
            code = {"variable": variable.name, "code": row[variable.name], "probability": row[f"{variable.name}_p"]}
            code |= {"weight": 1.0, "model": model["name"], "model_revision": model["revision"]}
            numbered = zip(places, falls, range(1, words + 1), strict=True)
            found += [about | code | place | {"fall": fall, "rank": rank} for place, fall, rank in numbered]
        for kind, values in VALUES.items():
            cue = {"kind": kind, "count": 1, "words": told[0][0], "places": f"{start}-{start + told[0].end()}"}
            cues += [about | cue | {"value": value, "parsed": True} for value in values[:2]]
    for name, rows, columns in (("evidence", found, WORD_COLUMNS), ("cues", cues, CUE_COLUMNS)):
        frame = pd.DataFrame(rows, columns=list(columns)).astype({"wave": "Int64"})
        write_csv(frame, study.folder.table(name))
        write_parquet(frame, study.folder.table(name, ".parquet"))


def _interview(person: str, wave: int, n: int, professionals: bool, mark: str) -> tuple[str, list[tuple]]:
    """Text with CRLF line ends and letters beyond ASCII, and (role, spans) of each narrative."""
    text, told = f"Interview med {person}, bølge {wave} 📎\r\n", []
    for place in range(n):
        said = f"{SAID[(place + wave) % len(SAID)]} {mark}nr. {place}."
        text += f"I: Hvordan går det <nu> & her?\r\nIP: {said}"
        first = (len(text) - len(said), len(text))
        text += "\r\nI: Ja.\r\nIP: Sådan er det bare."
        told.append(("participant", "IP", (first, (len(text) - 20, len(text)))))
        text += "\r\n"
    if professionals:
        said = f"Vi har lagt en plan sammen, og {person} har holdt den hele vejen, det synes vi er flot klaret."
        text += f"SB: {said}"
        told.append(("professional", "SB", ((len(text) - len(said), len(text)),)))
    return text + "\r\nI: Tak.", told


def _narrative(name: str, person: str, wave: int, item: tuple, text: str) -> dict:
    role, speaker, spans = item
    quote = " ".join(text[start:end] for start, end in spans)
    return {
        "narrative_id": f"{name}:{sha256_of(name, str(spans))[:10]}",
        "transcript": name,
        "person": person if role == "participant" else None,
        "wave": wave,
        "date": f"{2020 + wave}-03-01",
        "speaker": speaker,
        "role": role,
        "start": spans[0][0],
        "end": spans[-1][1],
        "spans": ";".join(f"{start}-{end}" for start, end in spans),
        "n_words": len(quote.split()),
        "text": quote,
        "question": "Hvordan går det?",
    }


def _codes(book: Codebook, rng: np.random.Generator, *, flat: bool = False) -> dict:
    cells: dict = {}
    for variable in book.variables:
        drawn = rng.dirichlet(np.full(len(variable.codes), 0.4)).round(4)
        shares = np.full(len(drawn), 1 / len(drawn)) if flat else drawn
        cells[variable.name] = variable.labels[int(shares.argmax())]
        cells[f"{variable.name}_p"] = float(shares.max())
        cells |= {f"{variable.name}_p_{label}": float(p) for label, p in zip(variable.labels, shares, strict=True)}
    return cells | {"needs_review": bool(rng.random() < 0.3), "flags": ""}


def _held(name: str, person: str, wave: int, text: str, n: int) -> dict:
    fixed = dict.fromkeys(INTERVIEW_COLUMNS, "x")
    facts = {"transcript": name, "file": f"{name}.txt", "person": person, "wave": wave, "date": f"{2020 + wave}-03-01"}
    return fixed | facts | {"n_narratives": n, "sha256": sha256_of(text), "sex": "kvinde", "age": 40 + wave}


def _write(store: StudyFolder, book: Codebook, rows: list[dict], interviews: list[dict]) -> None:
    labels = {variable.name: variable.labels for variable in book.variables}
    columns = [*NARRATIVE_COLUMNS, *coding_columns(labels), "needs_review", "flags"]
    frame = pd.DataFrame(rows, columns=columns).astype({"wave": "Int64", "needs_review": bool})
    write_csv(frame, store.table("narratives"))
    write_parquet(frame, store.table("narratives", ".parquet"))
    write_csv(pd.DataFrame(interviews), store.table("interviews"))
    write_csv(pd.DataFrame(columns=list(OMITTED_COLUMNS)), store.table("omitted"))
    write_csv(pd.DataFrame(columns=list(PROBLEM_COLUMNS)), store.table("problems"))
    store.write_run(
        {
            "model": {"name": "made-up", "revision": "0123456789abcdef"},
            "codebook": {"name": book.name, "version": book.version, "sha256": book.sha256, "content": book.to_dict()},
            "segmenter": {"pipeline": "blank", "revision": "none"},
            "settings": {"threshold": 0.3, "min_words": 5, "roles": ["participant"]},
            "finished": "2026-01-02T03:04:05+00:00",
            "versions": {"narratives": "0.1.0"},
            "counts": {"transcripts": len(interviews), "narratives": len(rows), "problems": 0},
        }
    )
