-- Refusals that are still open: of the last run that refused the page, not closed by a reprocess, not decided about,
-- and of no page that was published since.
create view quarantine_open as
select q.*
from quarantine as q
join runs on runs.run_id = q.run_id
anti join closed_refusals as c on c.quarantine_id = q.quarantine_id
where not exists (
        select 1 from settled_holds as s
        where q.severity = 'hold' and s.run_id = q.run_id and s.source_id = q.source_id
    )
    and not exists (
        select 1 from article_versions as v
        where v.url = q.url and v.captured_at >= q.captured_at
    )
qualify dense_rank() over (partition by q.url order by runs.run_seq desc) = 1;
