-- What was cut most
select
    kind,
    repair,
    count(*) as cuts,
    count(distinct article_id) as articles,
    sum(char_count) as characters,
    arg_max(left(text, 60), (char_count, text)) as longest
from removals
where replacement = ''
group by all
order by cuts desc, characters desc, kind, repair;
