esxcli system process stats load get
