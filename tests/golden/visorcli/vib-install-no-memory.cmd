esxcli software vib install -v /tmp/big.vib
