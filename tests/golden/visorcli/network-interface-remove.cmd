esxcli network ip interface remove --interface-name=vmk1
