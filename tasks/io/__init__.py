"""The ground under the stages: files, captures, tables, leases, the one HTTP client. Knows no stage, no Prefect."""
