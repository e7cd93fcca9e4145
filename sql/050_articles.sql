-- The current versions: each row whose place in its file is not marked as past. Looking at a bit needs no column of the
-- file, where an anti-join on ids would read a million ids to leave out a few.
-- What is said of a version is grouped by its place, which it has once: by that DuckDB knows that a query which does not
-- ask for it needs no join.
create view articles as
select
    v.* exclude (place),
    n.duplicate_of,
    n.story_id,
    n.gone_at
from (
    select
        {{columns}},
        (f.file_id << 32) + r.file_row_number as place
    from {{rows}} as r
    left join (select path, file_id, cast(past_rows as bit) as past_rows from files) as f on f.path = r.filename
    where {{shown}} and coalesce(get_bit(f.past_rows, cast(r.file_row_number as integer)), 0) = 0
) as v
left join (
    select
        place,
        any_value(duplicate_of) as duplicate_of,
        any_value(story_id) as story_id,
        any_value(gone_at) as gone_at
    from article_notes
    group by place
) as n on n.place = v.place;
