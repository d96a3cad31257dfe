esxcli software vib remove -n strace
