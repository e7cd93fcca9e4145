-- Checks of whole tables, one row each; of freshness one row for each source. Time is that of the last run, not the
-- clock's, so that an archive of last year is as fresh as it was.
create view table_checks as
with gaps as (
    select
        s.source_id,
        runs.ended_at,
        date_diff('hour', lag(runs.ended_at) over (partition by s.source_id order by runs.ended_at), runs.ended_at) as hours
    from run_sources as s
    join runs on runs.run_id = s.run_id
    where s.stored_count > 0
),
fresh as (
    select
        source_id,
        date_diff('hour', max(ended_at), (select max(ended_at) from runs)) as hours,
        greatest(72, 4 * coalesce(median(hours), 24)) as usual
    from gaps
    group by source_id
),
counted as (
    select
        'version_once' as code, 'reject' as severity, 'article_versions' as table_name, null as subject,
        cast(count(*) - count(distinct version_id) as double) as found, 0.0 as most,
        'The same version stands in the table twice.' as message
    from article_versions
    union all
    select 'one_current_version', 'reject', 'articles', null, count(*) - count(distinct article_id), 0.0,
        'An article has two current versions.'
    from articles
    union all
    select 'one_last_word', 'reject', 'ledger', null, count(*) - count(distinct (run_id, kind, url, source_id)), 0.0,
        'A URL of one run ended in two states.'
    from ledger
    union all
    select 'one_refusal', 'reject', 'quarantine', null, count(*) - count(distinct quarantine_id), 0.0,
        'The same refusal stands in the table twice.'
    from quarantine
    union all
    select 'balance', 'reject', 'run_sources', null,
        count(*) filter (where found_count <> known_count + stored_count + unchanged_count
            + duplicate_count + quarantined_count + held_count + blocked_count + gone_count + failed_count
            + deferred_count), 0.0,
        'The URLs of a source are not the sum of their states.'
    from run_sources
    union all
    select 'version_in_ledger', 'reject', 'article_versions', null, count(*), 0.0,
        'A version is stored of which no row of the ledger tells.'
    from article_versions as v
    where not exists (select 1 from ledger as l where l.run_id = v.run_id and l.url = v.url)
    union all
    select 'fresh', 'warn', 'run_sources', source_id, hours, usual,
        'The source has given nothing new for longer than is usual for it.'
    from fresh
)
select code, severity, table_name, subject, found <= most as is_ok, found, most, message
from counted;
