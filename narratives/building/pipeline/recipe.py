"""The spaCy configurations: one model for syntax, one for names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SYNTAX = ("tok2vec", "morphologizer", "parser", "trainable_lemmatizer")
NAMES = ("tok2vec", "ner")


@dataclass(frozen=True)
class Size:
    """Sizes that decide the weight of the model on disk.

    Attributes:
        width: Width of the token vectors.
        depth: Convolution layers, each looking one word to either side.
        rows: Rows of the hash tables for the word, its prefix, its suffix and its shape (4 bytes x width each).
        hidden: Hidden width of the transition models.
    """

    width: int = 96
    depth: int = 4
    rows: tuple[int, int, int, int] = (5000, 1000, 2500, 1000)
    hidden: int = 64


def embedding(size: Size) -> dict[str, Any]:
    """Hash embeddings of word, prefix, suffix and shape, then window convolutions; no static vectors."""
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": size.width,
            "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
            "rows": list(size.rows),
            "include_static_vectors": False,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": size.width,
            "depth": size.depth,
            "window_size": 1,
            "maxout_pieces": 3,
        },
    }


def _listener(size: Size) -> dict[str, Any]:
    return {"@architectures": "spacy.Tok2VecListener.v1", "width": size.width, "upstream": "*"}


def _tagger(size: Size) -> dict[str, Any]:
    return {"@architectures": "spacy.Tagger.v2", "nO": None, "normalize": False, "tok2vec": _listener(size)}


def _transitions(size: Size, kind: str) -> dict[str, Any]:
    return {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": kind,
        "extra_state_tokens": False,
        "hidden_width": size.hidden,
        "maxout_pieces": 2,
        "use_upper": True,
        "nO": None,
        "tok2vec": _listener(size),
    }


def components(size: Size) -> dict[str, dict[str, Any]]:
    """The settings of every component, by name."""
    return {
        "tok2vec": {"factory": "tok2vec", "model": embedding(size)},
        "morphologizer": {"factory": "morphologizer", "model": _tagger(size)},
        "parser": {
            "factory": "parser",
            "min_action_freq": 10,
            "learn_tokens": False,
            "model": _transitions(size, "parser"),
        },
        "trainable_lemmatizer": {
            "factory": "trainable_lemmatizer",
            "backoff": "orth",
            "min_tree_freq": 2,
            "top_k": 3,
            "model": _tagger(size),
        },
        "ner": {"factory": "ner", "model": _transitions(size, "ner")},
    }


WEIGHTS = {
    "syntax": {"pos_acc": 0.1, "morph_acc": 0.15, "dep_uas": 0.1, "dep_las": 0.3, "sents_f": 0.2, "lemma_acc": 0.15},
    "names": {"ents_f": 1.0},
}


def settings(kind: str, size: Size, *, seed: int = 1, steps: int = 2_600, start: str | None = None) -> dict[str, Any]:
    """A complete ``spacy train`` configuration; the paths ``train`` and ``dev`` are left to overrides.

    Args:
        kind: ``"syntax"`` or ``"names"``.
        size: Sizes of the layers.
        seed: Seed of the weights and of the order.
        steps: So many updates, over which the learning rate falls to zero.
        start: A trained pipeline of the same kind to go on from; its labels and sizes are kept.

    Raises:
        KeyError: ``kind`` is neither.
    """
    pipeline = {"syntax": SYNTAX, "names": NAMES}[kind]
    fresh = components(size)
    return {
        "paths": {"train": None, "dev": None},
        "system": {"seed": seed},
        "nlp": {"lang": "da", "pipeline": list(pipeline), "batch_size": 256},
        "components": {name: _source(name, start) or fresh[name] for name in pipeline},
        "corpora": {name: _corpus(name) for name in ("train", "dev")},
        "training": _training(kind, seed, steps, again=start is not None),
    }


def _source(name: str, start: str | None) -> dict[str, Any]:
    # spaCy forgets the lemmatizer's table of trees on loading, so it always starts afresh.
    return {"source": start} if start and name != "trainable_lemmatizer" else {}


def _corpus(name: str) -> dict[str, Any]:
    return {"@readers": "spacy.Corpus.v1", "path": f"${{paths.{name}}}", "gold_preproc": False, "max_length": 0}


def _training(kind: str, seed: int, steps: int, *, again: bool) -> dict[str, Any]:
    return {
        "gpu_allocator": None,
        "train_corpus": "corpora.train",
        "dev_corpus": "corpora.dev",
        "seed": seed,
        "dropout": 0.15,
        "patience": 0,
        "max_steps": steps,
        "eval_frequency": 100 if again else 200,
        "optimizer": {
            "@optimizers": "Adam.v1",
            "learn_rate": {
                "@schedules": "warmup_linear.v1",
                "warmup_steps": 50 if again else 250,
                "total_steps": steps,
                "initial_rate": 0.0008 if again else 0.0012,
            },
            "L2": 0.01,
            "L2_is_weight_decay": True,
            "grad_clip": 1.0,
            "use_averages": True,
        },
        "batcher": {
            "@batchers": "spacy.batch_by_words.v1",
            "discard_oversize": False,
            "tolerance": 0.2,
            "size": {"@schedules": "compounding.v1", "start": 1000 if again else 200, "stop": 1000, "compound": 1.002},
        },
        "score_weights": WEIGHTS[kind],
    }
