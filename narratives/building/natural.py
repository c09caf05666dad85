"""Add natural answers (written first, coded afterwards by at least two blind coders) to the corpus.

    python -m narratives.building.natural corpora/agency TEXTS.jsonl SHEET.A.tsv SHEET.B.tsv [...]

Texts are JSON Lines with id, person and text. A coder's sheet has one line per answer, in short form,
``n7-123 V2 T3 fo arb b n``: id, agency and identity each with a certainty of 1-3, then focus, context,
evaluation and time (``SHORT``). Every coder's codes are kept in ``natural_coders.tsv``;
``natural.jsonl`` holds the codes of whoever was surest, the first coder's where they were equally sure.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from pathlib import Path

from narratives.building.corpus import read_jsonl, read_split, write_split
from narratives.files import write_atomically

SHORT = {
    "agency": {"M": "magtesløshed", "V": "vekselvirkning", "B": "målbevidsthed"},
    "arbejdsidentitet": {"S": "svag", "A": "ambivalent", "T": "stærk", "I": "ikke udtrykt"},
    "fokus": {
        "fo": "forståelsesramme",
        "hæ": "hændelsesforløb",
        "ko": "kontekst",
        "ud": "udvikling",
        "sa": "sammenhæng",
    },
    "kontekst": {
        "sag": "sagsbehandler",
        "akt": "aktivering",
        "beh": "behandling",
        "hel": "helbred",
        "net": "netværk",
        "øko": "økonomi",
        "bol": "bolig",
        "udd": "uddannelse",
        "arb": "arbejdsplads",
        "sys": "system",
        "and": "andet",
    },
    "vurdering": {"p": "positiv", "n": "negativ", "b": "blandet", "u": "neutral"},
    "tid": {"f": "fortid", "n": "nutid", "k": "fremtid"},
}
SURE = ("agency", "arbejdsidentitet")
"""Variables that coders give a certainty for."""

COLUMNS = ("id", "coder", *(name for v in SHORT for name in ((v, f"{v}_sikkerhed") if v in SURE else (v,))))

Sheet = dict[str, dict[str, str]]
"""Per answer, the columns of ``natural_coders.tsv`` from one coder."""


def read_sheet(path: Path, coder: str) -> Sheet:
    """One coder's sheet, spelled out.

    Raises:
        ValueError: naming the file and line that is not of the short form.
    """
    sheet: Sheet = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            identifier, *marks = line.split()
            sheet[identifier] = {"id": identifier, "coder": coder, **_spell_out(marks)}
        except (KeyError, ValueError) as error:
            raise ValueError(f"{path.name}, line {number}: {line!r} is not of the short form") from error
    return sheet


def _spell_out(marks: list[str]) -> dict[str, str]:
    row: dict[str, str] = {}
    for (variable, codes), mark in zip(SHORT.items(), marks, strict=True):
        if variable in SURE:
            row[variable], row[f"{variable}_sikkerhed"] = codes[mark[:-1]], str(int(mark[-1]))
        else:
            row[variable] = codes[mark]
    return row


def merged(record: dict[str, object], rows: list[dict[str, str]]) -> dict[str, object]:
    """The record with the codes of whoever was surest of each variable."""
    codes, certainty = {}, {}
    for variable in SHORT:
        best = max(rows, key=lambda row: int(row.get(f"{variable}_sikkerhed", 0)))
        codes[variable] = best[variable]
        if variable in SURE:
            certainty[variable] = int(best[f"{variable}_sikkerhed"])
    text = " ".join(str(record["text"]).split())
    name = str(record["id"]).partition("-")[0]
    return {"id": record["id"], "set": name, "person": record["person"], "text": text} | {
        "codes": codes,
        "certainty": certainty,
    }


def add(target: Path, texts: Path, sheets: list[Path], *, all_test: bool = False) -> int:
    """Add one set to the corpus in ``target``, in place of an earlier version of it; returns its size.

    Args:
        all_test: whether all of its persons are for testing, rather than every fifth.

    Raises:
        ValueError: if a sheet does not code exactly the answers of ``texts``.
    """
    records = read_jsonl(texts)
    codings = [read_sheet(path, chr(ord("A") + number)) for number, path in enumerate(sheets)]
    identifiers = [str(record["id"]) for record in records]
    for path, sheet in zip(sheets, codings, strict=True):
        if set(sheet) != set(identifiers):
            raise ValueError(f"{path.name}: {len(set(sheet) ^ set(identifiers))} answers are missing or unknown")
    new = [merged(record, [sheet[str(record["id"])] for sheet in codings]) for record in records]
    names = {str(record["set"]) for record in new}
    kept = [record for record in read_jsonl(target / "natural.jsonl") if record["set"] not in names]
    lines = [json.dumps(record, ensure_ascii=False) for record in (*kept, *new)]
    write_atomically(target / "natural.jsonl", "\n".join(lines) + "\n")
    _write_coders(target / "natural_coders.tsv", [row for sheet in codings for row in sheet.values()], names)
    _extend_split(target / "split.csv", sorted({str(record["person"]) for record in new}), all_test)
    return len(new)


def _write_coders(path: Path, rows: list[dict[str, str]], names: set[str]) -> None:
    kept: list[dict[str, str]] = []
    if path.exists():
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")), delimiter="\t")
        kept = [row for row in reader if row["id"].partition("-")[0] not in names]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*kept, *rows])
    write_atomically(path, buffer.getvalue())


def _extend_split(path: Path, persons: list[str], all_test: bool) -> None:
    """Every fifth new person, or all, are for testing; persons who have a side keep it."""
    split = read_split(path)
    for number, person in enumerate(persons, start=1):
        split.setdefault(person, "test" if all_test or number % 5 == 0 else "rest")
    write_split(path, split)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("sheets", type=Path, nargs="+")
    parser.add_argument("--all-test", action="store_true", help="all persons of the set are for testing")
    arguments = parser.parse_args()
    count = add(arguments.target, arguments.texts, arguments.sheets, all_test=arguments.all_test)
    print(f"{count} answers added")


if __name__ == "__main__":
    main()
