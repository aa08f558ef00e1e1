-- The storage of v1.4.0 is what R and the older readers can open.
attach {path} as {name} (storage_version 'v1.4.0')
