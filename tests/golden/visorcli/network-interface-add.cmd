esxcli network ip interface add -i vmk1 -a eth1 -v 42 -m 9000
