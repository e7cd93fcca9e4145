-- What a person should look at, one row each: listings that fail run after run, sources and sites that shut us out,
-- pages that were held and wait for a decision, and what else the radar found odd in a source's last run.
-- A rate counts in the last run that asked for at least 5 pages of the source (or site); wishes of robots.txt are no
-- refusals here, because they are kept.
create view alarms as
with waiting as (
    select source_id, run_id, count(distinct url) as held_count, min(message) as message
    from held
    group by source_id, run_id
),
asked as (
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
),
-- Pages of one source that say one text, in its last run: a wall, an error page, or a link that names each reader.
told as (
    select
        l.source_id,
        l.version_id,
        count(*) as url_count,
        sum(count(*)) over (partition by l.source_id, runs.run_seq) as of_count,
        max(runs.ended_at) as ended_at,
        dense_rank() over (partition by l.source_id order by runs.run_seq desc) as age
    from ledger as l
    join runs on runs.run_id = l.run_id
    where l.kind = 'page' and l.attempt_count > 0 and l.state in ('stored', 'unchanged', 'duplicate')
    group by l.source_id, l.version_id, runs.run_seq
),
one_text as (
    select t.source_id, t.url_count, cast(t.of_count as bigint) as of_count, t.ended_at, v.url
    from told as t
    left join article_versions as v on v.version_id = t.version_id
    where t.age = 1 and t.url_count >= 20 and 2 * t.url_count >= t.of_count
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
  and not list_has_all((select coalesce(list(source_id), []) from shut_sources), sources)
union all
select 'one_text', source_id, url_count, of_count, ended_at, url from one_text
union all
select
    'source_held',
    w.source_id,
    cast(sum(w.held_count) as bigint),
    cast(sum(coalesce(m.of_count, w.held_count)) as bigint),
    max(runs.ended_at),
    arg_max(w.message, runs.run_seq)
from waiting as w
join runs on runs.run_id = w.run_id
left join measures as m
    on m.run_id = w.run_id and m.source_id = w.source_id and m.measure = 'refused' and m.part = ''
group by w.source_id
union all
select 'source_odd', m.source_id, max(m.count), max(m.of_count), max(h.last_run_at), m.message
from measures as m
join runs on runs.run_id = m.run_id
join sources_health as h on h.source_id = m.source_id and h.last_run_at = runs.ended_at
where m.verdict = 'alarm'
group by m.source_id, m.message;
