"""Reading coded data: the one door for training and evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from narratives.codebook import Codebook, load_codebook, parse_codebook, shipped_codebooks
from narratives.coded.checks import check, merge_same_texts
from narratives.coded.columns import Columns, find_columns
from narratives.coded.records import CodedData, CodedText, Coding
from narratives.coded.rows import TABLE_SUFFIXES, Row, read_rows
from narratives.coded.second import add_codings, coder_tables
from narratives.coded.studies import is_study, reviewed_rows
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
) -> CodedData:
    """Read coded texts from tables, folders of JSON Lines, or reviewed studies.

    A folder is read as all its ``*.jsonl`` files. Beside JSON Lines, ``second_coding.tsv`` adds a second
    coder's codes, ``*_coders.tsv`` gives each coder's own codes in place of the merged ones, and
    ``split.csv`` (person, split) fixes the split. A study counts only with a table that people reviewed.

    Args:
        sources: files or folders.
        text_column, codes: column names; guessed where not given, and said in the notes.
        codebook: the codebook; else the shipped one whose codes fit, else one derived from the tables.

    Raises:
        CodedDataError: naming file and rows, for anything that cannot be read or trained on.
    """
    paths = [Path(sources)] if isinstance(sources, (str, Path)) else [Path(source) for source in sources]
    tables = [(file, _rows_of(file)) for path in paths for file in _files_of(path)]
    tables = [(file, rows) for file, rows in tables if rows]
    if not tables:
        raise CodedDataError(say("coded.nothing", source=", ".join(map(str, paths))))
    settled = [(file, rows, _settle(rows, file, text_column, codes, codebook)) for file, rows in tables]
    notes = [_shown(columns, file) for file, _, columns in settled if columns.guessed]
    texts = [text for file, rows, columns in settled for text in _texts(rows, columns, file, len(tables) > 1)]
    return _assembled(texts, [file for file, _ in tables], codebook, notes, paths)


def _assembled(
    texts: list[CodedText], files: list[Path], codebook: Codebook | None, notes: list[str], paths: list[Path]
) -> CodedData:
    """Codings merged, split and codebook settled, everything checked."""
    merged, said = merge_same_texts(texts)
    for folder in dict.fromkeys(file.parent for file in files if file.suffix.lower() == ".jsonl"):
        for table in coder_tables(folder):
            merged, note = add_codings(merged, read_rows(table), table.name)
            said += note
        merged = _with_split(merged, folder / "split.csv")
    known = all(text.person for text in merged)
    if not known:
        merged = [text if text.person else replace(text, person=text.id) for text in merged]
        said.append(say("coded.no_persons"))
    book, note = _codebook_for(merged, codebook, files[0].stem)
    source = ", ".join(str(path) for path in paths)
    neighbours = any(file.suffix.lower() == ".jsonl" for file in files) and any(text.group for text in merged)
    data = CodedData(tuple(merged), book, source, (*notes, *said, *note), known, neighbours)
    check(data)
    return data


def _files_of(path: Path) -> list[Path]:
    if not path.is_dir() or is_study(path):
        return [path]
    found = sorted(path.glob("*.jsonl"))
    if not found:
        raise CodedDataError(say("coded.empty_folder", folder=path))
    return found


def _rows_of(path: Path) -> list[Row]:
    if is_study(path):
        return reviewed_rows(path)
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
    """The columns if the table has variables of ``book`` and only codes that the book knows, else None."""
    names = {name for row in rows for name in row.cells}
    present = [variable for variable in book.variables if variable.name in names]
    fits = all(row.cells.get(v.name, v.labels[0]) in v.labels for row in rows for v in present)
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


def _codebook_for(texts: list[CodedText], codebook: Codebook | None, name: str) -> tuple[Codebook, list[str]]:
    """The codebook reduced to what is coded, and what to say about it."""
    found: dict[str, set[str]] = {}
    for text in texts:
        for coding in text.codings:
            for variable, code in coding.codes.items():
                found.setdefault(variable, set()).add(code)
    if codebook is not None:
        strange = [variable for variable in found if variable not in codebook.names]
        if strange:
            known = ", ".join(codebook.names)
            raise CodedDataError(say("coded.not_in_codebook", variable=strange[0], known=known))
        return codebook.only(found), []
    for shipped in shipped_codebooks():
        book = load_codebook(shipped)
        fits = all(v in book.names and codes <= set(book[v].labels) for v, codes in found.items())
        if fits:
            return book.only(found), [say("coded.shipped_codebook", name=book.name, version=book.version)]
    return _derived(found, name), [say("coded.derived_codebook", variables=", ".join(found))]


def _derived(found: dict[str, set[str]], name: str) -> Codebook:
    """A nominal codebook of the codes found, sorted."""
    single = next((variable for variable, codes in found.items() if len(codes) < 2), None)
    if single is not None:
        raise CodedDataError(say("coded.one_code", variable=single, code=next(iter(found[single]))))
    variables = [{"name": variable, "codes": sorted(codes)} for variable, codes in found.items()]
    return parse_codebook({"name": name, "version": "1", "variables": variables}, name)
