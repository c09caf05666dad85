"""A quick yardstick: logistic regression on the frozen encoder, every natural answer held out once with its person."""

from pathlib import Path

import numpy as np

from .evaluation import BATCH, DECIDING, Coded, deal_persons, load_body, pool_both, read_coded, score, take

PENALTY = 0.03


def embed_answers(encoder: Path, coded: Coded) -> np.ndarray:
    """Standardised mean and maximum features of every answer: (answers, twice the width)."""
    import torch

    from narratives.training.devices import fast_precision

    body = load_body(encoder).eval()
    order = np.argsort((coded.rows != 0).sum(1), kind="stable")
    features = np.zeros((len(order), 2 * body.config.hidden_size), dtype=np.float32)
    with torch.inference_mode(), fast_precision(torch.device("cpu")):
        for start in range(0, len(order), 2 * BATCH):
            place = order[start : start + 2 * BATCH]
            features[place] = pool_both(body, take(coded, place)).float().numpy()
    return (features - features.mean(0)) / (features.std(0) + 1e-6)


def probe(encoder: Path, corpus: Path, folds: int = 5, seed: int = 0) -> dict[str, float]:
    """Macro-F1 of the deciding variables and quadratic kappa of agency, with the encoder frozen."""
    from sklearn.linear_model import LogisticRegression

    coded = read_coded(corpus, encoder)
    features = embed_answers(encoder, coded)
    dealt = deal_persons(coded.persons, folds, seed)
    fold = np.array([dealt[person] for person in coded.persons])
    found = np.zeros((len(features), len(DECIDING)), dtype=int)
    for number in range(folds):
        for column in range(len(DECIDING)):
            model = LogisticRegression(C=PENALTY / 10, max_iter=300)
            weight = np.where(coded.natural, 2.0, 1.0)[fold != number]
            model.fit(features[fold != number], coded.codes[fold != number, column], sample_weight=weight)
            held_out = (fold == number) & coded.natural
            found[held_out, column] = model.predict(features[held_out])
    return score(coded.codes[coded.natural][:, :2], found[coded.natural])
