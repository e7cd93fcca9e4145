-- What a person should look at, one row each: listings that fail run after run, sources and sites that shut us out.
-- A rate counts in the last run that asked for at least 5 pages of the source (or site); wishes of robots.txt are no
-- refusals here, because they are kept.
create view alarms as
with asked as (
    select
        l.source_id,
        l.site,
        runs.run_seq,
        count(*) as asked_count,
        count(*) filter (where l.state = 'blocked' and l.reason in ('http_status', 'challenge')) as blocked_count,
        max(l.detail) filter (where l.state = 'blocked' and l.reason in ('http_status', 'challenge')) as detail,
        max(runs.ended_at) as ended_at
    from ledger as l
    join runs on runs.run_id = l.run_id
    where l.kind = 'page' and l.attempt_count > 0
    group by all
),
by_source as (
    select
        source_id,
        run_seq,
        cast(sum(asked_count) as bigint) as asked_count,
        cast(sum(blocked_count) as bigint) as blocked_count,
        max(detail) as detail,
        max(ended_at) as ended_at
    from asked
    group by source_id, run_seq
    having sum(asked_count) >= 5
    qualify row_number() over (partition by source_id order by run_seq desc) = 1
),
shut_sources as (
    select * from by_source where 2 * blocked_count >= asked_count
),
by_site as (
    select
        site,
        run_seq,
        cast(sum(asked_count) as bigint) as asked_count,
        cast(sum(blocked_count) as bigint) as blocked_count,
        max(detail) as detail,
        max(ended_at) as ended_at,
        list(distinct source_id) filter (where blocked_count > 0) as sources
    from asked
    group by site, run_seq
    having sum(asked_count) >= 5
    qualify row_number() over (partition by site order by run_seq desc) = 1
)
select
    'listing_fails' as kind,
    source_id as subject,
    failed_in_a_row as count,
    failed_in_a_row as of_count,
    last_run_at as seen_at,
    detail
from sources_health
where failed_in_a_row >= 3
union all
select 'source_blocked', source_id, blocked_count, asked_count, ended_at, detail
from shut_sources
union all
select 'site_blocked', site, blocked_count, asked_count, ended_at, detail
from by_site
where 2 * blocked_count >= asked_count
  and not list_has_all((select coalesce(list(source_id), []) from shut_sources), sources);
