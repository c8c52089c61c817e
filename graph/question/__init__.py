"""A question in the words of the ontology. Knows no graph and no rights: only what was asked."""
