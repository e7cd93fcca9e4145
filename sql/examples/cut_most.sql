-- What was cut most
select
    kind,
    count(*) as cuts,
    count(distinct article_id) as articles,
    cast(sum(char_count) as bigint) as characters,
    left(trim(arg_max(text, (char_count, text)), e' \n'), 60) as for_example
from removals
where replacement = ''
group by all
order by cuts desc, characters desc, kind;
