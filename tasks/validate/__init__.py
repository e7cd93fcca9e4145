"""The contract: what passes is published, what does not keeps its reason."""
