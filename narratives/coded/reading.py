"""Reading coded data: the one door for training and evaluation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from narratives.codebook import Codebook, load_codebook, shipped_codebooks
from narratives.coded.books import code_counts, codebook_for, fitting_codebook, mostly_fits, spelled_texts
from narratives.coded.checks import check, listed_places, merge_same_texts
from narratives.coded.columns import Columns, find_columns, put_under
from narratives.coded.records import CodedData, CodedText, Coding
from narratives.coded.rows import TABLE_SUFFIXES, Row, read_rows
from narratives.coded.second import add_codings, coder_tables
from narratives.coded.studies import is_study, reviewed_rows, study_codebook
from narratives.errors import CodedDataError
from narratives.messages import say

__all__ = ["read_coded"]

_CERTAINTY_STEPS = 3
_SPLITS = {"train": "train", "træning": "train", "dev": "dev", "validation": "dev", "test": "test", "rest": "rest"}


def read_coded(
    sources: str | Path | Sequence[str | Path],
    *,
    text_column: str | None = None,
    codes: Sequence[str] = (),
    codebook: Codebook | None = None,
    review: Sequence[Path] = (),
) -> CodedData:
    """Read coded texts from tables, folders of JSON Lines, or reviewed studies.

    A folder is read as all its ``*.jsonl`` files. Beside JSON Lines, ``second_coding.tsv`` adds a second
    coder's codes, ``*_coders.tsv`` gives each coder's own codes in place of the merged ones, and
    ``split.csv`` (person, split) fixes the split. A study counts only with a table that people reviewed.

    Args:
        sources: files or folders.
        text_column: the text column; guessed where not given, and said in the notes.
        codes: the code columns, or ``COLUMN=VARIABLE`` for one that is not called as its variable; guessed likewise.
        codebook: the codebook; else the study's own, the shipped one that most codes fit, or one derived from the
            tables. Codes are taken whatever their case; those that a codebook lacks are refused.
        review: the review tables of the one study among the sources, instead of those found in it.

    Raises:
        CodedDataError: naming file and rows, for anything that cannot be read or trained on.
    """
    paths = [Path(sources)] if isinstance(sources, (str, Path)) else [Path(source) for source in sources]
    tables, said = _tables(paths, review)
    if not tables:
        raise CodedDataError(say("coded.nothing", source=", ".join(map(str, paths))))
    wanted = [name.rpartition("=")[2].strip() for name in codes]
    tables = [(file, put_under(rows, file, codes)) for file, rows in tables]
    if codebook is None and not codes and all(map(is_study, paths)):
        codebook = study_codebook(paths[0])
    settled = [(file, rows, _settle(rows, file, text_column, wanted, codebook)) for file, rows in tables]
    notes = [*said, *(_shown(columns, file) for file, _, columns in settled if columns.guessed)]
    texts = [text for file, rows, columns in settled for text in _texts(rows, columns, file, len(tables) > 1)]
    return _assembled(texts, [file for file, _ in tables], codebook, notes, paths)


def _tables(paths: Sequence[Path], review: Sequence[Path]) -> tuple[list[tuple[Path, list[Row]]], list[str]]:
    """All tables that hold rows, and what was said while reading them.

    Raises:
        CodedDataError: if review tables are given for none or several studies.
    """
    if review and sum(map(is_study, paths)) != 1:
        raise CodedDataError(say("coded.review_of_one_study", file=review[0]))
    tables, notes = [], []
    for file in (file for path in paths for file in _files_of(path)):
        rows, said = reviewed_rows(file, review) if is_study(file) else (_rows_of(file), [])
        notes += said
        if rows:
            tables.append((file, rows))
    return tables, notes


def _assembled(
    texts: list[CodedText], files: list[Path], codebook: Codebook | None, notes: list[str], paths: list[Path]
) -> CodedData:
    """Codings merged, split and codebook settled, everything checked."""
    chosen = codebook or fitting_codebook(code_counts(texts))
    merged, said = merge_same_texts(spelled_texts(texts, chosen))
    for folder in dict.fromkeys(file.parent for file in files if file.suffix.lower() == ".jsonl"):
        for table in coder_tables(folder):
            merged, note = add_codings(merged, read_rows(table), table.name)
            said += note
        merged = _with_split(merged, folder / "split.csv")
    merged, known, note = _with_persons(spelled_texts(merged, chosen))
    book, chosen_note, hint = codebook_for(merged, codebook, files[0].stem)
    source = ", ".join(str(path) for path in paths)
    neighbours = any(file.suffix.lower() == ".jsonl" for file in files) and any(text.group for text in merged)
    data = CodedData(tuple(merged), book, source, (*notes, *said, *note, *chosen_note), known, neighbours)
    check(data, hint)
    return data


def _with_persons(texts: list[CodedText]) -> tuple[list[CodedText], bool, list[str]]:
    """The texts, each of nobody made a person of its own; whether persons are known; and what to say of it."""
    blank = [text for text in texts if not text.person]
    if not blank:
        return texts, True, []
    known = len(blank) < len(texts)
    taken = {text.person for text in texts}
    named = [text if text.person else replace(text, person=_own_person(text, taken)) for text in texts]
    about = {"count": len(blank), "rows": listed_places(blank)}
    return named, known, [say("coded.blank_persons", **about) if known else say("coded.no_persons")]


def _own_person(text: CodedText, taken: set[str]) -> str:
    """The text's id, or its place where somebody is already called as its id is."""
    return text.place if text.id in taken else text.id


def _files_of(path: Path) -> list[Path]:
    if not path.is_dir() or is_study(path):
        return [path]
    found = sorted(path.glob("*.jsonl"))
    if not found:
        raise CodedDataError(say("coded.empty_folder", folder=path))
    return found


def _rows_of(path: Path) -> list[Row]:
    if path.suffix.lower() not in TABLE_SUFFIXES and not path.exists():
        raise CodedDataError(say("coded.no_file", file=path))
    return read_rows(path)


def _settle(rows: list[Row], file: Path, text: str | None, codes: Sequence[str], codebook: Codebook | None) -> Columns:
    """Columns of one table; without a codebook, those of a shipped one are looked for first."""
    if codebook is None and not codes:
        for name in shipped_codebooks():
            columns = find_columns_or_none(rows, file, text, load_codebook(name))
            if columns is not None:
                return columns
    return find_columns(rows, file, text=text, codes=codes, codebook=None if codes else codebook)


def find_columns_or_none(rows: list[Row], file: Path, text: str | None, book: Codebook) -> Columns | None:
    """The columns if the table has variables of ``book`` and mostly codes that the book knows, else None."""
    names = {name for row in rows for name in row.cells}
    present = [variable for variable in book.variables if variable.name in names]
    cells = {v.name: Counter(_code(row.cells[v.name]) for row in rows if v.name in row.cells) for v in present}
    fits = all(mostly_fits(cells[variable.name], variable) for variable in present)
    return find_columns(rows, file, text=text, codebook=book) if present and fits else None


def _shown(columns: Columns, file: Path) -> str:
    person = columns.person or "-"
    return say("coded.guessed", file=file.name, text=columns.text, codes=", ".join(columns.codes), person=person)


def _texts(rows: Iterable[Row], columns: Columns, file: Path, several: bool) -> list[CodedText]:
    """One coded text per row; a row without any code is left out of training by having no codings."""
    return [_text(row, columns, file, several) for row in rows]


def _text(row: Row, columns: Columns, file: Path, several: bool) -> CodedText:
    def cell(name: str | None) -> str:
        return row.cells.get(name, "") if name else ""

    codes = {name: _code(cell(name)) for name in columns.codes if cell(name)}
    certainty = {name: _sureness(cell(column)) for name, column in columns.certainty.items() if cell(column)}
    return CodedText(
        id=cell(columns.id) or row.place.replace(" ", ":"),
        text=cell(columns.text),
        person=cell(columns.person),
        group=cell(columns.group) or (file.stem if several or file.suffix.lower() == ".jsonl" else ""),
        codings=(Coding(cell(columns.coder), codes, certainty),) if codes else (),
        split=_SPLITS.get(cell(columns.split).casefold(), ""),
        place=row.place,
    )


def _code(value: str) -> str:
    """A code as written; a whole number that a spreadsheet gave a decimal loses it."""
    return value[:-2] if value.endswith(".0") and value[:-2].lstrip("-").isdigit() else value


def _sureness(value: str) -> float:
    """Certainty in (0, 1]: steps 1-3 as thirds, a share as it is; anything else counts as sure."""
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        return 1.0
    if number.is_integer() and 1 <= number <= _CERTAINTY_STEPS:
        return number / _CERTAINTY_STEPS
    return number if 0 < number <= 1 else 1.0


def _with_split(texts: list[CodedText], file: Path) -> list[CodedText]:
    """Mark the side of every person that ``split.csv`` names; a side given in the row stays."""
    if not file.is_file():
        return texts
    sides = {row.cells.get("person", ""): row.cells.get("split", "") for row in read_rows(file)}
    return [text if text.split else replace(text, split=_SPLITS.get(sides.get(text.person, ""), "")) for text in texts]
