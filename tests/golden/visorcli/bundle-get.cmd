visorcli software bundle get -n strace
