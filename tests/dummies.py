"""Small stand-ins, so that tests need no trained weights."""

from __future__ import annotations

from pathlib import Path

from narratives.codebook import Codebook, parse_codebook

WORDS = (
    *("jeg", "du", "vi", "de", "han", "hun", "det", "er", "var", "har", "søgte", "selv", "praktik"),
    *("arbejde", "ikke", "og", "så", "men", "på", "i", "blev", "sendt", "ville"),
)


def tiny_codebook() -> Codebook:
    """One ranked variable with a code outside the ranking, one nominal one."""
    return parse_codebook(
        {
            "name": "tiny",
            "version": "1",
            "variables": [
                {
                    "name": "grad",
                    "scale": "ranked",
                    "role": "agency",
                    "codes": [{"name": "lav", "rank": 0}, {"name": "høj", "rank": 1}, {"name": "intet"}],
                },
                {"name": "emne", "codes": ["penge", "æbler"]},
            ],
        }
    )


def tiny_encoder(folder: Path, seed: int = 0) -> Path:
    """A random two-layer encoder with a cased Danish tokenizer, saved in the Hugging Face layout."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = sorted(set("abcdefghijklmnopqrstuvwxyzæøåABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ.,?!-"))
    pieces = [*special, *letters, *(f"##{letter}" for letter in letters), *WORDS]
    vocabulary = {piece: index for index, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, mask_token="[MASK]", **names).save_pretrained(folder)  # noqa: S106
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


def tiny_model(folder: Path, codebook: Codebook | None = None, seed: int = 0) -> Path:
    """A random but loadable coding model with windows of 24 tokens."""
    import torch

    from narratives.classify import Calibration, Classifier, Windows
    from narratives.encoder import load_encoder
    from narratives.network import MultiHead

    codebook = codebook or tiny_codebook()
    body, tokenizer = load_encoder(tiny_encoder(folder / "encoder", seed))
    torch.manual_seed(seed)
    network = MultiHead(body, [len(variable.codes) for variable in codebook.variables])
    first = codebook.names[0]
    calibration = Calibration({first: 2.0}, {first: 0.5})
    classifier = Classifier(network, tokenizer, codebook, calibration=calibration, windows=Windows(24, 6))
    return classifier.save(folder / "model", card="# Tiny\n")
