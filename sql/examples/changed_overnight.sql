-- What changed in the last run
select
    v.site,
    v.title,
    v.kind_of_change,
    round(100 * v.change_share, 1) as percent_of_words,
    v.captured_at,
    v.url
from article_versions as v
join published as p on p.last_run_id = v.run_id
where v.kind_of_change <> 'first'
order by v.site, v.change_share desc, v.url;
