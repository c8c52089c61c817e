"""Knowledge as RDF, by the ontology: written, read, checked by the shapes. Nothing is fetched."""
