esxcli software vib get --vibname=strace
