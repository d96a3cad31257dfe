visorcli software bundle remove -n strace --force
