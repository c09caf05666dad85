"""Danish text for the encoder: which sources, how much of each, and whose interviews may be read.

Licences and word counts of the open sources: ``shared/research/data_sources.md``. Persons of the
test side (``corpora/agency/split.csv``) are left out everywhere.
"""

import csv
import json
import lzma
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

QUOTES_AND_DASHES = ('"', "»", "«", "“", "”", "„", "—", "–", "- ")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
SPEAKER_LABEL = re.compile(r"^\[?[^\s:.,]{1,20}(?: [^\s:.,]{1,15})?:\s+")


@dataclass(frozen=True)
class Source:
    """A kind of text.

    Attributes:
        name: What it is called in logs.
        passages: Its paragraphs or sentences, in reading order.
        repeats: How many times it counts when the vocabulary is learnt, 1 or more.
        share: Its share of the masked-word training, any positive number; shares are normalised.
    """

    name: str
    passages: list[str]
    repeats: int
    share: float


def read_passages(path: Path) -> list[str]:
    """Non-empty lines of a plain or xz-compressed UTF-8 file."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as handle:
        return [line.strip() for line in handle if line.strip()]


def count_words(passages: Iterable[str]) -> int:
    """Words between blanks."""
    return sum(passage.count(" ") + 1 for passage in passages)


def take_words(passages: list[str], words: int) -> list[str]:
    """Every n-th passage, such that about ``words`` words remain; all of them where there are fewer."""
    total = count_words(passages)
    if total <= words:
        return passages
    keep = words / total
    return [passage for place, passage in enumerate(passages) if int((place + 1) * keep) > int(place * keep)]


def is_dialogue(passage: str) -> bool:
    """True where a passage opens with a quotation mark or a dash."""
    return passage.startswith(QUOTES_AND_DASHES)


def read_test_persons(split: Path) -> frozenset[str]:
    """Persons of the test side of a ``split.csv`` (person,split)."""
    with split.open(encoding="utf-8", newline="") as handle:
        return frozenset(row["person"] for row in csv.DictReader(handle) if row["split"] == "test")


def may_train_on(person: str, test_persons: frozenset[str]) -> bool:
    """False for test persons, also for those of sets not yet in the split, whose numbers end in 0 or 5."""
    newcomer = re.fullmatch(r"n(\d+)-p\d*([05])", person)
    set_not_in_split = newcomer is not None and int(newcomer.group(1)) > 6
    return person not in test_persons and not set_not_in_split


def read_records(path: Path, test_persons: frozenset[str]) -> list[dict]:
    """JSON Lines records (with person, text) of persons that may be trained on."""
    records = [json.loads(line) for line in read_passages(path)]
    return [record for record in records if may_train_on(record["person"], test_persons)]


def read_turns(folder: Path, test_persons: frozenset[str]) -> list[str]:
    """Turns of the transcripts ``PERSON-WAVE.txt`` without their speaker labels, in order."""
    files = [file for file in sorted(folder.glob("*.txt")) if may_train_on(file.stem.split("-")[0], test_persons)]
    return [SPEAKER_LABEL.sub("", line) for file in files for line in read_passages(file)]


def read_answers(corpus: Path, extra: Iterable[Path], test_persons: frozenset[str]) -> list[str]:
    """Texts of natural and single answers of the corpus folder and of further JSON Lines files."""
    files = [corpus / "natural.jsonl", corpus / "singles.jsonl", *extra]
    return [record["text"] for file in files for record in read_records(file, test_persons)]


def read_open_sources(folder: Path) -> list[Source]:
    """The open texts of ``shared/data/text`` with their weights; Microsoft's documentation is capped."""

    def read(*names: str) -> list[str]:
        return [passage for name in names for passage in read_passages(folder / f"{name}.txt.xz")]

    literature = read("adl_1820_1935_normalised")
    dialogue = [passage for passage in literature if is_dialogue(passage)]
    prose = take_words([passage for passage in literature if not is_dialogue(passage)], 1_000_000)
    manuals = take_words(read("msdocs_d365", "msdocs_powerbi", "msdocs_businesscentral"), 700_000)
    return [
        Source("everyday sentences", read("tatoeba", "commonvoice_da", "xed_subtitles"), 4, 0.12),
        Source("news and web", read("leipzig_lcc"), 3, 0.18),
        Source("mixed prose", read("parole_cdt", "nytaarstaler_1946_2021"), 3, 0.12),
        Source("handbook", read("linuxbog"), 1, 0.03),
        Source("manuals", manuals, 1, 0.03),
        Source("old dialogue", dialogue, 1, 0.20),
        Source("old prose", prose, 1, 0.04),
    ]


def read_sources(shared: Path, corpus: Path, extra: Iterable[Path] = ()) -> list[Source]:
    """All sources: the open texts, and interviews of persons that may be trained on.

    Args:
        shared: The folder that holds ``data/text``.
        corpus: ``corpora/agency`` with ``split.csv``.
        extra: Further JSON Lines files of answers (person, text).
    """
    test_persons = read_test_persons(corpus / "split.csv")
    answers = Source("answers", read_answers(corpus, extra, test_persons), 8, 0.20)
    turns = Source("interviews", read_turns(corpus / "transcripts", test_persons), 8, 0.08)
    return [*read_open_sources(shared / "data" / "text"), answers, turns]


def repeat_passages(sources: Iterable[Source]) -> Iterator[str]:
    """Every passage as often as its source counts for the vocabulary."""
    for source in sources:
        for _ in range(source.repeats):
            yield from source.passages


def read_translations(corpus: Path, test_persons: frozenset[str]) -> list[tuple[str, str]]:
    """English-Danish pairs of natural answers (``translations.tsv``: id, English), test persons left out."""
    danish = {record["id"]: record["text"] for record in read_records(corpus / "natural.jsonl", test_persons)}
    rows = _split_columns(read_passages(corpus / "translations.tsv"))
    return [(row[1], danish[row[0]]) for row in rows if row[0] in danish]


def pair_sentences(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The sentences of longer pairs, one for one, where both sides have the same number of them (two or more)."""
    cut = [(SENTENCE_END.split(english.strip()), SENTENCE_END.split(danish.strip())) for english, danish in pairs]
    alike = [(english, danish) for english, danish in cut if len(english) == len(danish) > 1]
    return [pair for english, danish in alike for pair in zip(english, danish, strict=True)]


def read_pairs(shared: Path, corpus: Path, glossary: Path) -> dict[str, list[tuple[str, str]]]:
    """English-Danish pairs by kind: ``sentences`` (Tatoeba), ``narratives``, ``answers``, ``glossary``.

    ``answers`` are whole natural answers and their sentences. Test persons are left out.
    """
    test_persons = read_test_persons(corpus / "split.csv")
    answers = read_translations(corpus, test_persons)
    sentences = _split_columns(read_passages(shared / "data/parallel/tatoeba_en_da.tsv.xz"))
    rows = _split_columns(read_passages(shared / "trials/narratives_en_da.tsv"))
    words = _split_columns(read_passages(glossary))
    return {
        "sentences": [(row[0], row[1]) for row in sentences],
        "narratives": [(row[1], row[2]) for row in rows if may_train_on(row[0], test_persons)],
        "answers": [*answers, *pair_sentences(answers)],
        "glossary": [(row[1], row[0]) for row in words],
    }


def _split_columns(lines: list[str]) -> list[list[str]]:
    """Cells of tab-separated lines that are not comments."""
    return [line.split("\t") for line in lines if "\t" in line and not line.startswith("#")]
