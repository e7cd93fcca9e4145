-- Who is quoted with what in the current versions.
create view quotes as
select {{columns}}
from {{rows}} as q
anti join hidden_rows as h on h.part = q.part and h.row_no = q.row_no;
