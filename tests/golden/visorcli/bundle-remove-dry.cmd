visorcli software bundle remove -n x --dry-run
