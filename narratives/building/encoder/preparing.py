"""Everything training needs, made once and stored in a run folder: vocabulary, first embeddings, rows, targets."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .alignment import Alignment, align
from .initialisation import danish_embeddings
from .packing import encode_many, pack_rows, pad_rows, running_text
from .teacher import check_weights, embed_english, load_english_tokenizer, load_teacher, special_ids
from .texts import Source, read_pairs, read_sources
from .vectors import WINDOW, count_neighbours, word_vectors
from .vocabulary import frequent_words, piece_list, save_tokenizer, train_tokenizer

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Pair = tuple[str, str]
HELD_OUT_PAIRS = 1000
ROW_LENGTH = 96
LONGEST_PAIR = 128
NEIGHBOUR_WIDTH = 200
GLOSSARY_REPEATS = 3
ANSWER_REPEATS = 3
FIELD_LEAST = 6
FIELD_SIZE = 600
OWN_SOURCES = ("answers", "interviews")


@dataclass(frozen=True)
class Places:
    """Where things lie.

    Attributes:
        shared: Folder with ``data/text``, ``data/parallel`` and ``trials``.
        corpus: ``corpora/agency`` with its split.
        teacher: Folder of the English teacher.
        run: Folder for everything made on the way.
        extra: Further JSON Lines files of answers.
    """

    shared: Path
    corpus: Path
    teacher: Path
    run: Path
    extra: tuple[Path, ...] = ()

    @property
    def glossary(self) -> Path:
        """The Danish-English word list beside this module."""
        return Path(__file__).parent / "glossary.tsv"


def split_pairs(pairs: list[Pair], held_out: int, seed: int) -> tuple[list[Pair], list[Pair]]:
    """Training pairs and ``held_out`` others; pairs that share a side with a held-out one are left out."""
    order = np.random.default_rng(seed).permutation(len(pairs))
    kept_back = [pairs[place] for place in order[:held_out]]
    seen = {side for pair in kept_back for side in pair}
    training = [pairs[place] for place in order[held_out:]]
    return [pair for pair in training if pair[0] not in seen and pair[1] not in seen], kept_back


def join_pairs(pairs: list[Pair], count: int, seed: int) -> list[Pair]:
    """``count`` longer pairs, each two to five random ones in a row, so that length is learnt too."""
    generator = np.random.default_rng(seed)
    joined = []
    for _ in range(count):
        chosen = [pairs[place] for place in generator.integers(len(pairs), size=generator.integers(2, 6))]
        joined.append((" ".join(english for english, _ in chosen), " ".join(danish for _, danish in chosen)))
    return joined


def make_tokenizer(sources: list[Source], glossary: list[Pair], size: int) -> "Tokenizer":
    """The Danish vocabulary, with the words of our own interviews and of the glossary as whole pieces."""
    own = [passage for source in sources if source.name in OWN_SOURCES for passage in source.passages]
    single_words = [danish for _, danish in glossary if danish.isalpha()]
    return train_tokenizer(sources, size, [*single_words, *frequent_words(own, FIELD_LEAST)], FIELD_SIZE)


def align_pairs(tokenizer: "Tokenizer", english: "Tokenizer", pairs: list[Pair]) -> Alignment:
    """Alignment of Danish with English pieces over ``pairs``."""
    sizes = tokenizer.get_vocab_size(), english.get_vocab_size()
    danish = encode_many(tokenizer, [ours for _, ours in pairs])
    return align(danish, encode_many(english, [theirs for theirs, _ in pairs]), sizes)


def first_embeddings(places: Places, tokenizer: "Tokenizer", pairs: list[Pair], encoded: list[list[int]]) -> np.ndarray:
    """Danish embeddings before any training, (pieces, width): translated, or guessed from neighbours."""
    english = load_english_tokenizer(places.teacher)
    counts = count_neighbours(running_text(encoded, WINDOW), tokenizer.get_vocab_size())
    weights = load_teacher(places.teacher).embeddings.word_embeddings.weight.detach().numpy()
    alignment = align_pairs(tokenizer, english, pairs)
    neighbours = word_vectors(counts, min(NEIGHBOUR_WIDTH, tokenizer.get_vocab_size() // 4))
    return danish_embeddings(piece_list(tokenizer), alignment, neighbours, weights, special_ids(english))


def store_pairs(places: Places, tokenizer: "Tokenizer", pairs: list[Pair], name: str, device: str) -> None:
    """Danish rows and the teacher's embeddings of the English sides, as ``NAME_rows`` and ``NAME_targets``."""
    rows = pad_rows(encode_many(tokenizer, [danish for _, danish in pairs]), LONGEST_PAIR)
    np.save(places.run / f"{name}_rows.npy", rows)
    np.save(places.run / f"{name}_targets.npy", embed_english(places.teacher, [pair[0] for pair in pairs], device))


def prepare(places: Places, size: int, seed: int, device: str = "cpu") -> None:
    """Write tokenizer, first embeddings, text rows and pair rows with targets into ``places.run``."""
    check_weights(places.teacher)
    places.run.mkdir(parents=True, exist_ok=True)
    sources = read_sources(places.shared, places.corpus, places.extra)
    pairs = read_pairs(places.shared, places.corpus, places.glossary)
    tokenizer = make_tokenizer(sources, pairs["glossary"], size)
    save_tokenizer(tokenizer, places.run)
    training, held_out = split_pairs(pairs["sentences"], HELD_OUT_PAIRS, seed)
    known = [*training, *pairs["narratives"], *pairs["answers"]]
    encoded = {source.name: encode_many(tokenizer, source.passages) for source in sources}
    every = [ids for passages in encoded.values() for ids in passages]
    aligned = known + pairs["glossary"] * GLOSSARY_REPEATS
    np.save(places.run / "embeddings.npy", first_embeddings(places, tokenizer, aligned, every))
    longer = join_pairs(known, len(known) // 2, seed)
    own = pairs["answers"] * (ANSWER_REPEATS - 1)
    store_pairs(places, tokenizer, known + own + pairs["glossary"] + longer, "pairs", device)
    store_pairs(places, tokenizer, held_out, "held_out", device)
    (places.run / "held_out.tsv").write_text("".join(f"{a}\t{b}\n" for a, b in held_out), encoding="utf-8")
    for place, source in enumerate(sources):
        np.save(places.run / f"text{place:02d}.npy", pack_rows(encoded[source.name], ROW_LENGTH))
    np.save(places.run / "shares.npy", np.array([source.share for source in sources]))
