esxcli network ip interface ipv4 get
