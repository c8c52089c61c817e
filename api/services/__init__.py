"""What the product does, each in one function: extractor, graph and rights put together."""
