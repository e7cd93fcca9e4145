-- What a reader who holds the dataset as a run left it has to load or drop: one row an article.
-- What was taken back by then was not in it.
create macro changes_since(since_run) as table
with since as (
    select run_seq, ended_at from commit_order where run_id = since_run
    union all
    select 0, error('there is no run ' || since_run || ': the table commit_order lists them')
    where since_run not in (select run_id from commit_order)
),
held as (
    select k.version_id, k.article_id, k.url, k.site, k.is_hidden, since.run_seq as since_seq
    from (
        select version_id, article_id, url, site, captured_at, run_id, false as is_hidden from article_versions
        union all
        select version_id, article_id, url, site, captured_at, run_id, true from retracted_versions
    ) as k
    left join commit_order as o on o.run_id = k.run_id
    join since on coalesce(o.run_seq, 0) <= since.run_seq
    where not exists (
        select 1 from retraction_spells as s
        where s.run_id = k.run_id and s.from_at <= since.ended_at
            and (s.until_at is null or s.until_at > since.ended_at)
    )
    qualify row_number() over (
        partition by k.article_id order by k.captured_at desc, coalesce(o.run_seq, 0) desc, k.version_id desc
    ) = 1
),
turned as (
    select url,
        bool_or(until_seq is null) as is_gone,
        bool_or(from_seq <= since.run_seq and (until_seq is null or until_seq > since.run_seq)) as was_gone
    from absences
    cross join since
    group by url
),
compared as (
    select
        coalesce(n.article_id, h.article_id) as article_id,
        coalesce(n.site, h.site) as site,
        coalesce(n.url, h.url) as url,
        case
            when h.version_id is null then 'new'
            when n.version_id is null then 'retracted'
            when n.version_id <> h.version_id and h.is_hidden then 'retracted'
            when n.version_id <> h.version_id then 'changed'
            when t.is_gone and not t.was_gone then 'gone'
            when t.was_gone and not t.is_gone then 'back'
        end as change,
        n.version_id,
        h.version_id as held_version_id
    from held as h
    full join (select article_id, version_id, site, url from articles) as n on n.article_id = h.article_id
    left join turned as t on t.url = n.url
)
select article_id, site, url, change, version_id, held_version_id from compared where change is not null
union all
-- What was forgotten is told to every reader, whatever it holds: nobody knows any more who held it. A whole site has no
-- article_id.
select
    case when starts_with(d.target, 'article:') then substr(d.target, 9) end,
    case when starts_with(d.target, 'site:') then substr(d.target, 6) end,
    null,
    'forgotten',
    null,
    null
from decisions as d
cross join since
where d.kind = 'forget' and d.decided_at > since.ended_at and not starts_with(d.target, 'url:');
