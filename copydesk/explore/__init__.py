"""`copydesk explore`: pages on this machine for looking around in a dataset and for deciding what waits."""
