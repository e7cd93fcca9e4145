-- Articles per site and day
select
    site,
    cast(captured_at at time zone 'UTC' as date) as day,
    count(*) as articles,
    cast(sum(word_count) as bigint) as words,
    count(duplicate_of) as also_elsewhere
from articles
group by all
order by site, day;
