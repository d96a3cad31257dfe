esxcli software vib update -v /tmp/strace.vib
