"""How the shipped models and the shipped corpus were made.

Nothing in the rest of the package imports from here; a user who only annotates never needs it.
Each module is a command of its own (``python -m narratives.building.NAME --help``).
"""
