"""The stages, one package each, and the ground under them (`tasks.io`, `tasks.errors`).

`task.py` in each stage is its Prefect shell; every other file is pure, or plain I/O, and knows no Prefect.
A stage never imports another stage: only a flow knows the order.
"""
