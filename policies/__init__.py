"""Who may do what, and how personal values are kept. Never reads the graph."""
