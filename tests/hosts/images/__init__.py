"""A host's own image model."""
