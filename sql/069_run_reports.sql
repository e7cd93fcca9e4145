-- What the report of a run shows, one view a part; each has a run_id to ask for one run.
create view run_funnel as
select run_id, source_id, replace(column_name, '_count', '') as state, cast(url_count as bigint) as url_count
from (
    unpivot (
        select
            run_id, source_id, known_count, stored_count, unchanged_count, duplicate_count, quarantined_count,
            held_count, blocked_count, gone_count, failed_count, deferred_count
        from run_sources
    )
    on columns(* exclude (run_id, source_id)) into name column_name value url_count
)
where url_count > 0;

-- New pages that a source listed, beside what the 28 runs before had: usual is between the tenth and the ninetieth
-- of a hundred of them. No band before the eighth run.
create view run_volumes as
with listed as (
    select s.run_id, s.source_id, runs.run_seq, runs.ended_at, s.found_count - s.known_count as new_count
    from run_sources as s
    join runs on runs.run_id = s.run_id
    where s.status = 'ok'
),
banded as (
    select
        *,
        count(*) over before as run_count,
        quantile_cont(new_count, 0.1) over before as low,
        median(new_count) over before as usual,
        quantile_cont(new_count, 0.9) over before as high
    from listed
    window before as (partition by source_id order by run_seq rows between 28 preceding and 1 preceding)
)
select
    run_id,
    source_id,
    run_seq,
    ended_at,
    new_count,
    case when run_count >= 7 then low end as low_count,
    case when run_count >= 7 then usual end as usual_count,
    case when run_count >= 7 then high end as high_count
from banded;

-- Hours from publication to capture, over the first versions of a run whose date is known and not in the future.
create view run_freshness as
select
    run_id,
    site,
    count(*) as article_count,
    median(hours) as median_hours,
    quantile_cont(hours, 0.9) as slow_hours,
    max(published_at) as newest_at
from (
    select run_id, site, published_at, date_diff('second', published_at, captured_at) / 3600 as hours
    from article_versions
    where kind_of_change = 'first' and published_at <= captured_at
)
group by run_id, site;

create view run_refusals as
select
    run_id,
    stage,
    severity,
    reason,
    rule,
    count(*) as page_count,
    count(distinct source_id) as source_count,
    min(url) as url,
    min_by(value, url) as value,
    min_by(limits, url) as limits,
    min_by(message, url) as message
from quarantine
group by run_id, stage, severity, reason, rule;

create view run_cuts as
select
    run_id,
    kind,
    count(*) as receipt_count,
    count(distinct version_id) as version_count,
    cast(sum(char_count - length(replacement)) as bigint) as char_count,
    min_by(text, (length(text), text)) as text
from removals
group by run_id, kind;

-- Requests to each host, robots.txt and listings too.
create view run_hosts as
select
    run_id,
    regexp_extract(url, '^https?://([^/]+)', 1) as host,
    count(*) as request_count,
    median(duration_ms) as median_ms,
    quantile_cont(duration_ms, 0.95) as slow_ms,
    count(*) filter (where state in ('blocked', 'failed')) as failed_count
from ledger
where duration_ms is not null and url like 'http%'
group by run_id, host;

-- One row for each run: what its versions had. A share is null where the run stored nothing.
create view run_quality as
with stored as (
    select
        run_id,
        count(*) as version_count,
        avg(cast(len(authors) > 0 as integer)) as author_share,
        avg(cast(published_at is not null as integer)) as date_share,
        avg(cast(section is not null as integer)) as section_share,
        avg(cast(image_url is not null as integer)) as image_share,
        avg(cast(language is not null as integer)) as language_share,
        median(word_count) as median_words
    from article_versions
    group by run_id
),
cut as (
    select run_id, sum(char_count - length(replacement)) as char_count from removals group by run_id
)
select
    runs.run_id,
    runs.run_seq,
    runs.ended_at,
    coalesce(stored.version_count, 0) as version_count,
    stored.author_share,
    stored.date_share,
    stored.section_share,
    stored.image_share,
    stored.language_share,
    stored.median_words,
    (runs.quarantined_count + runs.held_count)
    / nullif(runs.stored_count + runs.duplicate_count + runs.quarantined_count + runs.held_count, 0) as refused_share,
    (runs.blocked_count + runs.failed_count)
    / nullif(runs.found_count - runs.known_count - runs.deferred_count, 0) as lost_share,
    coalesce(cut.char_count, 0) / nullif(stored.version_count, 0) as cut_chars
from runs
left join stored on stored.run_id = runs.run_id
left join cut on cut.run_id = runs.run_id;
