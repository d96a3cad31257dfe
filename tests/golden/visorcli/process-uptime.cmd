esxcli system process stats uptime get
