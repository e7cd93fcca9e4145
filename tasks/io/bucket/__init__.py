"""Data in an object store: the bucket holds them, and each machine works in a copy of its own.

`store` speaks to the bucket, `errors` says what is wrong with it, `copy` keeps the copy in step, `share` puts what
was made here into the bucket, `leases` are the locks. See docs/decisions/0044-object-storage.md.
"""
