"""Training the two models and joining them into the pipeline that is shipped."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from narratives.building.pipeline.convert import convert_archive
from narratives.building.pipeline.entities import entity_doc, read_entities
from narratives.building.pipeline.examples import in_groups, tree_doc, write_docs
from narratives.building.pipeline.recipe import Size, settings
from narratives.building.pipeline.spoken import spoken_copy
from narratives.building.pipeline.trees import Sentence, read_conllu

if TYPE_CHECKING:
    from spacy.language import Language

LARGEST_GROUP = 12
KEPT_FOR_STOPPING = 5  # every fifth UD dev sentence


@dataclass(frozen=True)
class Sources:
    """Where the data lie; the names are those of ``shared/data``."""

    data: Path

    @property
    def treebank(self) -> Path:
        """The Copenhagen Dependency Treebank."""
        return self.data / "treebank" / "cdt_danish_train.tar.xz"

    def ud(self, part: str) -> Path:
        """UD Danish-DDT, ``dev`` or ``test``."""
        return self.data / "treebank" / f"da_ddt-ud-{part}.conllu"

    def names(self, genre: str, part: str) -> Path:
        """DaN+: ``news``, ``arto`` or ``twitter``, ``train``, ``dev`` or ``test``."""
        return self.data / "ner" / f"danplus_da_{genre}_{part}.tsv"


def split_dev(sentences: Sequence[Sentence]) -> tuple[list[Sentence], list[Sentence]]:
    """UD dev sentences to train on and to stop by: four fifths, and every fifth."""
    stop = list(sentences[::KEPT_FOR_STOPPING])
    train = [sentence for i, sentence in enumerate(sentences) if i % KEPT_FOR_STOPPING]
    return train, stop


def write_syntax(sources: Sources, out: Path, *, with_dev: bool, seed: int = 1) -> dict[str, int]:
    """Store the documents for the syntax model: written sentences and one speech-like copy of each.

    Args:
        sources: The data.
        out: Folder for ``train.spacy`` and ``dev.spacy``.
        with_dev: Also train on four fifths of UD dev, so that only every fifth sentence stops the training.
        seed: Seed of the grouping and of the copies.

    Returns:
        The numbers of sentences.
    """
    from spacy.vocab import Vocab

    rng, vocab = random.Random(seed), Vocab()
    trees = convert_archive(sources.treebank, [sources.ud("dev"), sources.ud("test")])
    dev = list(read_conllu(sources.ud("dev")))
    taught, stop = split_dev(dev) if with_dev else ([], dev)
    written = trees + taught * 2
    copies = [spoken_copy(tree, rng) for tree in trees + taught]
    groups = [*in_groups(written, LARGEST_GROUP, rng), *in_groups(copies, LARGEST_GROUP, rng)]
    write_docs((tree_doc(vocab, group) for group in groups), out / "train.spacy")
    write_docs((tree_doc(vocab, group) for group in in_groups(stop, LARGEST_GROUP, rng)), out / "dev.spacy")
    return {"treebank": len(trees), "ud_dev": len(taught), "copies": len(copies), "stop": len(stop)}


def write_names(sources: Sources, out: Path, seed: int = 1) -> dict[str, int]:
    """Store the documents for the names model: news, chat and tweets to train on, news dev to stop by.

    Every news sentence comes a second time with its first word in lower case, unless a name starts there.
    """
    from spacy.vocab import Vocab

    rng, vocab = random.Random(seed), Vocab()
    news = read_entities(sources.names("news", "train"))
    chat = read_entities(sources.names("arto", "dev")) + read_entities(sources.names("twitter", "dev"))
    lowered = [_lowered(sentence) for sentence in news]
    groups = [group for part in (news, lowered, chat) for group in in_groups(part, LARGEST_GROUP, rng)]
    write_docs((entity_doc(vocab, group) for group in groups), out / "train.spacy")
    dev = read_entities(sources.names("news", "dev"))
    write_docs((entity_doc(vocab, group) for group in in_groups(dev, LARGEST_GROUP, rng)), out / "dev.spacy")
    return {"news": len(news), "chat": len(chat), "stop": len(dev)}


def _lowered(sentence: tuple[list[str], list[str]]) -> tuple[list[str], list[str]]:
    forms, tags = sentence
    return ([forms[0].lower(), *forms[1:]], tags) if tags[0] == "O" else sentence


def fit(kind: str, folder: Path, size: Size, *, seed: int, steps: int, start: Path | None = None) -> Path:
    """Train one model on ``folder/train.spacy`` and return the folder of the best version.

    spaCy keeps ``model-best`` and ``model-last`` up to date, so a stopped run leaves a usable model.
    """
    from spacy.cli.train import train
    from thinc.api import Config

    path = folder / "config.cfg"
    Config(settings(kind, size, seed=seed, steps=steps, start=str(start) if start else None)).to_disk(path)
    overrides = {"paths.train": str(folder / "train.spacy"), "paths.dev": str(folder / "dev.spacy")}
    train(path, folder / "out", overrides=overrides)
    return folder / "out" / "model-best"


def join(syntax: Path, names: Path, meta: dict[str, object]) -> Language:
    """The shipped pipeline: the syntax model with the names component, which keeps its own embeddings."""
    import spacy

    nlp, other = spacy.load(syntax), spacy.load(names)
    other.replace_listeners("tok2vec", "ner", ["model.tok2vec"])
    nlp.add_pipe("ner", source=other)
    nlp.config["paths"] = dict.fromkeys(nlp.config["paths"])  # not where this machine kept its files
    nlp.meta.update(meta, performance={})
    return nlp
