esxcli system process stats running get
