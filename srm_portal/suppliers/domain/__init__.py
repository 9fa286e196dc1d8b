"""Rules of the registry: names compared, distances, categories, qualification, performance. Pure."""
