"""What rules can see in Danish clauses: verbs, clauses, who acts and who is acted on."""
