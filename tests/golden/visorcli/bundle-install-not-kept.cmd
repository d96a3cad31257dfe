visorcli software bundle install -b /tmp/strace.vib
