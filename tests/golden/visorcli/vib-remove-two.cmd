esxcli software vib remove -n strace -n gdb --dry-run
