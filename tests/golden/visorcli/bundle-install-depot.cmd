visorcli software bundle install --bundle=/tmp/strace.vib --depot=/d
