"""What a run found becomes rows: versions, states, and one commit over all tables."""
