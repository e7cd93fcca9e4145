-- The dataset at another time. Rows of retracted runs are in neither.
-- What was current then is what was there and had no later version yet; nothing is sorted (see superseded).
create macro articles_as_of(ts) as table
select
    {{columns}}
from article_versions as v
anti join (select version_id from superseded where until_at <= cast(ts as timestamp with time zone)) as s
    on s.version_id = v.version_id
where v.captured_at <= cast(ts as timestamp with time zone);

create macro dataset_as_of(ts) as table
select
    {{columns}}
from article_versions as v
anti join (select version_id from superseded where outdated_at <= cast(ts as timestamp with time zone)) as s
    on s.version_id = v.version_id
where v.recorded_at <= cast(ts as timestamp with time zone);
