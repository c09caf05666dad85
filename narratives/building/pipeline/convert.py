"""The Copenhagen Dependency Treebank in UD dress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from pathlib import Path

from narratives.building.pipeline.heads import restructure
from narratives.building.pipeline.held_out import HeldOut
from narratives.building.pipeline.relations import finish
from narratives.building.pipeline.repair import attach_lost, most_frequent_tags, retag_unknown, split_joined
from narratives.building.pipeline.spacing import guess_spaces
from narratives.building.pipeline.trees import ROOT, Sentence, read_conllu, read_copenhagen


def convert(sentence: Sentence) -> Sentence:
    """One sentence of the Copenhagen scheme as a UD tree; the input is left as it was.

    The result has the joined words split, spaces guessed, and exactly one root.
    """
    tree = attach_lost(deepcopy(sentence))
    tree = finish(restructure(split_joined(tree)))
    tree.spaces = guess_spaces(tree.forms())
    return tree


def is_tree(sentence: Sentence) -> bool:
    """Whether exactly one word is the root and every other one hangs below it."""
    roots = sentence.dependents(ROOT)
    return len(roots) == 1 and len(sentence.subtree(roots[0])) == len(sentence.words)


def convert_all(sentences: Iterable[Sentence], held_out: Iterable[Sentence] = ()) -> Iterator[Sentence]:
    """Converted sentences, without those that are no tree in the release (cycles) and those held out."""
    originals = list(sentences)
    tags, kept_back = most_frequent_tags(originals), HeldOut(held_out)
    for sentence in originals:
        tree = convert(retag_unknown(sentence, tags))
        if is_tree(tree) and not kept_back.contains(tree):
            yield tree


def convert_archive(archive: Path, held_out: Iterable[Path] = ()) -> list[Sentence]:
    """All sentences of the treebank archive as UD trees, in document order.

    Args:
        archive: The treebank, ``.tar.xz``.
        held_out: CoNLL-U files whose sentences must not be among them.
    """
    kept_back = [sentence for path in held_out for sentence in read_conllu(path)]
    return list(convert_all(read_copenhagen(archive), kept_back))
