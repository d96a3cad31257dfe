esxcli network ip interface list
