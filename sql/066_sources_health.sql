-- One row for each source, over the runs that are not retracted and asked it. age 1 is its last run.
create view sources_health as
with read as (
    select
        s.*,
        runs.ended_at,
        row_number() over (partition by s.source_id order by runs.run_seq desc) as age
    from run_sources as s
    join runs on runs.run_id = s.run_id
    where runs.flow not in ('reprocess', 'release')
)
select
    source_id,
    any_value(kind) filter (where age = 1) as kind,
    any_value(status) filter (where age = 1) as status,
    any_value(reason) filter (where age = 1) as reason,
    any_value(detail) filter (where age = 1) as detail,
    count(*) as run_count,
    coalesce(min(age) filter (where status = 'ok') - 1, count(*)) as failed_in_a_row,
    max(ended_at) as last_run_at,
    max(ended_at) filter (where status = 'ok') as last_ok_at,
    max(ended_at) filter (where stored_count > 0) as last_stored_at,
    cast(sum(stored_count) filter (where age <= 7) as bigint) as stored_count,
    cast(sum(quarantined_count + held_count) filter (where age <= 7) as bigint) as refused_count,
    cast(sum(blocked_count + failed_count) filter (where age <= 7) as bigint) as lost_count,
    cast(sum(gap_estimate) filter (where age <= 7) as bigint) as gap_estimate
from read
group by source_id;
