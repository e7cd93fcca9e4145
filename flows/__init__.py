"""The order of the stages, nothing else."""
