-- How much each site wrote of a term, over its days, weeks, months or years; periods without the term have a zero.
create macro attention(term, since := null, until := null, grain := 'day') as table
with counted as (
    select
        r.site,
        cast(date_trunc(
            case when grain in ('day', 'week', 'month', 'year') then grain
            else error('attention has no grain ' || grain || ': use day, week, month or year') end, r.day
        ) as date) as period_start,
        w.mention_count
    from text_rows as r
    anti join hidden_rows as h on h.part = r.part and h.row_no = r.row_no
    left join versions_with(term) as w on w.part = r.part and w.row_no = r.row_no
    where (since is null or r.day >= cast(since as date)) and (until is null or r.day <= cast(until as date))
)
select
    c.period_start,
    c.site,
    count(c.mention_count) as article_count,
    count(*) as of_count,
    count(c.mention_count) / count(*) as share,
    cast(coalesce(sum(c.mention_count), 0) as bigint) as mention_count
from counted as c
group by c.period_start, c.site
order by c.period_start, c.site;

-- Who had a term first: for each site the first version that has it.
create macro first_to_report(term) as table
with told as (
    select r.site, r.told_at, r.article_id, r.version_id
    from versions_with(term) as w
    join text_rows as r on r.part = w.part and r.row_no = w.row_no
    qualify row_number() over (partition by r.site order by r.told_at, r.version_id) = 1
)
select
    row_number() over (order by t.told_at, t.site) as place,
    t.site,
    t.told_at,
    v.title,
    v.url,
    v.kind_of_change = 'first' as is_first_version,
    t.article_id,
    t.version_id
from told as t
join article_versions as v on v.version_id = t.version_id
order by place;

-- The words of some days that set them apart from the days before: log-odds with an informative Dirichlet prior,
-- as z-scores (Monroe, Colaresi and Quinn 2008, Fightin' Words, equations 16 and 22). The prior is the two periods
-- together, and weighs as much as one article of 500 words.
create macro top_terms(since, until, against := null) as table
with here as (
    select
        d.term,
        cast(sum(d.article_count) as bigint) as article_count,
        cast(sum(d.mention_count) as double) as y
    from term_days as d
    where d.day between cast(since as date) and cast(until as date)
    group by d.term
    having sum(d.article_count) >= 3
),
there as (
    select d.term, cast(sum(d.mention_count) as double) as y
    from term_days as d
    semi join here on here.term = d.term
    where d.day >= coalesce(cast(against as date), cast(since as date) - 28) and d.day < cast(since as date)
    group by d.term
),
sizes as (
    select
        cast(sum(d.mention_count) filter (where d.day >= cast(since as date)) as double) as here,
        cast(coalesce(sum(d.mention_count) filter (where d.day < cast(since as date)), 0) as double) as there
    from term_days as d
    where d.day between coalesce(cast(against as date), cast(since as date) - 28) and cast(until as date)
),
both_sides as (
    select
        h.term,
        h.article_count,
        h.y,
        coalesce(t.y, 0) as y_before,
        s.here as n,
        s.there as n_before,
        500 * (h.y + coalesce(t.y, 0)) / (s.here + s.there) as prior
    from here as h
    left join there as t on t.term = h.term
    cross join sizes as s
),
odds as (
    select
        b.*,
        ln((b.y + b.prior) / (b.n + 500 - b.y - b.prior))
            - ln((b.y_before + b.prior) / (b.n_before + 500 - b.y_before - b.prior)) as log_odds,
        1 / (b.y + b.prior) + 1 / (b.y_before + b.prior) as variance
    from both_sides as b
)
select
    o.term,
    o.log_odds / sqrt(o.variance) as score,
    o.log_odds,
    o.article_count,
    cast(o.y as bigint) as mention_count,
    cast(o.y_before as bigint) as mention_count_before
from odds as o
where o.log_odds > 0
order by score desc, o.term;
