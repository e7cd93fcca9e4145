-- What this database was made from. No clock: the same committed rows make the same database.
insert into published
select {{format}}, {{folder}}, count(*), arg_max(run_id, run_seq), max(run_seq), (select max(recorded_at) from ledger)
from runs;
