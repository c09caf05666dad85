"""The datasheet's table of agreement is the one that its command prints."""

from __future__ import annotations

import pytest

from narratives.building.agreement import agreement_table, main
from narratives.codebook import load_codebook
from narratives.coded.corpus import corpus_folder
from narratives.coded.records import CodedData, CodedText, Coding


def test_kappa_of_a_known_table():
    """20 alike high, 15 alike low, 5 and 10 apart: 0.70 alike, kappa 0.40."""
    high, low = load_codebook()["agency"].labels[:2]
    pairs = [(high, high)] * 20 + [(high, low)] * 5 + [(low, high)] * 10 + [(low, low)] * 15
    texts = [
        CodedText(
            str(place),
            "x",
            "p",
            codings=tuple(Coding(who, {"agency": code}) for who, code in zip("ab", pair, strict=True)),
        )
        for place, pair in enumerate(pairs)
    ]
    alone = CodedText("alone", "x", "p", codings=(Coding("a", {"agency": high}),))
    (row,) = agreement_table(CodedData((*texts, alone), load_codebook()))
    assert row[:2] == ("agency", 50)
    assert row[2:] == pytest.approx((0.70, 0.40))


def test_the_datasheet_says_what_the_command_prints(capsys):
    datasheet = (corpus_folder() / "DATASHEET.md").read_text(encoding="utf-8")
    assert main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert all(line in datasheet for line in lines)
