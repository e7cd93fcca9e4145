-- What changed overnight, the newest first
select
    cast(captured_at at time zone 'UTC' as date) as night,
    site,
    kind_of_change as change,
    round(100 * change_share, 1) as percent_of_words,
    title
from article_versions
where kind_of_change <> 'first'
order by night desc, site, percent_of_words desc, title
limit 50;
