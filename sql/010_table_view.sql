-- One table on disk as a view: exactly the model's columns, in its order and types.
-- Filled in once a table. {{rows}} is a read_parquet over the committed files.
create view {{view}} as
select
    {{columns}}
from {{rows}} as r
where {{shown}};
