"""Words and sentences, and the two formats the treebanks come in."""

from __future__ import annotations

import html
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from narratives.building.pipeline.layout import rows_to_sentences

ROOT = -1


@dataclass
class Word:
    """One word of a dependency tree.

    Attributes:
        form: The word as written.
        lemma: Its dictionary form.
        tag: The PAROLE tag (``VADR=----A-``), empty in UD data.
        head: Index of the governing word in the sentence, :data:`ROOT` for the root.
        rel: The Copenhagen relation to the head (before conversion).
        upos: Universal word class, empty before conversion.
        feats: Universal features.
        deprel: Universal relation, empty until it is settled.
        lost: The release does not say what governs this word; see ``repair``.
    """

    form: str
    lemma: str
    tag: str = ""
    head: int = ROOT
    rel: str = ""
    upos: str = ""
    feats: dict[str, str] = field(default_factory=dict)
    deprel: str = ""
    lost: bool = False

    @property
    def kind(self) -> str:
        """The first two letters of the PAROLE tag: ``VA``, ``NC``, ``SP`` ..."""
        return self.tag[:2]


@dataclass
class Sentence:
    """A dependency tree.

    Attributes:
        words: The words in order.
        source: The file it came from, or the UD sentence id.
        spaces: Whether a space follows each word; ``None`` where the source does not say.
    """

    words: list[Word]
    source: str = ""
    spaces: list[bool] | None = None

    def forms(self) -> list[str]:
        """The words as written."""
        return [word.form for word in self.words]

    def dependents(self, index: int) -> list[int]:
        """Indices of the words governed by the word at ``index``, in order."""
        return [i for i, word in enumerate(self.words) if word.head == index]

    def subtree(self, index: int) -> set[int]:
        """Indices of a word and everything below it."""
        found = {index}
        waiting = [index]
        while waiting:
            below = [i for i in self.dependents(waiting.pop()) if i not in found]
            found.update(below)
            waiting.extend(below)
        return found


def parse_feats(text: str) -> dict[str, str]:
    """``"Mood=Ind|Tense=Pres"`` as a dictionary; ``"_"`` as an empty one."""
    if text in ("_", ""):
        return {}
    return dict(part.split("=", 1) for part in text.split("|"))


def format_feats(feats: dict[str, str]) -> str:
    """Features as UD writes them, sorted without regard to case; ``"_"`` when there are none."""
    return "|".join(f"{key}={feats[key]}" for key in sorted(feats, key=str.lower)) or "_"


def read_copenhagen(archive: Path) -> Iterator[Sentence]:
    """The sentences of the Copenhagen Dependency Treebank archive (``.tar.xz`` of ``.conll`` files).

    Columns: number, form, lemma, short tag, PAROLE tag, features, head, relation.
    Documents come sorted by name, sentences in their order, so neighbours are neighbours in the text.
    """
    with tarfile.open(archive) as tar:
        members = sorted((m for m in tar.getmembers() if m.name.endswith(".conll")), key=lambda m: m.name)
        for member in members:
            handle = tar.extractfile(member)
            if handle is None:
                continue
            lines = handle.read().decode("utf-8").splitlines()
            for rows in rows_to_sentences(lines):
                yield Sentence([_copenhagen_word(row) for row in rows], source=Path(member.name).stem)


def _copenhagen_word(row: list[str]) -> Word:
    form, lemma, tag = html.unescape(row[1]), html.unescape(row[2]), row[4]
    if tag.startswith("AN") and tag.endswith("R"):
        lemma = form.lower()  # UD Danish-DDT takes "hurtigt" for an adverb of its own, not for a form of "hurtig"
    return Word(form=form, lemma=lemma, tag=tag, head=int(row[6]) - 1, rel=row[7])


def read_conllu(path: Path) -> Iterator[Sentence]:
    """The sentences of a CoNLL-U file without multiword tokens or empty nodes."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    for number, rows in enumerate(rows_to_sentences(lines), start=1):
        words = [Word(r[1], r[2], head=int(r[6]) - 1, upos=r[3], feats=parse_feats(r[5]), deprel=r[7]) for r in rows]
        spaces = ["SpaceAfter=No" not in row[9] for row in rows]
        yield Sentence(words, source=f"{Path(path).stem}:{number}", spaces=spaces)


def to_conllu(sentences: Iterable[Sentence]) -> str:
    """CoNLL-U text of converted sentences."""
    blocks = []
    for number, sentence in enumerate(sentences, start=1):
        rows = [f"# sent_id = {sentence.source}-{number}"]
        spaces = sentence.spaces or [True] * len(sentence.words)
        for i, (word, space) in enumerate(zip(sentence.words, spaces, strict=True), start=1):
            misc = "_" if space else "SpaceAfter=No"
            cells = (i, word.form, word.lemma, word.upos, word.tag or "_", format_feats(word.feats))
            rows.append("\t".join(map(str, (*cells, word.head + 1, word.deprel, "_", misc))))
        blocks.append("\n".join(rows) + "\n")
    return "\n".join(blocks)
