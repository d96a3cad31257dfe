esxcli network ip route ipv6 remove -n fd00::/8 -g fe80::9
