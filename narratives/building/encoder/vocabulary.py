"""The Danish vocabulary: cased WordPiece that keeps æ, ø, å, with the words of the field as whole pieces."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from .texts import Source, repeat_passages

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LOOK_ALIKES = {"“": '"', "”": '"', "„": '"', "»": '"', "«": '"', "’": "'", "–": "-", "—": "-", "…": "..."}
TOKENIZER_CONFIG = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "do_lower_case": False,
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "mask_token": "[MASK]",
    "model_max_length": 512,
}


def build_tokenizer(pieces: dict[str, int] | None = None) -> "Tokenizer":
    """A WordPiece tokenizer over ``pieces``: NFC, one kind of quotation mark and dash, case and accents kept."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.WordPiece(vocab=pieces or {}, unk_token="[UNK]"))  # noqa: S106
    replacements = [normalizers.Replace(old, new) for old, new in LOOK_ALIKES.items()]
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), *replacements])
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def learn_pieces(passages: Iterable[str], size: int) -> list[str]:
    """The ``size`` pieces that WordPiece training finds, special ones first.

    Source: Schuster & Nakajima (2012), Japanese and Korean voice search, section 2.
    """
    from tokenizers import trainers

    tokenizer = build_tokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, min_frequency=4, limit_alphabet=150, special_tokens=list(SPECIAL), show_progress=False
    )
    tokenizer.train_from_iterator(passages, trainer)
    return [piece for piece, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]


def frequent_words(passages: Iterable[str], least: int) -> list[str]:
    """Words of letters that occur at least ``least`` times, the most frequent first."""
    counts: Counter[str] = Counter()
    splitter = build_tokenizer()
    for passage in passages:
        normal = splitter.normalizer.normalize_str(passage)
        counts.update(word for word, _ in splitter.pre_tokenizer.pre_tokenize_str(normal) if word.isalpha())
    return [word for word, count in counts.most_common() if count >= least]


def add_whole_words(pieces: list[str], words: Iterable[str], size: int) -> list[str]:
    """``pieces`` followed by those ``words`` that are not yet pieces, ``size`` in all at most."""
    extended = dict.fromkeys(pieces)
    for word in words:
        if len(extended) >= size:
            break
        extended.setdefault(word)
    return list(extended)


def train_tokenizer(
    sources: list[Source], size: int, field_words: Iterable[str] = (), field_size: int = 0
) -> "Tokenizer":
    """Learn a vocabulary of at most ``size`` pieces.

    Args:
        sources: Text, weighted by ``Source.repeats``.
        size: Number of pieces, special ones included.
        field_words: Words that should be whole pieces, the most wanted first.
        field_size: Room kept free for them.
    """
    learnt = learn_pieces(repeat_passages(sources), max(len(SPECIAL), size - field_size))
    pieces = add_whole_words(learnt, field_words, size)
    return with_special_tokens(build_tokenizer({piece: place for place, piece in enumerate(pieces)}))


def with_special_tokens(tokenizer: "Tokenizer") -> "Tokenizer":
    """The tokenizer, made to put [CLS] before and [SEP] after a text."""
    from tokenizers import processors

    tokenizer.add_special_tokens(list(SPECIAL))
    ends = [("[CLS]", SPECIAL.index("[CLS]")), ("[SEP]", SPECIAL.index("[SEP]"))]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends
    )
    return tokenizer


def save_tokenizer(tokenizer: "Tokenizer", folder: Path) -> None:
    """Write ``tokenizer.json`` and ``tokenizer_config.json``, as ``PreTrainedTokenizerFast`` expects them."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(TOKENIZER_CONFIG, indent=2) + "\n", encoding="utf-8")


def load_tokenizer(folder: Path) -> "Tokenizer":
    """The tokenizer saved in ``folder``."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def piece_list(tokenizer: "Tokenizer") -> list[str]:
    """All pieces in the order of their ids."""
    return [piece for piece, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]
