visorcli software bundle install --dry-run
