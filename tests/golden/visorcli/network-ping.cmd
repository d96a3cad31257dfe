esxcli network diag ping -H 10.0.2.2 -c 2 -4
