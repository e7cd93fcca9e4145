-- Which articles tell one story: texts that are linked, directly or by way of others, whatever run linked them.

-- The linked texts, by content_hash. Links to versions that are not shown do not count.
create temp table linked as
select version_id, article_id, site, content_hash, captured_at, url
from article_versions
where version_id in (
    select version_id from links where kind <> 'alias' union all select other_id from links where kind <> 'alias'
);

create temp table kin as
select l.version_id, l.other_id, l.jaccard, l.change_share, v.content_hash, o.content_hash as other_hash
from links as l
join linked as v on v.version_id = l.version_id
join linked as o on o.version_id = l.other_id
where l.kind <> 'alias' and v.article_id <> o.article_id;

-- Each text takes over the smallest hash of its neighbours until nothing changes.
create temp table component as
with recursive
edge as (
    select content_hash as one, other_hash as two from kin
    union
    select other_hash, content_hash from kin
),
grown(text_hash, root) using key (text_hash) as (
    select one, least(one, min(two)) from edge group by one
    union
    select edge.one, min(grown.root)
    from grown
    join edge on edge.two = grown.text_hash
    join recurring.grown as own on own.text_hash = edge.one
    where grown.root < own.root
    group by edge.one
)
select text_hash, root from grown;

-- All versions with one of the texts. The article that told it first gives the story its name.
create temp table told as
select v.version_id, v.article_id, v.captured_at, v.url, v.content_hash, c.root
from article_versions as v
join component as c on c.text_hash = v.content_hash;

-- How near each version is to the older text that is nearest; a version that brought its text again has no links of its
-- own, and takes those of the text.
create temp table nearest as
select version_id, max(jaccard) as jaccard, arg_min(change_share, (-jaccard, change_share)) as change_share
from kin
group by version_id;

create temp table nearest_text as
select content_hash, max(jaccard) as jaccard, arg_min(change_share, (-jaccard, change_share)) as change_share
from kin
where content_hash <> other_hash
group by content_hash;

insert into story_members
select
    told.version_id,
    first_value(told.article_id) over story as story_id,
    case when row_number() over story > 1 then coalesce(n.jaccard, t.jaccard) end as jaccard,
    case when row_number() over story > 1 then coalesce(n.change_share, t.change_share) end as change_share
from told
left join nearest as n using (version_id)
left join nearest_text as t using (content_hash)
window story as (partition by told.root order by told.captured_at, told.url, told.version_id);
