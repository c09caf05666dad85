"""The building of the shipped spaCy pipeline: conversion, copies, documents, configuration, card."""

import io
import random
import tarfile

import pytest

from narratives.building.pipeline.convert import convert, convert_all, convert_archive, is_tree
from narratives.building.pipeline.entities import read_entities, repair_bio, simple_label
from narratives.building.pipeline.examples import in_groups
from narratives.building.pipeline.held_out import HeldOut
from narratives.building.pipeline.layout import rows_to_sentences
from narratives.building.pipeline.parole import features, positions, word_class
from narratives.building.pipeline.repair import attach_lost, part_class, split_joined
from narratives.building.pipeline.spacing import guess_spaces
from narratives.building.pipeline.spoken import Habits, insert, lower_start, spoken_copy, without
from narratives.building.pipeline.trees import ROOT, Sentence, Word, format_feats, parse_feats, read_conllu, to_conllu


def tree(*rows: tuple[str, str, str, int, str]) -> Sentence:
    """A Copenhagen tree from (form, lemma, tag, head counted from 1, relation)."""
    return Sentence([Word(form, lemma, tag, head - 1, rel) for form, lemma, tag, head, rel in rows])


def relations(sentence: Sentence) -> list[str]:
    """``form/relation/governor`` of every word of a converted tree."""
    words = sentence.words
    return [f"{w.form}/{w.deprel}/{words[w.head].form if w.head != ROOT else '-'}" for w in words]


FINITE, INFINITIVE, PARTICIPLE = "VADR=----A-", "VAF-=----A-", "VAPA=S[CN]I[ARU]-U"
I_PRONOUN, NOUN, DEFINITE = "PP1CSN-NU", "NCCSU==I", "NCCSU==D"


@pytest.mark.parametrize(
    ("tag", "form", "upos", "feats"),
    [
        ("VADR=----A-", "kommer", "VERB", "Mood=Ind|Tense=Pres|VerbForm=Fin|Voice=Act"),
        ("VADA=----P-", "ramtes", "VERB", "Mood=Ind|Tense=Past|VerbForm=Fin|Voice=Pass"),
        ("VAF-=----P-", "sendes", "VERB", "VerbForm=Inf|Voice=Pass"),
        ("VAPA=S[CN]I[ARU]-U", "spændt", "VERB", "Definite=Ind|Number=Sing|Tense=Past|VerbForm=Part"),
        ("VAPR=[SP][CN][DI]A-U", "manglende", "VERB", "Tense=Pres|VerbForm=Part"),
        ("VAM-=------", "hæld", "VERB", "Mood=Imp"),
        ("NCCSU==D", "julemanden", "NOUN", "Definite=Def|Gender=Com|Number=Sing"),
        ("NP--G==-", "Kelds", "PROPN", "Case=Gen"),
        ("ANP[CN]PU=[DI]U", "store", "ADJ", "Degree=Pos|Number=Plur"),
        ("ANP---=-R", "hurtigt", "ADV", "Degree=Pos"),
        ("PP1CSN-NU", "jeg", "PRON", "Case=Nom|Gender=Com|Number=Sing|Person=1|PronType=Prs"),
        ("PP3[CN][SP]U-YU", "sig", "PRON", "Case=Acc|Person=3|PronType=Prs|Reflex=Yes"),
        (
            "PO3CSUSYU",
            "sin",
            "PRON",
            "Gender=Com|Number=Sing|Number[psor]=Sing|Person=3|Poss=Yes|PronType=Prs|Reflex=Yes",
        ),
        ("PI-C[SP]N--U", "man", "PRON", "Case=Nom|Gender=Com|PronType=Ind"),
        ("CS", "end", "ADP", "_"),
        ("XX", "zzz", "X", "_"),
    ],
)
def test_parole_tags_become_universal_ones(tag, form, upos, feats):
    assert word_class(tag, form) == upos
    assert format_feats(features(tag)) == feats


def test_positions_keep_alternatives_together():
    assert positions("NC[CN]SU==I") == ["N", "C", "[CN]", "S", "U", "=", "=", "I"]


def test_features_survive_reading_and_writing():
    assert parse_feats(format_feats({"Tense": "Past", "Mood": "Ind"})) == {"Mood": "Ind", "Tense": "Past"}
    assert parse_feats("_") == {}


CASES = {
    "prepositions and determiners stop governing": (
        tree(
            ("Jeg", "jeg", I_PRONOUN, 2, "subj"), ("bor", "bo", FINITE, 0, "ROOT"), ("i", "i", "SP", 2, "mod"),
            ("et", "en", "PI-NSU--U", 3, "nobj"), ("hus", "hus", "NCNSU==I", 4, "nobj"), (".", ".", "XP", 2, "pnct"),
        ),
        ["Jeg/nsubj/bor", "bor/root/-", "i/case/hus", "et/det/hus", "hus/obl/bor", "./punct/bor"],
    ),
    "chains of auxiliaries hang on the main verb": (
        tree(
            ("Hun", "hun", "PP3CSN-NU", 2, "subj"), ("kan", "kunne", FINITE, 0, "ROOT"),
            ("være", "være", INFINITIVE, 2, "vobj"), ("blevet", "blive", PARTICIPLE, 3, "vobj"),
            ("ramt", "ramme", PARTICIPLE, 4, "vobj"),
        ),
        ["Hun/nsubj/ramt", "kan/aux/ramt", "være/aux/ramt", "blevet/aux/ramt", "ramt/root/-"],
    ),
    "være with an adjective is a copula": (
        tree(
            ("Det", "det", "PP3NSU-NU", 2, "subj"), ("er", "være", FINITE, 0, "ROOT"),
            ("hårdt", "hård", "ANPNSU=IU", 2, "pred"),
        ),
        ["Det/nsubj/hårdt", "er/cop/hårdt", "hårdt/root/-"],
    ),
    "være with a prepositional phrase is a verb": (
        tree(
            ("Jeg", "jeg", I_PRONOUN, 2, "subj"), ("er", "være", FINITE, 0, "ROOT"), ("i", "i", "SP", 2, "pred"),
            ("tvivl", "tvivl", NOUN, 3, "nobj"),
        ),
        ["Jeg/nsubj/er", "er/root/-", "i/case/tvivl", "tvivl/obl/er"],
    ),
    "subordinators and prepositions before clauses are marks": (
        tree(
            ("efter", "efter", "SP", 7, "mod"), ("at", "at", "CS", 1, "nobj"), ("jeg", "jeg", I_PRONOUN, 4, "subj"),
            ("kom", "komme", FINITE, 2, "vobj"), ("hjem", "hjem", "RGU", 4, "mod"), (",", ",", "XP", 4, "pnct"),
            ("sov", "sove", FINITE, 0, "ROOT"), ("han", "han", "PP3CSN-NU", 7, "subj"),
        ),
        ["efter/mark/kom", "at/mark/kom", "jeg/nsubj/kom", "kom/advcl/sov", "hjem/advmod/kom", ",/punct/kom",
         "sov/root/-", "han/nsubj/sov"],
    ),
    "an object clause without auxiliary is obj, with one ccomp": (
        tree(
            ("siger", "sige", FINITE, 0, "ROOT"), ("at", "at", "CS", 1, "dobj"), ("han", "han", "PP3CSN-NU", 4, "subj"),
            ("kom", "komme", FINITE, 2, "vobj"),
        ),
        ["siger/root/-", "at/mark/kom", "han/nsubj/kom", "kom/obj/siger"],
    ),
    "coordination: the conjunction hangs on the second part": (
        tree(
            ("far", "far", NOUN, 4, "subj"), ("og", "og", "CC", 1, "coord"), ("mor", "mor", NOUN, 2, "conj"),
            ("kom", "komme", FINITE, 0, "ROOT"),
        ),
        ["far/nsubj/kom", "og/cc/mor", "mor/conj/far", "kom/root/-"],
    ),
    "a conjunction at the start does not govern the sentence": (
        tree(
            ("Men", "men", "CC", 0, "ROOT"), ("jeg", "jeg", I_PRONOUN, 3, "subj"), ("gik", "gå", FINITE, 1, "conj"),
            (".", ".", "XP", 1, "pnct"),
        ),
        ["Men/cc/gik", "jeg/nsubj/gik", "gik/root/-", "./punct/gik"],
    ),
    "genitives and possessives": (
        tree(
            ("Lars", "Lars", "NP--U==-", 2, "namef"), ("Olsens", "Olsen", "NP--G==-", 5, "subj"),
            ("gamle", "gammel", "ANP[CN]SU=DU", 2, "mod"), ("job", "job", "NCNSU==I", 2, "possd"),
            ("forsvandt", "forsvinde", FINITE, 0, "ROOT"),
        ),
        ["Lars/nmod:poss/job", "Olsens/flat/Lars", "gamle/amod/job", "job/nsubj/forsvandt", "forsvandt/root/-"],
    ),
    "an adjective in the place of a noun": (
        tree(
            ("De", "den", "PD-[CN]PU--U", 3, "subj"), ("unge", "ung", "ANP[CN]PU=[DI]U", 1, "mod"),
            ("arbejder", "arbejde", FINITE, 0, "ROOT"),
        ),
        ["De/det/unge", "unge/nsubj/arbejder", "arbejder/root/-"],
    ),
    "relative clauses": (
        tree(
            ("en", "en", "PI-CSU--U", 0, "ROOT"), ("mand", "mand", NOUN, 1, "nobj"), ("der", "der", "U=", 4, "subj"),
            ("sover", "sove", FINITE, 1, "rel"),
        ),
        ["en/det/mand", "mand/root/-", "der/nsubj/sover", "sover/acl:relcl/mand"],
    ),
    "numerals": (
        tree(
            ("tre", "tre", "AC---U=--", 3, "subj"), ("mænd", "mand", "NCCPU==I", 1, "nobj"),
            ("gik", "gå", FINITE, 0, "ROOT"),
        ),
        ["tre/nummod/mænd", "mænd/nsubj/gik", "gik/root/-"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_heads_and_relations(name):
    source, expected = CASES[name]
    before = [word.head for word in source.words]
    converted = convert(source)
    assert relations(converted) == expected
    assert is_tree(converted)
    assert [word.head for word in source.words] == before, "the input must stay as it was"


def test_auxiliary_determiner_and_possessive_classes_follow_syntax():
    words = convert(CASES["chains of auxiliaries hang on the main verb"][0]).words
    assert [word.upos for word in words] == ["PRON", "AUX", "AUX", "AUX", "VERB"]
    words = convert(CASES["an adjective in the place of a noun"][0]).words
    assert [word.upos for word in words] == ["DET", "ADJ", "VERB"]


def test_a_lost_complement_goes_to_the_verb_before_it():
    source = tree(
        ("han", "han", "PP3CSN-NU", 2, "subj"), ("bor", "bo", FINITE, 0, "ROOT"), ("hos", "hos", "SP", 0, "ROOT"),
        ("moderen", "moder", DEFINITE, 3, "nobj"),
    )  # fmt: skip
    assert relations(convert(source))[2:] == ["hos/case/moderen", "moderen/obl/bor"]


def test_a_lost_word_after_a_bare_preposition_completes_it():
    source = tree(
        ("ringer", "ringe", FINITE, 0, "ROOT"), ("om", "om", "SP", 1, "mod"), ("lidt", "lidt", "RGU", 0, "ROOT")
    )
    attach_lost(source)
    assert (source.words[2].head, source.words[2].rel) == (1, "nobj")


def test_joined_words_are_split_and_heads_follow():
    source = tree(
        ("han", "han", "PP3CSN-NU", 3, "subj"), ("i_går", "i_går", "RGU", 3, "mod"), ("kom", "komme", FINITE, 0, "ROOT")
    )
    split = split_joined(source)
    assert split.forms() == ["han", "i", "går", "kom"]
    assert [word.head for word in split.words] == [3, 3, 1, ROOT]
    assert relations(convert(source))[1:3] == ["i/advmod/kom", "går/fixed/i"]


@pytest.mark.parametrize(("form", "upos"), [("På", "ADP"), ("selv", "ADV"), ("dag", "NOUN")])
def test_parts_of_fixed_expressions(form, upos):
    assert part_class(form) == upos


def test_unanalysed_words_take_their_commonest_tag():
    known = tree(("har", "have", FINITE, 0, "ROOT"))
    unknown = tree(("Har", "har", "XX", 0, "ROOT"))
    assert [s.words[0].upos for s in convert_all([known, known, unknown])] == ["VERB"] * 3


LONG = "de spiste kage i den store have bag huset"


@pytest.mark.parametrize(
    ("text", "kept_back"),
    [
        (LONG, True),
        (LONG.replace("i den", "iden") + " .", True),
        ("i den store have", True),
        (LONG.replace("kage", "kager"), True),
        ("Foto :", False),
        ("vi gik en tur i den store skov", False),
    ],
)
def test_held_out_sentences_are_recognised(text, kept_back):
    held_out = HeldOut([Sentence([Word(form, form) for form in f"Foto : {LONG} .".split()[2:]])])
    assert held_out.contains(Sentence([Word(form, form) for form in text.split()])) is kept_back


def test_the_archive_is_read_and_held_out_sentences_left_out(tmp_path):
    rows = "1\tHan\than\tPP\tPP3CSN-NU\tx\t2\tsubj\t_\t_\n2\tsov\tsove\tVA\tVADA=----A-\tx\t0\tROOT\t_\t_\n"
    quote = "1\t&quot;\t&quot;\tXP\tXP\tx\t2\tpnct\t_\t_\n2\tSov\tsove\tVA\tVAM-=------\tx\t0\tROOT\t_\t_\n"
    archive = tmp_path / "cdt.tar.xz"
    with tarfile.open(archive, "w:xz") as tar:
        data = f"{rows}\n{quote}".encode()
        info = tarfile.TarInfo("0001-da.conll")
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
    held_out = tmp_path / "test.conllu"
    held_out.write_text(to_conllu(list(convert_archive(archive))[:1]), encoding="utf-8")
    left = convert_archive(archive, [held_out])
    assert [sentence.forms() for sentence in left] == [['"', "Sov"]]
    assert left[0].words[1].feats == {"Mood": "Imp"}


def test_conllu_round_trip(tmp_path):
    path = tmp_path / "a.conllu"
    converted = convert(CASES["være with an adjective is a copula"][0])
    path.write_text(to_conllu([converted]), encoding="utf-8")
    (again,) = read_conllu(path)
    assert relations(again) == relations(converted)
    assert again.spaces == converted.spaces
    assert [w.feats for w in again.words] == [w.feats for w in converted.words]


def test_rows_skip_comments_but_not_words_that_start_with_a_hash():
    assert list(rows_to_sentences(["# text = x", "#dkpol\tO", "", "", "a\tO"])) == [[["#dkpol", "O"]], [["a", "O"]]]


@pytest.mark.parametrize(
    "text",
    ['Han sagde: "Kom nu!" og gik (hurtigt), 20% før os.', "Ja, det er det.", 'Han kom. "Hej"', 'Han kom."'],
)
def test_spaces_are_guessed_as_danes_write(text):
    import re

    forms = re.findall(r"\w+|[^\w\s]", text)
    spaces = guess_spaces(forms)
    assert "".join(f + " " * s for f, s in zip(forms, spaces, strict=True)).strip() == text


EVERY = Habits(1.0, 1.0, 0.0, 1.0, 0.3, 0.2, 0.2, 0.2)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", CASES)
def test_spoken_copies_stay_trees(name, seed):
    written = convert(CASES[name][0])
    spoken = spoken_copy(written, random.Random(seed), EVERY)
    assert is_tree(spoken)
    assert len(spoken.spaces) == len(spoken.words)
    kept = [w.form.lower() for w in spoken.words if w.deprel not in ("discourse", "reparandum")]
    assert all(word.form.lower() in kept for word in written.words if word.upos != "PUNCT")


def test_spoken_copies_repeat_with_the_seed():
    written = convert(CASES["relative clauses"][0])
    first, second = (spoken_copy(written, random.Random(5), EVERY).forms() for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("form", "upos", "expected"),
    [("Det", "PRON", "det"), ("Lars", "PROPN", "Lars"), ("De", "PRON", "De"), ("EU", "NOUN", "EU")],
)
def test_lower_start_spares_names_and_polite_words(form, upos, expected):
    sentence = Sentence([Word('"', '"', upos="PUNCT"), Word(form, form, upos=upos)])
    lower_start(sentence)
    assert sentence.words[1].form == expected


def test_words_come_and_go_with_their_heads():
    sentence = convert(CASES["relative clauses"][0])
    insert(sentence, 2, Word("...", "...", upos="PUNCT", deprel="punct"))
    assert relations(sentence)[1:4] == ["mand/root/-", ".../punct/der", "der/nsubj/sover"]
    assert sentence.spaces[1] is False, "a pause clings to the word before it"
    assert relations(without(sentence, {2}))[1:3] == ["mand/root/-", "der/nsubj/sover"]


def test_entities_have_four_labels_and_open_with_b(tmp_path):
    path = tmp_path / "x.tsv"
    path.write_text("russiske\tB-LOCderiv\tO\nLars\tI-PER\tO\nOlsen\tI-PER\tO\n\nhej\tO\tO\n", encoding="utf-8")
    assert read_entities(path) == [
        (["russiske", "Lars", "Olsen"], ["B-MISC", "B-PER", "I-PER"]),
        (["hej"], ["O"]),
    ]
    assert simple_label("O") == "O"
    assert repair_bio(["I-PER", "I-LOC", "O", "I-LOC"]) == ["B-PER", "B-LOC", "O", "B-LOC"]


def test_groups_hold_everything_in_order():
    groups = list(in_groups(range(50), 7, random.Random(1)))
    assert [item for group in groups for item in group] == list(range(50))
    assert max(map(len, groups)) <= 7


def trained_folder(tmp_path, kind):
    """A tiny model of one kind, trained for a few updates."""
    from spacy.vocab import Vocab

    from narratives.building.pipeline.entities import entity_doc
    from narratives.building.pipeline.examples import tree_doc, write_docs
    from narratives.building.pipeline.recipe import Size
    from narratives.building.pipeline.train import fit

    folder, vocab = tmp_path / kind, Vocab()
    if kind == "syntax":
        trees = [convert(source) for source, _ in CASES.values()]
        docs = [tree_doc(vocab, trees[i : i + 3]) for i in range(0, len(trees), 3)]
    else:
        docs = [entity_doc(vocab, [(["Lars", "kom"], ["B-PER", "O"]), (["Aarhus", "sov"], ["B-LOC", "O"])])] * 3
    for name in ("train", "dev"):
        write_docs(docs, folder / f"{name}.spacy")
    return fit(kind, folder, Size(8, 1, (50, 50, 50, 50), 8), seed=1, steps=4)


def test_both_models_train_join_measure_and_describe_themselves(tmp_path, capsys):
    pytest.importorskip("narratives.segment", reason="spaCy loads the package's entry points")
    import spacy

    from narratives.building.pipeline.card import META, write_card
    from narratives.building.pipeline.evaluate import bare, syntax_scores
    from narratives.building.pipeline.train import join

    nlp = join(trained_folder(tmp_path, "syntax"), trained_folder(tmp_path, "names"), META)
    nlp.to_disk(tmp_path / "model")
    nlp = spacy.load(tmp_path / "model")
    assert nlp.pipe_names == ["tok2vec", "morphologizer", "parser", "trainable_lemmatizer", "ner"]
    doc = nlp("jeg bor i et hus")
    assert list(doc.sents)
    assert all(token.dep_ and token.pos_ for token in doc)
    trees = [convert(source) for source, _ in CASES.values()]
    scores = syntax_scores(nlp, trees)
    assert scores["token_acc"] == 1.0
    assert 0 <= scores["dep_las"] <= scores["dep_uas"] <= 1
    assert all(word.form != "." for tree_ in bare(trees) for word in tree_.words)
    names = dict.fromkeys(("ents_f", "ents_p", "ents_r"), 0.5)
    figures = {
        "syntax": scores,
        "lower": scores,
        "bare": scores,
        "names": dict.fromkeys(("news", "arto", "twitter"), names),
    }
    write_card(tmp_path / "model", figures, {"commands": "x", "minutes": "1"})
    text = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert "CC BY-SA 4.0" in text
    assert "0.500 (0.500 / 0.500)" in text


def test_dev_is_split_without_overlap():
    from narratives.building.pipeline.train import split_dev

    sentences = [Sentence([], source=str(i)) for i in range(11)]
    taught, stop = split_dev(sentences)
    assert len(stop) == 3
    assert len(taught) == 8
    assert not {s.source for s in taught} & {s.source for s in stop}


def test_only_two_kinds_of_model_exist():
    from narratives.building.pipeline.recipe import Size, settings

    with pytest.raises(KeyError):
        settings("poetry", Size())


def test_going_on_takes_over_all_but_the_lemmatizer():
    from narratives.building.pipeline.recipe import SYNTAX, Size, settings

    components = settings("syntax", Size(), start="first")["components"]
    assert [name for name in SYNTAX if components[name] != {"source": "first"}] == ["trainable_lemmatizer"]
