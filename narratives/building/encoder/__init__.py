"""How the shipped Danish encoder was made: an English sentence encoder, taught Danish.

The body of a small English sentence encoder is given a Danish vocabulary (``vocabulary``), whose
embeddings come from word alignment (``alignment``) and co-occurrence (``vectors``,
``initialisation``). It then learns from the English teacher on translated sentences, mixed with
guessing masked words in Danish text (``texts``, ``packing``, ``objectives``, ``training``), and is measured
on persons nobody trained on (``evaluation``, ``probing``).
The command: ``python -m narratives.building.encoder --help``.
"""
