esxcli software sources vib list
