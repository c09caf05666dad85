"""Speaker labels over whole transcripts: every convention gives the same turns, and reports no absurd ones."""

from __future__ import annotations

import csv
import json
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from speaking import said

from narratives.reading.speakers import find_turns

ROOT = Path(__file__).parents[1]
AGENCY = ROOT / "corpora" / "agency"
REPORTS = ROOT.parent / "shared" / "samples" / "reports"

WORDS = st.text(alphabet="abcæøå é😀 .,?\u00a0", min_size=1, max_size=40).filter(str.strip)


@settings(max_examples=60, deadline=None)
@given(
    turns=st.lists(WORDS, min_size=2, max_size=8),
    end=st.sampled_from(["\n", "\r\n", "\n\n", "\r\n\r\n", "\n \t\n"]),
    labels=st.sampled_from([("I: ", "IP: "), ("[00:00:01] I:", "IP1:\t"), ("I (00:12): ", "Deltager:  ")]),
)
def test_every_word_is_found_where_it_stands(turns, end, labels):
    text = end.join(labels[i % 2] + words for i, words in enumerate(turns))
    assert [words for _, words in said(text)] == [words.strip(" \u00a0") for words in turns]


@pytest.mark.skipif(not AGENCY.exists(), reason="the coded corpus is not beside the tests")
def test_coded_narratives_lie_in_the_participants_turns():
    labels = {row["transcript"]: row["participant_label"] for row in csv.DictReader((AGENCY / "interviews.csv").open())}
    spans = {}
    for name, label in labels.items():
        text = (AGENCY / "transcripts" / f"{name}.txt").read_text(encoding="utf-8")
        spans[name] = [span for turn in find_turns(text).turns if turn.speaker == label for span in turn.spans]
    for line in (AGENCY / "coded.jsonl").read_text(encoding="utf-8").splitlines():
        coded = json.loads(line)
        for start, end in coded["spans"]:
            assert any(a <= start and end <= b for a, b in spans[coded["transcript"]]), coded["id"]


def wrapped(pairs: list[tuple[str, str]]) -> str:
    lines = [textwrap.fill(f"{label}: {words}", 72, break_on_hyphens=False) for label, words in pairs]
    return "\n".join(lines)


def numbered(pairs: list[tuple[str, str]]) -> str:
    lines = wrapped(pairs).split("\n")
    return "Navn på fil:\tx\n\n" + "\n".join(f"{number}\t{line}" for number, line in enumerate(lines, start=1))


CONVENTIONS = {
    "wrapped": wrapped,
    "numbered": numbered,
    "tight": lambda pairs: "\n".join(f"{label}: {words}" for label, words in pairs),
    "tab": lambda pairs: "\r\n".join(f"{label}\t{words}" for label, words in pairs),
    "bold": lambda pairs: "\n\n".join(f"**{label}:** {words}" for label, words in pairs),
    "alone": lambda pairs: "\n\n".join(f"{label}\n{words}" for label, words in pairs),
    "bracket": lambda pairs: "\n\n".join(f"[{label}] {words}" for label, words in pairs),
    "dash": lambda pairs: "\n\n".join(f"{label} – {words}" for label, words in pairs),
    "round": lambda pairs: "\n\n".join(f"({label}) {words}" for label, words in pairs),
    "voice": lambda pairs: "\n\n".join(f"<v {label}>{words}</v>" for label, words in pairs),
    "otter": lambda pairs: "\n\n".join(
        f"{one[0]}  {i // 60:02d}:{i % 60:02d}\n{one[1]}" for i, one in enumerate(pairs)
    ),
    "glued": lambda pairs: "\n".join(f"00:00:{i % 60:02d}.5{pair[0]}: {pair[1]}" for i, pair in enumerate(pairs)),
}


@pytest.mark.skipif(not AGENCY.exists(), reason="the coded corpus is not beside the tests")
@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("names", [{}, {"I": "Lone Holm", "IP": "Anna Grethe", "SB": "Kirsten"}])
def test_a_transcript_has_the_same_turns_in_every_convention(convention, names):
    for path in sorted((AGENCY / "transcripts").glob("*.txt"))[::12]:
        text = path.read_text(encoding="utf-8")
        pairs = [(names.get(label, label), " ".join(words.split())) for label, words in said(text)]
        found = said(CONVENTIONS[convention](pairs))
        assert [(label, " ".join(words.split())) for label, words in found] == pairs, path.name


@pytest.mark.skipif(not REPORTS.exists(), reason="the sample reports (../shared) are not beside the repository")
@pytest.mark.parametrize("number", ["000", "001", "002", "004"])
def test_reports_have_no_absurd_speakers(number):
    text = (REPORTS / f"report_{number}.txt").read_text(encoding="utf-8", errors="replace")
    assert {speaker for speaker, _ in said(text)} <= {"", "I", "Interviewer", "Sagsbehandler", "Leder"}
