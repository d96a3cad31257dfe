esxcli network nic list
