esxcli software vib install -v /tmp/strace.vib
