visorcli software bundle install --name=strace --bundle=/tmp/strace.vib
