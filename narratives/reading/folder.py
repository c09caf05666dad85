"""A folder of interviews as transcripts, with everything that a person should know of them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TypeVar

from narratives.errors import MetadataError, NarrativesError, ReadingError, UnknownFormat
from narratives.files import nfc
from narratives.messages import say
from narratives.reading.agreeing import agree, folder_problems
from narratives.reading.cells import TABLE_SUFFIXES
from narratives.reading.filenames import facts_of_name
from narratives.reading.interviews_table import InterviewsTable, read_interviews
from narratives.reading.one_file import read_transcript, speaker_problems
from narratives.reading.roles_table import RolesTable, read_roles
from narratives.transcript import Problem, Transcript

__all__ = ["FilesFound", "Reading", "find_files", "read_folder"]

_INTERVIEWS = frozenset({"interviews", "interviewliste", "interviewoversigt"})
_ROLES = frozenset({"roles", "roller"})
_LITTER = frozenset({"thumbs.db", "desktop.ini", "icon\r"})
_STUDY_FILES = frozenset({"run.json", "withdrawn.json"})
_STUDY_FOLDERS = frozenset({"results", "sources"})

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class FilesFound:
    """What lies in a folder.

    Attributes:
        files: possible transcripts in natural order ("p2" before "p10"), as the disk spells them.
        tables: interviews tables, the nearest to the top first.
        roles: roles files, likewise.
    """

    files: tuple[Path, ...]
    tables: tuple[Path, ...] = ()
    roles: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A folder as it was read.

    Attributes:
        folder: the folder.
        transcripts: in natural order of their files.
        problems: everything a person should know, the transcripts' own problems included, by file.
        table: the interviews table in use; None if there is none.
        roles: the roles file in use; None if there is none.
    """

    folder: Path
    transcripts: tuple[Transcript, ...]
    problems: tuple[Problem, ...] = ()
    table: Path | None = None
    roles: Path | None = None


def find_files(folder: Path) -> FilesFound:
    """List the files of ``folder`` and its subfolders.

    Hidden files, Word's lock files (``~$``), system litter and study folders are left out.

    Raises:
        ReadingError: if there is no such folder.
    """
    if not folder.exists():
        raise ReadingError(say("reading.no_folder", folder=folder))
    paths = [folder] if folder.is_file() else sorted(_walk(folder), key=lambda path: _natural(folder, path))
    tables = [path for path in paths if _is_table(path, _INTERVIEWS)]
    roles = [path for path in paths if _is_table(path, _ROLES)]
    files = tuple(path for path in paths if path not in {*tables, *roles})
    return FilesFound(files, tuple(sorted(tables, key=_depth)), tuple(sorted(roles, key=_depth)))


def _depth(path: Path) -> int:
    return len(path.parts)


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        if _is_study(folders, files):
            folders[:] = []
            continue
        yield from (Path(place, name) for name in files if not _is_litter(name) and not _is_pipe(Path(place, name)))


def _is_study(folders: Iterable[str], files: Iterable[str]) -> bool:
    """Whether this is a study folder, also one whose first run was interrupted and has no tables yet."""
    if "run.json" not in files:
        return False
    return "narratives.csv" in files or set(files) <= _STUDY_FILES or set(folders) >= _STUDY_FOLDERS


def _is_pipe(path: Path) -> bool:
    """Whether something is there that is no file (a pipe, a socket), at which reading would wait for ever."""
    return path.exists() and not path.is_file()


def _is_litter(name: str) -> bool:
    return name.startswith((".", "~$")) or name.casefold() in _LITTER


def _is_table(path: Path, names: frozenset[str]) -> bool:
    return path.suffix.casefold() in TABLE_SUFFIXES and nfc(path.stem).casefold() in names


def _natural(folder: Path, path: Path) -> list[tuple[int, int, str]]:
    """Sorts "p2" before "p10", without regard to case."""
    parts = re.split(r"(\d+)", _name(folder, path).casefold())
    return [(0, int(part), "") if part.isdigit() and part.isascii() else (1, 0, part) for part in parts]


def _name(root: Path, path: Path) -> str:
    return nfc(str(PurePosixPath(path.relative_to(root))))


def read_folder(
    folder: Path | str,
    *,
    table: Path | str | None = None,
    roles: Path | str | None = None,
    on_file: Callable[[str], None] | None = None,
) -> Reading:
    """Read all interviews of a folder; one bad file becomes a problem and stops nothing.

    Args:
        folder: the folder, or a single file.
        table: the interviews table; by default ``interviews.csv`` or ``.xlsx`` in the folder.
        roles: the roles file; by default ``roles.csv`` or ``roller.csv`` in the folder.
        on_file: called with each file's name before it is read (for a progress bar).

    Raises:
        ReadingError: if there is no such folder, table or roles file.
    """
    folder = Path(folder)
    root = folder.parent if folder.is_file() else folder
    found = find_files(folder)
    problems: list[Problem] = []
    table_path, interviews = _load(table, found.tables, read_interviews, root, problems)
    roles_path, told = _load(roles, found.roles, read_roles, root, problems)
    files = [path for path in found.files if path not in (table_path, roles_path)]
    drafts = list(_read_all(files, root, interviews, told, problems, on_file))
    if not files:
        problems.append(Problem("", "no_transcripts", say("reading.no_transcripts", folder=folder), fatal=True))
    transcripts = agree(drafts, interviews)
    problems += [*(interviews.problems if interviews else ()), *(told.problems if told else ())]
    problems += folder_problems(transcripts, interviews)
    finished = tuple(_with_problems(one, problems) for one in transcripts)
    every = [*(p for one in finished for p in one.problems), *(p for p in problems if not _belongs(p, finished))]
    return Reading(folder, finished, tuple(every), table_path, roles_path)


def _load(
    given: Path | str | None,
    found: Sequence[Path],
    read: Callable[[Path], _T],
    root: Path,
    problems: list[Problem],
) -> tuple[Path | None, _T | None]:
    """The table that was given, else the first found; one that cannot be used is reported."""
    if given is not None and not Path(given).is_file():
        raise ReadingError(say("reading.no_table", file=given))
    path = Path(given) if given is not None else next(iter(found), None)
    if path is None:
        return None, None
    for spare in found:
        if spare != path and given is None:
            name = _name(root, spare)
            problems.append(Problem(name, "spare_table", say("reading.spare_table", file=name, used=_name(root, path))))
    try:
        return path, read(path)
    except MetadataError as wrong:
        problems.append(Problem(path.name, "bad_table", str(wrong)))
        return path, None


def _read_all(
    files: Iterable[Path],
    root: Path,
    table: InterviewsTable | None,
    roles: RolesTable | None,
    problems: list[Problem],
    on_file: Callable[[str], None] | None,
) -> Iterator[Transcript]:
    """Each file as a transcript, or as a problem."""
    files = list(files)
    persons = {facts_of_name(PurePosixPath(_name(root, path))).person for path in files}
    known = {*(person for person in persons if person), *(table.persons.values() if table else ())}
    for path in files:
        name = _name(root, path)
        if not _is_writable(name):
            shown = name.encode("utf-8", "replace").decode("utf-8")
            problems.append(Problem(shown, "bad_name", say("reading.bad_name", file=shown), fatal=True))
            continue
        if on_file is not None:
            on_file(name)
        try:
            yield read_transcript(path, root, table, roles, known)
        except NarrativesError as wrong:
            problems.append(Problem(name, _kind(wrong), str(wrong), fatal=True))
        except Exception as bug:
            text = say("reading.crashed", file=name, error=f"{type(bug).__name__}: {bug}")
            problems.append(Problem(name, "crashed", text, fatal=True))


def _is_writable(name: str) -> bool:
    """Whether a name can stand in a table: names from old archives may not be text at all."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _kind(wrong: NarrativesError) -> str:
    """A problem's stable name for an error."""
    if isinstance(wrong, UnknownFormat):
        return "unknown_format"
    return "unreadable" if isinstance(wrong, ReadingError) else "refused"


def _belongs(problem: Problem, transcripts: Sequence[Transcript]) -> bool:
    return any(problem.file == nfc(one.file) for one in transcripts)


def _with_problems(one: Transcript, problems: Sequence[Problem]) -> Transcript:
    """The transcript with the problems of its file, those of its speakers included."""
    own = [problem for problem in problems if problem.file == nfc(one.file)]
    return replace(one, problems=(*one.problems, *own, *speaker_problems(one)))
