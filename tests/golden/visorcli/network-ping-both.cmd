esxcli network diag ping -H host.example -4 -6
