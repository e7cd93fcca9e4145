-- For files of articles of at most {{rows}} rows (8, 16, 32 and so on: whole bytes), and more than half as many, or of
-- fewer than 8: which of their rows are superseded.
update files
set past_rows = marked.past_rows
from (
    select
        place >> 32 as file_id,
        cast(bitstring_agg(cast(place & 4294967295 as integer), 0, {{rows}} - 1) as blob) as past_rows
    from superseded
    where place >> 32 in (
        select place >> 32
        from version_order
        group by place >> 32
        having max(place & 4294967295) between {{least}} and {{rows}} - 1
    )
    group by place >> 32
) as marked
where files.file_id = marked.file_id;
