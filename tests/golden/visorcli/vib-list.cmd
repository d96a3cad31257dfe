esxcli software vib list
