-- What was refused, and why
select
    reason,
    rule,
    count(distinct url) as pages,
    arg_min(message, (url, quarantine_id)) as why,
    min(url) as for_example
from quarantine
group by all
order by pages desc, reason, rule;
