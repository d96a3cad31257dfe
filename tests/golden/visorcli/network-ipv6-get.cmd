visorcli network ip interface ipv6 get
