visorcli software bundle install -b /tmp/heartbeat.vib --force
