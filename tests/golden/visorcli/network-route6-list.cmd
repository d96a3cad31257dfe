esxcli network ip route ipv6 list
