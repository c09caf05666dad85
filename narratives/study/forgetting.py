"""Removing a person who withdrew their consent from every file of a study.

Rows of the person go from all tables, their speech from the stored texts, and everything that was
made from the tables as a whole (reports, pictures) is deleted, to be made again. Where others speak
in the same interview (couples, focus groups), their narratives stay, and the withdrawn person's
speech is blanked out character by character, so that the others' offsets still hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from narratives.codebook import parse_codebook
from narratives.errors import StudyError
from narratives.messages import say
from narratives.narrative import Narrative, Omission
from narratives.study.folder import StudyFolder
from narratives.study.results import Result
from narratives.study.tables import interviews_table, narratives_table, omitted_table
from narratives.study.writing import TABLE_SUFFIXES, read_table, rewrite_table, write_table
from narratives.transcript import Span

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BLANK", "MADE_FILES", "Forgotten", "blank", "forget"]

BLANK = "\N{FULL BLOCK}"

MADE_FILES = ("report*", "figures/*", "displays/*", "corrected_*", "groups*", "group_*")
"""What commands make of the study as a whole, and can make again."""

_MAIN_TABLES = {"narratives", "interviews", "omitted"}


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed.

    Attributes:
        person: whose data it was.
        transcripts: names of transcripts removed or blanked.
        narratives: number of narratives removed.
        changed: files rewritten without the person, relative to the study.
        deleted: files deleted, relative to the study.
        unknown: files in the folder that this package did not write, left as they are.
    """

    person: str
    transcripts: tuple[str, ...]
    narratives: int
    changed: tuple[str, ...]
    deleted: tuple[str, ...]
    unknown: tuple[str, ...]


def forget(study: str | Path, person: str) -> Forgotten:
    """Remove ``person`` from the study folder, and remember only a digest of the id.

    The id of an interview with several participants ("p07" of p07-IP1 and p07-IP2) means all of them.

    Raises:
        StudyError: if the folder holds no study, or nobody of that name.
    """
    folder = StudyFolder(Path(study))
    codebook = parse_codebook(folder.read_run()["codebook"]["content"], str(folder.run_file))
    results = [result for name in folder.results.names() if (result := folder.results.get(name)) is not None]
    theirs = [result for result in results if person in _persons(result)]
    whole = {result.name for result in theirs if _is_all_theirs(result, person)}
    if not theirs:
        known = sorted({name for result in results for name in _persons(result)})
        raise StudyError(say("forget.unknown_person", person=person, study=folder.path, persons=", ".join(known)))
    folder.note_withdrawal(person)
    gone = [path for result in theirs for path in _forget_result(folder, result, person)]
    changed = _rewrite_tables(folder, {variable.name: variable.labels for variable in codebook.variables})
    gone += _delete_made(folder)
    changed += _filter_other_tables(folder, person, whole)
    _forget_in_run(folder, whole)
    return Forgotten(
        person=person,
        transcripts=tuple(result.name for result in theirs),
        narratives=sum(
            result.name in whole or narrative.person == person for result in theirs for narrative in result.narratives
        ),
        changed=_inside(folder, changed),
        deleted=_inside(folder, gone),
        unknown=_inside(folder, _unknown_files(folder)),
    )


def _inside(folder: StudyFolder, paths: Iterable[Path]) -> tuple[str, ...]:
    """Paths relative to the study, sorted."""
    return tuple(sorted(path.relative_to(folder.path).as_posix() for path in paths))


def blank(text: str, spans: Iterable[Span]) -> str:
    """``text`` with every character of ``spans`` but line ends covered, its length unchanged."""
    characters = list(text)
    for start, end in spans:
        characters[start:end] = [c if c in "\r\n" else BLANK for c in characters[start:end]]
    return "".join(characters)


def _persons(result: Result) -> set[str]:
    """Everybody whose speech the result holds."""
    found = {narrative.person for narrative in result.narratives}
    found |= {item.person for item in result.omitted} | {result.interview.get("person")}
    return {str(person) for person in found if person is not None}


def _said(result: Result) -> tuple[Narrative | Omission, ...]:
    """All participant speech of the result."""
    return (*result.narratives, *result.omitted)


def _is_all_theirs(result: Result, person: str) -> bool:
    """Whether nothing is left without ``person``: nobody else speaks, or the id means all who do."""
    said = {item.person for item in _said(result)}
    return said <= {person} or (result.interview.get("person") == person and person not in said)


def _forget_result(folder: StudyFolder, result: Result, person: str) -> list[Path]:
    """Delete a transcript's stored result and text, or blank the person out where others speak too."""
    source = folder.source_path(result.name)
    stored = folder.results.path(result.name)
    if _is_all_theirs(result, person):
        for path in (source, stored):
            path.unlink(missing_ok=True)
        return [stored, source]
    said = [(item.person, item.spans) for item in _said(result)]
    spans = [span for speaker, pieces in said if speaker == person for span in pieces]
    words = {folder.read_source(result.name)[start:end] for start, end in spans}
    folder.write_source(result.name, blank(folder.read_source(result.name), spans))
    folder.results.put(_without(result, person, words))
    return []


def _without(result: Result, person: str, words: set[str]) -> Result:
    """The result with only the others' narratives, their questions blank where the person asked them."""
    keep = [index for index, narrative in enumerate(result.narratives) if narrative.person != person]
    narratives = (result.narratives[index] for index in keep)
    return replace(
        result,
        interview={**result.interview, "n_narratives": len(keep)} | _unnamed(result, person),
        narratives=tuple(replace(n, question="" if _holds(n.question, words) else n.question) for n in narratives),
        codings=tuple(result.codings[index] for index in keep),
        review=tuple(result.review[index] for index in keep),
        windows=tuple(result.windows[index] for index in keep),
        omitted=tuple(item for item in result.omitted if item.person != person),
    )


def _unnamed(result: Result, person: str) -> dict[str, None]:
    """No person for an interview that bore the id of the one who is gone."""
    return {"person": None} if result.interview.get("person") == person else {}


def _holds(question: str, words: set[str]) -> bool:
    return any(piece and piece in question for piece in words)


def _rewrite_tables(folder: StudyFolder, labels: dict[str, tuple[str, ...]]) -> list[Path]:
    """Build the main tables anew from the results that are left."""
    results = [result for name in folder.results.names() if (result := folder.results.get(name)) is not None]
    tables = {
        "narratives": narratives_table(results, labels),
        "interviews": interviews_table(results),
        "omitted": omitted_table(results),
    }
    return [path for name, frame in tables.items() for path in rewrite_table(folder, name, frame)]


def _filter_other_tables(folder: StudyFolder, person: str, transcripts: set[str]) -> list[Path]:
    """Take the person's rows out of every table that is not built from the results."""
    changed: list[Path] = []
    for path in sorted(folder.path.rglob("*")):
        inside = path.relative_to(folder.path)
        if (
            path.suffix not in TABLE_SUFFIXES
            or inside.stem in _MAIN_TABLES
            or inside.parts[0] in ("results", "sources")
        ):
            continue
        frame = read_table(path)
        kept = frame[~_rows_of(frame, person, transcripts)]
        if len(kept) < len(frame):
            write_table(kept, path)
            changed.append(path)
    return changed


def _rows_of(frame: pd.DataFrame, person: str, transcripts: set[str]) -> pd.Series:
    """Which rows are about the person: by person, transcript, file, or narrative id."""
    import pandas as pd

    about = pd.Series(False, index=frame.index)
    if "person" in frame:
        about |= frame["person"].astype(str) == person
    if "transcript" in frame:
        about |= frame["transcript"].isin(transcripts)
    if "file" in frame:
        about |= frame["file"].astype("string").str.replace(r"\.[^./]*$", "", regex=True).isin(transcripts)
    if "narrative_id" in frame:
        about |= frame["narrative_id"].astype("string").str.replace(r":[^:]*$", "", regex=True).isin(transcripts)
    return about


def _delete_made(folder: StudyFolder) -> list[Path]:
    """Delete reports and pictures: they were made of everybody, and can be made again."""
    deleted = [path for pattern in MADE_FILES for path in sorted(folder.path.glob(pattern)) if path.is_file()]
    for path in deleted:
        path.unlink()
    return deleted


def _unknown_files(folder: StudyFolder) -> list[Path]:
    """Files this package did not write; only their owner can tell whom they are about."""
    ours = {"run.json", "withdrawn.json"}
    return [
        path
        for path in sorted(folder.path.rglob("*"))
        if path.is_file()
        and path.name not in ours
        and path.suffix not in TABLE_SUFFIXES
        and path.relative_to(folder.path).parts[0] not in ("results", "sources")
    ]


def _forget_in_run(folder: StudyFolder, transcripts: set[str]) -> None:
    """Take the transcripts out of ``run.json`` and count anew."""
    run = folder.read_run()
    run["transcripts"] = {name: facts for name, facts in run.get("transcripts", {}).items() if name not in transcripts}
    results = [result for name in folder.results.names() if (result := folder.results.get(name)) is not None]
    run["counts"]["transcripts"] = len(results)
    run["counts"]["narratives"] = sum(len(result.narratives) for result in results)
    folder.write_run(run)
