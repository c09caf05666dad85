"""Make ``corpora/sample``: interviews of four persons in the formats a researcher has them in.

    python tests/make_sample.py

The persons are test persons of the coded corpus: no shipped model was trained on them.
"""

from __future__ import annotations

import csv
from pathlib import Path

import making

from narratives.reading import read_transcript
from narratives.transcript import Transcript, quote

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpora" / "agency"
SAMPLE = ROOT / "corpora" / "sample"

FILES = {
    "p09-1": "P09_bølge1.docx",
    "p09-2": "P09_bølge2.odt",
    "p09-3": "P09_bølge3.rtf",
    "p14-1": "p14-1.txt",
    "p14-2": "p14-2 observation.vtt",
    "p14-3": "p14-3.srt",
    "p14-4": "p14-4.pdf",
    "p30-1": "p30/bølge 1.json",
    "p30-2": "p30/bølge 2.csv",
    "p30-3": "p30/bølge 3.xlsx",
    "p41-1": "P41_w1_2022-03-08.docx",
    "p41-2": "P41_w2.html",
    "p41-3": "P41_w3.eaf",
}
WRITERS = {
    ".docx": making.write_docx_table,
    ".odt": making.write_odt,
    ".rtf": making.write_rtf,
    ".vtt": making.write_vtt,
    ".srt": making.write_srt,
    ".pdf": making.write_pdf,
    ".json": making.write_json,
    ".csv": making.write_csv,
    ".xlsx": making.write_xlsx,
    ".html": making.write_noscribe,
    ".eaf": making.write_eaf,
}


def said(transcript: Transcript) -> list[making.Said]:
    """The turns as the writers take them."""
    turns = enumerate(transcript.turns)
    return [making.Said(turn.speaker, quote(transcript.text, turn.spans), 12.0 * place) for place, turn in turns]


def write_windows_text(source: Path, target: Path) -> None:
    """As an old Windows machine saves it: cp1252 and CRLF."""
    text = source.read_text(encoding="utf-8")
    target.write_bytes(text.replace("\n", "\r\n").encode("cp1252", "replace"))


def write_table(rows: dict[str, dict[str, str]]) -> None:
    """The interviews table as Danish Excel saves it."""
    with (SAMPLE / "interviews.csv").open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle, delimiter=";")
        writer.writerow(["fil", "person", "bølge", "dato", "type", "køn", "alder", "talermærke"])
        for name, file in FILES.items():
            row = rows[name]
            date = "-".join(reversed(row["date"].split("-")))
            facts = [row["person"], row["wave"], date, row["kind"], row["sex"], row["age"], row["participant_label"]]
            writer.writerow([file, *facts])


def main() -> None:
    """Write every file."""
    with (CORPUS / "interviews.csv").open(encoding="utf-8", newline="") as handle:
        rows = {row["transcript"]: row for row in csv.DictReader(handle)}
    for name, file in FILES.items():
        source, target = CORPUS / "transcripts" / f"{name}.txt", SAMPLE / file
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".txt":
            write_windows_text(source, target)
        else:
            WRITERS[target.suffix](target, said(read_transcript(source)))
    write_table(rows)


if __name__ == "__main__":
    main()
