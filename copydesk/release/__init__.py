"""`copydesk export`: the dataset, or a part of it, as a folder that can be handed over, checked and cited."""
