"""What the coded narratives of persons say when they are followed over interviews: parts of ``narratives.agency``."""
