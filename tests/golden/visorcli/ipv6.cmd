esxcli network ip interface ipv6 address list
