"""Which column of a table holds what: given, or guessed from names and contents and then shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from narratives.codebook import Codebook
from narratives.coded.rows import Row
from narratives.errors import CodedDataError
from narratives.messages import say

__all__ = ["Columns", "find_columns", "put_under"]

_NAMES = {
    "id": ("id", "narrative_id", "text_id", "nr", "løbenr"),
    "person": ("person", "deltager", "informant", "participant", "respondent", "borger", "interviewperson", "ip"),
    "group": ("set", "group", "gruppe", "sæt"),
    "coder": ("coder", "koder", "kodet_af"),
    "split": ("split", "del", "opdeling"),
}
_TEXT = ("text", "tekst", "narrativ", "narrative", "citat", "quote", "udsagn", "svar")
_SURE = ("_certainty", "_sikkerhed")
_NOT_CODES = (
    "transcript",
    "wave",
    "bølge",
    "date",
    "dato",
    "speaker",
    "role",
    "start",
    "end",
    "sex",
    "køn",
    "age",
    "alder",
)
_MOST_CODES = 15
_LONG_CODE = 40


@dataclass(frozen=True, slots=True)
class Columns:
    """Column names of a table; None where there is no such column.

    Attributes:
        codes: code columns, each a variable.
        certainty: variable to the column that says how sure the coder was.
        guessed: whether text and codes were found rather than given.
    """

    text: str
    codes: tuple[str, ...]
    id: str | None = None
    person: str | None = None
    group: str | None = None
    coder: str | None = None
    split: str | None = None
    certainty: dict[str, str] = field(default_factory=dict)
    guessed: bool = True


def find_columns(
    rows: Sequence[Row],
    file: Path,
    *,
    text: str | None = None,
    codes: Sequence[str] = (),
    codebook: Codebook | None = None,
) -> Columns:
    """Settle the columns of a table.

    Args:
        rows: all its rows.
        text: the text column, if known.
        codes: the code columns, if known.
        codebook: if given, its variables are the code columns.

    Raises:
        CodedDataError: if a given column is not there, none can be found, or no row is coded.
    """
    names = list(dict.fromkeys(name for row in rows for name in row.cells))
    empty = [name for name in dict.fromkeys(name for row in rows for name in row.empty) if name not in names]
    _require([*([text] if text else []), *codes], [*names, *empty], file)
    lowered = {name.casefold(): name for name in reversed(names)}
    special = {key: next((lowered[n] for n in known if n in lowered), None) for key, known in _NAMES.items()}
    chosen_text = text or _text_column(names, rows, file)
    taken = {chosen_text, *(name for name in special.values() if name)}
    chosen_codes = tuple(codes) or _code_columns(names, rows, taken, codebook)
    if not set(chosen_codes) & set(names):
        raise CodedDataError(_uncoded(file, names, chosen_codes or empty, codebook))
    special = {key: None if name in (chosen_text, *chosen_codes) else name for key, name in special.items()}
    certainty = {code: code + end for code in chosen_codes for end in _SURE if code + end in names}
    return Columns(chosen_text, chosen_codes, **special, certainty=certainty, guessed=not (text and codes))


def put_under(rows: Sequence[Row], file: Path, codes: Sequence[str]) -> list[Row]:
    """The rows with each column given as ``COLUMN=VARIABLE`` called as its variable, its certainty likewise.

    A column that has the variable's name already is left out: the one given was meant.

    Raises:
        CodedDataError: if there is no such column.
    """
    pairs = [code.rpartition("=") for code in codes if "=" in code]
    renamed = {column.strip(): variable.strip() for column, _, variable in pairs}
    names = list(dict.fromkeys(name for row in rows for name in (*row.cells, *row.empty)))
    _require(list(renamed), names, file)
    renamed |= {column + end: variable + end for column, variable in renamed.items() for end in _SURE}
    return [_put_under(row, renamed) for row in rows] if renamed else list(rows)


def _put_under(row: Row, renamed: Mapping[str, str]) -> Row:
    dropped = set(renamed.values()) - set(renamed)
    cells = {renamed.get(name, name): value for name, value in row.cells.items() if name not in dropped}
    empty = tuple(renamed.get(name, name) for name in row.empty if name not in dropped)
    return Row(cells, row.place, empty)


def _uncoded(file: Path, names: Sequence[str], empty: Sequence[str], codebook: Codebook | None) -> str:
    """Why no row of a table is coded: its columns are empty, or none is called or looks as one should."""
    if empty:
        return say("coded.nothing_coded", file=file, columns=", ".join(empty))
    if codebook is not None:
        return say("coded.no_variables", file=file, known=", ".join(codebook.names), columns=", ".join(names))
    return say("coded.no_codes", file=file, columns=", ".join(names))


def _require(wanted: Sequence[str], names: Sequence[str], file: Path) -> None:
    missing = [name for name in wanted if name not in names]
    if missing:
        raise CodedDataError(say("coded.no_column", file=file, column=missing[0], columns=", ".join(names)))


def _text_column(names: Sequence[str], rows: Sequence[Row], file: Path) -> str:
    """A column with a usual name, else the one with the longest cells."""
    for name in names:
        if name.casefold() in _TEXT:
            return name
    lengths = {name: sum(len(row.cells.get(name, "")) for row in rows) / max(1, len(rows)) for name in names}
    longest = max(lengths, key=lambda name: lengths[name], default=None)
    if longest is None or lengths[longest] < _LONG_CODE / 2:
        raise CodedDataError(say("coded.no_text", file=file, columns=", ".join(names)))
    return longest


def _code_columns(
    names: Sequence[str], rows: Sequence[Row], taken: set[str], codebook: Codebook | None
) -> tuple[str, ...]:
    """The codebook's variables that the table has; without a codebook, columns of few short values that recur."""
    if codebook is not None:
        return tuple(name for name in codebook.names if name in names)
    free = [name for name in names if name not in taken and name.casefold() not in _NOT_CODES]
    return tuple(name for name in free if not name.casefold().endswith(_SURE) and _looks_coded(name, rows))


def _looks_coded(name: str, rows: Sequence[Row]) -> bool:
    values = [row.cells[name] for row in rows if name in row.cells]
    kinds = set(values)
    few = 2 <= len(kinds) <= min(_MOST_CODES, len(values) / 2)
    return few and max(map(len, kinds)) <= _LONG_CODE and not all(_is_decimal(value) for value in kinds)


def _is_decimal(value: str) -> bool:
    """Whether a value is a number with decimals: a measurement, not a code."""
    whole, _, rest = value.replace(",", ".").partition(".")
    return rest.isdigit() and rest.strip("0") != "" and whole.lstrip("-").isdigit()
