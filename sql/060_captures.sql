-- The responses that are kept, each with its place in a WARC file.
create view captures as
select
    {{columns}}
from ledger as v
where v.capture_uri is not null;
