-- The responses that are kept, each with its place in a WARC file. Reprocess and release have none of their own.
create view captures as
select
    {{columns}}
from ledger as v
where v.capture_uri is not null and v.run_id not in (select run_id from runs where flow in ('reprocess', 'release'));
