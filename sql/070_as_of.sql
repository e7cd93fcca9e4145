-- The dataset at another time. Rows of retracted runs are in neither.
-- The inner query reads four narrow columns, so that no body is sorted.
create macro articles_as_of(ts) as table
select
    {{columns}}
from article_versions as v
where v.version_id in (
    select o.version_id
    from article_versions as o
    left join runs on runs.run_id = o.run_id
    where o.captured_at <= cast(ts as timestamp with time zone)
    qualify row_number() over (
        partition by o.article_id order by o.captured_at desc, coalesce(runs.run_seq, 0) desc, o.version_id desc
    ) = 1
);

create macro dataset_as_of(ts) as table
select
    {{columns}}
from article_versions as v
where v.version_id in (
    select o.version_id
    from article_versions as o
    left join runs on runs.run_id = o.run_id
    where o.recorded_at <= cast(ts as timestamp with time zone)
    qualify row_number() over (
        partition by o.article_id order by o.captured_at desc, coalesce(runs.run_seq, 0) desc, o.version_id desc
    ) = 1
);
