-- Every version but the current one: the greatest (captured_at, run_seq, version_id) of its article.
-- Most articles have one version, so the sort looks at the others only.
insert into superseded
select version_id
from version_order
semi join (select article_id from version_order group by article_id having count(*) > 1) using (article_id)
qualify row_number() over (
    partition by article_id order by captured_at desc, run_seq desc, version_id desc
) > 1;
