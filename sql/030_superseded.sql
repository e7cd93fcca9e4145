-- Every version but the current one: the greatest (captured_at, run_seq, version_id) of its article.
-- Beside it since when it is not, by the site's time and by ours, and where its row lies, for the views over the current
-- versions and those of another time. Most articles have one version, so the sort looks at the others only.
insert into superseded
select
    version_id,
    lead(captured_at) over later as until_at,
    min(recorded_at) over (later rows between 1 following and unbounded following) as outdated_at,
    place
from version_order
semi join (select article_id from version_order group by article_id having count(*) > 1) using (article_id)
window later as (partition by article_id order by captured_at, run_seq, version_id)
qualify until_at is not null;
