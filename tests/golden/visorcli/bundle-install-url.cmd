visorcli software bundle install --bundle=http://depot/strace.vib --dry-run
