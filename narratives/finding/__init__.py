"""How interventions are found in narratives: vocabulary, mentions, tense, chains."""
