visorcli software bundle update --dry-run
