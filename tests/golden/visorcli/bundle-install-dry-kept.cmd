visorcli software bundle install -b /tmp/x.vib --dry-run
