insert into meta.test_result
values (?, ?, ?, ?, ?)
