select
    test_name,
    test_type,
    status,
    n_failures,
    tested_at
from meta.test_result
