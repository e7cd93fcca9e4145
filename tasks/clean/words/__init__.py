"""The vocabularies of the repairs by language; each row has an example that matches and one that must not."""
