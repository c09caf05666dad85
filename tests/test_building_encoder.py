"""The recipe of the shipped encoder, on tiny data."""

import json
import lzma
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from narratives.building.encoder import alignment, initialisation, packing, texts, vectors, vocabulary

SENTENCES = [
    ("the dog sleeps", "hunden sover"),
    ("the dog eats", "hunden spiser"),
    ("the cat sleeps", "katten sover"),
    ("the cat eats", "katten spiser"),
    ("a man eats bread", "en mand spiser brød"),
    ("a man sleeps", "en mand sover"),
]


def write_xz(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lzma.compress("\n".join(lines).encode("utf-8")))


def write_records(path: Path, records: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


@pytest.mark.parametrize(
    ("person", "allowed"),
    [("n1-p05", True), ("n2-p07", False), ("n7-p05", False), ("n7-p10", False), ("n7-p11", True), ("p05", True)],
)
def test_test_persons_are_never_trained_on(person: str, allowed: bool) -> None:
    assert texts.may_train_on(person, frozenset({"n2-p07"})) is allowed


def test_dialogue_opens_with_a_quotation_mark_or_a_dash() -> None:
    found = [texts.is_dialogue(line) for line in ("— Nej.", '"Ja," sagde han', "Han gik.", "- Tja.")]
    assert found == [True, True, False, True]


def test_capping_keeps_the_wanted_number_of_words_spread_over_the_text() -> None:
    passages = [f"ord{number} to" for number in range(1000)]
    kept = texts.take_words(passages, 200)
    assert texts.count_words(kept) == 200
    assert int(kept[-1].split()[0][3:]) > 950
    assert texts.take_words(passages, 5000) == passages


@pytest.mark.parametrize("line", ["IP: Jeg er syg.", "Fru Hansen: Jeg er syg.", "Jeg er syg."])
def test_speaker_labels_are_taken_off(line: str, tmp_path: Path) -> None:
    (tmp_path / "p01-1.txt").write_text(line, encoding="utf-8")
    (tmp_path / "p02-1.txt").write_text("IP: Ikke mig.", encoding="utf-8")
    assert texts.read_turns(tmp_path, frozenset({"p02"})) == ["Jeg er syg."]


def test_vocabulary_keeps_case_accents_and_the_words_of_the_field() -> None:
    source = texts.Source("x", ["Æblet på øen er rødt, og Åse går på arbejde hver dag."] * 20, 1, 1.0)
    tokenizer = vocabulary.train_tokenizer([source], 150, ["kontanthjælp"], field_size=5)
    assert tokenizer.encode("kontanthjælp", add_special_tokens=False).tokens == ["kontanthjælp"]
    assert tokenizer.decode(tokenizer.encode("Åse på øen").ids) == "Åse på øen"
    assert tokenizer.encode("på").tokens[0] == "[CLS]"
    quoted = tokenizer.encode("»på«")
    assert quoted.tokens[1] == quoted.tokens[-2]


def test_saved_tokenizer_loads_as_a_fast_tokenizer(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    source = texts.Source("x", ["Jeg går på arbejde, og jeg er træt."] * 20, 1, 1.0)
    vocabulary.save_tokenizer(vocabulary.train_tokenizer([source], 120), tmp_path)
    tokenizer = transformers.PreTrainedTokenizerFast.from_pretrained(tmp_path)
    ids = tokenizer("Jeg går på arbejde").input_ids
    assert (ids[0], ids[-1]) == (packing.CLS, packing.SEP)
    assert tokenizer.unk_token_id not in ids
    assert tokenizer.mask_token_id == packing.MASK


def encode_words(side: int) -> tuple[list[list[int]], list[str]]:
    words = sorted({word for pair in SENTENCES for word in pair[side].split()})
    return [[words.index(word) for word in pair[side].split()] for pair in SENTENCES], words


def test_alignment_finds_the_translations() -> None:
    danish, danish_words = encode_words(1)
    english, english_words = encode_words(0)
    found = alignment.align(danish, english, (len(danish_words), len(english_words)))
    best = np.asarray(found.translations.todense()).argmax(1)
    translated = {word: english_words[best[place]] for place, word in enumerate(danish_words)}
    assert translated["sover"] == "sleeps"
    assert translated["spiser"] == "eats"
    assert translated["katten"] == "cat"
    assert np.allclose(found.translations.sum(1), 1)
    assert found.support[danish_words.index("sover")] == 3


def test_neighbours_do_not_cross_gaps() -> None:
    ids = packing.running_text([[0, 1], [2, 3]], gap=2)
    counts = vectors.count_neighbours(ids, 4, window=2).toarray()
    assert counts[0, 1] == counts[1, 0] == 1
    assert counts[1, 2] == counts[0, 3] == 0


def test_words_in_like_company_get_like_vectors() -> None:
    generator = np.random.default_rng(0)
    # Pieces 0 and 1 stand among 4-7, pieces 2 and 3 among 8-11.
    passages = [
        [int(piece), *generator.choice(np.arange(4, 8) + 4 * (piece > 1), 3)] for piece in generator.integers(0, 4, 400)
    ]
    found = vectors.word_vectors(vectors.count_neighbours(packing.running_text(passages, 4), 12), 4)
    assert found[0] @ found[1] > 0.9 > found[0] @ found[2]


def test_map_recovers_a_linear_relation() -> None:
    generator = np.random.default_rng(0)
    source, mapping = generator.normal(size=(50, 3)), generator.normal(size=(3, 2))
    target = source @ mapping + 1.5
    found = vectors.apply_map(source, vectors.fit_map(source, target, np.ones(50), 1e-6))
    assert np.allclose(found, target, atol=1e-4)


def test_capitalised_pieces_borrow_from_their_lower_case_form() -> None:
    pieces = ["hund", "Hund", "Bo"]
    mixed, support = initialisation.borrow_from_twins(
        np.array([[1.0], [5.0], [7.0]]), np.array([3.0, 1.0, 2.0]), initialisation.lower_case_twins(pieces)
    )
    assert mixed.ravel().tolist() == [1.0, 2.0, 7.0]
    assert support.tolist() == [3.0, 4.0, 2.0]


def test_embeddings_of_known_pieces_follow_their_translation() -> None:
    generator = np.random.default_rng(0)
    english = generator.normal(size=(30, 8))
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *(f"ord{number}" for number in range(20))]
    links = sparse.csr_matrix((np.ones(20), (np.arange(5, 25), np.arange(5, 25))), shape=(25, 30))
    known = alignment.Alignment(links, np.where(np.arange(25) < 24, 100.0, 0.0))
    found = initialisation.danish_embeddings(
        pieces, known, generator.normal(size=(25, 4)), english, [25, 26, 27, 28, 29]
    )
    assert np.allclose(found[:5], english[25:], atol=1e-6)
    centred = found[5:24] - english.mean(0)
    wanted = english[5:24] - english.mean(0)
    cosine = (centred * wanted).sum(1) / np.linalg.norm(centred, axis=1) / np.linalg.norm(wanted, axis=1)
    assert cosine.min() > 0.95


def test_rows_hold_every_piece_once() -> None:
    passages = [[10] * 5, [11] * 3, [12] * 25, [13] * 2]
    rows = packing.pack_rows(passages, 12)
    assert rows.shape[1] == 12
    for piece, count in ((10, 5), (11, 3), (12, 25), (13, 2)):
        assert (rows == piece).sum() == count
    assert (rows[:, 0] == packing.CLS).all()
    assert ((rows == packing.SEP).sum(1) == 1).all()


def test_masking_takes_whole_words() -> None:
    torch = pytest.importorskip("torch")
    from narratives.building.encoder.objectives import choose_words, hide_words

    ids = torch.tensor([[2, 5, 6, 7, 5, 6, 3, 0]]).repeat(400, 1)
    continues = torch.tensor([False] * 6 + [True, True])  # 6 and 7 continue the word begun by 5
    chance = torch.Generator().manual_seed(0)
    chosen = choose_words(ids, continues, 5, 0.3, chance)
    assert (chosen[:, 1] == chosen[:, 2]).all()
    assert (chosen[:, 1] == chosen[:, 3]).all()
    assert not chosen[:, [0, 6, 7]].any()
    assert 0.2 < chosen[:, 1].float().mean() < 0.4
    hidden = hide_words(ids, chosen, 8, chance)
    assert (hidden[~chosen] == ids[~chosen]).all()
    assert 0.7 < (hidden[chosen] == packing.MASK).float().mean() < 0.9


def test_held_out_pairs_share_no_side_with_training() -> None:
    pytest.importorskip("torch")
    from narratives.building.encoder.preparing import join_pairs, split_pairs

    pairs = [(f"e{number // 2}", f"d{number}") for number in range(40)]
    training, held_out = split_pairs(pairs, 10, seed=0)
    assert not {english for english, _ in training} & {english for english, _ in held_out}
    assert all(english.count("e") == danish.count("d") >= 2 for english, danish in join_pairs(pairs, 9, seed=0))


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A miniature of the shared folder, the corpus and the teacher."""
    transformers = pytest.importorskip("transformers")
    from narratives.building.encoder import preparing

    monkeypatch.setattr("narratives.training.devices._cpu_gains", lambda: False)
    shared, corpus, teacher = tmp_path / "shared", tmp_path / "corpus", tmp_path / "teacher"
    names = "tatoeba commonvoice_da xed_subtitles leipzig_lcc parole_cdt nytaarstaler_1946_2021 linuxbog"
    names += " msdocs_d365 msdocs_powerbi msdocs_businesscentral adl_1820_1935_normalised"
    for name in names.split():
        write_xz(shared / f"data/text/{name}.txt.xz", [danish for _, danish in SENTENCES] * 5 + ["— hunden sover"])
    write_xz(shared / "data/parallel/tatoeba_en_da.tsv.xz", ["\t".join(pair) for pair in SENTENCES * 2])
    (shared / "trials").mkdir()
    (shared / "trials/narratives_en_da.tsv").write_text("p01\ta man sleeps\ten mand sover\n", encoding="utf-8")
    said = {"n1-p01": "en mand spiser. hunden sover.", "n1-p02": "hunden spiser brød"}
    records = [{"id": f"{person}-1", "person": person, "text": text} for person, text in said.items()]
    rows = "# id<TAB>English\nn1-p01-1\ta man eats. the dog sleeps.\nn1-p02-1\tthe dog eats bread\n"
    for name in ("natural", "singles"):
        write_records(corpus / f"{name}.jsonl", records)
    (corpus / "translations.tsv").write_text(rows, encoding="utf-8")
    (corpus / "split.csv").write_text("person,split\nn1-p01,rest\nn1-p02,test\n", encoding="utf-8")
    (corpus / "transcripts").mkdir()
    english = vocabulary.train_tokenizer(
        [texts.Source("e", [pair[0] for pair in SENTENCES] * 20, 1, 1.0)], 90, field_size=0
    )
    vocabulary.save_tokenizer(english, teacher)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    config = transformers.BertConfig(vocab_size=english.get_vocab_size(), max_position_embeddings=256, **sizes)
    transformers.BertModel(config, add_pooling_layer=False).save_pretrained(teacher)
    monkeypatch.setattr(preparing, "check_weights", lambda folder: None)
    monkeypatch.setattr(preparing, "HELD_OUT_PAIRS", 2)
    monkeypatch.setattr(preparing, "FIELD_SIZE", 10)
    return preparing.Places(shared, corpus, teacher, tmp_path / "run")


def test_answers_are_paired_whole_and_by_sentence_and_without_test_persons(places) -> None:
    pairs = texts.read_pairs(places.shared, places.corpus, places.glossary)["answers"]
    whole = ("a man eats. the dog sleeps.", "en mand spiser. hunden sover.")
    assert pairs == [whole, ("a man eats.", "en mand spiser."), ("the dog sleeps.", "hunden sover.")]


def test_other_weights_than_the_measured_ones_are_refused(tmp_path: Path) -> None:
    from narratives.building.encoder.teacher import check_weights

    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(ValueError, match="expected 53aa51"):
        check_weights(tmp_path)


def test_prepared_trained_saved_resumed_and_exported(places, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from narratives.building.encoder import preparing, training
    from narratives.building.encoder.evaluation import find_translations, load_body
    from narratives.building.encoder.export import export_encoder

    preparing.prepare(places, size=120, seed=0)
    material = training.load_material(places.run)
    student = training.build_student(places.teacher, places.run)
    lines: list[str] = []
    recipe = training.Recipe(minutes=0.02, pairs=4, rows=2)
    training.train(student, material, recipe, places.run, lines.append)
    assert any("words" in line for line in lines)

    fresh = training.build_student(places.teacher, places.run)
    optimiser = training.build_optimiser(fresh, recipe)
    progress = training.load_state(places.run, fresh, optimiser)
    assert progress is not None
    assert progress["step"] > 0
    ids = torch.from_numpy(material.held_out).long()
    assert torch.allclose(fresh.eval().embed(ids), student.eval().embed(ids))
    embeddings = fresh.body.embeddings.word_embeddings.weight
    assert float(optimiser.state[embeddings]["exp_avg_sq"].sum()) > 0

    export_encoder(student.body, places.run, tmp_path / "encoder")
    body = load_body(tmp_path / "encoder").eval()
    assert body.config.vocab_size == len(embeddings)
    assert json.loads((tmp_path / "encoder/config.json").read_text())["architectures"] == ["BertModel"]
    share = find_translations(tmp_path / "encoder", places.run / "held_out.tsv", places.run / "held_out_targets.npy")
    assert 0.0 <= share <= 1.0
