-- What we have of a site, day by day (UTC, by recorded_at): how many of its pages were asked for, and how they ended.
-- Days on which nothing of it was asked for have no row.
create macro coverage(wanted) as table
with known as (
    select case
        when exists (select 1 from ledger as l where l.site = wanted) then wanted
        else error('there is no page of the site ' || wanted || '; select distinct site from ledger shows those that are')
    end as name
)
select
    cast(l.recorded_at as date) as day,
    count(*) as page_count,
    count(l.capture_uri) as capture_count,
    count(*) filter (where l.state = 'stored') as stored_count,
    count(*) filter (where l.state in ('unchanged', 'duplicate')) as same_count,
    count(*) filter (where l.state in ('quarantined', 'held')) as refused_count,
    count(*) filter (where l.state in ('blocked', 'failed', 'deferred')) as lost_count,
    count(*) filter (where l.state = 'gone') as gone_count,
    count(*) filter (where l.state in ('stored', 'unchanged', 'duplicate')) / count(*) as share
from ledger as l
join known as k on k.name = l.site
where l.kind = 'page'
group by day
order by day;
