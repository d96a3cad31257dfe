esxcli network ip dns search list
