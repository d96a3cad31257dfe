esxcli network firewall get
