"""What ``narratives inspect FOLDER`` shows: how a folder was understood, before anything is run.

:func:`inspect_folder` turns a :class:`~narratives.reading.Reading` into plain rows, :func:`render` shows them on a
console, and :meth:`Inspection.to_csv` writes them as tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from narratives.files import nfc, write_atomically
from narratives.messages import say
from narratives.transcript import Problem, Role, Transcript, quote

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from narratives.reading import Reading

__all__ = ["Inspection", "inspect_folder", "render"]

Row = Mapping[str, object]

_SHOWN: dict[str, tuple[str, ...]] = {
    "files": ("file", "encoding", "person", "wave", "date", "from", "turns", "participant_words"),
    "persons": (),
    "speakers": ("label", "role", "found_by", "files", "turns", "words"),
    "problems": ("file", "message"),
}
_UNBROKEN = frozenset({"file", "encoding", "person", "date", "label"})
_MOST_PROBLEMS = 40


@dataclass(frozen=True, slots=True)
class Inspection:
    """How a folder was understood, as rows of plain values.

    Attributes:
        files: one row per transcript: file, format, encoding, person, wave, date, from (the sources of these
            three), turns, words, participant_words, problems (counts).
        persons: one row per person: person, and for each wave w a column ``w`` with the date, else the file's name.
        speakers: one row per transcript and label: file, label, role, found_by, person, turns, words.
        problems: one row per problem: file, place, kind, message, fatal.
        table: the interviews table in use, "" if none.
        roles: the roles file in use, "" if none.
    """

    files: tuple[Row, ...]
    persons: tuple[Row, ...]
    speakers: tuple[Row, ...]
    problems: tuple[Row, ...]
    table: str = ""
    roles: str = ""

    def frames(self) -> dict[str, pd.DataFrame]:
        """The four tables as DataFrames, by name."""
        import pandas as pd

        return {name: pd.DataFrame([dict(row) for row in getattr(self, name)]) for name in _SHOWN}

    def to_csv(self, folder: Path) -> tuple[Path, ...]:
        """Write ``files.csv``, ``persons.csv``, ``speakers.csv`` and ``problems.csv`` into ``folder`` (UTF-8).

        Returns:
            the paths written.
        """
        written = []
        for name, frame in self.frames().items():
            written.append(folder / f"{name}.csv")
            write_atomically(written[-1], frame.to_csv(index=False, lineterminator="\n"))
        return tuple(written)

    @property
    def usable(self) -> int:
        """Number of transcripts with participant speech."""
        return sum(1 for row in self.files if row["participant_words"])


def inspect_folder(reading: Reading) -> Inspection:
    """Lay out what was understood of a folder.

    Args:
        reading: the folder, as :func:`narratives.reading.read_folder` returns it.
    """
    transcripts = reading.transcripts
    return Inspection(
        files=tuple(_file_row(one) for one in transcripts),
        persons=tuple(_person_rows(transcripts)),
        speakers=tuple(row for one in transcripts for row in _speaker_rows(one)),
        problems=tuple(_problem_row(problem) for problem in reading.problems),
        table=reading.table.name if reading.table else "",
        roles=reading.roles.name if reading.roles else "",
    )


def _file_row(one: Transcript) -> Row:
    words = _words_by_label(one)
    participants = {s.label for s in one.speakers if s.role is Role.PARTICIPANT}
    return {
        "file": nfc(one.file),
        "format": one.format,
        "encoding": one.encoding,
        "person": one.person or "",
        "wave": one.wave or "",
        "date": one.date.isoformat() if one.date else "",
        "from": ", ".join(dict.fromkeys(one.sources.values())),
        "turns": len(one.turns),
        "words": sum(words.values()),
        "participant_words": sum(words[label] for label in participants),
        "problems": len(one.problems),
    }


def _words_by_label(one: Transcript) -> Counter[str]:
    words: Counter[str] = Counter()
    for turn in one.turns:
        words[turn.speaker] += len(quote(one.text, turn.spans).split())
    return words


def _person_rows(transcripts: Sequence[Transcript]) -> Iterable[Row]:
    """Persons by waves; a cell holds the date, or the name where there is none, two of them joined by "+"."""
    waves = sorted({one.wave for one in transcripts if one.wave})
    cells: dict[str, dict[str, list[str]]] = {}
    for one in transcripts:
        shown = one.date.isoformat() if one.date else one.name
        cells.setdefault(one.person or "?", {}).setdefault(str(one.wave or "?"), []).append(shown)
    open_waves = ["?"] if any("?" in mine for mine in cells.values()) else []
    for person, mine in cells.items():
        columns = [*(str(wave) for wave in waves), *open_waves]
        yield {"person": person, **{wave: " + ".join(mine.get(wave, ())) for wave in columns}}


def _speaker_rows(one: Transcript) -> Iterable[Row]:
    turns = Counter(turn.speaker for turn in one.turns)
    words = _words_by_label(one)
    for speaker in one.speakers:
        yield {
            "file": nfc(one.file),
            "label": speaker.label,
            "role": str(speaker.role),
            "found_by": speaker.source,
            "person": speaker.person or "",
            "turns": turns[speaker.label],
            "words": words[speaker.label],
        }


def _problem_row(problem: Problem) -> Row:
    return {
        "file": problem.file,
        "place": problem.place,
        "kind": problem.kind,
        "message": problem.message,
        "fatal": problem.fatal,
    }


def render(inspection: Inspection, console: Console) -> None:
    """Show an inspection: a summary, then files, persons by waves, speakers with their roles, and problems.

    On anything that is no terminal, rich falls back to plain text.
    """
    console.print(_summary(inspection), highlight=False, soft_wrap=True)
    _print_table(console, "files", inspection.files, _file_columns(inspection.files))
    _print_table(console, "persons", inspection.persons, tuple(inspection.persons[0]) if inspection.persons else ())
    _print_table(console, "speakers", _pooled(inspection.speakers), _SHOWN["speakers"])
    _print_problems(console, inspection.problems)


def _file_columns(files: Sequence[Row]) -> tuple[str, ...]:
    """The columns of the file table; where all facts come from one place, the summary has said so."""
    sources = {row["from"] for row in files}
    return tuple(column for column in _SHOWN["files"] if column != "from" or len(sources) > 1)


def _summary(inspection: Inspection) -> str:
    persons = {row["person"] for row in inspection.persons} - {"?"}
    lines = [
        say("inspect.summary", files=len(inspection.files), usable=inspection.usable, persons=len(persons)),
        say("inspect.table", file=inspection.table) if inspection.table else say("inspect.no_table"),
    ]
    if inspection.roles:
        lines.append(say("inspect.roles", file=inspection.roles))
    return "\n".join(lines)


def _pooled(speakers: Sequence[Row]) -> list[Row]:
    """Speakers over all files: one row per label, role and how it was found, the most words first."""
    pooled: dict[tuple[object, ...], Counter[str]] = {}
    for row in speakers:
        counts = pooled.setdefault((row["label"], row["role"], row["found_by"]), Counter())
        counts.update({"files": 1, "turns": _int(row["turns"]), "words": _int(row["words"])})
    rows = [
        {"label": label or "–", "role": say(f"reading.role.{role}"), "found_by": _found_by(source), **counts}
        for (label, role, source), counts in pooled.items()
    ]
    return sorted(rows, key=lambda row: -_int(row["words"]))


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


def _found_by(source: object) -> str:
    return say(f"inspect.found_by.{source or 'nothing'}")


def _print_table(console: Console, name: str, rows: Sequence[Row], columns: Sequence[str]) -> None:
    """One table; columns in which nothing stands are left out."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    filled = [column for column in columns if any(str(row.get(column, "")) for row in rows)]
    if not rows or not filled:
        return
    table = Table(
        title=say(f"inspect.{name}"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
    )
    for column in filled:
        numeric = all(isinstance(row.get(column), int) or not row.get(column) for row in rows)
        narrow = column in _UNBROKEN
        table.add_column(_heading(column), justify="right" if numeric else "left", overflow="fold", no_wrap=narrow)
    for row in rows:
        table.add_row(*(escape(_cell(column, row.get(column, ""))) for column in filled))
    console.print(table)


def _heading(column: str) -> str:
    """A column's title in the language in force; waves are numbers and stay as they are."""
    return column if column.isdigit() or column == "?" else say(f"inspect.column.{column}")


def _cell(column: str, value: object) -> str:
    """A value as shown: the sources of person, wave and date in the language in force."""
    if column == "from" and value:
        return ", ".join(say(f"reading.source.{source}") for source in str(value).split(", "))
    return str(value)


def _print_problems(console: Console, problems: Sequence[Row]) -> None:
    """One line per problem, those that cost a file first; the rest is counted."""
    if not problems:
        console.print(say("inspect.no_problems"))
        return
    console.print(f"\n{say('inspect.problems', count=len(problems))}", highlight=False)
    ordered = sorted(problems, key=lambda row: not row["fatal"])
    for row in ordered[:_MOST_PROBLEMS]:
        console.print(
            f"  {'×' if row['fatal'] else '·'} {row['message']}", markup=False, highlight=False, soft_wrap=True
        )
    if len(ordered) > _MOST_PROBLEMS:
        console.print(say("inspect.more_problems", count=len(ordered) - _MOST_PROBLEMS), highlight=False)
