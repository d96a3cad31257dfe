visorcli software bundle install -n strace
