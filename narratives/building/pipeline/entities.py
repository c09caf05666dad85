"""Names in running text: the outer layer of DaN+ as spaCy documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from narratives.building.pipeline.layout import rows_to_sentences
from narratives.building.pipeline.spacing import guess_spaces

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

LABELS = ("PER", "LOC", "ORG", "MISC")


def simple_label(tag: str) -> str:
    """An outer DaN+ tag with one of :data:`LABELS`.

    Derived words ("russiske", ``LOCderiv``) and compounds with a name ("SID-huset", ``ORGpart``) are ``MISC``.

    >>> simple_label("B-LOCderiv"), simple_label("I-PER"), simple_label("O")
    ('B-MISC', 'I-PER', 'O')
    """
    if tag in ("O", "_", "") or "-" not in tag:
        return "O"
    prefix, label = tag.split("-", 1)
    return f"{prefix}-{label if label in LABELS else 'MISC'}"


def repair_bio(tags: Sequence[str]) -> list[str]:
    """BIO tags in which every entity opens with ``B-``."""
    fixed: list[str] = []
    for tag in tags:
        before = fixed[-1][2:] if fixed and fixed[-1] != "O" else ""
        fixed.append("B" + tag[1:] if tag.startswith("I-") and before != tag[2:] else tag)
    return fixed


def read_entities(path: Path) -> list[tuple[list[str], list[str]]]:
    """Words and repaired outer tags of each sentence of a DaN+ file."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    sentences = []
    for rows in rows_to_sentences(lines):
        forms = [row[0] for row in rows]
        sentences.append((forms, repair_bio([simple_label(row[1] if len(row) > 1 else "O") for row in rows])))
    return sentences


def entity_doc(vocab: Vocab, sentences: Sequence[tuple[list[str], list[str]]]) -> Doc:
    """One document of several sentences with names and nothing else annotated."""
    from spacy.tokens import Doc

    words = [form for forms, _ in sentences for form in forms]
    tags = [tag for _, tags in sentences for tag in tags]
    spaces = [space for forms, _ in sentences for space in guess_spaces(forms)]
    return Doc(vocab, words=words, spaces=spaces, ents=tags)
