"""From a GraphQL document to one authorised query, and from its row to the response.

*outline* reads the selection, *arguments* the values, *planning* compiles and remembers, *shaper*
writes the function that turns rows into the response. No value is ever part of a plan.
"""
