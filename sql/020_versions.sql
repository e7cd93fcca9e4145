-- What decides which version is current, for all versions at once, and where the row lies; gone when publishing is done.
-- A version whose run is not in runs counts as the oldest of those captured at the same time.
create temp table version_order as
select
    r.version_id,
    r.article_id,
    r.captured_at,
    r.recorded_at,
    r.run_id,
    coalesce(runs.run_seq, 0) as run_seq,
    (files.file_id << 32) + r.file_row_number as place
from {{rows}} as r
left join runs on runs.run_id = r.run_id
left join files on files.path = r.filename
where {{shown}};

-- Two runs at the same time can store one reading twice: the row of the first run stands.
insert into doubled
select version_id, run_id
from version_order
semi join (select version_id from version_order group by version_id having count(*) > 1) using (version_id)
qualify row_number() over (partition by version_id order by run_seq, run_id) > 1;

delete from version_order
using doubled
where version_order.version_id = doubled.version_id and version_order.run_id = doubled.run_id;
