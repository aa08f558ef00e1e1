insert into meta.built_node
values (?, ?)
