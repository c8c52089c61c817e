"""From what is asked to one Cypher text: the only place that builds Cypher from parts.

Identifiers come from the vocabulary and the schema table, every value is a parameter, and every
label in reach brings its scope.
"""
