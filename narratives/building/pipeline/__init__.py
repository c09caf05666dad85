"""How the shipped Danish spaCy pipeline was made.

One step per module, in this order:

* ``trees``: words, sentences and the two treebank formats;
* ``parole``: PAROLE tags to UD word classes and features;
* ``repair``: what the treebank release left open (lost heads, words joined by ``_``);
* ``heads``: function words stop governing their complements;
* ``relations``: Copenhagen relations to UD relations;
* ``convert``: the four steps above on one sentence or a whole archive;
* ``held_out``: evaluation sentences stay out of the training data;
* ``entities``, ``spacing``, ``spoken``, ``examples``: names, spaces, speech-like copies, spaCy documents;
* ``recipe``, ``train``, ``evaluate``, ``card``: the spaCy configuration, training, figures and the model card.

Run ``python -m narratives.building.pipeline --help``.
"""
