"""Text to links: a spaCy pipeline of small components. Never writes to the graph."""
