-- What was refused, and why
select
    stage,
    severity,
    reason,
    rule,
    count(distinct url) as pages,
    arg_min(message, (url, quarantine_id)) as for_example,
    min(url) as at_url
from quarantine
group by all
order by pages desc, stage, reason, rule;
