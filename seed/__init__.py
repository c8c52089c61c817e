"""Knowledge as files: the sample company, the loader, the generator of sample history."""
