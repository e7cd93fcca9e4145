-- The dataset at another time. Rows of retracted runs are in neither.
-- What was current then is what was there and had no later version yet: nothing is sorted, the past rows are marked anew
-- (see superseded and files; no file has more than {{most_rows}} rows).
create macro articles_as_of(ts) as table
select
    {{columns}}
from {{rows}} as r
left join (
    select
        any_value(files.path) as path,
        bitstring_agg(cast(s.place & 4294967295 as integer), 0, {{most_rows}} - 1) as past_rows
    from superseded as s
    join files on files.file_id = s.place >> 32
    where s.until_at <= cast(ts as timestamp with time zone)
    group by files.file_id
) as f on f.path = r.filename
where {{shown}}
    and coalesce(get_bit(f.past_rows, cast(r.file_row_number as integer)), 0) = 0
    and r.captured_at <= cast(ts as timestamp with time zone);

create macro dataset_as_of(ts) as table
select
    {{columns}}
from {{rows}} as r
left join (
    select
        any_value(files.path) as path,
        bitstring_agg(cast(s.place & 4294967295 as integer), 0, {{most_rows}} - 1) as past_rows
    from superseded as s
    join files on files.file_id = s.place >> 32
    where s.outdated_at <= cast(ts as timestamp with time zone)
    group by files.file_id
) as f on f.path = r.filename
where {{shown}}
    and coalesce(get_bit(f.past_rows, cast(r.file_row_number as integer)), 0) = 0
    and r.recorded_at <= cast(ts as timestamp with time zone);
