attach {path} as {name}
