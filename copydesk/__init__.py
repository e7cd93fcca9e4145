"""The command and the doors for notebooks: thin, with late imports."""
