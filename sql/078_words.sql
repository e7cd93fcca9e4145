-- The word index, and the rule by which texts and terms are cut into words: that of tasks/publish/words.py. The two
-- letters that lower case depends on place or language for are made one beforehand.
create view terms as
select r.term, r.part, r.row_nos, r.counts
from {{terms}} as r;

create view term_days as
select r.day, r.term, r.article_count, r.mention_count
from {{days}} as r;

create macro words_of(words) as
    regexp_extract_all(
        regexp_replace(
            replace(lower(replace(nfc_normalize(words), 'İ', 'i')), 'ς', 'σ'), {{single}}, ' \1 ', 'g'
        ),
        {{word}}
    );

-- Words in a row, as a text in which each stands between two spaces of its own, so that runs are found whole.
create macro word_run(words) as ' ' || array_to_string(words_of(words), '  ') || ' ';

-- Which versions have a term, and how often. Several words are one term when they stand side by side: those versions
-- that have all of them are looked into, first with a pattern that lets a little too much through, because it is fast.
create macro versions_with(term) as table
with hit as (
    select h.part, h.row_no, h.count
    from (
        select w.part, w.row_no, min(w.count) as count, count(*) as word_count
        from (
            select t.part, unnest(t.row_nos) as row_no, unnest(t.counts) as count
            from terms as t
            where t.term in (select unnest(words_of(term)))
        ) as w
        group by w.part, w.row_no
    ) as h
    where h.word_count = len(list_distinct(words_of(term)))
),
placed as materialized (
    select h.part, h.row_no, r.version_id
    from hit as h
    join text_rows as r on r.part = h.part and r.row_no = h.row_no
    where len(words_of(term)) > 1
),
looked_into as (
    -- With a column of both sides in them, these are not made of every article there is.
    select
        p.part,
        p.row_no,
        case when p.row_no >= 0 then word_run(v.title) || '|' || word_run(v.body) end as text,
        case when p.row_no >= 0 then v.title || '|' || v.body end as raw
    from placed as p
    join article_versions as v on v.version_id = p.version_id
)
select h.part, h.row_no, h.count as mention_count
from hit as h
where len(words_of(term)) = 1
union all
select l.part, l.row_no, (len(l.text) - len(replace(l.text, word_run(term), ''))) // len(word_run(term))
from looked_into as l
where regexp_matches(l.raw, '(?i)' || array_to_string(words_of(term), '[^\p{L}\p{M}\p{N}]*'))
  and contains(l.text, word_run(term));
