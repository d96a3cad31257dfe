esxcli network ip route ipv6 add --network fd00::/8 --gateway fe80::9
