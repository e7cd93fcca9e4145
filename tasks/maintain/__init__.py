"""Upkeep of what is stored: forgetting, compaction, vacuum, retention, backup. No step of a night."""
