esxcli network ip route ipv4 add -n 10.0.0.0/8 -g 192.0.2.9
