esxcli network ip route ipv4 list
